//! Redis with every kind of fault during requests: no request fails, no answer is outdated, and after the
//! fault the cache is in use again.

use super::{Load, Replica, TIMEOUT};
use crate::support::proxy::{Proxy, Way};
use crate::support::redis::{self, Redis, RedisServer};

/// Breaks Redis and repairs it while users read and change their data.
async fn survive(redis: &Redis, begin: impl AsyncFnOnce(&Proxy), end: impl AsyncFnOnce(&Proxy)) {
    let replica = Replica::hasty(redis).await;
    let load = Load::on(&replica).await;
    let scene = async {
        load.rename(&replica).await;
        load.goes_on(20).await;
        begin(&replica.proxy).await;
        load.rename(&replica).await;
        replica.becomes("down").await;
        load.rename(&replica).await;
        load.goes_on(50).await;
        end(&replica.proxy).await;
        replica.becomes("up").await;
        load.goes_on(20).await;
        load.rename(&replica).await;
        load.goes_on(20).await;
    };
    load.during(&replica, scene).await;
    replica.keeps_copies().await;
    let another = replica.another().await;
    replica.shares_with(&another).await;
    load.is_shown_by(&another).await;
    another.stop().await;
    replica.stop().await;
}

/// Breaks the connection to Redis.
fn survive_on_the_way(begin: impl FnOnce(&Proxy)) {
    redis::run(async || {
        survive(&Redis::shared(), async |proxy| begin(proxy), async |proxy| proxy.up()).await;
    });
}

/// Breaks the server itself.
fn survive_in_the_server(begin: impl AsyncFnOnce(&RedisServer), end: impl AsyncFnOnce(&RedisServer)) {
    redis::run_alone(async |server| {
        survive(&server.redis, async |_| begin(&server).await, async |_| end(&server).await).await;
    });
}

#[test]
fn a_way_that_is_closed() {
    survive_on_the_way(Proxy::down);
}

#[test]
fn a_way_that_is_frozen() {
    survive_on_the_way(Proxy::freeze);
}

#[test]
fn a_way_that_is_slow() {
    survive_on_the_way(|proxy| proxy.delay(Way::Answer, TIMEOUT + TIMEOUT / 2));
}

#[test]
fn a_slow_server_is_noticed_by_a_replica_that_reads_nothing_from_it() {
    redis::run(async || {
        let replica = Replica::hasty(&Redis::shared()).await;
        replica.proxy.delay(Way::Answer, TIMEOUT + TIMEOUT / 2);
        replica.becomes("down").await;
        replica.proxy.up();
        replica.becomes("up").await;
        replica.stop().await;
    });
}

#[test]
fn a_connection_that_loses_requests() {
    survive_on_the_way(|proxy| proxy.lose(Way::Request));
}

#[test]
fn a_connection_that_loses_answers() {
    survive_on_the_way(|proxy| proxy.lose(Way::Answer));
}

#[test]
fn a_server_that_is_killed() {
    survive_in_the_server(async |server| server.kill(), async |server| server.start_again().await);
}

#[test]
fn a_server_that_is_frozen() {
    survive_in_the_server(async |server| server.freeze(), async |server| server.thaw());
}

#[test]
fn a_server_without_memory() {
    let limit = async |server: &RedisServer, bytes| server.set("maxmemory", bytes).await;
    survive_in_the_server(async |server| limit(server, "1").await, async |server| limit(server, "0").await);
}

#[test]
fn a_server_that_refuses_writes() {
    // It replicates a server that does not exist, and answers from its own data.
    survive_in_the_server(
        async |server| server.follow("127.0.0.1", "1").await,
        async |server| server.follow("NO", "ONE").await,
    );
}

#[test]
fn connections_that_are_reset_repeatedly() {
    redis::run(async || {
        let replica = Replica::hasty(&Redis::shared()).await;
        let load = Load::on(&replica).await;
        let scene = async {
            for _ in 0..3 {
                replica.keeps_copies().await;
                replica.proxy.reset();
                load.rename(&replica).await;
                load.goes_on(20).await;
            }
        };
        load.during(&replica, scene).await;
        replica.keeps_copies().await;
        replica.stop().await;
    });
}
