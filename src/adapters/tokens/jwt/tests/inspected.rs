//! Each wrong part of a token is named to an operator.

use super::forged::Forge;
use super::*;
use crate::ports::{CheckOutcome, TokenPart};

/// Returns the parts that fail, with their reasons.
async fn failures(replica: &JwtAccessTokens, token: &str) -> Vec<(TokenPart, String)> {
    let inspected = replica.inspect(token).await.unwrap();
    assert_eq!(inspected.is_valid(), replica.verify(token).await.is_ok(), "{token}");
    let failed = inspected.checks.into_iter().filter_map(|check| match check.outcome {
        CheckOutcome::Failed(why) => Some((check.part, why)),
        CheckOutcome::Passed | CheckOutcome::Skipped => None,
    });
    failed.collect()
}

/// Panics unless exactly this part fails, with this text in its reason.
async fn only(replica: &JwtAccessTokens, token: &str, part: TokenPart, text: &str) {
    let failed = failures(replica, token).await;
    assert!(failed.len() == 1 && failed[0].0 == part && failed[0].1.contains(text), "{part}: {failed:?}");
}

#[tokio::test]
async fn each_wrong_part_is_named_and_nothing_else() {
    for algorithm in ALGORITHMS {
        let world = World::new(algorithm);
        let (forge, replica) = (Forge::new(&world, algorithm), world.replica(algorithm));
        assert_eq!(failures(&replica, &forge.genuine()).await, []);
        let claim = |name: &'static str, value: &'static str| forge.claims(|claims| claims.set(name, value));
        for (token, part, text) in [
            (forge.header(|header| header.set("typ", r#""JWT""#)), TokenPart::Type, r#""JWT", not at+jwt"#),
            (claim("iss", r#""https://other.example""#), TokenPart::Issuer, "https://other.example"),
            (claim("aud", r#""another""#), TokenPart::Audience, r#"for "another""#),
            (claim("exp", "1799999000"), TokenPart::Issued, "exp is not after iat"),
            (claim("nbf", "1800000100"), TokenPart::Issued, "valid only from 2027-01-15T08:01:40"),
            (claim("client_id", r#""other""#), TokenPart::Claims, "client_id"),
            (claim("sub", r#""ada""#), TokenPart::Claims, "sub"),
            (forge.claims(|claims| claims.append("scope", r#""all""#)), TokenPart::Claims, "does not know"),
        ] {
            let failed = failures(&replica, &token).await;
            let found = failed.iter().find(|failed| failed.0 == part);
            assert!(found.is_some_and(|found| found.1.contains(text)), "{algorithm} {part}: {failed:?}");
        }
        for (token, part, text) in [
            (claim("iss", r#""https://other.example""#), TokenPart::Issuer, "this service is"),
            (claim("aud", r#""another""#), TokenPart::Audience, "this service accepts only"),
            (claim("role", r#""root""#), TokenPart::Claims, "role"),
        ] {
            only(&replica, &token, part, text).await;
        }

        let genuine = forge.genuine();
        let (signed, _) = genuine.rsplit_once('.').unwrap();
        let other = signed_by_another(algorithm, signed).await;
        only(&replica, &other, TokenPart::Signature, "changed or forged").await;
        world.clock.set(NOW + 929);
        assert_eq!(failures(&replica, &genuine).await, [], "the clocks of two replicas may differ");
        world.clock.set(NOW + 930);
        only(&replica, &genuine, TokenPart::Expiry, "expired at 2027-01-15T08:15:00").await;
        world.clock.set(NOW - 31);
        only(&replica, &genuine, TokenPart::Issued, "the clock of its issuer is ahead").await;
    }
}

/// Replaces the signature by one of another token.
async fn signed_by_another(algorithm: Algorithm, signed: &str) -> String {
    let token = self::signed(&World::new(algorithm).replica(algorithm)).await;
    format!("{signed}.{}", token.rsplit_once('.').unwrap().1)
}

#[tokio::test]
async fn a_token_of_another_installation_or_of_a_removed_key_has_an_unknown_key() {
    let (ours, other) = (World::new(Algorithm::Es256), World::new(Algorithm::Es256));
    let token = signed(&other.replica(Algorithm::Es256)).await;
    only(&ours.replica(Algorithm::Es256), &token, TokenPart::Key, "another installation").await;

    let token = signed(&ours.replica(Algorithm::Es256)).await;
    ours.store.keys.lock().unwrap().clear();
    only(&ours.replica(Algorithm::Es256), &token, TokenPart::Key, "the key was removed").await;

    // Another secret key derives another key.
    let others: SecretKeys = given("another key of thirty-two bytes!").into();
    let replica = ours.replica_under(&others, Algorithm::Hs256, "https://id.example.com");
    let token = signed(&ours.replica(Algorithm::Hs256)).await;
    only(&replica, &token, TokenPart::Key, "another installation").await;

    ours.store.cut_off.store(true, Ordering::SeqCst);
    let token = signed(&other.replica(Algorithm::Es256)).await;
    let answer = ours.replica(Algorithm::Es256).inspect(&token).await;
    assert_eq!(answer, Err(AccessTokenError::Unavailable), "it is not called unknown");
}

#[tokio::test]
async fn a_text_that_is_no_token_has_the_wrong_form() {
    let replica = World::new(Algorithm::Es256).replica(Algorithm::Es256);
    for (text, why) in [
        ("", "three segments"),
        ("a.b", "three segments"),
        ("a.b.c.d", "three segments"),
        ("=.e30.c2ln", "the header is not base64url"),
        ("e30.=.c2ln", "the payload is not base64url"),
        ("e30.e30.=", "the signature is not base64url"),
        ("W10.e30.c2ln", "the header is not a JSON object"),
        ("e30.W10.c2ln", "the payload is not a JSON object"),
    ] {
        only(&replica, text, TokenPart::Form, why).await;
    }
    only(&replica, &format!("e30.{}.c2ln", "e30".repeat(3_000)), TokenPart::Form, "longer than 8192").await;
}
