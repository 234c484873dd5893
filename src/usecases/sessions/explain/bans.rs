use std::net::IpAddr;

use crate::domain::{Ban, BanTarget, EventType, Network, Session, Subject, Timestamp};
use crate::ports::events::{History, PastEvent};
use crate::ports::{Store, StoreError};

/// The maximum number of past events of a ban that are read.
const EVENTS: u32 = 100;

/// A ban of the user of a session, or of an address of its clients, that had not ended when the session was
/// opened.
pub(super) struct AppliedBan {
    pub ban: Ban,
    /// The client of the session whose address is banned; `None` for a ban of the user.
    pub address: Option<IpAddr>,
    /// Its events that are still stored, oldest first.
    pub past: Vec<PastEvent>,
}

impl AppliedBan {
    /// The operator who set the ban as it is now, if that is still stored.
    pub fn by(&self) -> Option<String> {
        let added = |event: &&PastEvent| event.event_type() == Some(EventType::BanAdded);
        self.past.iter().rev().find(added).map(|event| event.by(None))
    }
}

/// The bans that concern a session, and had not ended at `since`. A ban that an operator has removed is no
/// longer stored.
pub(super) async fn applied_bans(
    store: &dyn Store,
    history: &dyn History,
    session: &Session,
    since: Timestamp,
) -> Result<Vec<AppliedBan>, StoreError> {
    let mut applied = Vec::new();
    for ban in store.bans().live(since).await? {
        let address = match ban.target {
            BanTarget::User(user) if user == session.user_id => None,
            BanTarget::Network(network) => match banned_address(session, network) {
                Some(address) => Some(address),
                None => continue,
            },
            BanTarget::User(_) => continue,
        };
        let past = history.of_object(Subject::from(&ban), &ban.id.to_string(), EVENTS).await?;
        applied.push(AppliedBan { ban, address, past });
    }
    Ok(applied)
}

/// The address of the client that used the session last, or of the one that opened it, if the network has it.
fn banned_address(session: &Session, network: Network) -> Option<IpAddr> {
    let clients = [Some(&session.client), session.opened_by()];
    let mut addresses = clients.into_iter().flatten().filter_map(|client| client.address);
    addresses.find(|address| network.contains(*address))
}
