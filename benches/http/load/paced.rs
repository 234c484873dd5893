use std::time::{Duration, Instant};

use async_trait::async_trait;

use super::{Crowd, Script};
use crate::Failure;
use crate::measure::{Load, Slice};

/// Connections that together send so many requests a second, spread evenly, whether or not the service is quick. A
/// request whose connection is still busy when it is due counts from that moment.
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
                    // The timer's own lateness, up to a millisecond, is not the service's.
                    visitor.ask(if late { due } else { Instant::now() }, &mut slice).await;
                    due += gap * visitors;
                }
                (visitor, slice)
            })
            .await
    }
}
