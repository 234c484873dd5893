use std::time::Duration;

use tokio::sync::watch;

use super::Way;

/// What the way is like.
#[derive(Clone, Copy)]
pub struct Traffic {
    /// Whether connections are taken and kept.
    pub open: bool,
    /// Whether everything waits.
    pub frozen: bool,
    /// Whether connections wait that were made before the last stall.
    pub stalled: bool,
    pub stalls: u32,
    /// How often all connections were reset.
    pub resets: u32,
    requests: Passage,
    answers: Passage,
}

/// What one direction is like.
#[derive(Clone, Copy)]
pub struct Passage {
    pub delay: Duration,
    pub lost: bool,
}

/// One direction of one connection.
pub struct Gate {
    traffic: watch::Receiver<Traffic>,
    way: Way,
    /// How many stalls there had been when the connection was made.
    stalls: u32,
    mute: bool,
}

impl Traffic {
    const CLEAR: Passage = Passage { delay: Duration::ZERO, lost: false };
    /// There is none.
    pub const CLOSED: Self = Self {
        open: false,
        frozen: false,
        stalled: false,
        stalls: 0,
        resets: 0,
        requests: Self::CLEAR,
        answers: Self::CLEAR,
    };

    /// Everything passes, and what has been counted stays.
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

    /// Waits while nothing passes.
    pub async fn thawed(&mut self) -> Traffic {
        let stalls = self.stalls;
        let waits = |traffic: &Traffic| traffic.frozen || traffic.stalled && stalls < traffic.stalls;
        match self.traffic.wait_for(|traffic| !waits(traffic)).await {
            Ok(traffic) => *traffic,
            // The proxy is gone.
            Err(_) => Traffic::CLOSED,
        }
    }

    /// Waits while nothing passes and as long as everything is late; whether what came is to be sent on.
    pub async fn passes(&mut self) -> bool {
        let passage = *self.thawed().await.way(self.way);
        self.mute |= passage.lost;
        if !passage.delay.is_zero() {
            tokio::time::sleep(passage.delay).await;
        }
        !self.mute
    }
}
