//! Copies in use are reloaded before they expire.

use std::time::Duration;

use reqwest::Method;
use serde_json::json;
use tokio::time::timeout;
use uuid::Uuid;

use super::soon;
use crate::support::app::Login;
use crate::support::reads::Reads;
use crate::support::{App, Backend, both_backends, given};

/// More than the age at which a copy is reloaded, and less than its lifetime.
const OLD: Duration = Duration::from_secs(3);
/// After this additional time, the first copies have expired, and the reloaded ones are young.
const LATER: Duration = Duration::from_millis(1500);
/// Longer than copies are used after the outbox was read.
const UNREAD: Duration = Duration::from_secs(5);
/// Only a failed test waits this long.
const NEVER: Duration = Duration::from_mins(2);

both_backends! {
    async fn no_reader_waits_while_a_copy_in_use_is_loaded_again(backend: Backend) {
        let (app, reads) = start(backend).await;
        let (user, login) = app.new_user().await;
        let id = Uuid::parse_str(user["id"].as_str().unwrap()).unwrap();
        outbox_is_read(&app, &reads).await;
        is_kept(&app, &reads, &login).await;
        app.clock.advance(OLD);

        let before = reads.count();
        let mut held = reads.hold(id);
        for _ in 0..3 {
            app.me(&login.access).await.expect(200);
        }
        timeout(NEVER, held.read()).await.expect("the copy is loaded again");
        app.me(&login.access).await.expect(200);
        held.release();
        soon("the session is loaded again, too", async || reads.count() - before == 2).await;

        app.clock.advance(LATER);
        keeps_copies(&app, &reads).await;
        let before = reads.count();
        app.me(&login.access).await.expect(200);
        assert_eq!(reads.count(), before, "the copies that were loaded again are used");
        app.stop().await;
    }

    async fn a_change_while_a_copy_is_loaded_again_is_seen(backend: Backend) {
        let (app, reads) = start(backend).await;
        let (user, login) = app.new_user().await;
        let id = Uuid::parse_str(user["id"].as_str().unwrap()).unwrap();
        outbox_is_read(&app, &reads).await;
        is_kept(&app, &reads, &login).await;
        app.clock.advance(OLD);

        let mut held = reads.hold(id);
        app.me(&login.access).await.expect(200);
        timeout(NEVER, held.read()).await.expect("the copy is loaded again");
        let body = json!({ "name": "Ada" });
        app.client.send(Method::PATCH, "/api/v1/users/me", Some(&login.access), Some(&body)).await.expect(200);
        held.release();
        for _ in 0..20 {
            assert_eq!(app.me(&login.access).await.expect(200)["name"], "Ada");
        }
        app.stop().await;
    }
}

/// Starts a service whose reads of the store are counted, and waits until its copies are in use.
async fn start(backend: Backend) -> (App, Reads) {
    let reads = Reads::default();
    let given = reads.clone();
    let app = App::start_with(backend, &["cache.url=memory:"], |builder| {
        builder.around_store(move |store| given.around(store))
    })
    .await;
    keeps_copies(&app, &reads).await;
    (app, reads)
}

/// Waits until the replica has read all events so far from the outbox, because it would drop a copy whose
/// load began before. Copies are used only if the outbox was read close to the time of the clock.
async fn outbox_is_read(app: &App, reads: &Reads) {
    app.clock.advance(UNREAD);
    keeps_copies(app, reads).await;
}

/// Waits until the user and the session of a token are read from copies.
async fn is_kept(app: &App, reads: &Reads, login: &Login) {
    soon("the account is read from copies", async || {
        let before = reads.count();
        app.me(&login.access).await.expect(200);
        reads.count() == before
    })
    .await;
}

/// Waits until a user that was read is not read again: the outbox has been read close to the time of the
/// clock.
async fn keeps_copies(app: &App, reads: &Reads) {
    soon("copies are used", async || {
        let id = given::stored_user(&app.database.store, &App::address()).await.id;
        let find = async || app.container.use_cases.users.show.run(id).await.unwrap();
        find().await;
        let before = reads.count();
        find().await;
        reads.count() == before
    })
    .await;
}
