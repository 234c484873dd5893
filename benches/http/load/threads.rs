use tokio::runtime::{Builder, Handle};

use crate::Failure;

/// Threads with a single-threaded runtime each. Connections never move between them, because moving would
/// cost more than it balances.
#[derive(Clone)]
pub struct Threads(Vec<Handle>);

impl Threads {
    /// Starts the threads. They end with the process.
    pub fn start(count: usize) -> Result<Self, Failure> {
        let start = |number| {
            let runtime = Builder::new_current_thread().enable_all().build()?;
            let handle = runtime.handle().clone();
            let name = format!("load-{number}");
            std::thread::Builder::new()
                .name(name)
                .spawn(move || runtime.block_on(std::future::pending::<()>()))?;
            Ok(handle)
        };
        (0..count).map(start).collect::<Result<_, Failure>>().map(Self)
    }

    /// Returns the thread of this connection.
    pub fn of(&self, connection: usize) -> &Handle {
        &self.0[connection % self.0.len()]
    }
}
