//! Lists of dead letters. With a type they are read in slices, because the type is that of the event.

use std::time::Duration;

use svc::ports::events::{EventFilter, EventLog};

use crate::support::{Backend, both_backends};

const LOCKED: &str = "svc.user.locked.v1";

/// Stores events, of which every 150th is of that type, with two dead letters each.
fn dead_letters(backend: Backend) -> String {
    // Version 7, as those of all events: a list since a time begins at an id.
    let id = match backend {
        Backend::Sqlite => "unhex('019b76daa80070008000' || printf('%012x', i))",
        Backend::Postgres => "CAST('019b76da-a800-7000-8000-' || lpad(to_hex(i), 12, '0') AS uuid)",
    };
    format!(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 450) \
         INSERT INTO outbox (id, type, subject, actor, data, occurred_at, relayed_at) \
         SELECT {id}, CASE WHEN i % 150 = 1 THEN '{LOCKED}' ELSE 'svc.session.started.v1' END, {id}, 'operator', '{{}}', \
         '2026-01-01T00:00:00.000000Z', '2026-01-01T00:00:00.000000Z' FROM n ORDER BY i; \
         INSERT INTO inbox (event_id, handler, seq, subject, state, available_at) \
         SELECT id, handler, seq, subject, 'dead', occurred_at \
         FROM outbox, (SELECT 'mail' AS handler UNION ALL SELECT 'audit') AS handlers"
    )
}

both_backends! {
    async fn dead_letters_of_a_type_are_found_among_many_others(backend: Backend) {
        let db = backend.database().await;
        db.execute(&dead_letters(backend)).await.unwrap();
        let filter = |type_name: Option<&str>, limit| EventFilter {
            type_name: type_name.map(str::to_owned),
            limit,
            ..EventFilter::default()
        };
        let all = db.store.dead(&filter(None, 1000)).await.unwrap();
        assert_eq!(all.len(), 900);
        let locked: Vec<_> = all.iter().filter(|letter| letter.type_name == LOCKED).cloned().collect();
        let handlers: Vec<_> = locked.iter().map(|letter| &*letter.handler).collect();
        assert_eq!(handlers, ["audit", "mail", "audit", "mail", "audit", "mail"]);
        for limit in [1, 3, 6, 10] {
            let found = db.store.dead(&filter(Some(LOCKED), limit)).await.unwrap();
            assert_eq!(found, locked[..locked.len().min(limit as usize)], "at most {limit}");
        }
        let started = db.store.dead(&filter(Some("svc.session.started.v1"), 1000)).await.unwrap();
        assert_eq!(started.len(), 894);
        assert_eq!(db.store.dead(&filter(Some("svc.user.deleted.v1"), 1000)).await.unwrap(), []);
        for (since, found) in [(locked[0].at, 6), (locked[0].at.plus(Duration::from_secs(1)), 0)] {
            let since = EventFilter { since: Some(since), ..filter(Some(LOCKED), 10) };
            assert_eq!(db.store.dead(&since).await.unwrap().len(), found);
        }
    }
}
