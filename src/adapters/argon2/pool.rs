//! A few threads that work on big pieces of memory, and the line in front of them.

use std::any::Any;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::{Instant, timeout_at};

use super::pace::Pace;
use crate::ports::HasherError;
use crate::telemetry::metrics::{Gauge, Held, PasswordCounts};

/// Threads that work on pieces of memory `M`, which later jobs use again.
///
/// Whoever has a job takes a place in the line first, or is refused when there is none, or when at the pace of late its time
/// would be up before its turn: whoever waits in vain costs memory and is told late. In the line it waits for its turn,
/// or is refused when its time is up. Having begun a job belongs to the thread: a caller that goes away leaves the
/// line, but frees no thread, so there are never more jobs at work than threads.
pub(super) struct Pool<M> {
    most_places: usize,
    threads: usize,
    at_work: Gauge,
    pace: Arc<Pace>,
    longest_wait: Duration,
    jobs: mpsc::Sender<Waiting>,
    memory: Arc<Memory<M>>,
    counts: Arc<PasswordCounts>,
}

/// A place in the line.
pub(super) struct Turn<'a, M> {
    pool: &'a Pool<M>,
    place: Held,
    /// When its time is up.
    until: Instant,
}

/// A job in the line, as its caller and the threads hold it. Whoever takes it has it: the thread that does it, or the caller
/// that leaves. So the next one is there when a thread has done one, and none waits for its caller to be woken. What a caller
/// leaves behind is empty, until the next thread comes by.
#[derive(Clone)]
struct Waiting(Arc<Mutex<Option<Job>>>);

struct Job {
    place: Held,
    work: Box<dyn FnOnce() + Send>,
}

impl Waiting {
    fn take(&self) -> Option<Job> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// Leaves the line when it is dropped, if the job has not begun.
struct Caller(Waiting);

impl Drop for Caller {
    fn drop(&mut self) {
        drop(self.0.take());
    }
}

/// The pieces that no job is using. One is made when a job finds none, so there are as many as there were jobs at
/// once: a service at rest has none, and on a machine of many cores a few log-ins do not fill one for each.
struct Memory<M> {
    free: Mutex<Vec<M>>,
    make: Box<dyn Fn() -> M + Send + Sync>,
}

impl<M> Memory<M> {
    fn take(&self) -> M {
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner).pop();
        free.unwrap_or_else(&self.make)
    }

    fn give_back(&self, piece: M) {
        self.free.lock().unwrap_or_else(PoisonError::into_inner).push(piece);
    }
}

impl<M: Send + 'static> Pool<M> {
    /// Starts the threads, at least one. Each does `begin` first.
    pub(super) fn start(
        name: &str,
        threads: usize,
        places: usize,
        longest_wait: Duration,
        counts: Arc<PasswordCounts>,
        begin: impl Fn() + Clone + Send + 'static,
        make: impl Fn() -> M + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let threads = threads.max(1);
        let (jobs, line) = mpsc::channel();
        let (line, at_work) = (Arc::new(Mutex::new(line)), Gauge::default());
        for number in 0..threads {
            let (line, at_work, begin) = (Arc::clone(&line), at_work.clone(), begin.clone());
            thread::Builder::new().name(format!("{name}-{number}")).spawn(move || {
                begin();
                serve(&line, &at_work);
            })?;
        }
        Ok(Self {
            most_places: places,
            threads,
            at_work,
            pace: Arc::default(),
            longest_wait,
            jobs,
            memory: Arc::new(Memory { free: Mutex::default(), make: Box::new(make) }),
            counts,
        })
    }

    /// Takes a place in the line.
    pub(super) fn line_up(&self) -> Result<Turn<'_, M>, HasherError> {
        // In this order. In the other one, whoever begins in between is taken to wait and to be at work.
        let at_work = self.at_work.get();
        let (in_line, place) = self.counts.waiting.hold_next();
        let waiting = self.waiting(in_line, at_work);
        if waiting > self.most_places || self.pace.until_begun(waiting, self.threads) > self.longest_wait {
            return Err(self.refused());
        }
        Ok(Turn { pool: self, place, until: Instant::now() + self.longest_wait })
    }

    /// How many of those in the line have to wait: not those at its head, who find a thread free.
    fn waiting(&self, in_line: i64, at_work: i64) -> usize {
        let [in_line, at_work] = [in_line, at_work].map(|number| usize::try_from(number).unwrap_or_default());
        in_line.saturating_sub(self.threads.saturating_sub(at_work))
    }

    /// Does the work on one of the threads, in its turn.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut M) -> T + Send + 'static,
    ) -> Result<T, HasherError> {
        self.line_up()?.run(work).await
    }

    fn refused(&self) -> HasherError {
        self.counts.shed.add(1);
        HasherError::Overloaded
    }
}

impl<M: Send + 'static> Turn<'_, M> {
    /// Waits for a thread and does the work on it.
    pub(super) async fn run<T: Send + 'static>(
        self,
        work: impl FnOnce(&mut M) -> T + Send + 'static,
    ) -> Result<T, HasherError> {
        let Self { pool, place, until } = self;
        let (answer, mut answered) = oneshot::channel();
        let (memory, pace, longest) = (Arc::clone(&pool.memory), Arc::clone(&pool.pace), pool.longest_wait);
        let work = Box::new(move || {
            let began = Instant::now();
            let mut piece = memory.take();
            let done = work(&mut piece);
            // One that was held up, as a process that was stopped is, tells nothing of the others.
            pace.note(began.elapsed().min(longest));
            // Before the answer, so that whoever works next finds it.
            memory.give_back(piece);
            // The caller may be gone: nobody is left to tell.
            let _ = answer.send(done);
        });
        let waiting = Waiting(Arc::new(Mutex::new(Some(Job { place, work }))));
        let caller = Caller(waiting.clone());
        let at_work = pool.at_work.get();
        let finds_a_thread = pool.waiting(pool.counts.waiting.get(), at_work) == 0;
        pool.jobs.send(waiting).map_err(|_| HasherError::Overloaded)?;
        // Who was long in coming, as when the database is slow, is not refused by a thread that is free.
        let begun =
            if finds_a_thread { Ok((&mut answered).await) } else { timeout_at(until, &mut answered).await };
        let answer = match begun {
            Ok(answer) => answer,
            Err(_) if caller.0.take().is_some() => return Err(pool.refused()),
            // It has begun.
            Err(_) => answered.await,
        };
        // No answer comes when the work panicked, which the thread has put into the log.
        answer.map_err(|_| HasherError::Overloaded)
    }
}

/// Works until the pool is gone.
fn serve(line: &Mutex<mpsc::Receiver<Waiting>>, at_work: &Gauge) {
    loop {
        let next = line.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(waiting) = next else { return };
        let Some(Job { place, work }) = waiting.take() else { continue };
        // In this order, so that nobody is taken to wait and to be at work.
        drop(place);
        let _at_work = at_work.hold();
        // A panic frees its piece of memory; nothing else is shared.
        if let Err(panic) = catch_unwind(AssertUnwindSafe(work)) {
            tracing::error!(panic = message(panic.as_ref()), "a job of the password pool panicked");
        }
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
mod tests;
