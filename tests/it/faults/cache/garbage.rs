//! Values in Redis that the service did not write: no request fails because of them, no user gets the data of
//! another, and they are replaced.

use std::time::Duration;

use deadpool_redis::redis::{Cmd, cmd};
use serde_json::Value;

use super::{Replica, soon};
use crate::support::app::Login;
use crate::support::redis::{self, Redis};

/// Starts two replicas, of which the second one finds in Redis the values that the first one has read.
async fn start() -> (Replica, Replica) {
    let first = Replica::first(&Redis::shared()).await;
    let other = first.another().await;
    first.shares_with(&other).await;
    (first, other)
}

/// Makes a user that only the first replica has cached, so that the second one looks into Redis. Also returns
/// their keys there.
async fn cached_user(first: &Replica) -> (Value, Login, [String; 2]) {
    let (user, login) = first.app.new_user().await;
    first.name(&login).await;
    let keys = [
        first.namespace().user(login.user_id().parse::<uuid::Uuid>().unwrap()),
        first.namespace().session(login.session_id().parse::<uuid::Uuid>().unwrap()),
    ];
    for key in &keys {
        soon_by_reading(&[first], "the user is cached", async || {
            first.name(&login).await;
            is_value(first.held(key).await.as_deref())
        })
        .await;
    }
    (user["id"].clone(), login, keys)
}

/// Waits until the condition holds, by reads of these replicas. A value that arrives late is not put into
/// Redis, and its reader keeps a local copy for seconds by the test's clock, so the clock advances now and
/// then.
async fn soon_by_reading(replicas: &[&Replica], what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let mut looks = 0;
    soon(what, async || {
        looks += 1;
        if looks % 200 == 0 {
            replicas[0].app.clock.advance(Duration::from_secs(6));
            for replica in replicas {
                // Until it has read the outbox again it reads the store alone, and keeps local copies of
                // that.
                replica.becomes("up").await;
            }
        }
        is_so().await
    })
    .await;
}

/// Returns whether this is longer than a claim.
fn is_value(held: Option<&[u8]>) -> bool {
    held.is_some_and(|frame| frame.len() > 100)
}

/// Spoils both keys of a user. The second replica must show the user nevertheless, and replace the garbage.
async fn expect_replaced(first: &Replica, other: &Replica, spoil: impl Fn(&str) -> Cmd) {
    let (id, login, keys) = cached_user(first).await;
    let good = [first.held(&keys[0]).await, first.held(&keys[1]).await];
    for key in &keys {
        first.namespace().redis.tell::<()>(&spoil(key)).await;
    }
    let spoiled = [dump(first, &keys[0]).await, dump(first, &keys[1]).await];
    for (key, (good, spoiled)) in keys.iter().zip(good.into_iter().zip(spoiled)) {
        let good = good.unwrap();
        soon_by_reading(&[first, other], "the garbage is replaced", async || {
            assert_eq!(other.app.me(&login.access).await.expect(200)["id"], id);
            if dump(first, key).await == spoiled {
                return false;
            }
            // Version, stamp and MAC come first. The stamp is later, so the MAC differs.
            let held = first.held(key).await.filter(|held| is_value(Some(held)));
            held.is_some_and(|held| (&held[..20], &held[79..]) == (&good[..20], &good[79..]))
        })
        .await;
        let life: i64 = first.namespace().redis.tell(cmd("PTTL").arg(key)).await;
        assert!((1..=66_000).contains(&life), "{key} lives for {life} ms");
    }
}

/// Returns the content of a key of any type.
async fn dump(replica: &Replica, key: &str) -> Vec<u8> {
    replica.namespace().redis.tell(cmd("DUMP").arg(key)).await
}

/// Returns the command that sets a value without expiry.
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
            // In one step: a replica that reads in between would put a value there.
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
fn the_value_of_another_user() {
    redis::run(async || {
        let (first, other) = start().await;
        let (_, _, others) = cached_user(&first).await;
        // Each kind under the key of each kind.
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
        let (_, login, _) = cached_user(&first).await;
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
