use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use super::rounds::Place;

/// The two queues in front of the threads: one for usual jobs, and one for costly ones, which never use more
/// than their share of the threads.
pub(super) struct JobQueue {
    queues: Mutex<Queues>,
    changed: Condvar,
}

/// The share of the pool that costly jobs may use.
#[derive(Clone, Copy, Debug)]
pub(super) struct Share {
    /// How many of them run at once.
    pub jobs: usize,
    /// How much memory they use together, in KiB.
    pub memory_kib: u64,
}

/// A job that takes clearly longer than a usual one, or more memory than its thread has.
#[derive(Clone, Debug)]
pub(in crate::adapters::passwords) struct Costly {
    /// Of the jobs with the same key, one runs at a time.
    pub key: Arc<str>,
    /// The memory that it uses, in KiB.
    pub memory_kib: u64,
}

/// A job in the queue. A thread that takes it runs it; a caller that takes it leaves the queue.
pub(super) struct Job {
    pub place: Place,
    pub work: Box<dyn FnOnce() + Send>,
}

/// A job that a thread has taken.
pub(super) struct Taken {
    pub job: Job,
    costly: Option<Costly>,
}

/// The round of a job and its number: the order in which jobs are served.
type Order = (u64, u64);

/// The position of a job in the queue.
#[derive(Clone, Copy)]
pub(super) struct Ticket {
    order: Order,
    is_costly: bool,
}

struct Queues {
    share: Share,
    /// The number of the last job. Of two jobs of a round, the one with the lower number came first.
    last_number: u64,
    usual: BTreeMap<Order, Job>,
    costly: BTreeMap<Order, (Job, Costly)>,
    /// The costly jobs that are running.
    running: Vec<Costly>,
    last_was_costly: bool,
    is_closed: bool,
}

impl JobQueue {
    pub(super) fn new(share: Share) -> Self {
        let queues = Queues {
            share,
            last_number: 0,
            usual: BTreeMap::new(),
            costly: BTreeMap::new(),
            running: Vec::new(),
            last_was_costly: false,
            is_closed: false,
        };
        Self { queues: Mutex::new(queues), changed: Condvar::new() }
    }

    /// Adds a job to its queue, after the jobs of its round.
    pub(super) fn push(&self, job: Job, costly: Option<Costly>) -> Ticket {
        let mut queues = self.lock();
        queues.last_number += 1;
        let (order, is_costly) = ((job.place.round(), queues.last_number), costly.is_some());
        match costly {
            None => drop(queues.usual.insert(order, job)),
            Some(costly) => drop(queues.costly.insert(order, (job, costly))),
        }
        drop(queues);
        self.changed.notify_one();
        Ticket { order, is_costly }
    }

    /// Takes a job out of the queue, unless a thread has taken it.
    pub(super) fn take(&self, Ticket { order, is_costly }: Ticket) -> Option<Job> {
        let mut queues = self.lock();
        if is_costly { queues.costly.remove(&order).map(|(job, _)| job) } else { queues.usual.remove(&order) }
    }

    /// Waits for the next job that may run. Returns `None` when the queue is closed.
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

    /// Returns a costly job's part of the share. Jobs that waited for it may then run on any thread.
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

    /// Returns how many costly jobs are running.
    pub(super) fn costly_at_work(&self) -> usize {
        self.lock().running.len()
    }

    /// Returns how many costly jobs are running, and whether one of them has this key.
    pub(super) fn costly_at_work_with(&self, key: &str) -> (usize, bool) {
        let queues = self.lock();
        (queues.running.len(), queues.running.iter().any(|running| *running.key == *key))
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
    /// Takes the first usual job or the first costly one that may run, whichever came first. A costly job is
    /// followed by a usual one if one waits, so a single thread never runs two costly ones in a row while
    /// others wait.
    fn take_next(&mut self) -> Option<Taken> {
        let usual = self.usual.first_key_value().map(|(order, _)| *order);
        let costly = self.first_costly();
        let takes_costly = match (usual, costly) {
            (Some((_, usual)), Some((_, costly))) => costly < usual && !self.last_was_costly,
            (usual, _) => usual.is_none(),
        };
        let (job, costly) = if takes_costly {
            let (job, costly) = self.costly.remove(&costly?)?;
            (job, Some(costly))
        } else {
            (self.usual.remove(&usual?)?, None)
        };
        self.last_was_costly = costly.is_some();
        self.running.extend(costly.clone());
        Some(Taken { job, costly })
    }

    /// Finds the first costly job for which there is a thread and memory, and whose key no running job has.
    fn first_costly(&self) -> Option<Order> {
        if self.running.len() >= self.share.jobs {
            return None;
        }
        let taken: u64 = self.running.iter().map(|running| running.memory_kib).sum();
        let left = self.share.memory_kib.saturating_sub(taken);
        let may_run = |costly: &Costly| {
            costly.memory_kib <= left && self.running.iter().all(|running| running.key != costly.key)
        };
        self.costly.iter().find(|(_, (_, costly))| may_run(costly)).map(|(order, _)| *order)
    }
}

impl Taken {
    /// Returns the job and its part of the share.
    pub(super) fn into_parts(self) -> (Job, Option<Costly>) {
        (self.job, self.costly)
    }
}
