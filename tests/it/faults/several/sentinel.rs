use std::time::Instant;

use deadpool_redis::redis::cmd;

use crate::support::App;
use crate::support::process::until;
use crate::support::redis::{Namespace, RedisServer, Sentinel, run_alone};

async fn cache_state(app: &App) -> String {
    let health = app.client.get("/health/ready", None).await.expect(200);
    let checks = health["checks"].as_array().unwrap();
    let cache = checks.iter().find(|check| check["name"] == "cache").unwrap();
    cache["state"].as_str().unwrap().to_owned()
}

#[test]
fn the_promoted_replica_is_the_cache_from_then_on() {
    run_alone(|master| async move {
        let copy = RedisServer::start().await;
        let sentinel = Sentinel::watching(&master, &copy).await;
        let settings = [format!("cache.url={}", sentinel.url())];
        let namespace = Namespace::on(copy.redis.clone());
        let name = namespace.name.clone();
        let app =
            App::start_named(namespace, &settings.each_ref().map(String::as_str), |builder| builder).await;
        until(async || cache_state(&app).await == "up").await;
        let (_, login) = app.new_user().await;

        master.kill();
        let began = Instant::now();
        until(async || cache_state(&app).await == "down").await;
        // Requests still succeed during the failover.
        app.me(&login.access).await.expect(200);
        until(async || sentinel.master().await == copy.port()).await;
        println!("Sentinel promoted the copy after {:?}", began.elapsed());
        until(async || cache_state(&app).await == "up").await;
        println!("the cache is in use after {:?}", began.elapsed());
        // Values that are read are put there.
        let pattern = format!("{name}:user:*");
        until(async || {
            let (_, login) = app.new_user().await;
            app.me(&login.access).await.expect(200);
            let keys: Vec<String> = copy.redis.tell(cmd("KEYS").arg(&pattern)).await;
            !keys.is_empty()
        })
        .await;
        app.stop().await;
    });
}

/// A master that lost contact only to its Sentinels keeps the connections of its clients.
#[test]
fn a_former_master_is_not_used_any_more() {
    run_alone(|master| async move {
        let copy = RedisServer::start().await;
        let sentinel = Sentinel::watching(&master, &copy).await;
        let settings = [format!("cache.url={}", sentinel.url())];
        let app = App::start_named(
            Namespace::on(copy.redis.clone()),
            &settings.each_ref().map(String::as_str),
            |builder| builder,
        )
        .await;
        until(async || cache_state(&app).await == "up").await;
        // From now on it monitors the replica, and does not know the old master, which keeps running.
        copy.redis.tell::<()>(cmd("REPLICAOF").arg("NO").arg("ONE")).await;
        sentinel.watch_only(copy.port()).await;
        let clients =
            async || copy.redis.tell::<String>(cmd("CLIENT").arg("LIST").arg("TYPE").arg("pubsub")).await;
        // The Sentinel itself subscribes there too.
        until(async || clients().await.lines().any(|client| !client.contains(" name=sentinel"))).await;
        until(async || cache_state(&app).await == "up").await;
        app.stop().await;
    });
}
