//! `svc session`: one file per verb.

mod explain;
mod list;
mod revoke;
mod show;
mod timeline;
