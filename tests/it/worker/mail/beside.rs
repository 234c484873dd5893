//! A bad mail server delays only the mails that it blocks, and only for as long as it is bad.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::outage::{registered, with_server};
use crate::support::app::App;
use crate::support::mailbox::Arrived;
use crate::support::smtp::{Manner, SmtpServer, Stage};
use crate::support::{Backend, both_backends};
use crate::worker::until;

/// As many mails as a worker sends at once, and more than the database has connections in these tests.
const AT_ONCE: usize = 4;

/// While the server behaves like this, users register and log in and the audit trail is written; when it
/// works again, mails arrive.
async fn costs_nothing(backend: Backend, manner: Manner) {
    let server = SmtpServer::start(manner).await;
    let app = with_server(backend, &server).await;
    let mut addresses = registered(&app, AT_ONCE).await;
    app.container.start_worker(true);
    let waits = !matches!(manner, Manner::IsAway | Manner::Refuses(..));
    if waits {
        until(async || server.connections() >= AT_ONCE).await;
    } else {
        until(async || refused(&app).await >= AT_ONCE).await;
    }
    let mut beside = false;
    // If the machine is so slow that all mails have timed out by now, others are in progress the next time.
    for _ in 0..5 {
        until(async || !waits || !under_way(&app).await.is_empty()).await;
        let before = under_way(&app).await;
        let address = App::address();
        app.register(&address).await;
        app.log_in(&address).await;
        addresses.insert(address);
        until(async || audited(&app).await).await;
        beside = !waits || under_way(&app).await.intersection(&before).next().is_some();
        if beside {
            break;
        }
    }
    assert!(beside, "the others waited for the mails");
    assert!(manner == Manner::TakesInSilence || server.taken().is_empty());

    server.now(Manner::Takes);
    until(async || {
        app.clock.advance(Duration::from_secs(10));
        count(&app, "inbox WHERE state <> 'done'").await == 0
    })
    .await;
    let mails = received(&server);
    let to: BTreeSet<String> = mails.values().map(|mail| mail.to.clone()).collect();
    assert_eq!((to, mails.len()), (addresses.clone(), addresses.len()));
    if manner != Manner::TakesInSilence {
        assert_eq!(server.taken().len(), addresses.len(), "a mail that was not taken is sent once");
    }
    app.stop().await;
}

/// Returns the mails that the server received, by their ids. Copies of a mail must be identical.
fn received(server: &SmtpServer) -> BTreeMap<String, Arrived> {
    let mut mails = BTreeMap::new();
    for mail in server.taken() {
        let before = mails.insert(mail.message_id.clone(), mail.clone());
        assert!(before.is_none_or(|before| before == mail), "two mails have one id: {mail:?}");
    }
    mails
}

/// Returns the claims of the mails in progress.
async fn under_way(app: &App) -> BTreeSet<String> {
    let claim = match app.database.backend() {
        Backend::Sqlite => "hex(claim)",
        Backend::Postgres => "CAST(claim AS text)",
    };
    let held = format!("SELECT {claim} FROM inbox WHERE handler = 'mail' AND claim IS NOT NULL");
    app.database.texts(&held).await.into_iter().collect()
}

async fn refused(app: &App) -> usize {
    count(app, "inbox WHERE handler = 'mail' AND last_error IS NOT NULL").await
}

/// Returns whether every event is in the audit trail.
async fn audited(app: &App) -> bool {
    count(app, "outbox WHERE id NOT IN (SELECT event_id FROM audit)").await == 0
}

async fn count(app: &App, of: &str) -> usize {
    app.database.texts(&format!("SELECT CAST(count(*) AS text) FROM {of}")).await[0].parse().unwrap()
}

both_backends! {
    async fn an_unreachable_server_costs_nothing(backend: Backend) {
        costs_nothing(backend, Manner::IsAway).await;
    }

    async fn a_server_that_accepts_and_stays_silent_costs_nothing(backend: Backend) {
        costs_nothing(backend, Manner::FallsSilent(Stage::Greeting)).await;
    }

    async fn a_server_that_sends_a_byte_per_second_costs_nothing(backend: Backend) {
        costs_nothing(backend, Manner::Slow).await;
    }

    async fn a_busy_server_costs_nothing(backend: Backend) {
        costs_nothing(backend, Manner::Refuses(Stage::Recipient, 451)).await;
    }

    async fn a_server_that_freezes_before_the_mail_costs_nothing(backend: Backend) {
        costs_nothing(backend, Manner::FallsSilent(Stage::Data)).await;
    }

    async fn a_server_that_accepts_the_mail_and_freezes_gets_the_same_one_again(backend: Backend) {
        costs_nothing(backend, Manner::TakesInSilence).await;
    }
}
