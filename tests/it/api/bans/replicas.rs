use std::time::Duration;

use svc::domain::Ban;
use svc::usecases::{AddBanError, NewBan, NewBanEnd};

use super::{PROXIED, ask, ban, becomes_banned, is_banned, network, start, unban};
use crate::support::faulty_store::{Fault, Faults, FaultyStore};
use crate::support::process::until;
use crate::support::reads::Reads;
use crate::support::{App, Backend, both_backends, given};

const BANNED: &str = "203.0.113.9";

both_backends! {
    async fn every_replica_sees_that_a_ban_is_added_changed_and_removed(backend: Backend) {
        let one = start(backend).await;
        let two = one.replica_with(PROXIED, |builder| builder).await.cached().await;
        let target = network(BANNED);
        ban(&one, &target, 0).await;
        for replica in [&one, &two] {
            becomes_banned(replica, BANNED, true).await;
        }
        ban(&one, &target, 90).await;
        for replica in [&one, &two] {
            let ends = async || {
                let answer = ask(replica, BANNED, "/.well-known/jwks.json", None).await;
                answer.header("retry-after") == "90"
            };
            until(ends).await;
        }
        unban(&one, &target).await;
        for replica in [&one, &two] {
            becomes_banned(replica, BANNED, false).await;
        }
        two.stop().await;
        one.stop().await;
    }

    async fn a_process_that_changes_the_bans_itself_applies_them(backend: Backend) {
        let app = start(backend).await;
        let use_cases = &app.container.use_cases;
        let new = NewBan {
            target: network(BANNED),
            reason: None,
            end: NewBanEnd::Never,
            allow_wide: false,
        };
        use_cases.bans.add.run(&new, given::operator()).await.unwrap();
        becomes_banned(&app, BANNED, true).await;
        app.stop().await;
    }

    async fn bans_survive_a_restart_and_hold_from_the_first_request_on(backend: Backend) {
        let app = start(backend).await;
        ban(&app, &network(BANNED), 0).await;
        let app = app.restart_with(PROXIED).await;
        assert!(is_banned(&app, BANNED).await);
        assert!(!is_banned(&app, "203.0.113.8").await);
        app.stop().await;
    }

    async fn after_a_fault_at_any_step_ban_and_event_exist_or_neither(backend: Backend) {
        let faults = Faults::default();
        let around = faults.clone();
        let app = App::start_with(backend, PROXIED, |builder| {
            builder.around_store(move |store| FaultyStore::around(store, around))
        })
        .await;
        let use_cases = &app.container.use_cases;
        let steps = "SELECT (SELECT CAST(coalesce(sum(version), 0) AS text) FROM bans) || ' ' || \
            (SELECT CAST(count(*) AS text) FROM outbox WHERE type = 'svc.ban.added.v1')";
        let mut met = 0;
        for fault in [Fault::Before, Fault::After] {
            for calls in 0.. {
                faults.after(calls, fault);
                let new = NewBan { target: network(BANNED), reason: None, end: NewBanEnd::Never, allow_wide: false };
                let added = use_cases.bans.add.run(&new, given::operator()).await;
                // Each addition of the ban increases its version.
                let counted = app.database.texts(steps).await.remove(0);
                let (versions, events) = counted.split_once(' ').unwrap();
                assert_eq!(versions, events, "{fault:?} after {calls}");
                if !faults.was_met() {
                    added.unwrap();
                    break;
                }
                met += 1;
            }
        }
        assert!(met >= 4, "begin and commit, before and after");
        app.stop().await;
    }

    async fn as_many_bans_as_fit_are_added_and_no_more(backend: Backend) {
        let app = start(backend).await;
        // All but one, bypassing the service.
        let many = Ban::MOST - 1;
        let insert = match backend {
            Backend::Postgres => format!(
                "INSERT INTO bans (id, network, version, created_at) SELECT gen_random_uuid(), \
                 '10.' || (n / 65536) || '.' || (n / 256 % 256) || '.' || (n % 256) || '/32', 1, now() \
                 FROM generate_series(1, {many}) AS n"
            ),
            Backend::Sqlite => format!(
                "INSERT INTO bans (id, network, version, created_at) WITH RECURSIVE all_of(n) AS \
                 (SELECT 1 UNION ALL SELECT n + 1 FROM all_of WHERE n < {many}) SELECT randomblob(16), \
                 '10.' || (n / 65536) || '.' || (n / 256 % 256) || '.' || (n % 256) || '/32', 1, \
                 '2026-01-01T00:00:00.000000Z' FROM all_of"
            ),
        };
        app.database.execute(&insert).await.unwrap();
        ban(&app, &network(BANNED), 60).await;
        becomes_banned(&app, BANNED, true).await;
        assert!(is_banned(&app, "10.0.0.1").await && is_banned(&app, "10.0.39.15").await);
        assert!(!is_banned(&app, "10.0.39.16").await);
        let add = async |address: &str| {
            let new = NewBan {
                target: network(address),
                reason: None,
                end: NewBanEnd::Never,
                allow_wide: false,
            };
            app.command().use_cases.bans.add.run(&new, given::operator()).await
        };
        let refused = add("203.0.113.8").await.unwrap_err();
        assert!(matches!(refused, AddBanError::TooMany), "{refused}");
        // An existing ban can still be changed, and an ended one makes room.
        ban(&app, &network(BANNED), 30).await;
        app.clock.advance(Duration::from_secs(30));
        add("203.0.113.8").await.unwrap();
        app.stop().await;
    }

    async fn while_the_bans_cannot_be_read_the_last_known_list_holds(backend: Backend) {
        let reads = Reads::default();
        let app = App::start_with(backend, PROXIED, |builder| builder.around_store({
            let reads = reads.clone();
            move |store| reads.around(store)
        }))
        .await;
        ban(&app, &network(BANNED), 60).await;
        becomes_banned(&app, BANNED, true).await;
        reads.forbid_bans(true);
        until(async || reads.bans_refused() >= 2).await;
        assert!(is_banned(&app, BANNED).await);
        app.clock.advance(Duration::from_mins(1));
        assert!(!is_banned(&app, BANNED).await, "its end needs no database");
        reads.forbid_bans(false);
        ban(&app, &network("203.0.113.7"), 0).await;
        becomes_banned(&app, "203.0.113.7", true).await;
        app.stop().await;
    }
}
