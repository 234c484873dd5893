//! A few threads that work on big pieces of memory, and the line in front of them.

use std::any::Any;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tokio::time::{Instant, timeout_at};

use super::pace::Pace;
use crate::ports::HasherError;
use crate::telemetry::metrics::{Held, PasswordCounts};

/// Threads that work on pieces of memory `M`, which later jobs use again.
///
/// Whoever has a job takes a place in the line first, or is refused when there is none, or when at the pace of late its time
/// would be up before its turn: whoever waits in vain costs memory and is told late. In the line it waits for its turn,
/// or is refused when its time is up. Having begun a job belongs to the thread: a caller that goes away leaves the
/// line, but frees no thread, so there are never more jobs at work than threads.
pub(super) struct Pool<M> {
    most_places: usize,
    free_threads: Arc<Semaphore>,
    threads: usize,
    pace: Arc<Pace>,
    longest_wait: Duration,
    jobs: mpsc::Sender<Job>,
    memory: Arc<Memory<M>>,
    counts: Arc<PasswordCounts>,
}

/// A place in the line.
pub(super) struct Turn<'a, M> {
    pool: &'a Pool<M>,
    place: Held<'a>,
    /// When its time is up.
    until: Instant,
}

struct Job {
    work: Box<dyn FnOnce() + Send>,
    /// Given back when the job ends, however it ends.
    thread: OwnedSemaphorePermit,
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
        let line = Arc::new(Mutex::new(line));
        for number in 0..threads {
            let (line, begin) = (Arc::clone(&line), begin.clone());
            thread::Builder::new().name(format!("{name}-{number}")).spawn(move || {
                begin();
                serve(&line);
            })?;
        }
        Ok(Self {
            most_places: places,
            free_threads: Arc::new(Semaphore::new(threads)),
            threads,
            pace: Arc::default(),
            longest_wait,
            jobs,
            memory: Arc::new(Memory { free: Mutex::default(), make: Box::new(make) }),
            counts,
        })
    }

    /// Takes a place in the line. Those at its head who find a thread free do not wait, so they do not count.
    pub(super) fn line_up(&self) -> Result<Turn<'_, M>, HasherError> {
        let (number, place) = self.counts.waiting.hold_next();
        let in_line = usize::try_from(number).unwrap_or_default();
        let waiting = in_line.saturating_sub(self.free_threads.available_permits());
        if waiting > self.most_places || self.pace.until_begun(waiting, self.threads) > self.longest_wait {
            return Err(self.refused());
        }
        Ok(Turn { pool: self, place, until: Instant::now() + self.longest_wait })
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
        // A thread that becomes free goes to whoever has waited for one longest.
        let thread = timeout_at(until, Arc::clone(&pool.free_threads).acquire_owned()).await;
        let thread = thread.ok().and_then(Result::ok).ok_or_else(|| pool.refused())?;
        drop(place);
        let (answer, answered) = oneshot::channel();
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
        pool.jobs.send(Job { work, thread }).map_err(|_| HasherError::Overloaded)?;
        // No answer comes when the work panicked, which the thread has put into the log.
        answered.await.map_err(|_| HasherError::Overloaded)
    }
}

/// Works until the pool is gone.
fn serve(line: &Mutex<mpsc::Receiver<Job>>) {
    loop {
        let next = line.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(Job { work, thread }) = next else { return };
        // A panic frees its piece of memory; nothing else is shared.
        if let Err(panic) = catch_unwind(AssertUnwindSafe(work)) {
            tracing::error!(panic = message(panic.as_ref()), "a job of the password pool panicked");
        }
        drop(thread);
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
