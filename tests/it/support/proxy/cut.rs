use std::sync::Mutex;

use super::Way;

/// The connection that is to break: after so many more requests or answers.
#[derive(Default)]
pub struct Cut(Mutex<Option<(usize, Way)>>);

impl Cut {
    pub fn plan(&self, passed: usize, lost: Way) {
        *self.0.lock().unwrap() = Some((passed, lost));
    }

    /// Whether there was nothing to forget.
    pub fn forget(&self) -> bool {
        self.0.lock().unwrap().take().is_none()
    }

    /// Whether what passes now, this way, is what is to be lost.
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
