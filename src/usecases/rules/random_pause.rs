use std::sync::Arc;
use std::time::Duration;

use crate::ports::Ids;

/// A random pause before a recorded request is answered, so that the work of the answer tells no observer of
/// later requests what it found.
#[derive(Clone)]
pub struct RandomPause {
    pub(in crate::usecases) ids: Arc<dyn Ids>,
    /// The longest pause.
    pub(in crate::usecases) longest: Duration,
}

impl RandomPause {
    /// A random share of the longest pause.
    pub(in crate::usecases) fn draw(&self) -> Duration {
        let salt = self.ids.salt().0;
        let part = u32::from_be_bytes([salt[0], salt[1], salt[2], salt[3]]);
        self.longest.mul_f64(f64::from(part) / f64::from(u32::MAX))
    }
}
