use poem_openapi::Object;
use poem_openapi::types::Example;
use time::OffsetDateTime;
use time::macros::datetime;
use uuid::{Uuid, uuid};

use super::nullable::Nullable;
use crate::api::input::Cursor;
use crate::domain::{Session, SessionId};
use crate::usecases::Page;

/// A session of a user.
#[derive(Debug, Object)]
#[oai(rename = "Session", example)]
pub struct SessionView {
    /// ID of the session: the `sid` claim of its access tokens
    id: Uuid,
    /// Whether the request was made with this session
    current: bool,
    /// How the session was opened, if not by a log-in: `cli`
    label: Nullable<String>,
    /// IP address of the client at the last refresh
    client_address: Nullable<String>,
    /// `User-Agent` of the client at the last refresh
    client_agent: Nullable<String>,
    /// Time at which the session was opened (RFC 3339, UTC)
    created_at: OffsetDateTime,
    /// Time of the last refresh (RFC 3339, UTC)
    refreshed_at: OffsetDateTime,
    /// Time at which the session expires unless it is refreshed (RFC 3339, UTC)
    expires_at: OffsetDateTime,
}

impl SessionView {
    /// The session as seen by the client of session `current`.
    pub fn new(session: &Session, current: SessionId) -> Self {
        Self {
            id: session.id.0,
            current: session.id == current,
            label: Nullable(session.label.clone()),
            client_address: Nullable(session.client.address.map(|address| address.to_string())),
            client_agent: Nullable(session.client.agent.clone()),
            created_at: session.created_at.into(),
            refreshed_at: session.rotated_at.into(),
            expires_at: session.expires_at().into(),
        }
    }
}

/// A page of the sessions of a user.
#[derive(Debug, Object)]
#[oai(rename = "SessionPage", example)]
pub struct SessionPageView {
    /// The active sessions on this page, newest first
    items: Vec<SessionView>,
    /// Value of `cursor` for the next page; null on the last page
    next_cursor: Nullable<String>,
}

impl SessionPageView {
    /// The sessions as seen by the client of session `current`.
    pub fn new(page: &Page<Session>, current: SessionId) -> Self {
        Self {
            items: page.items.iter().map(|session| SessionView::new(session, current)).collect(),
            next_cursor: Nullable(page.next.map(|last| Cursor(last).encode())),
        }
    }
}

impl Example for SessionView {
    fn example() -> Self {
        Self {
            id: uuid!("019b7c2a-6c3d-7e5f-9a71-8293a4b5c6d7"),
            current: true,
            label: Nullable(None),
            client_address: Nullable(Some("203.0.113.7".to_owned())),
            client_agent: Nullable(Some("curl/8.11.0".to_owned())),
            created_at: datetime!(2026-01-02 03:04:05.678901 UTC),
            refreshed_at: datetime!(2026-01-02 03:19:05.678901 UTC),
            expires_at: datetime!(2026-02-01 03:19:05.678901 UTC),
        }
    }
}

impl Example for SessionPageView {
    fn example() -> Self {
        Self { items: vec![SessionView::example()], next_cursor: Nullable(None) }
    }
}
