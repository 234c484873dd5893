use std::net::IpAddr;

use crate::ports::{Banned, Door, Outcome};
use crate::usecases::failure::Failure;
use crate::usecases::rules::guard::Guard;

/// Refuses requests from banned addresses.
pub struct CheckOrigin {
    pub(in crate::usecases) guard: Guard,
}

impl CheckOrigin {
    /// Accepts a client whose address is not banned, without reading the store. An unknown address counts as
    /// not banned.
    pub fn run(&self, client: Option<IpAddr>) -> Result<(), Failure> {
        let Some(address) = client else { return Ok(()) };
        let now = self.guard.clock.now();
        let Some(end) = self.guard.bans.of_address(address, now)? else { return Ok(()) };
        self.guard.refused(Door::Request, client, Outcome::Banned, None, None);
        Err(Failure::Banned(Banned::until(end, now)))
    }
}
