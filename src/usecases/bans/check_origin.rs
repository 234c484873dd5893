use std::net::IpAddr;

use crate::ports::{Banned, Door, Outcome};
use crate::usecases::failure::Failure;
use crate::usecases::rules::guard::Guard;

/// Refuses requests from banned addresses.
pub struct CheckOrigin {
    /// Knows what is banned.
    pub guard: Guard,
}

impl CheckOrigin {
    /// Passes a client whose address is not banned, without asking the store. An address that is not known is not banned.
    pub fn run(&self, client: Option<IpAddr>) -> Result<(), Failure> {
        let Some(address) = client else { return Ok(()) };
        let now = self.guard.clock.now();
        let Some(end) = self.guard.bans.of_address(address, now)? else { return Ok(()) };
        self.guard.refused(Door::Request, client, Outcome::Banned, None, None);
        Err(Failure::Banned(Banned::until(end, now)))
    }
}
