//! The census of password hashes, and the decoys that are chosen from it.

use std::sync::Arc;

use svc::domain::{HashCost, PasswordHash};
use svc::ports::store::HASHES_AT_ONCE;

use crate::support::app::PASSWORD;
use crate::support::hashers::Watched;
use crate::support::{App, Backend, both_backends, given};

const BCRYPT: &str = "$2b$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e";
const PBKDF2: &str = "$pbkdf2-sha256$i=1$c2FsdHNhbHRzYWx0c2FsdA$BBs+1+PaslLtBPULUr8/lQicvVuHiEPMz0i8MjLCbzM";

/// Stores this many users with this hash.
async fn users(app: &App, number: usize, hash: &str) {
    let mut work = app.container.store().begin().await.unwrap();
    for _ in 0..number {
        let hash = PasswordHash::new(hash.to_owned());
        work.users().insert(&given::user(&App::address()), &hash).await.unwrap();
    }
    work.commit().await.unwrap();
}

/// Returns how many slots of the last complete census each cost has.
async fn shares(app: &App) -> Vec<(String, usize)> {
    let census = app.container.hash_census().find().await.unwrap().census;
    let name = |cost: Option<&HashCost>| cost.map_or_else(String::new, ToString::to_string);
    let mut shares: Vec<_> = census.runs().map(|(cost, length)| (name(cost), length)).collect();
    shares.sort();
    shares
}

fn owned(shares: &[(&str, usize)]) -> Vec<(String, usize)> {
    shares.iter().map(|(cost, length)| ((*cost).to_owned(), *length)).collect()
}

both_backends! {
    async fn an_interrupted_count_continues_in_another_process(backend: Backend) {
        let app = App::start(backend).await;
        let slice = HASHES_AT_ONCE as usize;
        users(&app, slice, BCRYPT).await;
        users(&app, slice, PBKDF2).await;
        assert_eq!(app.container.use_cases.passwords.count_hashes.run().await, Ok(false));
        assert_eq!(shares(&app).await, owned(&[("", 1000)]), "the census stays until a count is complete");
        let app = app.restart().await;
        assert_eq!(app.container.use_cases.passwords.count_hashes.run().await, Ok(false));
        let replica = app.replica().await;
        assert_eq!(replica.container.use_cases.passwords.count_hashes.run().await, Ok(true));
        let half = [("$2b$04", 500), ("$pbkdf2-sha256$i=1$16$32", 500)];
        assert_eq!(shares(&app).await, owned(&half), "no slice was counted twice");
        // The next count starts with the first user.
        users(&app, slice, PBKDF2).await;
        for expected in [false, false, false, true] {
            assert_eq!(app.container.use_cases.passwords.count_hashes.run().await, Ok(expected));
        }
        let third = [("$2b$04", 333), ("$pbkdf2-sha256$i=1$16$32", 667)];
        let mut by_cost = std::collections::BTreeMap::new();
        for (cost, length) in shares(&app).await {
            *by_cost.entry(cost).or_insert(0) += length;
        }
        assert_eq!(by_cost.into_iter().collect::<Vec<_>>(), owned(&third));
        replica.stop().await;
        app.stop().await;
    }

    async fn hashes_that_are_never_verified_do_not_count(backend: Backend) {
        let app = App::start(backend).await;
        users(&app, 3, "!").await;
        users(&app, 3, "not a hash").await;
        users(&app, 3, "$2b$31$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e").await;
        assert_eq!(app.container.use_cases.passwords.count_hashes.run().await, Ok(true));
        assert_eq!(shares(&app).await, owned(&[("", 1000)]));
        users(&app, 1, BCRYPT).await;
        assert_eq!(app.container.use_cases.passwords.count_hashes.run().await, Ok(true));
        assert_eq!(shares(&app).await, owned(&[("$2b$04", 1000)]));
        app.stop().await;
    }

    async fn an_unknown_address_and_a_wrong_password_have_a_decoy_that_an_account_could_have(backend: Backend) {
        let hasher = Watched::new();
        let own = Arc::clone(&hasher);
        let app = App::start_with(backend, &[], |builder| builder.hasher(own)).await;
        let wrong = async |email: &str| {
            app.try_log_in(email, "incorrect horse").await.expect(401);
            hasher.take()
        };
        app.register("ada@example.com").await;
        assert_eq!(wrong("unknown@example.com").await, [None], "before the first count");
        app.database.execute(&format!("UPDATE users SET password_hash = '{BCRYPT}'")).await.unwrap();
        assert_eq!(app.container.use_cases.passwords.count_hashes.run().await, Ok(true));
        app.container.use_cases.passwords.read_hash_census.run().await.unwrap();
        let bcrypt = Some(HashCost::new("$2b$04"));
        for email in ["unknown@example.com", "ada@example.com", "unknown@example.com"] {
            assert_eq!(wrong(email).await, std::slice::from_ref(&bcrypt), "{email}");
        }
        app.try_log_in("unknown@example.com", PASSWORD).await.expect(401);
        // No decoy opens an account without a usable hash.
        app.database.execute("UPDATE users SET password_hash = '!'").await.unwrap();
        app.try_log_in("ada@example.com", PASSWORD).await.expect(401);
        app.stop().await;
    }

    async fn the_worker_counts_by_itself(backend: Backend) {
        let app = App::start(backend).await;
        users(&app, 1, BCRYPT).await;
        app.container.start_worker(true);
        super::until(async || shares(&app).await == owned(&[("$2b$04", 1000)])).await;
        app.stop().await;
    }
}
