use std::sync::Mutex;

use super::Way;

/// A planned break of a connection, after a number of requests or answers.
#[derive(Default)]
pub struct Cut(Mutex<Option<(usize, Way)>>);

impl Cut {
    pub fn plan(&self, passed: usize, lost: Way) {
        *self.0.lock().unwrap() = Some((passed, lost));
    }

    /// Cancels the plan. Returns whether it had already happened.
    pub fn forget(&self) -> bool {
        self.0.lock().unwrap().take().is_none()
    }

    /// Returns whether the current request or answer is the one to lose.
    pub fn falls_on(&self, way: Way) -> bool {
        let mut plan = self.0.lock().unwrap();
        match *plan {
            Some((0, lost)) if lost == way => {
                *plan = None;
                true
            }
            Some((passed, lost)) if lost == way => {
                *plan = Some((passed - 1, lost));
                false
            }
            _ => false,
        }
    }
}
