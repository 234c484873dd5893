use crate::domain::Invalidation;

/// An owner of copies that depend on the channel.
pub trait Listener: Send + Sync {
    /// Another replica, or this one, has changed this.
    fn invalidate(&self, what: Invalidation);

    /// The channel is connected from now on. Earlier messages may be lost.
    fn hears(&self);

    /// The channel is disconnected.
    fn is_deaf(&self);
}
