use std::time::{Duration, Instant};

use async_trait::async_trait;

use super::{Crowd, Script};
use crate::Failure;
use crate::measure::{Load, Slice};

/// Connections that together send a fixed number of requests per second, evenly spread, however fast the
/// service is. If the connection of a request is still busy when the request is due, its time counts from
/// then.
pub struct Paced<S> {
    pub crowd: Crowd<S>,
    pub rate: u32,
}

#[async_trait]
impl<S: Script> Load for Paced<S> {
    async fn slice(&mut self, length: Duration) -> Result<Slice, Failure> {
        let (began, gap) = (Instant::now(), Duration::from_secs(1) / self.rate);
        let visitors = u32::try_from(self.crowd.len())?;
        self.crowd
            .each(|number, mut visitor| async move {
                let mut slice = Slice::default();
                let mut due = began + gap * u32::try_from(number).unwrap_or_default();
                while due < began + length {
                    let late = Instant::now() > due;
                    tokio::time::sleep_until(due.into()).await;
                    // The delay of the timer itself, up to a millisecond, does not count.
                    visitor.ask(if late { due } else { Instant::now() }, &mut slice).await;
                    due += gap * visitors;
                }
                (visitor, slice)
            })
            .await
    }
}
