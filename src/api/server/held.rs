use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::time::sleep;

use crate::tasks::{Shutdown, Tasks};

/// How long a refused connection stays open without being read. A client that connects again as soon as it is
/// closed would otherwise do so thousands of times a second.
const HELD: Duration = Duration::from_secs(1);
/// The maximum number of connections that are held. Further ones are closed at once. Each takes a file
/// descriptor, and what the kernel has received for it. They have no places of each address: only those who
/// connect beyond their share, or after a flood, are here.
const MOST_HELD: usize = 128;

/// Holds refused connections, beside those that the limits count.
pub(super) struct Holder {
    slots: Arc<Semaphore>,
    tasks: Tasks,
    shutdown: Shutdown,
}

impl Holder {
    pub(super) fn new(tasks: Tasks, shutdown: Shutdown) -> Self {
        Self { slots: Arc::new(Semaphore::new(MOST_HELD)), tasks, shutdown }
    }

    /// Closes a connection after [`HELD`], or at once if too many are held.
    pub(super) fn hold(&self, socket: TcpStream) {
        let Ok(slot) = Arc::clone(&self.slots).try_acquire_owned() else { return };
        let shutdown = self.shutdown.clone();
        self.tasks.spawn(async move {
            tokio::select! {
                () = sleep(HELD) => {}
                () = shutdown.stopping() => {}
            }
            drop((socket, slot));
        });
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncReadExt as _;
    use tokio::net::TcpListener;
    use tokio::time::{Instant, pause};

    use super::*;

    #[tokio::test]
    async fn a_bounded_number_is_held_and_none_after_the_stop() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (mut clients, mut sockets) = (Vec::new(), Vec::new());
        for _ in 0..=MOST_HELD {
            clients.push(TcpStream::connect(listener.local_addr().unwrap()).await.unwrap());
            sockets.push(listener.accept().await.unwrap().0);
        }
        let (shutdown, tasks) = (Shutdown::default(), Tasks::default());
        let holder = Holder::new(tasks.clone(), shutdown.clone());
        for socket in sockets {
            holder.hold(socket);
        }
        // No task has run yet, so nothing depends on the time.
        assert_eq!(holder.slots.available_permits(), 0);
        let mut beyond = clients.pop().unwrap();
        assert_eq!(beyond.read(&mut [0]).await.unwrap(), 0);
        // The clock moves only when nothing else can run.
        pause();
        let begun = Instant::now();
        shutdown.begin(Duration::ZERO).await;
        assert_eq!(tasks.finish(Duration::from_mins(1)).await, 0);
        assert!(begun.elapsed() < HELD);
        assert_eq!(holder.slots.available_permits(), MOST_HELD);
        assert_eq!(clients[0].read(&mut [0]).await.unwrap(), 0);
    }
}
