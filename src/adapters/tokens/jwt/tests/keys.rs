//! Rotation, outages, and keys that are not ours.

use super::*;
use crate::ports::{KeyError, PublicJwk};

const ES: Algorithm = Algorithm::Es256;

fn published(keys: &[&str]) -> PublishedKeys {
    let keys = keys.iter().map(|key| PublicJwk((*key).to_owned())).collect();
    PublishedKeys { keys, cacheable: true }
}

#[tokio::test]
async fn another_replica_learns_of_a_new_key_from_its_first_token() {
    let world = World::new(ES);
    let (one, other) = (world.replica(ES), world.replica(ES));
    let before = signed(&one).await;
    assert_eq!(other.verify(&before).await, Ok(claims()));

    let new = world.store.rotate(ES).unwrap();
    world.clock.set(NOW + 30);
    let after = signed(&one).await;
    assert_eq!(part(&after, 0)["kid"], new.id.0);
    assert_eq!(other.verify(&after).await, Ok(claims()));
    assert_eq!(other.verify(&before).await, Ok(claims()), "a retired key still verifies");
    assert_eq!(one.verify(&before).await, Ok(claims()));
    assert_eq!(one.public_keys().await.unwrap().keys.len(), 2);
}

#[tokio::test]
async fn a_removed_key_verifies_nothing() {
    let world = World::new(ES);
    let replica = world.replica(ES);
    let token = signed(&replica).await;
    world.store.keys.lock().unwrap().clear();
    world.clock.set(NOW + 29);
    assert_eq!(replica.verify(&token).await, Ok(claims()));
    world.clock.set(NOW + 30);
    assert_eq!(replica.verify(&token).await, Err(AccessTokenError::Invalid));
    assert_eq!(replica.sign(&unsigned()).await.err(), Some(AccessTokenError::Unavailable));
}

#[tokio::test]
async fn a_clock_that_jumped_back_hides_no_key() {
    let world = World::new(ES);
    let replica = world.replica(ES);
    signed(&replica).await;
    world.clock.set(NOW - 10);
    world.store.rotate(ES);
    let token = signed(&world.replica(ES)).await;
    assert_eq!(replica.verify(&token).await, Ok(claims()));
}

#[tokio::test]
async fn many_at_once_read_the_store_once() {
    let world = World::new(ES);
    let token = signed(&world.replica(ES)).await;
    let replica = world.replica(ES);
    let before = world.store.reads();
    let all = futures_util::future::join_all((0..100).map(|_| replica.verify(&token))).await;
    assert!(all.iter().all(|one| one == &Ok(claims())));
    assert_eq!(world.store.reads(), before + 1);
}

#[tokio::test]
async fn known_keys_work_while_the_store_is_unreachable() {
    let world = World::new(ES);
    let replica = world.replica(ES);
    let token = signed(&replica).await;
    world.store.cut_off.store(true, Ordering::SeqCst);
    world.clock.set(NOW + 600);
    assert_eq!(replica.verify(&token).await, Ok(claims()));
    let published = replica.public_keys().await.unwrap();
    assert_eq!((published.keys.len(), published.cacheable), (1, false), "another key may be published now");
    assert!(replica.sign(&unsigned()).await.is_ok());

    let cold = world.replica(ES);
    assert_eq!(cold.verify(&token).await, Err(AccessTokenError::Unavailable));
    assert_eq!(cold.sign(&unsigned()).await.err(), Some(AccessTokenError::Unavailable));
    assert_eq!(cold.public_keys().await, Err(AccessTokenError::Unavailable));

    world.store.cut_off.store(false, Ordering::SeqCst);
    world.clock.set(NOW + 601);
    assert_eq!(cold.verify(&token).await, Ok(claims()));
}

#[tokio::test]
async fn a_replica_without_a_signing_key_reports_unavailable() {
    let world = World::new(ES);
    let keys = std::mem::take(&mut *world.store.keys.lock().unwrap());
    let replica = world.replica(ES);
    assert_eq!(replica.check().await, Err(AccessTokenError::Unavailable));
    assert_eq!(world.replica(Algorithm::Hs256).check().await, Ok(()), "its key is derived");

    *world.store.keys.lock().unwrap() = keys;
    world.clock.set(NOW + 1);
    assert_eq!(replica.check().await, Ok(()));
}

#[tokio::test]
async fn published_keys_still_verify_after_a_change_of_the_algorithm() {
    let world = World::new(ES);
    let old = signed(&world.replica(ES)).await;
    world.store.rotate(Algorithm::EdDsa);
    for chosen in [Algorithm::EdDsa, Algorithm::Hs256] {
        let replica = world.replica(chosen);
        assert_eq!(replica.verify(&old).await, Ok(claims()), "{chosen}");
        assert_eq!(replica.verify(&signed(&replica).await).await, Ok(claims()), "{chosen}");
    }
    let symmetric = signed(&world.replica(Algorithm::Hs256)).await;
    assert_eq!(world.replica(ES).verify(&symmetric).await, Err(AccessTokenError::Invalid));
}

#[tokio::test]
async fn a_key_sealed_under_another_secret_is_skipped() {
    let other = given("another key of thirty-two bytes!").into();
    for algorithm in [Algorithm::Es256, Algorithm::EdDsa, Algorithm::Rs256] {
        let foreign = JwtKeyFactory::new(algorithm, &other).generate(at(NOW)).unwrap().unwrap();
        let ours = JwtKeyFactory::new(algorithm, &secret());
        assert_eq!(ours.check(&foreign), Err(KeyError::OtherSecret));
        let own = ours.generate(at(NOW)).unwrap().unwrap();
        assert_eq!(ours.check(&own), Ok(()));
        let renamed = SigningKey { id: foreign.id.clone(), ..own.clone() };
        assert_eq!(ours.check(&renamed), Err(KeyError::OtherSecret));

        let world = World::new(Algorithm::Hs256);
        world.store.keys.lock().unwrap().push(active(foreign));
        let replica = world.replica(algorithm);
        assert_eq!(replica.public_keys().await, Ok(published(&[])));
        assert_eq!(replica.sign(&unsigned()).await.err(), Some(AccessTokenError::Unavailable));
    }
}

#[tokio::test]
async fn during_a_rotation_of_the_secret_key_replicas_accept_each_others_tokens() {
    let other = given("another key of thirty-two bytes!");
    let one = SecretKeys::new(secret().present().clone(), Some(other.clone()));
    let two = SecretKeys::new(other, Some(secret().present().clone()));
    for algorithm in ALGORITHMS {
        let world = World::new(algorithm);
        let under = |secrets| world.replica_under(secrets, algorithm, "https://id.example.com");
        let (one, two) = (under(&one), under(&two));
        let tokens = [signed(&world.replica(algorithm)).await, signed(&one).await, signed(&two).await];
        for token in &tokens {
            assert_eq!([one.verify(token).await, two.verify(token).await], [Ok(claims()), Ok(claims())]);
        }
        let new = two.verify(&tokens[2]).await.and(world.replica(algorithm).verify(&tokens[2]).await);
        assert_eq!(new.is_ok(), algorithm != Algorithm::Hs256, "HS256 signs with the present secret key");
    }
}

#[test]
fn a_key_is_sealed_again_under_the_present_secret_and_only_when_it_is_not() {
    let other = given("another key of thirty-two bytes!");
    let ours = JwtKeyFactory::new(ES, &secret());
    let changing = JwtKeyFactory::new(ES, &SecretKeys::new(other.clone(), Some(secret().present().clone())));
    let key = ours.generate(at(NOW)).unwrap().unwrap();
    assert_eq!(ours.seal_again(&key), Ok(None));
    let sealed_private = changing.seal_again(&key).unwrap().unwrap();
    let again = SigningKey { sealed_private, ..key.clone() };
    assert_eq!(changing.seal_again(&again), Ok(None));
    assert_eq!(JwtKeyFactory::new(ES, &other.into()).check(&again), Ok(()), "the old secret can be given up");
    assert_eq!(ours.seal_again(&again), Err(KeyError::OtherSecret));
}

#[tokio::test]
async fn a_public_key_that_was_changed_in_the_store_is_not_published() {
    let world = World::new(ES);
    let genuine = world.store.keys.lock().unwrap()[0].public_jwk.clone();
    world.store.keys.lock().unwrap()[0].public_jwk = r#"{"kty":"EC"}"#.to_owned();
    assert_eq!(world.replica(ES).public_keys().await, Ok(published(&[&genuine])));
}

#[test]
fn hs256_has_no_key_to_store() {
    let factory = JwtKeyFactory::new(Algorithm::Hs256, &secret());
    assert_eq!(factory.generate(at(NOW)), Ok(None));
}
