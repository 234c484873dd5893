use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, channel};
use std::task::{Context, Poll, Waker};

use tokio::time::Instant;

use super::*;

/// Never elapses unless a test moves the clock.
pub(super) const WAIT: Duration = Duration::from_hours(1);
/// No client and no account.
pub(super) const NONE: Origin = Origin { client: None, account: None };
/// The memory that costly jobs may use together, in KiB.
pub(super) const COSTLY_MEMORY: u64 = 100;

pub(super) fn pool(threads: usize, places: usize) -> Pool<()> {
    Pool::start("test", threads, places, WAIT, COSTLY_MEMORY, Arc::default(), || (), || ()).unwrap()
}

/// Polls a future once.
pub(super) fn poll<T>(future: Pin<&mut (impl Future<Output = T> + ?Sized)>) -> Poll<T> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

/// Controls a job: `begun` reports its start, `end` lets it finish.
pub(super) struct Gate {
    pub begun: mpsc::Receiver<()>,
    pub end: mpsc::Sender<()>,
}

pub(super) fn gated() -> (Gate, impl FnOnce(&mut ()) + Send + 'static) {
    let ((say_begun, begun), (end, end_signal)) = (channel(), channel());
    let job = move |(): &mut ()| {
        say_begun.send(()).unwrap();
        end_signal.recv().unwrap();
    };
    (Gate { begun, end }, job)
}

#[tokio::test]
async fn a_full_queue_refuses_at_once() {
    let pool = pool(1, 2);
    let (gate, job) = gated();
    let mut running = pin!(pool.run(&NONE, job));
    assert!(poll(running.as_mut()).is_pending());
    gate.begun.recv().unwrap();

    let (mut first, mut second) = (pin!(pool.run(&NONE, |()| 1)), pin!(pool.run(&NONE, |()| 2)));
    assert!(poll(first.as_mut()).is_pending() && poll(second.as_mut()).is_pending());
    assert_eq!(poll(pin!(pool.run(&NONE, |()| 3))), Poll::Ready(Err(HasherError::Overloaded)));
    assert_eq!((pool.counts.waiting.get(), pool.counts.shed.get()), (2, 1));

    gate.end.send(()).unwrap();
    assert_eq!((running.await, first.await, second.await), (Ok(()), Ok(1), Ok(2)));
    assert_eq!((pool.counts.waiting.get(), pool.counts.shed.get()), (0, 1));
}

#[tokio::test]
async fn a_permit_counts_before_it_has_a_job_and_no_more_after_it_is_dropped() {
    let pool = pool(1, 1);
    // The thread is free, and one job may wait.
    let (first, second) = (pool.reserve(&NONE).unwrap(), pool.reserve(&NONE).unwrap());
    assert!(pool.reserve(&NONE).is_err());
    assert_eq!((pool.counts.waiting.get(), pool.counts.shed.get()), (2, 1));
    drop(second);
    let third = pool.reserve(&NONE).unwrap();
    assert_eq!((first.run(|()| 1).await, third.run(|()| 3).await), (Ok(1), Ok(3)));
    assert_eq!(pool.counts.waiting.get(), 0);
}

#[tokio::test]
async fn a_caller_that_would_wait_too_long_is_refused_at_once() {
    let pool = pool(1, 100);
    // At this load_shed the second job in the queue would begin just in time.
    pool.load_shed.note(WAIT / 2);
    let (gate, job) = gated();
    let mut running = pin!(pool.run(&NONE, job));
    assert!(poll(running.as_mut()).is_pending());
    gate.begun.recv().unwrap();

    let (mut first, mut second) = (pin!(pool.run(&NONE, |()| 1)), pin!(pool.run(&NONE, |()| 2)));
    assert!(poll(first.as_mut()).is_pending() && poll(second.as_mut()).is_pending());
    assert_eq!(poll(pin!(pool.run(&NONE, |()| 3))), Poll::Ready(Err(HasherError::Overloaded)));

    gate.end.send(()).unwrap();
    assert_eq!((running.await, first.await, second.await), (Ok(()), Ok(1), Ok(2)));
}

#[tokio::test(start_paused = true)]
async fn a_caller_that_waits_too_long_is_refused_at_that_time_and_never_begins() {
    let pool = pool(1, 2);
    let (gate, job) = gated();
    let mut running = pin!(pool.run(&NONE, job));
    assert!(poll(running.as_mut()).is_pending());
    gate.begun.recv().unwrap();

    let begun = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&begun);
    let before = Instant::now();
    let refused = pool.run(&NONE, move |()| count.fetch_add(1, Ordering::SeqCst)).await;
    assert_eq!(refused, Err(HasherError::Overloaded));
    let waited = before.elapsed();
    assert!(WAIT <= waited && waited < WAIT + Duration::from_millis(2), "{waited:?}");

    tokio::time::resume();
    gate.end.send(()).unwrap();
    assert_eq!((running.await, pool.run(&NONE, |()| ()).await), (Ok(()), Ok(())));
    assert_eq!(begun.load(Ordering::SeqCst), 0);
}

#[tokio::test(start_paused = true)]
async fn the_time_counts_from_the_reservation() {
    let pool = pool(1, 2);
    let (gate, job) = gated();
    let mut running = pin!(pool.run(&NONE, job));
    assert!(poll(running.as_mut()).is_pending());
    gate.begun.recv().unwrap();

    let (before, turn) = (Instant::now(), pool.reserve(&NONE).unwrap());
    tokio::time::advance(WAIT / 2).await;
    assert_eq!(turn.run(|()| ()).await, Err(HasherError::Overloaded));
    let waited = before.elapsed();
    assert!(WAIT <= waited && waited < WAIT + Duration::from_millis(2), "{waited:?}");

    tokio::time::resume();
    gate.end.send(()).unwrap();
    assert_eq!(running.await, Ok(()));
}

#[tokio::test(start_paused = true)]
async fn a_late_caller_is_not_refused_while_a_thread_is_free() {
    let pool = pool(2, 2);
    let (gate, job) = gated();
    let mut running = pin!(pool.run(&NONE, job));
    assert!(poll(running.as_mut()).is_pending());
    gate.begun.recv().unwrap();

    let turn = pool.reserve(&NONE).unwrap();
    tokio::time::advance(2 * WAIT).await;
    assert_eq!(turn.run(|()| 5).await, Ok(5));

    tokio::time::resume();
    gate.end.send(()).unwrap();
    assert_eq!(running.await, Ok(()));
}

#[tokio::test]
async fn a_caller_that_leaves_the_queue_gives_up_its_place_and_its_job() {
    let pool = pool(1, 1);
    let (gate, job) = gated();
    let mut running = pin!(pool.run(&NONE, job));
    assert!(poll(running.as_mut()).is_pending());
    gate.begun.recv().unwrap();

    let begun = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&begun);
    let mut leaving = Box::pin(pool.run(&NONE, move |()| count.fetch_add(1, Ordering::SeqCst)));
    assert!(poll(leaving.as_mut()).is_pending());
    assert_eq!(poll(pin!(pool.run(&NONE, |()| ()))), Poll::Ready(Err(HasherError::Overloaded)));
    drop(leaving);
    let mut next = pin!(pool.run(&NONE, |()| 5));
    assert!(poll(next.as_mut()).is_pending());

    gate.end.send(()).unwrap();
    assert_eq!((running.await, next.await), (Ok(()), Ok(5)));
    assert_eq!(begun.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_job_that_has_begun_keeps_its_thread_after_its_caller_left() {
    let pool = pool(1, 1);
    let (gate, job) = gated();
    let ended = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&ended);
    let mut left = Box::pin(pool.run(&NONE, move |memory| {
        job(memory);
        count.fetch_add(1, Ordering::SeqCst);
    }));
    assert!(poll(left.as_mut()).is_pending());
    gate.begun.recv().unwrap();
    drop(left);

    let mut next = pin!(pool.run(&NONE, move |()| ended.load(Ordering::SeqCst)));
    assert!(poll(next.as_mut()).is_pending());
    gate.end.send(()).unwrap();
    assert_eq!(next.await, Ok(1), "the next one begins after the end of the abandoned job");
}

#[tokio::test]
async fn the_next_one_begins_while_its_caller_does_something_else() {
    let pool = pool(1, 1);
    let ((first_gate, first), (second_gate, second)) = (gated(), gated());
    let (mut first, mut second) = (pin!(pool.run(&NONE, first)), pin!(pool.run(&NONE, second)));
    assert!(poll(first.as_mut()).is_pending() && poll(second.as_mut()).is_pending());
    first_gate.begun.recv().unwrap();
    first_gate.end.send(()).unwrap();
    second_gate.begun.recv_timeout(Duration::from_mins(1)).unwrap();
    second_gate.end.send(()).unwrap();
    assert_eq!((first.await, second.await), (Ok(()), Ok(())));
}

#[tokio::test]
async fn a_panic_costs_no_thread() {
    let pool = pool(1, 1);
    for _ in 0..3 {
        assert_eq!(pool.run(&NONE, |()| panic!("on purpose")).await, Err::<(), _>(HasherError::Overloaded));
        assert_eq!(pool.run(&NONE, |()| 5).await, Ok(5));
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
    let (sender, heard) = channel();
    let make = move || {
        sender.send("made").unwrap();
        Piece(sender.clone())
    };
    let pool = Pool::start("test", 8, 8, WAIT, COSTLY_MEMORY, Arc::default(), || (), make).unwrap();
    assert!(heard.try_recv().is_err(), "nothing is made before the first job");
    for _ in 0..20 {
        pool.run(&NONE, |_| ()).await.unwrap();
    }
    let (gate, job) = gated();
    let mut running = Box::pin(pool.run(&NONE, move |_| job(&mut ())));
    assert!(poll(running.as_mut()).is_pending());
    gate.begun.recv().unwrap();
    pool.run(&NONE, |_| ()).await.unwrap();
    gate.end.send(()).unwrap();
    running.await.unwrap();

    drop(pool);
    // The channel ends when the last thread has dropped its sender.
    let mut heard: Vec<_> = heard.iter().collect();
    heard.sort_unstable();
    assert_eq!(heard, ["freed", "freed", "made", "made"], "two, since at most two jobs ran at once");
}
