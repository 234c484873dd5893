//! A Redis that grants the service fewer rights than it needs, or that is of another kind.

use deadpool_redis::redis::{self, Cmd, cmd};
use serde_json::{Value, json};

use super::soon;
use crate::support::app::{Login, PASSWORD};
use crate::support::process::{Installation, Serving};
use crate::support::redis::{Namespace, Redis, RedisServer, Sentinel, run_alone};
use crate::support::{App, Backend};

/// Reads the command of the documentation that grants the minimal rights.
fn least_rights(namespace: &str) -> Vec<String> {
    let text = include_str!("../../../../docs/clusters.md");
    let line =
        text.lines().find(|line| line.starts_with("ACL SETUSER svc ")).expect("the command is documented");
    line.replace("NAMESPACE", namespace)
        .replace("PASSWORD", "T7kXw0ZbQe")
        .split(' ')
        .map(str::to_owned)
        .collect()
}

fn command(words: &[String]) -> Cmd {
    let mut command = cmd(&words[0]);
    command.arg(&words[1..]);
    command
}

async fn cache(serving: &Serving) -> Value {
    let health = serving.client.get("/health/ready", None).await.expect(200);
    health["checks"].as_array().unwrap().iter().find(|check| check["name"] == "cache").unwrap().clone()
}

/// The folder of the installation must outlive the server.
async fn serve(cache: &str, namespace: &str) -> (Installation, Serving) {
    let installation = Installation::on(Backend::Sqlite).await.set("SVC_LIMITS__ENABLED", "true");
    let installation = installation.set("SVC_CACHE__TIMEOUT", "10s").set("SVC_CACHE__NAMESPACE", namespace);
    let installation = installation.set("SVC_CACHE__URL", cache);
    let serving = installation.serve();
    serving.ready().await;
    (installation, serving)
}

/// Makes every request that the cache and the limits send to Redis.
async fn use_all(serving: &Serving) {
    let ada = json!({ "email": App::address(), "password": PASSWORD });
    let path = |verb: &str| format!("/api/v1/auth/{verb}");
    serving.client.post(&path("register"), &ada).await.expect(201);
    let wrong = json!({ "email": ada["email"], "password": "another one" });
    serving.client.post(&path("login"), &wrong).await.expect(401);
    let login = Login::of(&serving.client.post(&path("login"), &ada).await.expect(200));
    let me = async || serving.client.get("/api/v1/users/me", Some(&login.access)).await.status;
    assert_eq!(me().await, 200);
    let token = json!({ "refresh_token": login.refresh });
    serving.client.post(&path("logout"), &token).await.expect(204);
    assert_eq!(me().await, 401);
}

#[test]
fn the_documented_rights_suffice_and_each_is_needed_and_named() {
    run_alone(|server| async move {
        let redis = &server.redis;
        let namespace = Namespace::on(redis.clone());
        let rights = least_rights(&namespace.name);
        redis.tell::<()>(&command(&rights)).await;
        let url = redis.url.replace("redis://", "redis://svc:T7kXw0ZbQe@");
        let (_installation, serving) = serve(&url, &namespace.name).await;
        let up = json!({ "name": "cache", "state": "up" });
        soon("the rights suffice", async || cache(&serving).await == up).await;
        use_all(&serving).await;
        let refused: Vec<redis::Value> = redis.tell(cmd("ACL").arg("LOG")).await;
        assert!(refused.is_empty(), "{refused:?}");

        let commands = rights.iter().filter(|right| right.starts_with('+'));
        let commands = commands.map(|right| (right.clone(), right.replacen('+', "-", 1)));
        // The names of missing patterns are those of the documentation.
        let patterns = [("~NAMESPACE:*", "resetkeys"), ("&NAMESPACE:changes", "resetchannels")];
        let patterns = patterns.map(|(right, without)| (right.to_owned(), without.to_owned()));
        for (right, without) in commands.chain(patterns) {
            redis.tell::<()>(cmd("ACL").arg("SETUSER").arg("svc").arg(&without)).await;
            // So that Redis has no script and no connection from before.
            redis.tell::<()>(cmd("SCRIPT").arg("FLUSH")).await;
            redis.tell::<()>(cmd("CLIENT").arg("KILL").arg("USER").arg("svc")).await;
            let refused = json!({ "name": "cache", "state": "login_refused", "missing_right": right });
            soon(&format!("{right} is missing"), async || cache(&serving).await == refused).await;
            redis.tell::<()>(&command(&rights)).await;
            soon(&format!("{right} is back"), async || cache(&serving).await == up).await;
        }
        let stranger = Redis { url }.ask::<Option<String>>(cmd("GET").arg("another:key")).await;
        assert_eq!(stranger.unwrap_err().code(), Some("NOPERM"), "the keys of others are in reach");
    });
}

fn set_user(name: &str, rules: &[&str]) -> Cmd {
    cmd("ACL").arg("SETUSER").arg(name).arg(rules).take()
}

/// The user at the Sentinel, and that of another database than 0, have the rights that the documentation
/// names for them.
#[test]
fn the_sentinels_and_the_master_may_ask_for_passwords() {
    run_alone(|master| async move {
        let copy = RedisServer::start().await;
        let sentinel = Sentinel::watching(&master, &copy).await;
        let at =
            |number: u8| master.redis.url.replace("redis://", "redis://test:test@") + &format!("/{number}");
        let admin = Redis { url: at(1) };
        let namespace = Namespace::on(admin.clone());
        master.redis.tell::<()>(&set_user("test", &["on", "nopass", "~*", "&*", "+@all"])).await;
        let mut rights = least_rights(&namespace.name);
        rights.push("+select".to_owned());
        admin.tell::<()>(&command(&rights)).await;
        let rules = ["on", ">Vh2MsR8uLd", "resetkeys", "-@all", "+sentinel|get-master-addr-by-name"];
        sentinel.redis.tell::<()>(&set_user("watcher", &rules)).await;
        // Connections that are open stay so: the Sentinel still reaches the master.
        for redis in [&sentinel.redis, &admin] {
            redis.tell::<()>(&set_user("default", &["off"])).await;
        }
        let url = sentinel.url().replace("sentinel://", "sentinel://svc:T7kXw0ZbQe@");
        let url = format!("{url}/1?sentinel_user=watcher&sentinel_password=Vh2MsR8uLd");
        let (_installation, serving) = serve(&url, &namespace.name).await;
        let up = json!({ "name": "cache", "state": "up" });
        soon("both let the service in", async || cache(&serving).await == up).await;
        use_all(&serving).await;
        assert!(!namespace.keys().await.is_empty(), "nothing is in database 1");
        let other = Redis { url: at(0) }.tell::<Vec<String>>(cmd("KEYS").arg("*")).await;
        assert_eq!(other, [""; 0]);
    });
}

#[test]
fn a_wrong_password_is_a_refused_login() {
    run_alone(|server| async move {
        server.set("requirepass", "T7kXw0ZbQe").await;
        let (_installation, serving) =
            serve(&server.redis.url.replace("redis://", "redis://:wrong@"), "svc").await;
        let refused = json!({ "name": "cache", "state": "login_refused" });
        soon("the password is refused", async || cache(&serving).await == refused).await;
    });
}

#[test]
fn a_node_of_a_cluster_a_replica_and_a_sentinel_are_no_cache() {
    run_alone(|master| async move {
        let cluster = RedisServer::start_with(&["--cluster-enabled", "yes"]).await;
        // It has all slots, so it refuses no command.
        cluster.redis.tell::<()>(cmd("CLUSTER").arg("ADDSLOTSRANGE").arg(0).arg(16383)).await;
        soon("the cluster is complete", async || {
            let info = cluster.redis.tell::<String>(cmd("CLUSTER").arg("INFO")).await;
            info.contains("cluster_state:ok")
        })
        .await;
        let copy = RedisServer::start().await;
        let sentinel = Sentinel::watching(&master, &copy).await;
        for (redis, state, text) in [
            (&cluster.redis, "unsupported", "Redis Cluster"),
            (&copy.redis, "read_only", "is a replica"),
            (&sentinel.redis, "unsupported", "is a Sentinel"),
        ] {
            let (_installation, mut serving) = serve(&redis.url, "svc").await;
            soon(state, async || cache(&serving).await["state"] == state).await;
            // On a busy machine an attempt before may have had no answer in time.
            if !serving.log().iter().any(|line| line.contains(text)) {
                serving.logged(text);
            }
        }
    });
}
