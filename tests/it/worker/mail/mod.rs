//! Mails about events.
//!
//! **Here**: links (`links`), notices (`notices`), a mail server with faults (`outage`), the rest of the
//! service during such a fault (`beside`), and processes that are killed between sending a mail and marking
//! it as sent (`killed`).

mod beside;
mod killed;
mod links;
mod notices;
mod outage;

use svc::domain::{EventKind, User, UserId};

use super::until;
use crate::support::app::App;
use crate::support::given;

/// Returns the stored user.
async fn user(app: &App, id: &str) -> User {
    let id = UserId(id.parse().unwrap());
    app.container.store().users().find(id).await.unwrap().unwrap()
}

/// Appends an event of a user.
async fn tell(app: &App, id: UserId, kind: EventKind) {
    let mut work = app.container.store().begin().await.unwrap();
    work.outbox().append(&given::event(id, kind)).await.unwrap();
    work.commit().await.unwrap();
}

/// Waits until every handler has handled every event.
async fn until_done(app: &App) {
    until(async || {
        // In the order in which one becomes the next.
        let left = [
            "mail_requests WHERE due_at IS NOT NULL",
            "registration_requests WHERE due_at IS NOT NULL",
            "outbox WHERE relayed_at IS NULL",
            "inbox WHERE state <> 'done'",
        ];
        for what in left {
            let count = format!("SELECT CAST(count(*) AS text) FROM {what}");
            if app.database.texts(&count).await != ["0"] {
                return false;
            }
        }
        true
    })
    .await;
}
