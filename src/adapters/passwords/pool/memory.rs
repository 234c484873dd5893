use std::sync::{Mutex, PoisonError};

/// The pieces of memory that no job is using. One is made when a job finds none, so there are as many as jobs
/// ran at once: an idle service has none, and on a machine with many cores a few log-ins do not allocate one
/// for each.
pub(super) struct Memory<M> {
    free: Mutex<Vec<M>>,
    make: Box<dyn Fn() -> M + Send + Sync>,
}

impl<M> Memory<M> {
    /// Starts without pieces. `make` makes one.
    pub(super) fn new(make: impl Fn() -> M + Send + Sync + 'static) -> Self {
        Self { free: Mutex::default(), make: Box::new(make) }
    }

    pub(super) fn take(&self) -> M {
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner).pop();
        free.unwrap_or_else(&self.make)
    }

    pub(super) fn give_back(&self, piece: M) {
        self.free.lock().unwrap_or_else(PoisonError::into_inner).push(piece);
    }
}
