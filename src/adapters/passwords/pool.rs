//! A few threads that work on large pieces of memory, and the queue in front of them.

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
use crate::telemetry::spans::Kind;
use crate::telemetry::trace;

/// Threads that work on pieces of memory `M`, which later jobs reuse.
///
/// A caller first gets a permit, which is a place in the queue. It is refused if the queue is full, if its
/// origin has used up its share, or if at the recent speed the job would not begin in time: a caller that
/// waits and is refused afterwards costs memory and learns of the rejection late. While it waits, a job
/// begins in order, or is refused when its time is over. Origins are served in rotation, so an origin that
/// fills its share delays others by one job. Once a job has begun, it belongs to its thread: a cancelled
/// caller leaves the queue but frees no thread, so there are never more running jobs than threads.
///
/// Costly jobs have a queue, a limit and load shedding of their own, and at most half of the threads (at
/// least one), so that they hardly delay usual jobs and never cause their rejection.
pub(super) struct Pool<M> {
    most_places: usize,
    threads: usize,
    at_work: Gauge,
    rounds: Arc<Rounds>,
    load_shed: Arc<LoadShed>,
    costly_threads: usize,
    costly_rounds: Arc<Rounds>,
    costly_load_shed: Arc<LoadShed>,
    longest_wait: Duration,
    queue: Arc<JobQueue>,
    memory: Arc<Memory<M>>,
    counts: Arc<PasswordCounts>,
}

/// A permit: a place in the queue.
pub(super) struct Permit<'a, M> {
    pool: &'a Pool<M>,
    place: Place,
    client: Option<Prefix>,
    /// The latest time at which the job may begin.
    until: Instant,
}

/// Leaves the queue when it is dropped, if the job has not begun.
struct Caller<'a> {
    queue: &'a JobQueue,
    ticket: Ticket,
}

impl Caller<'_> {
    /// Returns false if the job has already begun.
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
    /// Starts at least one thread. Each runs `begin` first. Costly jobs take at most `costly_memory` KiB
    /// together.
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
            costly_load_shed: Arc::default(),
            longest_wait,
            queue,
            memory: Arc::new(Memory::new(make)),
            counts,
        })
    }

    /// Reserves a place in the queue.
    pub(super) fn reserve(&self, origin: &Origin) -> Result<Permit<'_, M>, HasherError> {
        // Read before the places. In the other order, a job that begins in between would count both as
        // waiting and as running.
        let free = self.free_threads();
        // The threads that costly jobs leave free.
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

    /// Reserves a place, waits for a thread and runs the work on it.
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
    /// Waits for a thread and runs the work on it.
    pub(super) async fn run<T: Send + 'static>(
        self,
        work: impl FnOnce(&mut M) -> T + Send + 'static,
    ) -> Result<T, HasherError> {
        let Self { pool, place, until, .. } = self;
        let free = pool.free_threads();
        // A caller that took long to get here, for example because the database is slow, is not refused while
        // a thread is free.
        let finds_a_thread = pool.rounds.len() <= free;
        let load_shed = Arc::clone(&pool.load_shed);
        pool.send(work, place, load_shed, None, (!finds_a_thread).then_some(until)).await
    }

    /// Waits in the queue of costly jobs and runs the work on a thread. Frees the place among the usual jobs
    /// at once. Refuses the job if it would wait too long among the costly ones. Costly jobs of another
    /// account count only as far as they do not wait for a job of their own account.
    pub(super) async fn run_costly<T: Send + 'static>(
        self,
        costly: Costly,
        work: impl FnOnce(&mut M) -> T + Send + 'static,
    ) -> Result<T, HasherError> {
        let Self { pool, place, client, until } = self;
        // Read before the places, as above.
        let (at_work, is_at_work) = pool.queue.costly_at_work_with(&costly.key);
        let free = pool.costly_threads.saturating_sub(at_work);
        let origin = Origin { client, account: Some(Arc::clone(&costly.key)) };
        let (keys, account) = (Key::of(&origin), Key::Account(Arc::clone(&costly.key)));
        let costly_place =
            pool.costly_rounds.take(keys.clone(), pool.counts.costly_waiting.hold(), |queue| {
                let waiting = (queue.len_before(&keys) + 1).saturating_sub(free);
                let of_account = queue.len_of(&account) + usize::from(is_at_work);
                (queue.len() + 1).saturating_sub(free) <= pool.most_places
                && pool.costly_load_shed.until_begun(waiting, pool.costly_threads) <= pool.longest_wait
                // Jobs of one account run one after the other.
                && pool.costly_load_shed.until_begun(of_account, 1) <= pool.longest_wait
                && queue.is_within_share(&keys, pool.most_places, free)
            });
        drop(place);
        let costly_place = costly_place.ok_or_else(|| pool.refused())?;
        let load_shed = Arc::clone(&pool.costly_load_shed);
        pool.send(work, costly_place, load_shed, Some(costly), Some(until)).await
    }
}

impl<M: Send + 'static> Pool<M> {
    /// Puts a job into its queue, and waits until it is done. If it has not begun at `until`, it leaves the
    /// queue.
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
        let recording = trace::recording();
        let waiting = trace::span(Kind::Internal, || "wait for password pool");
        let work = Box::new(move || {
            let began = Instant::now();
            drop(waiting);
            let hashing = recording.map(|recording| recording.span(Kind::Internal, "hash password"));
            let mut piece = memory.take();
            let done = work(&mut piece);
            drop(hashing);
            // A job that was delayed, for example because the process was stopped, says nothing about others.
            timing.note(began.elapsed().min(longest));
            // Before the answer, so that the next job finds it.
            memory.give_back(piece);
            // The caller may be gone.
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
            // The job has begun.
            Err(_) => answered.await,
        };
        // There is no answer if the work panicked; the thread has logged the panic.
        answer.map_err(|_| HasherError::Overloaded)
    }
}

impl<M> Drop for Pool<M> {
    fn drop(&mut self) {
        self.queue.close();
    }
}

/// Runs jobs until the pool is dropped.
fn serve(queue: &JobQueue, at_work: &Gauge) {
    while let Some(taken) = queue.next() {
        let (Job { place, work }, costly) = taken.into_parts();
        // In this order, so that no job counts both as waiting and as running.
        place.begin();
        let held = at_work.hold();
        // A panic frees its piece of memory; nothing else is shared.
        if let Err(panic) = catch_unwind(AssertUnwindSafe(work)) {
            tracing::error!(panic = message(panic.as_ref()), "password pool job panicked");
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
