use tokio::runtime::{Builder, Handle};

use crate::Failure;

/// Threads with a runtime of one thread each: connections never move between them, which would cost more than it
/// evens out.
#[derive(Clone)]
pub struct Threads(Vec<Handle>);

impl Threads {
    /// They end with the process.
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

    /// The one that this connection runs on.
    pub fn of(&self, connection: usize) -> &Handle {
        &self.0[connection % self.0.len()]
    }
}
