//! Which job is served next, and which is refused, if some clients or accounts have far more jobs than
//! others.

use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Mutex;

use super::tests::{Gate, NONE, WAIT, gated, poll, pool};
use super::*;

type Waiting<'a> = Pin<Box<dyn Future<Output = Result<(), HasherError>> + 'a>>;

/// A client with its own account.
fn client(number: u8) -> Origin {
    Origin { client: Some(Prefix::of(IpAddr::from([203, 0, 113, number]))), account: Some(name(number)) }
}

fn name(number: u8) -> Arc<str> {
    number.to_string().into()
}

/// Keeps the only thread busy.
fn keep_at_work(pool: &Pool<()>) -> (Gate, Waiting<'_>) {
    let (gate, job) = gated();
    let mut running: Waiting<'_> = Box::pin(pool.run(&NONE, job));
    assert!(poll(running.as_mut()).is_pending());
    gate.begun.recv().unwrap();
    (gate, running)
}

/// The names of the jobs, in the order in which they were done.
#[derive(Default)]
struct Done(Arc<Mutex<String>>);

impl Done {
    fn note(&self, name: char) -> impl FnOnce(&mut ()) + Send + 'static {
        let done = Arc::clone(&self.0);
        move |()| done.lock().unwrap().push(name)
    }

    fn is(&self, expected: &str) {
        assert_eq!(*self.0.lock().unwrap(), expected);
    }
}

/// Adds a job to the queue that records its name.
fn wait<'a>(pool: &'a Pool<()>, origin: &Origin, done: &Done, name: char) -> Waiting<'a> {
    let turn = pool.reserve(origin).unwrap();
    let mut waiting: Waiting<'_> = Box::pin(turn.run(done.note(name)));
    assert!(poll(waiting.as_mut()).is_pending());
    waiting
}

/// Reserves places until one is refused.
fn fill<'a>(pool: &'a Pool<()>, origin: &Origin) -> Vec<Permit<'a, ()>> {
    std::iter::from_fn(|| pool.reserve(origin).ok()).take(100).collect()
}

#[tokio::test]
async fn one_client_gets_a_quarter_of_the_queue_and_another_one_is_served_next() {
    let (pool, done) = (pool(1, 8), Done::default());
    let (gate, running) = keep_at_work(&pool);
    let mut waiting = vec![wait(&pool, &client(1), &done, 'a'), wait(&pool, &client(1), &done, 'b')];
    assert!(pool.reserve(&client(1)).is_err(), "a quarter of the places is taken");
    assert_eq!((pool.counts.shed.get(), pool.counts.over_share.get()), (0, 1));
    waiting.push(wait(&pool, &client(2), &done, 'x'));
    waiting.push(wait(&pool, &client(2), &done, 'y'));
    waiting.push(wait(&pool, &client(3), &done, 'z'));
    gate.end.send(()).unwrap();
    running.await.unwrap();
    for job in waiting {
        job.await.unwrap();
    }
    done.is("axzby");
}

#[tokio::test]
async fn a_new_client_waits_for_at_most_one_job_of_each_other_client() {
    let (pool, done) = (pool(1, 100), Done::default());
    let (gate, running) = keep_at_work(&pool);
    let mut waiting = Vec::new();
    for name in "aaaaaaaa".chars() {
        waiting.push(wait(&pool, &client(1), &done, name));
    }
    for name in "bbbb".chars() {
        waiting.push(wait(&pool, &client(2), &done, name));
    }
    waiting.push(wait(&pool, &client(3), &done, 'x'));
    gate.end.send(()).unwrap();
    running.await.unwrap();
    for job in waiting {
        job.await.unwrap();
    }
    done.is("abxabababaaaa");
}

#[tokio::test]
async fn new_clients_do_not_delay_the_second_job_of_a_client_without_end() {
    let (pool, done) = (pool(1, 100), Done::default());
    let (gate, running) = keep_at_work(&pool);
    let (first, job) = gated();
    let mut first_job: Waiting<'_> = Box::pin(pool.reserve(&client(1)).unwrap().run(job));
    assert!(poll(first_job.as_mut()).is_pending());
    let mut waiting = vec![wait(&pool, &client(1), &done, 'b')];
    waiting.push(wait(&pool, &client(2), &done, 'x'));
    gate.end.send(()).unwrap();
    first.begun.recv().unwrap();
    // This round is for jobs that were added before it began.
    waiting.push(wait(&pool, &client(3), &done, 'y'));
    waiting.push(wait(&pool, &client(4), &done, 'z'));
    first.end.send(()).unwrap();
    for job in [running, first_job].into_iter().chain(waiting) {
        job.await.unwrap();
    }
    done.is("xbyz");
}

#[tokio::test]
async fn one_client_may_use_every_thread() {
    let pool = pool(4, 1);
    let running: Vec<_> = (0..4)
        .map(|_| {
            let (gate, job) = gated();
            let mut running: Waiting<'_> = Box::pin(pool.reserve(&client(1)).unwrap().run(job));
            assert!(poll(running.as_mut()).is_pending());
            (gate, running)
        })
        .collect();
    for (gate, _) in &running {
        gate.begun.recv().unwrap();
    }
    for (gate, job) in running {
        gate.end.send(()).unwrap();
        job.await.unwrap();
    }
}

#[tokio::test]
async fn a_few_clients_do_not_fill_the_queue_and_return_their_places() {
    let pool = pool(1, 8);
    let (gate, running) = keep_at_work(&pool);
    let mut turns: Vec<_> = (1..6).map(|number| fill(&pool, &client(number))).collect();
    assert_eq!(turns.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2, 1, 1, 1]);
    let last = pool.reserve(&client(6)).unwrap();
    assert!(pool.reserve(&client(7)).is_err(), "it is full");
    turns.remove(0);
    assert_eq!(fill(&pool, &client(7)).len(), 1);
    drop((turns, last));
    assert_eq!(fill(&pool, &client(2)).len(), 2);
    assert_eq!((pool.rounds.len(), pool.counts.waiting.get()), (0, 0));
    gate.end.send(()).unwrap();
    running.await.unwrap();
}

#[tokio::test]
async fn a_share_is_one_of_the_jobs_that_can_begin_in_time() {
    let pool = pool(1, 1000);
    pool.load_shed.note(WAIT / 40);
    let (gate, running) = keep_at_work(&pool);
    assert_eq!(fill(&pool, &client(1)).len(), 10);
    gate.end.send(()).unwrap();
    running.await.unwrap();
}

#[tokio::test]
async fn an_account_at_which_many_clients_guess_has_a_share_too() {
    let (pool, done) = (pool(1, 8), Done::default());
    let (gate, running) = keep_at_work(&pool);
    let guess = |number: u8| Origin { account: Some(name(0)), ..client(number) };
    let mut waiting = vec![wait(&pool, &guess(1), &done, 'a'), wait(&pool, &guess(2), &done, 'b')];
    assert!(pool.reserve(&guess(3)).is_err());
    waiting.push(wait(&pool, &client(3), &done, 'x'));
    gate.end.send(()).unwrap();
    running.await.unwrap();
    for job in waiting {
        job.await.unwrap();
    }
    done.is("axb");
}

/// Adds a costly job of an account to the queue.
fn begin_costly<'a>(pool: &'a Pool<()>, by: u8, account: u8) -> Result<(Gate, Waiting<'a>), HasherError> {
    let costly = Costly { key: name(account), memory_kib: 1 };
    let (gate, job) = gated();
    let turn = pool.reserve(&Origin { account: None, ..client(by) })?;
    let mut running: Waiting<'a> = Box::pin(turn.run_costly(costly, job));
    match poll(running.as_mut()) {
        std::task::Poll::Ready(done) => Err(done.unwrap_err()),
        std::task::Poll::Pending => Ok((gate, running)),
    }
}

#[tokio::test]
async fn costly_jobs_that_wait_for_their_own_account_never_cause_the_rejection_of_another_one() {
    // One costly job runs at a time, and two more begin in time.
    let pool = pool(2, 100);
    pool.costly_load_shed.note(WAIT / 2);
    let first = begin_costly(&pool, 1, 0).unwrap();
    first.0.begun.recv().unwrap();
    let second = begin_costly(&pool, 2, 0).unwrap();
    let third = begin_costly(&pool, 3, 0).unwrap();
    // At this load_shed the next job of the account, its third in a row, would begin too late.
    assert!(begin_costly(&pool, 4, 0).is_err());
    let other = begin_costly(&pool, 5, 1).unwrap();
    first.0.end.send(()).unwrap();
    first.1.await.unwrap();
    for (gate, running) in [second, other, third] {
        gate.begun.recv_timeout(Duration::from_mins(1)).unwrap();
        gate.end.send(()).unwrap();
        running.await.unwrap();
    }
}

#[tokio::test]
async fn a_client_with_many_costly_jobs_delays_others_by_one_of_them() {
    let pool = pool(2, 100);
    let first = begin_costly(&pool, 1, 0).unwrap();
    first.0.begun.recv().unwrap();
    let second = begin_costly(&pool, 1, 1).unwrap();
    let third = begin_costly(&pool, 1, 2).unwrap();
    let other = begin_costly(&pool, 2, 3).unwrap();
    first.0.end.send(()).unwrap();
    first.1.await.unwrap();
    for (gate, running) in [second, other, third] {
        gate.begun.recv_timeout(Duration::from_mins(1)).unwrap();
        gate.end.send(()).unwrap();
        running.await.unwrap();
    }
}
