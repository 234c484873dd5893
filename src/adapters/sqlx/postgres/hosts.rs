//! The choice between several servers.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use sqlx::postgres::PgConnectOptions;
use tokio::time::{Instant, timeout};

use crate::config::SessionTarget;
use crate::ports::store::{StoreError, Unusable};

/// Servers that can replace each other. They are tried in order, beginning with the last one that worked.
pub(super) struct Hosts {
    all: Vec<PgConnectOptions>,
    target: SessionTarget,
    /// How long one of several servers may take until a connection to it can be used.
    patience: Duration,
    /// The index of the server where the next attempt begins.
    first: AtomicUsize,
    /// The index of the server of the last connection.
    chosen: AtomicUsize,
}

/// An attempt to connect to one server. If it fails, or is dropped after half of `patience`, the next attempt
/// begins with another server: a silent server would otherwise delay every caller. An attempt that is dropped
/// earlier shows nothing about the server: its caller needed no connection any more.
pub(super) struct Trial<'a> {
    hosts: &'a Hosts,
    host: usize,
    began: Instant,
    is_decided: bool,
}

impl Hosts {
    /// Creates the choice between the servers in `all`, at least one.
    pub(super) const fn new(all: Vec<PgConnectOptions>, target: SessionTarget, patience: Duration) -> Self {
        Self { all, target, patience, first: AtomicUsize::new(0), chosen: AtomicUsize::new(0) }
    }

    pub(super) fn options(&self, host: usize) -> &PgConnectOptions {
        &self.all[host]
    }

    pub(super) const fn are_several(&self) -> bool {
        self.all.len() > 1
    }

    /// Returns the server of the last successful connection.
    pub(super) fn chosen(&self) -> usize {
        self.chosen.load(Ordering::Relaxed)
    }

    /// Returns every server once, in the order of the attempts.
    pub(super) fn in_order(&self) -> impl Iterator<Item = usize> + use<> {
        let (first, count) = (self.first.load(Ordering::Relaxed), self.all.len());
        (0..count).map(move |step| (first + step) % count)
    }

    pub(super) fn trial(&self, host: usize) -> Trial<'_> {
        Trial { hosts: self, host, began: Instant::now(), is_decided: false }
    }

    /// Has the next attempt begin with another server.
    fn suspect(&self, host: usize) {
        let next = (host + 1) % self.all.len();
        // Does nothing if another attempt has already moved on.
        let _ = self.first.compare_exchange(host, next, Ordering::Relaxed, Ordering::Relaxed);
    }

    /// Waits for one of several servers, and leaves time for the next one. For a single server, the caller
    /// sets the limit.
    pub(super) async fn wait<T>(
        &self,
        answer: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        if !self.are_several() {
            return answer.await;
        }
        let late = || StoreError::Unavailable(format!("no answer within {:?}", self.patience));
        timeout(self.patience, answer).await.unwrap_or_else(|_| Err(late()))
    }

    /// Fails if a server with these properties does not match the target.
    pub(super) fn check(&self, is_read_only: bool, is_standby: bool) -> Result<(), StoreError> {
        match self.target {
            SessionTarget::ReadWrite | SessionTarget::Primary if is_standby => {
                Err(StoreError::ReadOnly("the server is a standby".to_owned()))
            }
            SessionTarget::ReadWrite if is_read_only => {
                Err(StoreError::ReadOnly("the server is read-only".to_owned()))
            }
            SessionTarget::Any | SessionTarget::ReadWrite | SessionTarget::Primary => Ok(()),
        }
    }

    /// Merges the failures of all servers. The error is permanent only if the failures of all servers are.
    pub(super) fn all_failed(&self, mut failures: Vec<(usize, StoreError)>) -> StoreError {
        if failures.len() == 1 {
            return failures.remove(0).1;
        }
        let text: Vec<_> =
            failures.iter().map(|(host, error)| format!("{}: {error}", self.name(*host))).collect();
        let text = text.join("; ");
        let obstacle = |error: &StoreError| match error {
            StoreError::Blocked(obstacle, _) => Some(*obstacle),
            _ => None,
        };
        if let Some(obstacle) = failures.iter().find_map(|(_, error)| obstacle(error)) {
            return StoreError::Blocked(obstacle, text);
        }
        let may_pass =
            |error: &StoreError| !matches!(error, StoreError::ReadOnly(_) | StoreError::Unusable(..));
        let unusable: Option<Vec<Unusable>> = failures
            .iter()
            .map(|(_, error)| if let StoreError::Unusable(why, _) = error { Some(*why) } else { None })
            .collect();
        match unusable.as_deref() {
            Some([why, ..]) => StoreError::Unusable(*why, text),
            _ if failures.iter().any(|(_, error)| may_pass(error)) => StoreError::Unavailable(text),
            _ => StoreError::ReadOnly(text),
        }
    }

    fn name(&self, host: usize) -> String {
        let options = &self.all[host];
        match options.get_socket() {
            Some(folder) => folder.display().to_string(),
            None if options.get_host().contains(':') => {
                format!("[{}]:{}", options.get_host(), options.get_port())
            }
            None => format!("{}:{}", options.get_host(), options.get_port()),
        }
    }
}

impl Trial<'_> {
    /// Records that a connection was made.
    pub(super) fn succeeded(mut self) {
        self.is_decided = true;
        self.hosts.first.store(self.host, Ordering::Relaxed);
        self.hosts.chosen.store(self.host, Ordering::Relaxed);
    }

    /// Records that no connection could be made.
    pub(super) fn failed(mut self) {
        self.is_decided = true;
        self.hosts.suspect(self.host);
    }
}

impl Drop for Trial<'_> {
    fn drop(&mut self) {
        if !self.is_decided && self.began.elapsed() >= self.hosts.patience / 2 {
            self.hosts.suspect(self.host);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::store::Obstacle;

    fn hosts(target: SessionTarget) -> Hosts {
        let host = |name| PgConnectOptions::new_without_pgpass().host(name).port(1);
        Hosts::new(vec![host("a"), host("::1"), host("c")], target, Duration::from_millis(1))
    }

    fn order(hosts: &Hosts) -> Vec<usize> {
        hosts.in_order().collect()
    }

    #[tokio::test(start_paused = true)]
    async fn an_attempt_that_did_not_succeed_has_the_next_one_begin_elsewhere() {
        let hosts = hosts(SessionTarget::Any);
        assert_eq!(order(&hosts), [0, 1, 2]);
        // The caller needed no connection any more.
        drop(hosts.trial(0));
        assert_eq!(order(&hosts), [0, 1, 2]);
        // The caller waited without an answer.
        let trial = hosts.trial(0);
        tokio::time::advance(hosts.patience).await;
        drop(trial);
        assert_eq!((order(&hosts), hosts.chosen()), (vec![1, 2, 0], 0));
        // Another attempt at a server that is no longer the first changes nothing.
        hosts.trial(0).failed();
        assert_eq!(order(&hosts), [1, 2, 0]);
        hosts.trial(2).succeeded();
        assert_eq!((order(&hosts), hosts.chosen()), (vec![2, 0, 1], 2));
        hosts.trial(2).failed();
        assert_eq!(order(&hosts), [0, 1, 2]);
    }

    #[test]
    fn a_server_that_takes_no_changes_will_do_where_any_does() {
        for (target, read_only, standby) in [
            (SessionTarget::Any, true, true),
            (SessionTarget::ReadWrite, false, false),
            (SessionTarget::Primary, true, false),
        ] {
            assert!(hosts(target).check(read_only, standby).is_ok(), "{target:?}");
        }
        for (target, read_only, standby) in [
            (SessionTarget::ReadWrite, true, false),
            (SessionTarget::ReadWrite, true, true),
            (SessionTarget::Primary, true, true),
        ] {
            let checked = hosts(target).check(read_only, standby);
            assert!(matches!(checked, Err(StoreError::ReadOnly(_))), "{target:?}");
        }
    }

    #[test]
    fn what_may_pass_on_one_server_may_pass() {
        let away = || StoreError::Unavailable("away".to_owned());
        let read_only = || StoreError::ReadOnly("standby".to_owned());
        let refused = || StoreError::Unusable(Unusable::Login, "wrong password".to_owned());
        let all = |errors: Vec<StoreError>| {
            hosts(SessionTarget::Any).all_failed(errors.into_iter().enumerate().collect())
        };
        let text = all(vec![away(), read_only()]).to_string();
        assert!(text.contains("a:1: ") && text.contains("; [::1]:1: "), "{text}");
        assert!(matches!(all(vec![refused(), away()]), StoreError::Unavailable(_)));
        assert!(matches!(all(vec![refused(), read_only()]), StoreError::ReadOnly(_)));
        assert!(matches!(all(vec![read_only(), read_only()]), StoreError::ReadOnly(_)));
        let busy = || StoreError::Blocked(Obstacle::ServerFiles, "too many open files".to_owned());
        assert!(matches!(
            all(vec![refused(), busy(), away()]),
            StoreError::Blocked(Obstacle::ServerFiles, _)
        ));
        assert!(matches!(all(vec![refused(), refused()]), StoreError::Unusable(Unusable::Login, _)));
        let StoreError::Unusable(_, text) = all(vec![refused()]) else { panic!() };
        assert_eq!(text, "wrong password");
    }
}
