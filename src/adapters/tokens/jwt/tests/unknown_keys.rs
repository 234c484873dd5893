//! Tokens whose key the replica does not know: the key may be new, or invented.

use tokio::time::Instant;

use super::*;

const ES: Algorithm = Algorithm::Es256;

#[tokio::test(start_paused = true)]
async fn a_token_of_a_new_key_is_accepted_at_any_moment_after_a_look_up() {
    let world = World::new(ES);
    let replica = world.replica(ES);
    for after in [0, 1, 100, 249, 250, 251, 999] {
        // A look-up for another key has just ended.
        assert_eq!(replica.verify(&elsewhere().await).await, Err(AccessTokenError::Invalid));
        tokio::time::advance(Duration::from_millis(after)).await;
        world.store.rotate(ES);
        let token = signed(&world.replica(ES)).await;
        assert_eq!(replica.verify(&token).await, Ok(claims()), "{after} ms later");
    }
}

#[tokio::test(start_paused = true)]
async fn a_token_of_a_key_that_is_stored_during_a_read_is_accepted() {
    let world = World::new(ES);
    let replica = world.replica(ES);
    signed(&replica).await;
    let unknown = elsewhere().await;
    world.store.hold_next_read();
    let (first, second) = futures_util::future::join(replica.verify(&unknown), async {
        // The read for the unknown key has begun, and does not see the key that is stored now.
        world.store.is_held().await;
        world.store.rotate(ES);
        let token = signed(&world.replica(ES)).await;
        let release = async { world.store.release() };
        futures_util::future::join(replica.verify(&token), release).await.0
    })
    .await;
    assert_eq!((first, second), (Err(AccessTokenError::Invalid), Ok(claims())));
}

#[tokio::test(start_paused = true)]
async fn a_flood_of_unknown_keys_reads_the_store_four_times_a_second() {
    let world = World::new(ES);
    let replica = world.replica(ES);
    signed(&replica).await;
    let (before, began) = (world.store.reads(), Instant::now());
    let mut tokens = Vec::new();
    for _ in 0..50 {
        tokens.push(elsewhere().await);
    }
    let mut rounds = 0;
    while began.elapsed() < Duration::from_secs(10) {
        let all = futures_util::future::join_all(tokens.iter().map(|token| replica.verify(token))).await;
        assert!(all.iter().all(|one| one == &Err(AccessTokenError::Invalid)));
        rounds += 1;
    }
    let reads = world.store.reads() - before;
    assert!((40..=41).contains(&reads), "{reads} reads");
    assert_eq!(rounds, reads, "the callers of a round share one read");
    // Known keys do not wait for that.
    let (token, now) = (signed(&replica).await, Instant::now());
    assert_eq!(replica.verify(&token).await, Ok(claims()));
    assert_eq!(now.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn tokens_of_a_removed_key_are_refused_without_a_read() {
    let world = World::new(ES);
    let replica = world.replica(ES);
    let token = signed(&replica).await;
    assert_eq!(replica.verify(&token).await, Ok(claims()));
    world.store.rotate(ES);
    world.store.keys.lock().unwrap().remove(0);
    world.clock.set(NOW + 30);
    assert_eq!(replica.verify(&token).await, Err(AccessTokenError::Invalid));
    let (reads, now) = (world.store.reads(), Instant::now());
    for _ in 0..50 {
        assert_eq!(replica.verify(&token).await, Err(AccessTokenError::Invalid));
    }
    assert_eq!((world.store.reads(), now.elapsed()), (reads, Duration::ZERO));
}

#[tokio::test(start_paused = true)]
async fn a_compromised_key_is_neither_published_nor_accepted() {
    let world = World::new(ES);
    let replica = world.replica(ES);
    let token = signed(&replica).await;
    world.store.rotate(ES);
    world.store.keys.lock().unwrap()[0].status = SigningKeyStatus::Compromised;
    world.clock.set(NOW + 30);
    for replica in [&replica, &world.replica(ES)] {
        assert_eq!(replica.verify(&token).await, Err(AccessTokenError::Invalid));
        assert_eq!(replica.public_keys().await.unwrap().keys.len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_background_task_follows_the_keys_of_the_store() {
    let world = World::new(ES);
    let replica = world.replica(ES);
    let token = signed(&replica).await;
    world.store.rotate(ES);
    world.store.keys.lock().unwrap().remove(0);
    // The clock of the service stands still: no use makes the keys old.
    assert_eq!(replica.verify(&token).await, Ok(claims()));
    let follow = tokio::time::timeout(Duration::from_millis(2_100), replica.follow_keys());
    assert!(follow.await.is_err(), "it never ends");
    assert_eq!(replica.verify(&token).await, Err(AccessTokenError::Invalid));
}

#[tokio::test(start_paused = true)]
async fn the_active_key_of_the_configured_algorithm_signs() {
    let world = World::new(ES);
    let other =
        active(JwtKeyFactory::new(Algorithm::EdDsa, &secret()).generate(at(NOW + 1)).unwrap().unwrap());
    world.store.keys.lock().unwrap().push(other);
    for (algorithm, signs) in [(ES, "ES256"), (Algorithm::EdDsa, "EdDSA"), (Algorithm::Rs256, "EdDSA")] {
        assert_eq!(part(&signed(&world.replica(algorithm)).await, 0)["alg"], signs);
    }
}

/// A token of another installation.
async fn elsewhere() -> String {
    signed(&World::new(ES).replica(ES)).await
}
