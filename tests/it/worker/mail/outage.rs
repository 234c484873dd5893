use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use svc::ports::events::EventFilter;
use svc::ports::{Mail, MailError, Mailer};

use super::until_done;
use crate::support::app::App;
use crate::support::smtp::{Manner, SmtpServer, Stage};
use crate::support::{Backend, both_backends};
use crate::worker::until;

/// Never ends, like a frozen server; the worker cancels it.
#[derive(Default)]
struct Frozen {
    begun: AtomicUsize,
    ended: AtomicUsize,
}

/// Counts the cancelled waits.
struct Ended<'a>(&'a AtomicUsize);

impl Drop for Ended<'_> {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

#[async_trait]
impl Mailer for Frozen {
    async fn send(&self, _mail: &Mail) -> Result<(), MailError> {
        self.begun.fetch_add(1, Ordering::SeqCst);
        let _ended = Ended(&self.ended);
        std::future::pending().await
    }
}

pub(super) async fn registered(app: &App, count: usize) -> BTreeSet<String> {
    let mut addresses = BTreeSet::new();
    for _ in 0..count {
        let address = App::address();
        app.register(&address).await;
        addresses.insert(address);
    }
    addresses
}

/// Starts the service with this server, without a worker.
pub(super) async fn with_server(backend: Backend, server: &SmtpServer) -> App {
    let url = format!("mail.url={}", server.url);
    App::start_with(backend, &[&url], |builder| builder).await
}

/// Lets time pass until the mails of these users have arrived, each once.
async fn until_arrived(app: &App, server: &SmtpServer, addresses: &BTreeSet<String>) {
    until(async || {
        app.clock.advance(Duration::from_secs(10));
        server.taken().len() >= addresses.len()
    })
    .await;
    until_done(app).await;
    let taken = server.taken();
    let to: BTreeSet<String> = taken.iter().map(|mail| mail.to.clone()).collect();
    let ids: BTreeSet<&String> = taken.iter().map(|mail| &mail.message_id).collect();
    assert_eq!((&to, taken.len(), ids.len()), (addresses, addresses.len(), addresses.len()));
}

both_backends! {
    /// No transaction is open while a mail is being sent: on SQLite a request would wait for it.
    async fn a_registration_does_not_wait_for_a_mail(backend: Backend) {
        let mailer = Arc::new(Frozen::default());
        let app = App::start_with(backend, &[], |builder| builder.mailer(mailer.clone())).await;
        app.container.start_worker(true);
        // Sending a mail times out after ten seconds. On a machine so slow that a registration takes longer,
        // try again.
        let mut beside = false;
        for _ in 0..5 {
            let begun = mailer.begun.load(Ordering::SeqCst);
            registered(&app, 1).await;
            until(async || mailer.begun.load(Ordering::SeqCst) > begun).await;
            let ended = mailer.ended.load(Ordering::SeqCst);
            registered(&app, 1).await;
            beside |= mailer.ended.load(Ordering::SeqCst) == ended;
            if beside {
                break;
            }
        }
        assert!(beside, "each registration waited for a mail");
        // Not stopped gracefully: it would wait for the mails, which never end.
        app.shutdown.begin(Duration::ZERO).await;
    }

    async fn mails_arrive_once_when_the_server_is_back(backend: Backend) {
        use Stage::{Greeting, Message, Recipient};
        let server = SmtpServer::start(Manner::HangsUp(Greeting)).await;
        let app = with_server(backend, &server).await;
        app.container.start_worker(true);
        let addresses = registered(&app, 3).await;
        for manner in [Manner::HangsUp(Greeting), Manner::Refuses(Recipient, 451), Manner::Refuses(Message, 452)] {
            server.now(manner);
            let before = server.connections();
            until(async || {
                app.clock.advance(Duration::from_secs(10));
                server.connections() >= before + 3
            })
            .await;
        }
        server.now(Manner::Takes);
        until_arrived(&app, &server, &addresses).await;
        app.stop().await;
    }

    async fn an_outage_of_an_hour_loses_no_mail(backend: Backend) {
        let server = SmtpServer::start(Manner::HangsUp(Stage::Greeting)).await;
        let app = with_server(backend, &server).await;
        app.container.start_worker(true);
        let addresses = registered(&app, 1).await;
        let mut passed = Duration::ZERO;
        // The clock moves only after the due mail was attempted, so that no attempt is missed.
        while passed < Duration::from_hours(1) {
            let now = app.container.clock().now();
            let due = format!("SELECT handler FROM inbox WHERE handler = 'mail' AND available_at > '{now}' AND claim IS NULL");
            until(async || app.database.texts(&due).await == ["mail"]).await;
            app.clock.advance(Duration::from_mins(1));
            passed += Duration::from_mins(1);
        }
        server.now(Manner::Takes);
        until_arrived(&app, &server, &addresses).await;
        app.stop().await;
    }

    async fn a_mail_that_the_server_rejects_is_dead_lettered_at_once(backend: Backend) {
        let server = SmtpServer::start(Manner::Refuses(Stage::Recipient, 551)).await;
        let app = with_server(backend, &server).await;
        app.container.start_worker(true);
        registered(&app, 1).await;
        let log = app.container.event_log();
        let all = EventFilter { limit: 10, ..EventFilter::default() };
        until(async || log.dead(&all).await.unwrap().len() == 1).await;
        let dead = log.dead(&all).await.unwrap();
        assert_eq!((dead[0].handler.as_str(), dead[0].attempts, server.connections()), ("mail", 1, 1));
        assert!(dead[0].last_error.as_ref().unwrap().contains("551"), "{dead:?}");
        app.stop().await;
    }
}
