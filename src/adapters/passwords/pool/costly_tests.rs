//! Jobs that cost clearly more than usual ones, each blocked by a gate until the test opens it.

use std::pin::{Pin, pin};
use std::sync::Mutex;
use std::sync::mpsc::TryRecvError;

use super::tests::{COSTLY_MEMORY, Gate, NONE, WAIT, gated, poll, pool};
use super::*;

/// Makes a costly job of the account with this key.
fn costly(key: &str) -> Costly {
    of_memory(key, 1)
}

fn of_memory(key: &str, memory_kib: u64) -> Costly {
    Costly { key: key.into(), memory_kib }
}

type Running<'a> = Pin<Box<dyn Future<Output = Result<(), HasherError>> + 'a>>;

/// Adds a costly job to the queue, and returns its gate.
fn begin(pool: &Pool<()>, costly: Costly) -> (Gate, Running<'_>) {
    let (gate, job) = gated();
    let mut running: Running<'_> = Box::pin(pool.reserve(&NONE).unwrap().run_costly(costly, job));
    assert!(poll(running.as_mut()).is_pending());
    (gate, running)
}

#[tokio::test]
async fn costly_jobs_have_at_most_half_of_the_threads() {
    let pool = pool(4, 100);
    let (first, first_done) = begin(&pool, costly("a"));
    let (second, second_done) = begin(&pool, costly("b"));
    let (third, third_done) = begin(&pool, costly("c"));
    first.begun.recv().unwrap();
    second.begun.recv().unwrap();
    // They come after the third costly job, and two threads are free for them.
    for number in 0..10 {
        assert_eq!(pool.run(&NONE, move |()| number).await, Ok(number));
    }
    assert_eq!(third.begun.try_recv(), Err(TryRecvError::Empty));
    first.end.send(()).unwrap();
    third.begun.recv().unwrap();
    second.end.send(()).unwrap();
    third.end.send(()).unwrap();
    assert_eq!((first_done.await, second_done.await, third_done.await), (Ok(()), Ok(()), Ok(())));
}

#[tokio::test]
async fn an_account_has_one_costly_job_at_a_time() {
    let pool = pool(6, 100);
    let (first, first_done) = begin(&pool, costly("a"));
    let (second, second_done) = begin(&pool, costly("a"));
    let (other, other_done) = begin(&pool, costly("b"));
    first.begun.recv().unwrap();
    other.begun.recv().unwrap();
    assert_eq!(second.begun.try_recv(), Err(TryRecvError::Empty), "a later one has begun before it");
    first.end.send(()).unwrap();
    second.begun.recv().unwrap();
    for gate in [&second, &other] {
        gate.end.send(()).unwrap();
    }
    assert_eq!((first_done.await, second_done.await, other_done.await), (Ok(()), Ok(()), Ok(())));
}

#[tokio::test]
async fn the_memory_of_costly_jobs_is_bounded() {
    let pool = pool(6, 100);
    let (first, first_done) = begin(&pool, of_memory("a", 60));
    let (second, second_done) = begin(&pool, of_memory("b", COSTLY_MEMORY - 59));
    let (third, third_done) = begin(&pool, of_memory("c", COSTLY_MEMORY - 60));
    first.begun.recv().unwrap();
    third.begun.recv().unwrap();
    assert_eq!(second.begun.try_recv(), Err(TryRecvError::Empty));
    first.end.send(()).unwrap();
    second.begun.recv().unwrap();
    for gate in [&second, &third] {
        gate.end.send(()).unwrap();
    }
    assert_eq!((first_done.await, second_done.await, third_done.await), (Ok(()), Ok(()), Ok(())));
}

#[tokio::test]
async fn a_single_thread_never_runs_two_in_a_row_while_usual_jobs_wait() {
    let pool = pool(1, 100);
    let order = Arc::new(Mutex::new(Vec::new()));
    let say = |name: &'static str| {
        let order = Arc::clone(&order);
        move |(): &mut ()| order.lock().unwrap().push(name)
    };
    let (gate, first) = begin(&pool, costly("a"));
    gate.begun.recv().unwrap();
    // The costly jobs are added first, the usual ones last.
    let mut second = pin!(pool.reserve(&NONE).unwrap().run_costly(costly("b"), say("costly")));
    let mut third = pin!(pool.reserve(&NONE).unwrap().run_costly(costly("c"), say("costly")));
    let (mut usual, mut last) = (pin!(pool.run(&NONE, say("usual"))), pin!(pool.run(&NONE, say("usual"))));
    assert!(poll(second.as_mut()).is_pending() && poll(third.as_mut()).is_pending());
    assert!(poll(usual.as_mut()).is_pending() && poll(last.as_mut()).is_pending());
    gate.end.send(()).unwrap();
    assert_eq!((first.await, second.await, third.await), (Ok(()), Ok(()), Ok(())));
    assert_eq!((usual.await, last.await), (Ok(()), Ok(())));
    assert_eq!(*order.lock().unwrap(), ["usual", "costly", "usual", "costly"]);
}

#[tokio::test]
async fn a_single_thread_runs_one_after_the_other_when_no_usual_job_waits() {
    let pool = pool(1, 100);
    for _ in 0..3 {
        let turn = pool.reserve(&NONE).unwrap();
        assert_eq!(turn.run_costly(costly("a"), |()| 1).await, Ok(1));
    }
}

#[tokio::test]
async fn costly_jobs_never_cause_the_rejection_of_a_usual_one() {
    // One usual job may wait. It would wait too long if a usual job took this long.
    let pool = pool(2, 1);
    let (gate, first) = begin(&pool, costly("a"));
    gate.begun.recv().unwrap();
    let (left, waiting) = begin(&pool, costly("a"));
    assert_eq!(pool.counts.waiting.get(), 0, "a costly job has no place among the usual ones");
    let before = pool.load_shed.until_begun(1, 1);
    gate.end.send(()).unwrap();
    assert_eq!(first.await, Ok(()));
    assert_eq!(pool.load_shed.until_begun(1, 1), before, "its duration says nothing about the usual ones");
    left.begun.recv().unwrap();
    let (usual, job) = gated();
    let mut running = pin!(pool.run(&NONE, job));
    assert!(poll(running.as_mut()).is_pending());
    usual.begun.recv().unwrap();
    // Both threads are busy, and the place in the queue is free.
    let mut next = pin!(pool.run(&NONE, |()| 5));
    assert!(poll(next.as_mut()).is_pending());
    usual.end.send(()).unwrap();
    assert_eq!((running.await, next.await), (Ok(()), Ok(5)));
    left.end.send(()).unwrap();
    assert_eq!(waiting.await, Ok(()));
}

#[tokio::test]
async fn a_costly_job_that_would_wait_too_long_is_refused_at_once() {
    let pool = pool(4, 100);
    // Two run at once: at this load_shed the fourth job that waits begins just in time.
    pool.costly_load_shed.note(WAIT / 2);
    let running: Vec<_> = ["a", "b"].map(|key| begin(&pool, costly(key))).into();
    for (gate, _) in &running {
        gate.begun.recv().unwrap();
    }
    let waiting: Vec<_> = ["c", "d", "e", "f"].map(|key| begin(&pool, costly(key))).into();
    let refused = pin!(pool.reserve(&NONE).unwrap().run_costly(costly("g"), |()| ()));
    let mut refused = refused;
    assert_eq!(poll(refused.as_mut()), std::task::Poll::Ready(Err(HasherError::Overloaded)));
    assert_eq!(pool.counts.shed.get(), 1);
    // A caller that leaves frees its place.
    drop(waiting);
    let (gate, next) = begin(&pool, costly("h"));
    for (gate, _) in &running {
        gate.end.send(()).unwrap();
    }
    gate.begun.recv().unwrap();
    gate.end.send(()).unwrap();
    assert_eq!(next.await, Ok(()));
    for (_, running) in running {
        assert_eq!(running.await, Ok(()));
    }
}

#[tokio::test(start_paused = true)]
async fn a_costly_job_that_waited_too_long_is_refused() {
    let pool = pool(2, 100);
    let (gate, running) = begin(&pool, costly("a"));
    gate.begun.recv().unwrap();
    let late = pool.reserve(&NONE).unwrap().run_costly(costly("b"), |()| ()).await;
    assert_eq!(late, Err(HasherError::Overloaded));
    tokio::time::resume();
    gate.end.send(()).unwrap();
    assert_eq!(running.await, Ok(()));
}

#[tokio::test]
async fn a_panic_returns_the_share() {
    let pool = pool(2, 100);
    for _ in 0..3 {
        let turn = pool.reserve(&NONE).unwrap();
        let panicked = turn.run_costly(of_memory("a", COSTLY_MEMORY), |()| panic!("on purpose")).await;
        assert_eq!(panicked, Err::<(), _>(HasherError::Overloaded));
    }
}
