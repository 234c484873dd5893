//! A few threads that work on big pieces of memory, and the line in front of them.

use std::any::Any;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use crate::ports::HasherError;

/// Threads that work on pieces of memory `M`, which later jobs use again.
///
/// A job begins at once when a thread is free. Else it takes a place in the line, or is refused when there is
/// none; there it waits for its turn, or is refused when its time is up. Having begun it belongs to the
/// thread: a caller that goes away leaves the line, but frees no thread, so there are never more jobs at work
/// than threads.
pub(super) struct Pool<M> {
    places: Semaphore,
    free_threads: Arc<Semaphore>,
    longest_wait: Duration,
    jobs: mpsc::Sender<Job>,
    memory: Arc<Memory<M>>,
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
        make: impl Fn() -> M + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let threads = threads.max(1);
        let (jobs, line) = mpsc::channel();
        let line = Arc::new(Mutex::new(line));
        for number in 0..threads {
            let line = Arc::clone(&line);
            thread::Builder::new().name(format!("{name}-{number}")).spawn(move || serve(&line))?;
        }
        Ok(Self {
            places: Semaphore::new(places.min(Semaphore::MAX_PERMITS)),
            free_threads: Arc::new(Semaphore::new(threads)),
            longest_wait,
            jobs,
            memory: Arc::new(Memory { free: Mutex::default(), make: Box::new(make) }),
        })
    }

    /// Does the work on one of the threads.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut M) -> T + Send + 'static,
    ) -> Result<T, HasherError> {
        let thread = self.free_thread().await.ok_or(HasherError::Overloaded)?;
        let (answer, answered) = oneshot::channel();
        let memory = Arc::clone(&self.memory);
        let work = Box::new(move || {
            let mut piece = memory.take();
            let done = work(&mut piece);
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
        let turn = Arc::clone(&self.free_threads).acquire_owned();
        tokio::time::timeout(self.longest_wait, turn).await.ok()?.ok()
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
mod tests {
    use std::future::Future;
    use std::pin::{Pin, pin};
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::mpsc::channel;
    use std::task::{Context, Poll, Waker};

    use tokio::time::Instant;

    use super::*;

    /// Never over unless a test moves the clock.
    const WAIT: Duration = Duration::from_hours(1);

    fn pool(threads: usize, places: usize) -> Pool<()> {
        Pool::start("test", threads, places, WAIT, || ()).unwrap()
    }

    /// Goes on until the future waits for something.
    fn poll<T>(future: Pin<&mut impl Future<Output = T>>) -> Poll<T> {
        future.poll(&mut Context::from_waker(Waker::noop()))
    }

    /// A job that says when it has begun and ends when it is told to.
    struct Gate {
        begun: mpsc::Receiver<()>,
        end: mpsc::Sender<()>,
    }

    fn gated() -> (Gate, impl FnOnce(&mut ()) + Send + 'static) {
        let ((say_begun, begun), (end, told_to_end)) = (channel(), channel());
        let job = move |(): &mut ()| {
            say_begun.send(()).unwrap();
            told_to_end.recv().unwrap();
        };
        (Gate { begun, end }, job)
    }

    #[tokio::test]
    async fn a_full_line_refuses_at_once() {
        let pool = pool(1, 2);
        let (gate, job) = gated();
        let mut running = pin!(pool.run(job));
        assert!(poll(running.as_mut()).is_pending());
        gate.begun.recv().unwrap();

        let (mut first, mut second) = (pin!(pool.run(|()| 1)), pin!(pool.run(|()| 2)));
        assert!(poll(first.as_mut()).is_pending() && poll(second.as_mut()).is_pending());
        assert_eq!(poll(pin!(pool.run(|()| 3))), Poll::Ready(Err(HasherError::Overloaded)));

        gate.end.send(()).unwrap();
        assert_eq!((running.await, first.await, second.await), (Ok(()), Ok(1), Ok(2)));
    }

    #[tokio::test(start_paused = true)]
    async fn who_waits_too_long_is_refused_at_that_time_and_never_begins() {
        let pool = pool(1, 2);
        let (gate, job) = gated();
        let mut running = pin!(pool.run(job));
        assert!(poll(running.as_mut()).is_pending());
        gate.begun.recv().unwrap();

        let begun = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&begun);
        let before = Instant::now();
        let refused = pool.run(move |()| count.fetch_add(1, Ordering::SeqCst)).await;
        assert_eq!(refused, Err(HasherError::Overloaded));
        let waited = before.elapsed();
        assert!(WAIT <= waited && waited < WAIT + Duration::from_millis(2), "{waited:?}");

        tokio::time::resume();
        gate.end.send(()).unwrap();
        assert_eq!((running.await, pool.run(|()| ()).await), (Ok(()), Ok(())));
        assert_eq!(begun.load(Ordering::SeqCst), 0);
    }

    #[tokio::test]
    async fn a_caller_that_leaves_the_line_gives_up_its_place_and_its_job() {
        let pool = pool(1, 1);
        let (gate, job) = gated();
        let mut running = pin!(pool.run(job));
        assert!(poll(running.as_mut()).is_pending());
        gate.begun.recv().unwrap();

        let begun = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&begun);
        let mut leaving = Box::pin(pool.run(move |()| count.fetch_add(1, Ordering::SeqCst)));
        assert!(poll(leaving.as_mut()).is_pending());
        assert_eq!(poll(pin!(pool.run(|()| ()))), Poll::Ready(Err(HasherError::Overloaded)));
        drop(leaving);
        let mut next = pin!(pool.run(|()| 5));
        assert!(poll(next.as_mut()).is_pending());

        gate.end.send(()).unwrap();
        assert_eq!((running.await, next.await), (Ok(()), Ok(5)));
        assert_eq!(begun.load(Ordering::SeqCst), 0);
    }

    #[tokio::test]
    async fn what_has_begun_keeps_its_thread_though_its_caller_left() {
        let pool = pool(1, 1);
        let (gate, job) = gated();
        let ended = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&ended);
        let mut left = Box::pin(pool.run(move |memory| {
            job(memory);
            count.fetch_add(1, Ordering::SeqCst);
        }));
        assert!(poll(left.as_mut()).is_pending());
        gate.begun.recv().unwrap();
        drop(left);

        let mut next = pin!(pool.run(move |()| ended.load(Ordering::SeqCst)));
        assert!(poll(next.as_mut()).is_pending());
        gate.end.send(()).unwrap();
        assert_eq!(next.await, Ok(1), "the next one begins after the end of what was left");
    }

    #[tokio::test]
    async fn a_panic_costs_no_thread() {
        let pool = pool(1, 1);
        for _ in 0..3 {
            assert_eq!(pool.run(|()| panic!("on purpose")).await, Err::<(), _>(HasherError::Overloaded));
            assert_eq!(pool.run(|()| 5).await, Ok(5));
        }
    }

    #[tokio::test]
    async fn memory_is_made_when_it_is_needed_and_used_again() {
        struct Piece(mpsc::Sender<&'static str>);
        impl Drop for Piece {
            fn drop(&mut self) {
                self.0.send("freed").unwrap();
            }
        }
        let (told, heard) = channel();
        let make = move || {
            told.send("made").unwrap();
            Piece(told.clone())
        };
        let pool = Pool::start("test", 8, 8, WAIT, make).unwrap();
        assert!(heard.try_recv().is_err(), "nothing is made before the first job");
        for _ in 0..20 {
            pool.run(|_| ()).await.unwrap();
        }
        let (gate, job) = gated();
        let mut running = Box::pin(pool.run(move |_| job(&mut ())));
        assert!(poll(running.as_mut()).is_pending());
        gate.begun.recv().unwrap();
        pool.run(|_| ()).await.unwrap();
        gate.end.send(()).unwrap();
        running.await.unwrap();

        drop(pool);
        // It ends when the last thread has let go of its end.
        let mut heard: Vec<_> = heard.iter().collect();
        heard.sort_unstable();
        assert_eq!(heard, ["freed", "freed", "made", "made"], "two, since at most two jobs ran at once");
    }
}
