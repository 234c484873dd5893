//! What is of PostgreSQL alone: how it is opened (`open`), and how connections are kept at hand (`lease`).

mod lease;
mod open;

pub(super) use lease::{Lease, Leases};
