use std::time::Duration;

use tokio::sync::watch;

use super::Way;

/// The state of the proxy.
#[derive(Clone, Copy)]
pub struct Traffic {
    /// Whether connections are accepted and kept.
    pub open: bool,
    /// Whether all traffic waits.
    pub frozen: bool,
    /// Whether the traffic of connections from before the last stall waits.
    pub stalled: bool,
    pub stalls: u32,
    /// How often all connections were reset.
    pub resets: u32,
    requests: Passage,
    answers: Passage,
}

/// The state of one direction.
#[derive(Clone, Copy)]
pub struct Passage {
    pub delay: Duration,
    pub lost: bool,
}

/// One direction of one connection.
pub struct Gate {
    traffic: watch::Receiver<Traffic>,
    way: Way,
    /// The number of stalls when the connection was made.
    stalls: u32,
    mute: bool,
}

impl Traffic {
    const CLEAR: Passage = Passage { delay: Duration::ZERO, lost: false };
    /// No connections.
    pub const CLOSED: Self = Self {
        open: false,
        frozen: false,
        stalled: false,
        stalls: 0,
        resets: 0,
        requests: Self::CLEAR,
        answers: Self::CLEAR,
    };

    /// Lets everything pass, and keeps the counters.
    pub fn open(self) -> Self {
        Self { open: true, stalls: self.stalls, resets: self.resets, ..Self::CLOSED }
    }

    pub fn way(&mut self, way: Way) -> &mut Passage {
        match way {
            Way::Request => &mut self.requests,
            Way::Answer => &mut self.answers,
        }
    }
}

impl Gate {
    pub fn new(traffic: watch::Receiver<Traffic>, way: Way) -> Self {
        let stalls = traffic.borrow().stalls;
        Self { traffic, way, stalls, mute: false }
    }

    /// Waits while no traffic passes.
    pub async fn thawed(&mut self) -> Traffic {
        let stalls = self.stalls;
        let waits = |traffic: &Traffic| traffic.frozen || traffic.stalled && stalls < traffic.stalls;
        match self.traffic.wait_for(|traffic| !waits(traffic)).await {
            Ok(traffic) => *traffic,
            // The proxy was dropped.
            Err(_) => Traffic::CLOSED,
        }
    }

    /// Waits while no traffic passes, and for the delay. Returns whether the bytes are to be sent on.
    pub async fn passes(&mut self) -> bool {
        let passage = *self.thawed().await.way(self.way);
        self.mute |= passage.lost;
        if !passage.delay.is_zero() {
            tokio::time::sleep(passage.delay).await;
        }
        !self.mute
    }
}
