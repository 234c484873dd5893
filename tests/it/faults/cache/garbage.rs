//! What somebody else put into Redis: nobody is refused for it, nobody is shown as somebody else, and it is replaced.

use std::time::Duration;

use deadpool_redis::redis::{Cmd, cmd};
use serde_json::Value;

use super::{Replica, soon};
use crate::support::app::Login;
use crate::support::redis::{self, Redis};

/// Two replicas of which the other one finds in Redis what the first one has read.
async fn start() -> (Replica, Replica) {
    let first = Replica::first(&Redis::shared()).await;
    let other = first.another().await;
    first.shares_with(&other).await;
    (first, other)
}

/// Somebody whom only the first replica knows, so that the other one looks into Redis; and where they are there.
async fn somebody(first: &Replica) -> (Value, Login, [String; 2]) {
    let (user, login) = first.app.new_user().await;
    first.name(&login).await;
    let keys = [
        first.namespace().user(login.user_id().parse::<uuid::Uuid>().unwrap()),
        first.namespace().session(login.session_id().parse::<uuid::Uuid>().unwrap()),
    ];
    for key in &keys {
        soon_by_reading(&[first], "somebody is kept", async || {
            first.name(&login).await;
            is_value(first.held(key).await.as_deref())
        })
        .await;
    }
    (user["id"].clone(), login, keys)
}

/// Waits until this is so by what these replicas read. A value that comes late is not put into Redis, and whoever read it has
/// a copy for seconds by the test's clock: so that passes too, now and then.
async fn soon_by_reading(replicas: &[&Replica], what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let mut looks = 0;
    soon(what, async || {
        looks += 1;
        if looks % 200 == 0 {
            replicas[0].app.clock.advance(Duration::from_secs(6));
            for replica in replicas {
                // Until it has read the outbox again it asks the store alone, and has a copy of that afterwards.
                replica.becomes("up").await;
            }
        }
        is_so().await
    })
    .await;
}

/// More than the claim of whoever reads it.
fn is_value(held: Option<&[u8]>) -> bool {
    held.is_some_and(|frame| frame.len() > 100)
}

/// With this under both keys of somebody, the other replica shows them all the same, and puts something better there.
async fn expect_replaced(first: &Replica, other: &Replica, spoil: impl Fn(&str) -> Cmd) {
    let (id, login, keys) = somebody(first).await;
    let good = [first.held(&keys[0]).await, first.held(&keys[1]).await];
    for key in &keys {
        first.namespace().redis.tell::<()>(&spoil(key)).await;
    }
    let spoiled = [dump(first, &keys[0]).await, dump(first, &keys[1]).await];
    for (key, (good, spoiled)) in keys.iter().zip(good.into_iter().zip(spoiled)) {
        let good = good.unwrap();
        soon_by_reading(&[first, other], "what was spoiled is replaced", async || {
            assert_eq!(other.app.me(&login.access).await.expect(200)["id"], id);
            if dump(first, key).await == spoiled {
                return false;
            }
            // Version, stamp and MAC come first; the stamp is a later one, and so the MAC is another.
            let held = first.held(key).await.filter(|held| is_value(Some(held)));
            held.is_some_and(|held| (&held[..20], &held[79..]) == (&good[..20], &good[79..]))
        })
        .await;
        let life: i64 = first.namespace().redis.tell(cmd("PTTL").arg(key)).await;
        assert!((1..=66_000).contains(&life), "{key} lives for {life} ms");
    }
}

/// What lies under a key, of whatever type.
async fn dump(replica: &Replica, key: &str) -> Vec<u8> {
    replica.namespace().redis.tell(cmd("DUMP").arg(key)).await
}

/// Sets a value that does not expire.
fn set(key: &str, value: &[u8]) -> Cmd {
    cmd("SET").arg(key).arg(value).take()
}

#[test]
fn bytes_that_mean_nothing() {
    redis::run(async || {
        let (first, other) = start().await;
        let random: Vec<u8> = (0..200_u8).map(|n| n.wrapping_mul(151) ^ 0x5a).collect();
        let digits = "9".repeat(500);
        for bytes in [&b""[..], b"\0", b"null", b"{}", &random, digits.as_bytes(), &[b' '; 79]] {
            expect_replaced(&first, &other, |key| set(key, bytes)).await;
        }
        other.stop().await;
        first.stop().await;
    });
}

#[test]
fn values_of_another_type() {
    redis::run(async || {
        let (first, other) = start().await;
        let types = [
            ("RPUSH", vec!["a", "b"]),
            ("SADD", vec!["a"]),
            ("HSET", vec!["a", "b"]),
            ("ZADD", vec!["1", "a"]),
        ];
        for (command, arguments) in types {
            // In one step: a replica that reads between two puts a value there.
            let text = "redis.call('DEL', KEYS[1]) redis.call(ARGV[1], KEYS[1], unpack(ARGV, 2))";
            expect_replaced(&first, &other, |key| {
                cmd("EVAL").arg(text).arg(1).arg(key).arg(command).arg(&arguments).take()
            })
            .await;
        }
        other.stop().await;
        first.stop().await;
    });
}

#[test]
fn values_that_were_cut_or_changed() {
    redis::run(async || {
        let (first, other) = start().await;
        let edits: [(i64, &str); 8] =
            [(0, "9"), (19, "7"), (25, "x"), (40, "!"), (60, "A"), (-1, "x"), (-20, "\0"), (100, "\"}")];
        for (at, with) in edits {
            expect_replaced(&first, &other, |key| {
                let text = "local held = redis.call('GET', KEYS[1]) local at = tonumber(ARGV[1]) \
                     if not held then return end \
                     if at < 0 then at = #held + at end \
                     if string.sub(held, at + 1, at + #ARGV[2]) == ARGV[2] then at = at + 1 end \
                     redis.call('SETRANGE', KEYS[1], at, ARGV[2])";
                cmd("EVAL").arg(text).arg(1).arg(key).arg(at).arg(with).take()
            })
            .await;
        }
        for length in [1, 19, 20, 35, 37, 60, 78, 79, 80, 120] {
            expect_replaced(&first, &other, |key| {
                let text = "local held = redis.call('GET', KEYS[1]) \
                     if held then redis.call('SET', KEYS[1], string.sub(held, 1, ARGV[1])) end";
                cmd("EVAL").arg(text).arg(1).arg(key).arg(length).take()
            })
            .await;
        }
        other.stop().await;
        first.stop().await;
    });
}

#[test]
fn the_value_of_somebody_else() {
    redis::run(async || {
        let (first, other) = start().await;
        let (_, _, others) = somebody(&first).await;
        // Each kind under each kind's key.
        for value in &others {
            expect_replaced(&first, &other, |key| cmd("COPY").arg(value).arg(key).arg("REPLACE").take())
                .await;
        }
        other.stop().await;
        first.stop().await;
    });
}

#[test]
fn nothing_without_an_end_and_nothing_secret_is_put_there() {
    redis::run(async || {
        let (first, other) = start().await;
        let (_, login, _) = somebody(&first).await;
        first.rename(&login, "Ada").await;
        first.app.log_out(&login.refresh).await.expect(204);
        let keys = first.namespace().keys().await;
        assert!(keys.len() >= 3, "{keys:?}");
        for key in keys {
            let life: i64 = first.namespace().redis.tell(cmd("PTTL").arg(&key)).await;
            assert!((1..=66_000).contains(&life), "{key} lives for {life} ms");
            let held = String::from_utf8(first.held(&key).await.unwrap()).unwrap();
            for secret in ["$argon2", "svcr_", "salt", "hash", &login.access] {
                assert!(!held.contains(secret), "{key}: {held}");
            }
        }
        other.stop().await;
        first.stop().await;
    });
}
