//! A few threads that work on big pieces of memory, and the line in front of them.

mod memory;
mod queue;
mod rounds;

use std::any::Any;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::{Instant, timeout_at};

use self::memory::Memory;
pub(super) use self::queue::Costly;
use self::queue::{Job, JobQueue, Share, Ticket};
use self::rounds::{Key, Place, Rounds};
use super::load_shed::LoadShed;
use crate::domain::Prefix;
use crate::ports::{HasherError, Origin};
use crate::telemetry::metrics::{Gauge, PasswordCounts};

/// Threads that work on pieces of memory `M`, which later jobs use again.
///
/// A caller with a job takes a place in the line first. It is refused when there is none, when its origin has
/// its share of them, or when at the pace of late its time would be up before its turn: a caller that waits
/// and is refused then costs memory and learns it late. In the line it waits for its turn, or is refused when its time is
/// up. Origins have their turns one after the other, so one that fills its share delays others by one job.
/// Having begun, a job belongs to the thread: a caller that goes away leaves the line, but frees no thread,
/// so there are never more jobs at work than threads.
///
/// Costly jobs have a queue, a count and a pace of their own, and at most half of the threads (at least one),
/// so that they hardly delay usual jobs and never get them refused.
pub(super) struct Pool<M> {
    most_places: usize,
    threads: usize,
    at_work: Gauge,
    rounds: Arc<Rounds>,
    load_shed: Arc<LoadShed>,
    costly_threads: usize,
    costly_rounds: Arc<Rounds>,
    costly_pace: Arc<LoadShed>,
    longest_wait: Duration,
    queue: Arc<JobQueue>,
    memory: Arc<Memory<M>>,
    counts: Arc<PasswordCounts>,
}

/// A place in the line.
pub(super) struct Permit<'a, M> {
    pool: &'a Pool<M>,
    place: Place,
    client: Option<Prefix>,
    /// When its time is up.
    until: Instant,
}

/// Leaves the line when it is dropped, if the job has not begun.
struct Caller<'a> {
    queue: &'a JobQueue,
    ticket: Ticket,
}

impl Caller<'_> {
    /// Returns false when the job has begun.
    fn leave(&self) -> bool {
        self.queue.take(self.ticket).is_some()
    }
}

impl Drop for Caller<'_> {
    fn drop(&mut self) {
        self.leave();
    }
}

impl<M: Send + 'static> Pool<M> {
    /// Starts the threads, at least one. Each does `begin` first. Costly jobs take at most `costly_memory` KiB together.
    #[expect(
        clippy::too_many_arguments,
        reason = "two of them are closures, and each is a setting of the pool"
    )]
    pub(super) fn start(
        name: &str,
        threads: usize,
        places: usize,
        longest_wait: Duration,
        costly_memory: u64,
        counts: Arc<PasswordCounts>,
        begin: impl Fn() + Clone + Send + 'static,
        make: impl Fn() -> M + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let threads = threads.max(1);
        let costly_threads = (threads / 2).max(1);
        let share = Share { jobs: costly_threads, memory_kib: costly_memory };
        let (queue, at_work) = (Arc::new(JobQueue::new(share)), Gauge::default());
        for number in 0..threads {
            let (queue, at_work, begin) = (Arc::clone(&queue), at_work.clone(), begin.clone());
            thread::Builder::new().name(format!("{name}-{number}")).spawn(move || {
                begin();
                serve(&queue, &at_work);
            })?;
        }
        Ok(Self {
            most_places: places,
            threads,
            at_work,
            rounds: Arc::default(),
            load_shed: Arc::default(),
            costly_threads,
            costly_rounds: Arc::default(),
            costly_pace: Arc::default(),
            longest_wait,
            queue,
            memory: Arc::new(Memory::new(make)),
            counts,
        })
    }

    /// Takes a place in the line.
    pub(super) fn reserve(&self, origin: &Origin) -> Result<Permit<'_, M>, HasherError> {
        // Before the places are looked at. In the other order, a job that begins in between is taken to wait
        // and to be at work.
        let free = self.free_threads();
        // As many threads as costly jobs leave.
        let threads = self.threads.saturating_sub(self.queue.costly_at_work());
        let room = self.most_places.min(self.load_shed.begun_within(self.longest_wait, threads));
        let keys = Key::of(origin);
        let mut is_full = false;
        let place = self.rounds.take(keys.clone(), self.counts.waiting.hold(), |queue| {
            let waiting = (queue.len_before(&keys) + 1).saturating_sub(free);
            is_full = (queue.len() + 1).saturating_sub(free) > self.most_places
                || self.load_shed.until_begun(waiting, threads) > self.longest_wait;
            !is_full && queue.is_within_share(&keys, room, free)
        });
        let place = place.ok_or_else(|| if is_full { self.refused() } else { self.over_share() })?;
        Ok(Permit { pool: self, place, client: origin.client, until: Instant::now() + self.longest_wait })
    }

    fn free_threads(&self) -> usize {
        self.threads.saturating_sub(usize::try_from(self.at_work.get()).unwrap_or_default())
    }

    /// Does the work on one of the threads, in its turn.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        origin: &Origin,
        work: impl FnOnce(&mut M) -> T + Send + 'static,
    ) -> Result<T, HasherError> {
        self.reserve(origin)?.run(work).await
    }

    fn over_share(&self) -> HasherError {
        self.counts.over_share.add(1);
        HasherError::Overloaded
    }

    fn refused(&self) -> HasherError {
        self.counts.shed.add(1);
        HasherError::Overloaded
    }
}

impl<M: Send + 'static> Permit<'_, M> {
    /// Waits for a thread and does the work on it.
    pub(super) async fn run<T: Send + 'static>(
        self,
        work: impl FnOnce(&mut M) -> T + Send + 'static,
    ) -> Result<T, HasherError> {
        let Self { pool, place, until, .. } = self;
        let free = pool.free_threads();
        // A caller that was long in coming, as when the database is slow, is not refused by a thread that is
        // free.
        let finds_a_thread = pool.rounds.len() <= free;
        let load_shed = Arc::clone(&pool.load_shed);
        pool.send(work, place, load_shed, None, (!finds_a_thread).then_some(until)).await
    }

    /// Does the same for a job that costs clearly more than the usual ones. Its place among them is free at
    /// once; it is refused when it would wait too long among the costly ones. Those of other accounts do not
    /// count when they only wait for one of their own account.
    pub(super) async fn run_costly<T: Send + 'static>(
        self,
        costly: Costly,
        work: impl FnOnce(&mut M) -> T + Send + 'static,
    ) -> Result<T, HasherError> {
        let Self { pool, place, client, until } = self;
        // Before the places are looked at, as above.
        let (at_work, is_at_work) = pool.queue.costly_at_work_with(&costly.key);
        let free = pool.costly_threads.saturating_sub(at_work);
        let origin = Origin { client, account: Some(Arc::clone(&costly.key)) };
        let (keys, account) = (Key::of(&origin), Key::Account(Arc::clone(&costly.key)));
        let costly_place =
            pool.costly_rounds.take(keys.clone(), pool.counts.costly_waiting.hold(), |queue| {
                let waiting = (queue.len_before(&keys) + 1).saturating_sub(free);
                let of_account = queue.len_of(&account) + usize::from(is_at_work);
                (queue.len() + 1).saturating_sub(free) <= pool.most_places
                && pool.costly_pace.until_begun(waiting, pool.costly_threads) <= pool.longest_wait
                // They begin one after the other.
                && pool.costly_pace.until_begun(of_account, 1) <= pool.longest_wait
                && queue.is_within_share(&keys, pool.most_places, free)
            });
        drop(place);
        let costly_place = costly_place.ok_or_else(|| pool.refused())?;
        let load_shed = Arc::clone(&pool.costly_pace);
        pool.send(work, costly_place, load_shed, Some(costly), Some(until)).await
    }
}

impl<M: Send + 'static> Pool<M> {
    /// Puts a job into its queue, and waits until it is done. When it has not begun at `until`, it leaves the queue.
    async fn send<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut M) -> T + Send + 'static,
        place: Place,
        timing: Arc<LoadShed>,
        costly: Option<Costly>,
        until: Option<Instant>,
    ) -> Result<T, HasherError> {
        let (answer, mut answered) = oneshot::channel();
        let (memory, longest) = (Arc::clone(&self.memory), self.longest_wait);
        let work = Box::new(move || {
            let began = Instant::now();
            let mut piece = memory.take();
            let done = work(&mut piece);
            // One that was held up, as a process that was stopped is, tells nothing of the others.
            timing.note(began.elapsed().min(longest));
            // Before the answer, so that whoever works next finds it.
            memory.give_back(piece);
            // The caller may be gone: nobody is left to tell.
            let _ = answer.send(done);
        });
        let ticket = self.queue.push(Job { place, work }, costly);
        let caller = Caller { queue: &self.queue, ticket };
        let begun = match until {
            None => Ok((&mut answered).await),
            Some(until) => timeout_at(until, &mut answered).await,
        };
        let answer = match begun {
            Ok(answer) => answer,
            Err(_) if caller.leave() => return Err(self.refused()),
            // It has begun.
            Err(_) => answered.await,
        };
        // No answer comes when the work panicked, which the thread has put into the log.
        answer.map_err(|_| HasherError::Overloaded)
    }
}

impl<M> Drop for Pool<M> {
    fn drop(&mut self) {
        self.queue.close();
    }
}

/// Works until the pool is gone.
fn serve(queue: &JobQueue, at_work: &Gauge) {
    while let Some(taken) = queue.next() {
        let (Job { place, work }, costly) = taken.into_parts();
        // In this order, so that no job is taken to wait and to be at work.
        place.begin();
        let held = at_work.hold();
        // A panic frees its piece of memory; nothing else is shared.
        if let Err(panic) = catch_unwind(AssertUnwindSafe(work)) {
            tracing::error!(panic = message(panic.as_ref()), "a job of the password pool panicked");
        }
        drop(held);
        queue.finish(costly);
    }
}

fn message(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message")
}

#[cfg(test)]
mod costly_tests;
#[cfg(test)]
mod fair_tests;
#[cfg(test)]
mod tests;
