//! The protocol of systemd between a service and its manager (`sd_notify(3)`): one datagram per state.

use std::io;
use std::os::unix::net::UnixDatagram;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{MissedTickBehavior, interval, sleep};

use crate::config::ManagerVariables;

/// How often a state is sent again for which the queue of the manager had no room, as when many services
/// start at once. A lost one would have the manager wait for a service that has started long ago.
const FULL: Duration = Duration::from_millis(200);

/// The manager that started this process, if it is one that wants to hear about its state.
#[derive(Debug, Default)]
pub(super) struct ServiceManager {
    socket: Option<UnixDatagram>,
    /// How long the manager waits for the next sign of life.
    patience: Option<Duration>,
    /// The status that was reported last.
    status: Mutex<String>,
    /// The state for which there was no room yet.
    unsent: Mutex<Option<String>>,
    has_unsent: Notify,
    /// Whether the last attempt to report failed.
    fails: AtomicBool,
    /// Whether the end was reported.
    is_stopping: AtomicBool,
}

impl ServiceManager {
    /// Connects to the manager that the environment names. A manager that cannot be reached is ignored: its
    /// own time limits apply then.
    pub fn connect(variables: &ManagerVariables) -> Self {
        let connected = variables.socket.as_deref().map(connect).transpose();
        let socket = connected.unwrap_or_else(|error| {
            tracing::warn!(%error, "failed to connect to the socket that NOTIFY_SOCKET names");
            None
        });
        let ours = variables.watched_process.is_none_or(|process| process == std::process::id());
        Self { socket, patience: variables.watchdog.filter(|_| ours), ..Self::default() }
    }

    /// Reports that the service has started, and what it does. Reports nothing twice.
    pub fn ready(&self, status: &str) {
        // A line ending would begin another assignment.
        let status = status.replace(char::is_control, " ");
        let mut last = self.status.lock().unwrap_or_else(PoisonError::into_inner);
        if *last != status {
            self.report(format!("READY=1\nSTATUS={status}"));
            *last = status;
        }
    }

    /// Reports once that the service finishes its work and ends.
    pub fn stopping(&self) {
        if !self.is_stopping.swap(true, Ordering::Relaxed) {
            self.report("STOPPING=1\nSTATUS=finishing its work".to_owned());
        }
    }

    /// Gives a sign of life twice as often as the manager wants one, for as long as `progresses` says so, and
    /// sends the states for which there was no room. Never returns. Once the service makes no progress, the
    /// manager ends and restarts it.
    pub async fn watch(&self, progresses: impl AsyncFnMut() -> bool) {
        tokio::join!(self.give_signs(progresses), self.catch_up());
    }

    async fn give_signs(&self, mut progresses: impl AsyncFnMut() -> bool) {
        let (Some(patience), Some(_)) = (self.patience, &self.socket) else {
            return std::future::pending().await;
        };
        let mut beats = interval(patience / 2);
        beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            beats.tick().await;
            if progresses().await {
                self.send("WATCHDOG=1");
            } else {
                tracing::error!("no progress, so the service manager gets no sign of life");
            }
        }
    }

    async fn catch_up(&self) {
        loop {
            self.has_unsent.notified().await;
            sleep(FULL).await;
            self.send_unsent(&mut self.unsent());
        }
    }

    /// Sends a state, or keeps it in place of an earlier one for which there is no room.
    fn report(&self, state: String) {
        let mut unsent = self.unsent();
        *unsent = Some(state);
        self.send_unsent(&mut unsent);
    }

    fn send_unsent(&self, unsent: &mut Option<String>) {
        if unsent.as_deref().is_some_and(|state| self.send(state)) {
            *unsent = None;
        }
        if unsent.is_some() {
            self.has_unsent.notify_one();
        }
    }

    fn unsent(&self) -> MutexGuard<'_, Option<String>> {
        self.unsent.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns false if the queue of the manager is full.
    fn send(&self, state: &str) -> bool {
        let sent = self.socket.as_ref().map_or(Ok(0), |socket| socket.send(state.as_bytes()));
        let had_failed = self.fails.swap(sent.is_err(), Ordering::Relaxed);
        // Once, and not for each attempt and each sign of life until the manager reads again.
        if let Err(error) = &sent
            && !had_failed
        {
            tracing::warn!(%error, "failed to report the state to the service manager");
        }
        !sent.is_err_and(|error| error.kind() == io::ErrorKind::WouldBlock)
    }
}

/// A name that begins with `@` is one of the abstract namespace, which only Linux has.
fn connect(name: &str) -> io::Result<UnixDatagram> {
    let socket = UnixDatagram::unbound()?;
    // A manager that does not read must not stop the service.
    socket.set_nonblocking(true)?;
    match name.strip_prefix('@') {
        None => socket.connect(name)?,
        #[cfg(target_os = "linux")]
        Some(name) => {
            use std::os::linux::net::SocketAddrExt;
            socket.connect_addr(&std::os::unix::net::SocketAddr::from_abstract_name(name)?)?;
        }
        #[cfg(not(target_os = "linux"))]
        Some(_) => return Err(io::ErrorKind::Unsupported.into()),
    }
    Ok(socket)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn received(socket: &UnixDatagram) -> String {
        let mut buffer = [0; 256];
        let length = socket.recv(&mut buffer).unwrap();
        String::from_utf8(buffer[..length].to_vec()).unwrap()
    }

    fn manager(watched_process: Option<u32>) -> (tempfile::TempDir, UnixDatagram, ServiceManager) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notify");
        let socket = UnixDatagram::bind(&path).unwrap();
        let variables = ManagerVariables {
            socket: Some(path.to_str().unwrap().to_owned()),
            watchdog: Some(Duration::from_secs(30)),
            watched_process,
        };
        let manager = ServiceManager::connect(&variables);
        (folder, socket, manager)
    }

    #[tokio::test(start_paused = true)]
    async fn signs_of_life_come_while_there_is_progress() {
        let (_folder, socket, manager) = manager(None);
        manager.ready("waiting\nSTOPPING=1");
        assert_eq!(received(&socket), "READY=1\nSTATUS=waiting STOPPING=1");
        for _ in 0..2 {
            manager.ready("serving");
        }
        assert_eq!(received(&socket), "READY=1\nSTATUS=serving");
        let mut turns = 0;
        let watching = manager.watch(async || {
            turns += 1;
            turns <= 3
        });
        assert!(tokio::time::timeout(Duration::from_secs(100), watching).await.is_err(), "it never ends");
        assert_eq!(turns, 7, "one at once, and one every 15 seconds");
        for _ in 0..3 {
            assert_eq!(received(&socket), "WATCHDOG=1");
        }
        manager.stopping();
        assert!(received(&socket).starts_with("STOPPING=1"), "no sign of life without progress");
    }

    #[tokio::test(start_paused = true)]
    async fn a_state_waits_for_room_in_the_queue() {
        let (_folder, socket, manager) = manager(Some(1));
        while manager.send("X_OTHER=1") {}
        manager.ready("waiting");
        manager.ready("serving");
        let watching = manager.watch(async || true);
        tokio::pin!(watching);
        assert!(tokio::time::timeout(Duration::from_secs(3), &mut watching).await.is_err());
        socket.set_nonblocking(true).unwrap();
        let mut buffer = [0; 256];
        while socket.recv(&mut buffer).is_ok() {}
        assert!(tokio::time::timeout(Duration::from_secs(3), &mut watching).await.is_err());
        assert_eq!(received(&socket), "READY=1\nSTATUS=serving");
        assert!(socket.recv(&mut buffer).is_err(), "it is sent once");
    }

    #[tokio::test(start_paused = true)]
    async fn a_watchdog_of_another_process_gets_no_signs() {
        let (_folder, socket, manager) = manager(Some(1));
        let watching = manager.watch(async || true);
        assert!(tokio::time::timeout(Duration::from_secs(100), watching).await.is_err());
        manager.stopping();
        assert!(received(&socket).starts_with("STOPPING=1"));
    }

    #[test]
    fn without_a_manager_nothing_is_sent() {
        for socket in [None, Some("/nowhere/notify".to_owned())] {
            let variables = ManagerVariables { socket, ..ManagerVariables::default() };
            let manager = ServiceManager::connect(&variables);
            assert!(manager.socket.is_none());
            manager.ready("serving");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_socket_may_have_an_abstract_name() {
        use std::os::linux::net::SocketAddrExt;
        let name = format!("svc-test-{}", std::process::id());
        let address = std::os::unix::net::SocketAddr::from_abstract_name(&name).unwrap();
        let socket = UnixDatagram::bind_addr(&address).unwrap();
        let variables = ManagerVariables { socket: Some(format!("@{name}")), ..ManagerVariables::default() };
        ServiceManager::connect(&variables).stopping();
        assert!(received(&socket).starts_with("STOPPING=1"));
    }
}
