//! We and other libraries can verify the tokens that we sign.

use serde_json::json;

use super::*;
use crate::domain::{Audience, ClaimOfUser};
use crate::ports::PublicJwk;

#[tokio::test]
async fn every_algorithm_makes_signatures_that_another_replica_verifies() {
    for algorithm in ALGORITHMS {
        let world = World::new(algorithm);
        let token = signed(&world.replica(algorithm)).await;
        assert_eq!(world.replica(algorithm).verify(&token).await, Ok(claims()), "{algorithm}");
    }
}

#[tokio::test]
async fn a_token_has_the_members_of_rfc_9068_and_no_others() {
    let world = World::new(Algorithm::Es256);
    let token = signed(&world.replica(Algorithm::Es256)).await;
    let kid = world.store.keys.lock().unwrap()[0].id.0.clone();
    assert_eq!(part(&token, 0), json!({"typ": "at+jwt", "alg": "ES256", "kid": kid}));

    let payload = part(&token, 1);
    let expected = json!({
        "iss": "https://id.example.com",
        "aud": "https://id.example.com",
        "sub": "01990000-0000-7000-8000-000000000001",
        "sid": "01990000-0000-7000-8000-000000000002",
        "jti": payload["jti"],
        "iat": NOW,
        "nbf": NOW,
        "exp": NOW + 900,
        "client_id": "svc",
        "role": "admin",
        "roles": ["admin"],
    });
    assert_eq!(payload, expected);
    let other = signed(&world.replica(Algorithm::Es256)).await;
    assert_ne!(part(&other, 1)["jti"], payload["jti"]);
}

#[tokio::test]
async fn a_token_may_have_claims_of_its_user_that_this_replica_does_not_add() {
    let world = World::new(Algorithm::Es256);
    let replica = world.replica(Algorithm::Es256);
    let claim = |name: &str, value| ClaimOfUser { name: name.to_owned(), value };
    let of_user = vec![
        claim("email", json!("a\"b@example.com")),
        claim("https://example.com/verified", json!(true)),
        claim("app_metadata.shop", json!({ "tenant": 7, "tags": ["a", null] })),
    ];
    let token = replica.sign(&UnsignedToken { of_user, ..unsigned() }).await.unwrap();
    let payload = part(token.expose_secret(), 1);
    assert_eq!(payload["email"], "a\"b@example.com");
    assert_eq!(payload["https://example.com/verified"], true);
    assert_eq!(payload["app_metadata.shop"], json!({ "tenant": 7, "tags": ["a", null] }));
    assert_eq!(replica.verify(token.expose_secret()).await, Ok(claims()));

    // Of the first releases: without `roles`.
    let forge = forged::Forge::new(&world, Algorithm::Es256);
    let earlier = forge.claims(|claims| claims.remove("roles"));
    assert_eq!(replica.verify(&earlier).await, Ok(claims()));
}

#[tokio::test]
async fn a_token_for_another_service_is_not_for_this_one() {
    let world = World::new(Algorithm::Es256);
    let replica = world.replica(Algorithm::Es256);
    let audience = Some(Audience::stored("https://shop.example.com".to_owned()));
    let token = replica.sign(&UnsignedToken { audience, ..unsigned() }).await.unwrap();
    assert_eq!(part(token.expose_secret(), 1)["aud"], "https://shop.example.com");
    assert_eq!(replica.verify(token.expose_secret()).await, Err(AccessTokenError::Invalid));
    let shop = world.replica_for(Algorithm::Es256, "https://shop.example.com");
    assert_eq!(shop.verify(token.expose_secret()).await, Ok(claims()));
}

#[tokio::test]
async fn another_library_verifies_our_tokens_with_our_published_keys() {
    for algorithm in [Algorithm::Es256, Algorithm::EdDsa, Algorithm::Rs256] {
        let world = World::new(algorithm);
        let replica = world.replica(algorithm);
        let token = signed(&replica).await;
        let [PublicJwk(text)] = replica.public_keys().await.unwrap().keys.try_into().unwrap();
        assert_eq!(text, world.store.keys.lock().unwrap()[0].public_jwk);

        let jwk: jsonwebtoken::jwk::Jwk = serde_json::from_str(&text).unwrap();
        assert_eq!(
            jwk.thumbprint(jsonwebtoken::jwk::ThumbprintHash::SHA256).unwrap(),
            part(&token, 0)["kid"]
        );
        assert_eq!(jwk.common.key_id.as_deref(), part(&token, 0)["kid"].as_str());
        let mut rules = jsonwebtoken::Validation::new(algorithm.as_str().parse().unwrap());
        rules.set_audience(&["https://id.example.com"]);
        rules.set_issuer(&["https://id.example.com"]);
        rules.validate_exp = false;
        let key = jsonwebtoken::DecodingKey::from_jwk(&jwk).unwrap();
        let read = jsonwebtoken::decode::<Value>(&token, &key, &rules).unwrap();
        assert_eq!(read.claims, part(&token, 1), "{algorithm}");
        // 128 bits of security: a curve of 256 bits, or a modulus of 3,072 (NIST SP 800-57, part 1).
        let bytes = if algorithm == Algorithm::Rs256 { 3072 / 8 } else { 2 * 256 / 8 };
        assert_eq!(token.rsplit('.').next().unwrap().len(), (bytes * 4_usize).div_ceil(3), "{algorithm}");
    }
}

#[tokio::test]
async fn hs256_publishes_nothing_and_needs_no_store() {
    let world = World::new(Algorithm::Hs256);
    world.store.cut_off.store(true, Ordering::SeqCst);
    let replica = world.replica(Algorithm::Hs256);
    let token = signed(&replica).await;
    assert_eq!(replica.verify(&token).await, Ok(claims()));
    assert_eq!(world.store.reads(), 0);

    world.store.cut_off.store(false, Ordering::SeqCst);
    assert_eq!(replica.public_keys().await.unwrap().keys, []);
    let kid = part(&token, 0)["kid"].as_str().unwrap().to_owned();
    assert_eq!(URL_SAFE_NO_PAD.decode(kid).unwrap().len(), 32, "it looks like any other");
}

#[tokio::test]
async fn the_type_may_be_written_in_full_and_in_any_case() {
    let world = World::new(Algorithm::Es256);
    let forge = forged::Forge::new(&world, Algorithm::Es256);
    for typ in ["at+jwt", "AT+JWT", "application/at+jwt", "Application/At+Jwt"] {
        let token = forge.header(|header| header.set("typ", &format!("\"{typ}\"")));
        assert_eq!(world.replica(Algorithm::Es256).verify(&token).await, Ok(claims()), "{typ}");
    }
}

#[tokio::test]
async fn clocks_may_be_apart_by_half_a_minute() {
    let world = World::new(Algorithm::EdDsa);
    let replica = world.replica(Algorithm::EdDsa);
    let token = signed(&replica).await;
    for (seconds, good) in [(NOW - 31, false), (NOW - 30, true), (NOW + 929, true), (NOW + 930, false)] {
        world.clock.set(seconds);
        assert_eq!(replica.verify(&token).await.is_ok(), good, "{}", seconds - NOW);
    }
}

#[tokio::test]
async fn a_token_may_have_at_most_8_kib() {
    let world = World::new(Algorithm::EdDsa);
    // Three more bytes of payload make the token four bytes longer.
    let shortest = signed(&world.replica_for(Algorithm::EdDsa, "a")).await.len();
    let fitting = 1 + (8 * 1024 - shortest) / 4 * 3;
    for (length, good) in [(fitting, true), (fitting + 3, false)] {
        let replica = world.replica_for(Algorithm::EdDsa, &"a".repeat(length));
        let token = signed(&replica).await;
        assert_eq!(replica.verify(&token).await.is_ok(), good, "{}", token.len());
    }
}
