use futures_util::FutureExt as _;
use tokio::sync::watch;
use tokio::time::advance;

use super::super::hosts::Hosts;
use super::super::limits::Limits;
use super::*;
use crate::config::{Pooler, SessionTarget};

const SECOND: Duration = Duration::from_secs(1);

/// A connection that was made two seconds ago, when the clock of the server was at 10 s. Its last
/// statement was sent one second later.
async fn work() -> Work {
    let (process, born) = (Process { pid: 1, since: 0 }, Instant::now());
    advance(SECOND * 2).await;
    Work { process, host: 0, born: (born, 10_000_000), asked: born + SECOND, closed: Mutex::default() }
}

#[tokio::test(start_paused = true)]
async fn a_process_is_ended_only_while_its_connection_is_open() {
    let work = work().await;
    let found = Some(Instant::now());
    assert!(!Work::is_stuck(None, None));
    advance(CANCELLED_FOR).await;
    assert!(!Work::is_stuck(found, None));
    advance(Duration::from_millis(1)).await;
    assert!(Work::is_stuck(found, None));
    work.close(async {}).await;
    let closed = *work.closed.lock().await;
    assert_eq!(closed, Some(Instant::now()));
    assert!(!Work::is_stuck(found, closed));
}

#[tokio::test(start_paused = true)]
async fn statements_that_began_after_the_connection_was_closed_are_not_cancelled() {
    let work = work().await;
    assert_eq!(work.sent(None), 11_250_000);
    let (born, _) = work.born;
    // Closed at once after the statement was sent, and long after.
    assert_eq!(work.sent(Some(born + SECOND)), 11_000_000);
    assert_eq!(work.sent(Some(born + SECOND * 2)), 11_250_000);
}

#[tokio::test(start_paused = true)]
async fn a_connection_is_not_closed_while_a_signal_is_on_its_way() {
    let work = work().await;
    let signal = work.closed.lock().await;
    let mut closing = std::pin::pin!(work.close(async {}));
    assert!((&mut closing).now_or_never().is_none());
    assert_eq!(*signal, None);
    drop(signal);
    assert!(closing.now_or_never().is_some());
    assert!(work.closed.lock().await.is_some());
}

fn sessions(setting: &'static str) -> Arc<Sessions> {
    let limits = Limits { statement: SECOND, lock: SECOND, idle_transaction: SECOND };
    let options = "postgres://svc@127.0.0.1/svc".parse().unwrap();
    let hosts = Hosts::new(vec![options], SessionTarget::Any, SECOND);
    let (unusable, _) = watch::channel(None);
    Arc::new(Sessions::new(hosts, Pooler::Session, setting, limits, SECOND, unusable))
}

#[test]
fn the_way_past_a_pooler_comes_first_and_each_way_once() {
    let (main, direct) = (sessions("database.url"), sessions("database.direct_url"));
    for (past, expected) in
        [(None, vec![&main]), (Some(&main), vec![&main]), (Some(&direct), vec![&direct, &main])]
    {
        let ways = Canceller::new(&main, past).ways;
        let are_same = ways.len() == expected.len()
            && ways.iter().zip(&expected).all(|(way, expected)| Arc::ptr_eq(way, expected));
        assert!(are_same, "{} ways", ways.len());
    }
}
