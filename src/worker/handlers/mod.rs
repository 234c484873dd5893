//! Event handlers: the reactions to events.
//!
//! **Here**: [`Handler`], one file per handler, and the list of [`all`].
//!
//! **May use**: `ports`, `domain`, `telemetry`.
//!
//! **To add one**: a file with a struct that implements [`Projection`] or [`SideEffect`] and a function that
//! makes a [`Handler`] of it, and an entry in [`all`]. It receives the events from then on;
//! `svc event replay --since` delivers older ones. Its name must not change: it identifies the handler in the
//! inbox.

mod audit;
mod handler;
mod handling;
mod mail;

use std::collections::BTreeSet;

pub(super) use handler::Reaction;
pub use handler::{Handler, HandlerError, Projection, SideEffect, Subscription};
pub(super) use handling::{begin_span, handling_within};
pub use mail::MailPorts;

use crate::ports::events::Delivery;

/// The subscriptions of handlers to these event types.
pub(super) fn deliveries<'a>(handlers: &[Handler], types: impl Iterator<Item = &'a str>) -> Vec<Delivery> {
    let for_type = |type_name: &str| {
        let wanting = handlers.iter().filter(|handler| handler.subscribes_to(type_name));
        let delivery =
            |handler: &Handler| Delivery { type_name: type_name.to_owned(), handler: handler.name() };
        wanting.map(delivery).collect::<Vec<_>>()
    };
    types.collect::<BTreeSet<&str>>().into_iter().flat_map(for_type).collect()
}

/// All handlers.
#[must_use]
pub fn all(mail: &MailPorts) -> Vec<Handler> {
    vec![
        audit::handler(),
        mail::links(mail),
        mail::resets(mail),
        mail::invitations(mail),
        mail::notices(mail),
    ]
}
