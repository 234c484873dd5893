use std::sync::Arc;
use std::time::Duration;

use super::find_target::find_target;
use crate::domain::{
    Actor, Ban, BanEnd, BanId, BanReason, BanTarget, BanTargetRef, EventKind, Network, Timestamp,
};
use crate::ports::{BanList, Store};
use crate::usecases::failure::{Failure, fails};
use crate::usecases::journal::Journal;

/// Bans a network or a user.
pub struct AddBan {
    pub(in crate::usecases) store: Arc<dyn Store>,
    pub(in crate::usecases) bans: Arc<dyn BanList>,
    /// The trusted proxies. A ban of one would ban all clients behind it.
    pub(in crate::usecases) trusted_proxies: Arc<[Network]>,
    pub(in crate::usecases) journal: Journal,
}

/// A ban to add.
#[derive(Clone, Debug)]
pub struct NewBan {
    /// The target.
    pub target: BanTargetRef,
    /// The reason.
    pub reason: Option<BanReason>,
    /// When it ends.
    pub end: NewBanEnd,
    /// Whether a wide network is intended.
    pub allow_wide: bool,
}

/// The end of a ban, as an operator gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewBanEnd {
    /// At this moment.
    At(Timestamp),
    /// This long after now.
    After(Duration),
    /// Only when an operator removes it.
    Never,
}

/// The result of adding a ban.
#[derive(Clone, Debug)]
pub struct AddedBan {
    /// The ban.
    pub ban: Ban,
    /// Whether the target was banned already. Then only the reason and the end of the ban changed.
    pub replaced: bool,
}

/// Why a ban was not added.
#[derive(Debug, thiserror::Error)]
pub enum AddBanError {
    /// The end is not in the future.
    #[error("the end of the ban is in the past")]
    EndInThePast,
    /// The network contains a loopback address.
    #[error("{0} contains loopback addresses: every client behind a proxy on this machine would be banned")]
    Loopback(Network),
    /// The network contains an address of a trusted proxy.
    #[error("{0} contains addresses of {1}, a trusted proxy: every client behind it would be banned")]
    TrustedProxy(Network, Network),
    /// A wide network needs confirmation.
    #[error("{0} is wider than an IPv4 /8 or an IPv6 /16")]
    WideNetwork(Network),
    /// There is no such user.
    #[error("there is no such user")]
    NoSuchUser,
    /// The maximum number of bans is reached.
    #[error(
        "the maximum of {} bans is reached: remove some, or ban a network instead of its addresses",
        Ban::MOST
    )]
    TooMany,
    /// A failure common to all use cases.
    #[error(transparent)]
    Failed(Failure),
}
fails!(AddBanError);

impl AddBan {
    /// Bans the target. If it is already banned, replaces the reason and the end and keeps the id.
    pub async fn run(&self, new: &NewBan, actor: Actor) -> Result<AddedBan, AddBanError> {
        let now = self.journal.now();
        let end = match new.end {
            NewBanEnd::At(at) => BanEnd::At(at),
            NewBanEnd::After(duration) => BanEnd::At(now.plus(duration)),
            NewBanEnd::Never => BanEnd::Never,
        };
        if end.is_over(now) {
            return Err(AddBanError::EndInThePast);
        }
        if let BanTargetRef::Network(network) = &new.target {
            self.check_network(*network, new.allow_wide)?;
        }
        let target = find_target(&*self.store, &new.target).await?.ok_or(AddBanError::NoSuchUser)?;
        let mut work = self.store.begin().await?;
        if let BanTarget::User(user) = target {
            work.users().lock(user).await?.ok_or(AddBanError::NoSuchUser)?;
        }
        work.bans().begin_change(self.journal.id()).await?;
        let before = work.bans().find_of(target).await?.filter(|ban| ban.is_live(now));
        if before.is_none() && work.bans().count_live(now).await? >= Ban::MOST {
            return Err(AddBanError::TooMany);
        }
        let replaced = before.is_some();
        let ban = match before {
            Some(before) => {
                let version = before.version + 1;
                Ban { reason: new.reason.clone(), end, version, ..before }
            }
            None => Ban {
                id: BanId(self.journal.id()),
                target,
                reason: new.reason.clone(),
                version: 1,
                created_at: now,
                end,
            },
        };
        work.bans().put(&ban).await?;
        self.journal.append(&mut *work, &ban, actor, now, EventKind::BanAdded(ban.clone())).await?;
        work.commit().await?;
        self.bans.changed();
        Ok(AddedBan { ban, replaced })
    }

    fn check_network(&self, network: Network, allow_wide: bool) -> Result<(), AddBanError> {
        if network.has_loopback() {
            return Err(AddBanError::Loopback(network));
        }
        if let Some(proxy) = self.trusted_proxies.iter().find(|proxy| proxy.overlaps(network)) {
            return Err(AddBanError::TrustedProxy(network, *proxy));
        }
        if network.is_wide() && !allow_wide {
            return Err(AddBanError::WideNetwork(network));
        }
        Ok(())
    }
}
