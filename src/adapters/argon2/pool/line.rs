use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use crate::telemetry::metrics::Held;

/// The two queues in front of the threads: one for usual jobs, and one for costly ones, which never have more than a part of
/// the threads.
pub(super) struct Line {
    queues: Mutex<Queues>,
    changed: Condvar,
}

/// How much of the pool costly jobs have at most.
#[derive(Clone, Copy, Debug)]
pub(super) struct Share {
    /// How many of them run at once.
    pub jobs: usize,
    /// How much memory they take together, in KiB.
    pub memory_kib: u64,
}

/// A job that takes clearly longer than a usual one, or more memory than its thread has.
#[derive(Clone, Debug)]
pub(in crate::adapters::argon2) struct Costly {
    /// Of the jobs with the same key one runs at a time.
    pub key: Arc<str>,
    /// The memory that it takes, in KiB.
    pub memory_kib: u64,
}

/// A job in the line, as its caller and the threads hold it. Whoever takes it has it: the thread that does it, or the caller
/// that leaves. So the next one is there when a thread has done one, and none waits for its caller to be woken. What a caller
/// leaves behind is empty, until the next thread comes by.
#[derive(Clone)]
pub(super) struct Waiting(Arc<Mutex<Option<Job>>>);

pub(super) struct Job {
    pub place: Held,
    pub work: Box<dyn FnOnce() + Send>,
}

/// A job that a thread has taken.
pub(super) struct Taken {
    pub job: Job,
    costly: Option<Costly>,
}

struct Queues {
    share: Share,
    /// The number of the last job. Of two jobs at the heads of their queues the lower number came first.
    last_number: u64,
    usual: VecDeque<(u64, Waiting)>,
    costly: VecDeque<(u64, Waiting, Costly)>,
    /// The costly jobs that threads work on.
    running: Vec<Costly>,
    last_was_costly: bool,
    is_closed: bool,
}

impl Waiting {
    pub(super) fn new(job: Job) -> Self {
        Self(Arc::new(Mutex::new(Some(job))))
    }

    pub(super) fn take(&self) -> Option<Job> {
        self.lock().take()
    }

    fn is_empty(&self) -> bool {
        self.lock().is_none()
    }

    fn lock(&self) -> MutexGuard<'_, Option<Job>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Line {
    pub(super) fn new(share: Share) -> Self {
        let queues = Queues {
            share,
            last_number: 0,
            usual: VecDeque::new(),
            costly: VecDeque::new(),
            running: Vec::new(),
            last_was_costly: false,
            is_closed: false,
        };
        Self { queues: Mutex::new(queues), changed: Condvar::new() }
    }

    /// Adds a job to the end of its queue.
    pub(super) fn push(&self, waiting: Waiting, costly: Option<Costly>) {
        let mut queues = self.lock();
        queues.last_number += 1;
        let number = queues.last_number;
        match costly {
            None => queues.usual.push_back((number, waiting)),
            Some(costly) => queues.costly.push_back((number, waiting, costly)),
        }
        drop(queues);
        self.changed.notify_one();
    }

    /// Waits for the next job that may run. `None` when the line is closed.
    pub(super) fn next(&self) -> Option<Taken> {
        let mut queues = self.lock();
        loop {
            if queues.is_closed {
                return None;
            }
            if let Some(taken) = queues.take_next() {
                return Some(taken);
            }
            queues = self.changed.wait(queues).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Gives back what a costly job had of the share. Jobs that waited for it may run on any thread then.
    pub(super) fn finish(&self, costly: Option<Costly>) {
        let Some(costly) = costly else { return };
        let mut queues = self.lock();
        if let Some(index) = queues.running.iter().position(|running| Arc::ptr_eq(&running.key, &costly.key))
        {
            queues.running.swap_remove(index);
        }
        drop(queues);
        self.changed.notify_all();
    }

    /// How many costly jobs threads work on.
    pub(super) fn costly_at_work(&self) -> usize {
        self.lock().running.len()
    }

    /// Lets the threads end.
    pub(super) fn close(&self) {
        self.lock().is_closed = true;
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Queues> {
        self.queues.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Queues {
    /// The job that came first of those that may run. After a costly one comes a usual one, if one waits: so a single thread
    /// never does two costly ones in a row while others wait.
    fn take_next(&mut self) -> Option<Taken> {
        loop {
            while self.usual.front().is_some_and(|(_, waiting)| waiting.is_empty()) {
                self.usual.pop_front();
            }
            let first_costly = self.first_costly();
            let usual = self.usual.front().map(|(number, _)| *number);
            let takes_costly = match (usual, first_costly) {
                (None, None) => return None,
                (Some(_), None) => None,
                (None, costly) => costly,
                (Some(usual), Some(index)) => {
                    let came_first = self.costly.get(index).is_some_and(|(number, ..)| *number < usual);
                    (came_first && !self.last_was_costly).then_some(index)
                }
            };
            let (waiting, costly) = match takes_costly {
                Some(index) => {
                    self.costly.remove(index).map(|(_, waiting, costly)| (waiting, Some(costly)))?
                }
                None => self.usual.pop_front().map(|(_, waiting)| (waiting, None))?,
            };
            // The caller may have left just now.
            let Some(job) = waiting.take() else { continue };
            self.last_was_costly = costly.is_some();
            self.running.extend(costly.clone());
            return Some(Taken { job, costly });
        }
    }

    /// The costly job that came first of those for which there is a thread and memory, and whose key no running one has.
    fn first_costly(&mut self) -> Option<usize> {
        self.costly.retain(|(_, waiting, _)| !waiting.is_empty());
        if self.running.len() >= self.share.jobs {
            return None;
        }
        let taken: u64 = self.running.iter().map(|running| running.memory_kib).sum();
        let left = self.share.memory_kib.saturating_sub(taken);
        self.costly.iter().position(|(_, _, costly)| {
            costly.memory_kib <= left && self.running.iter().all(|running| running.key != costly.key)
        })
    }
}

impl Taken {
    /// The job, and what it has of the share.
    pub(super) fn into_parts(self) -> (Job, Option<Costly>) {
        (self.job, self.costly)
    }
}
