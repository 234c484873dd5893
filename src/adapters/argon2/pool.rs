//! A few threads that work on big pieces of memory, and the line in front of them.

use std::any::Any;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use super::pace::Pace;
use crate::ports::HasherError;
use crate::telemetry::metrics::PasswordCounts;

/// How much the threads give way: with a tenth of the weight of others they still get on where nobody rests.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 10;

/// Threads that work on pieces of memory `M`, which later jobs use again.
///
/// A job begins at once when a thread is free. Else it takes a place in the line, or is refused when there is
/// none, or when at the pace of late its time would be up before its turn: whoever waits in vain costs memory and is told
/// late. In the line it waits for its turn, or is refused when its time is up. Having begun it belongs to the
/// thread: a caller that goes away leaves the line, but frees no thread, so there are never more jobs at work
/// than threads.
pub(super) struct Pool<M> {
    places: Semaphore,
    most_places: usize,
    free_threads: Arc<Semaphore>,
    threads: usize,
    pace: Arc<Pace>,
    longest_wait: Duration,
    jobs: mpsc::Sender<Job>,
    memory: Arc<Memory<M>>,
    counts: Arc<PasswordCounts>,
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
    /// Starts the threads, at least one.
    pub(super) fn start(
        name: &str,
        threads: usize,
        places: usize,
        longest_wait: Duration,
        counts: Arc<PasswordCounts>,
        make: impl Fn() -> M + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let threads = threads.max(1);
        let (jobs, line) = mpsc::channel();
        let line = Arc::new(Mutex::new(line));
        for number in 0..threads {
            let line = Arc::clone(&line);
            thread::Builder::new().name(format!("{name}-{number}")).spawn(move || serve(&line))?;
        }
        let most_places = places.min(Semaphore::MAX_PERMITS);
        Ok(Self {
            places: Semaphore::new(most_places),
            most_places,
            free_threads: Arc::new(Semaphore::new(threads)),
            threads,
            pace: Arc::default(),
            longest_wait,
            jobs,
            memory: Arc::new(Memory { free: Mutex::default(), make: Box::new(make) }),
            counts,
        })
    }

    /// Does the work on one of the threads.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut M) -> T + Send + 'static,
    ) -> Result<T, HasherError> {
        let Some(thread) = self.free_thread().await else {
            self.counts.shed.add(1);
            return Err(HasherError::Overloaded);
        };
        let (answer, answered) = oneshot::channel();
        let (memory, pace, longest) = (Arc::clone(&self.memory), Arc::clone(&self.pace), self.longest_wait);
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
        self.jobs.send(Job { work, thread }).map_err(|_| HasherError::Overloaded)?;
        // No answer comes when the work panicked, which the thread has put into the log.
        answered.await.map_err(|_| HasherError::Overloaded)
    }

    /// Waits in the line. Whoever finds a thread free overtakes nobody: a thread that becomes free goes to the
    /// first in the line.
    async fn free_thread(&self) -> Option<OwnedSemaphorePermit> {
        if let Ok(thread) = Arc::clone(&self.free_threads).try_acquire_owned() {
            return Some(thread);
        }
        let _place = self.places.try_acquire().ok()?;
        let in_line = self.most_places - self.places.available_permits();
        if self.pace.until_begun(in_line, self.threads) > self.longest_wait {
            return None;
        }
        let _waiting = self.counts.waiting.hold();
        let turn = Arc::clone(&self.free_threads).acquire_owned();
        tokio::time::timeout(self.longest_wait, turn).await.ok()?.ok()
    }
}

/// Works until the pool is gone.
fn serve(line: &Mutex<mpsc::Receiver<Job>>) {
    // A job takes a core for long; whoever needs one for a moment goes first. Only on Linux is this the thread's own.
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::nice(NICENESS) {
        tracing::debug!(%error, "the password pool keeps its priority");
    }
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
