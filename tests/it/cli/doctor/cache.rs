use deadpool_redis::redis::cmd;

use super::{Examined, strong};
use crate::support::Backend;
use crate::support::process::Installation;
use crate::support::redis::{RedisServer, run_alone};

async fn with(url: &str) -> Installation {
    strong(Installation::migrated(Backend::Sqlite).await)
        .set("SVC_CACHE__URL", url)
        .set("SVC_CACHE__TIMEOUT", "10s")
}

#[test]
fn a_full_redis_and_one_that_will_refuse_writes_when_it_is_full() {
    run_alone(|server| async move {
        let installation = with(&server.redis.url).await;
        assert_eq!(Examined::of(&installation, 0).bad(), [] as [String; 0]);
        server.set("maxmemory", "100mb").await;
        Examined::of(&installation, 0).finds("cache", "warn", "noeviction", "allkeys-lru");
        server.set("maxmemory-policy", "allkeys-lru").await;
        assert_eq!(Examined::of(&installation, 0).bad(), [] as [String; 0]);
        server.set("maxmemory-policy", "noeviction").await;
        server.set("maxmemory", "1").await;
        Examined::of(&installation, 1).finds("cache", "fail", "OOM", "raise maxmemory");
    });
}

#[test]
fn a_user_without_a_right_and_a_wrong_password() {
    run_alone(|server| async move {
        let rights =
            "on >T7kXw0ZbQe ~svc:* &svc:changes -@all +get +set +del +time +publish +subscribe +script|load";
        let mut grant = cmd("ACL");
        grant.arg("SETUSER").arg("svc").arg(rights.split(' ').collect::<Vec<_>>());
        server.redis.tell::<()>(&grant).await;
        let url = |login: &str| server.redis.url.replace("redis://", &format!("redis://{login}@"));
        let installation = with(&url("svc:T7kXw0ZbQe")).await;
        Examined::of(&installation, 1).finds("cache", "fail", "evalsha", "ACL SETUSER USER +evalsha");
        server.redis.tell::<()>(cmd("ACL").arg("SETUSER").arg("svc").arg("+evalsha")).await;
        let examined = Examined::of(&installation, 0);
        assert_eq!(examined.bad(), [] as [String; 0], "INFO is not needed");
        examined.has("cache", "ok", "of unknown version", "");
        let wrong = with(&url("svc:wrong")).await;
        Examined::of(&wrong, 1).finds("cache", "fail", "", "correct the user or the password in cache.url");
    });
}

#[test]
fn a_cluster_and_a_server_that_is_away() {
    run_alone(|server| async move {
        let cluster = RedisServer::start_with(&["--cluster-enabled", "yes"]).await;
        let installation = with(&cluster.redis.url).await;
        Examined::of(&installation, 1).finds("cache", "fail", "Redis Cluster", "one server");
        let url = server.redis.url.clone();
        drop(server);
        Examined::of(&with(&url).await, 1).finds("cache", "fail", "", "start Redis");
    });
}
