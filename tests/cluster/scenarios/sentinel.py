"""Three Redis, three Sentinels, and a master that dies."""

import time

from processes import program, until
from scenarios.base import REDIS, SERVER, Scenario
from topology import Topology, new_database, redis, redis_cli, start_redis

MASTER = "main"


class SentinelFailover(Scenario):
    name = "sentinel-failover"
    about = "the master of Redis dies, and Sentinel promotes a replica; twice"
    needs = SERVER | REDIS | {"redis-sentinel": "redis-sentinel"}
    seconds = 30

    def build(self, run):
        self.processes = run.processes
        self.servers = {}
        first, child = redis(run.processes, "redis1", "--repl-diskless-sync-delay", "0")
        self.servers[first] = child
        for number in (2, 3):
            port, child = redis(run.processes, f"redis{number}", "--replicaof", "127.0.0.1", first,
                                "--repl-diskless-sync-delay", "0")
            self.servers[port] = child
        self.sentinels, children = [], []
        for number in (1, 2, 3):
            port = run.processes.port()
            settings = run.processes.write(f"sentinel{number}-{port}.conf", f"""port {port}
bind 127.0.0.1
sentinel monitor {MASTER} 127.0.0.1 {first} 2
sentinel down-after-milliseconds {MASTER} 1000
sentinel failover-timeout {MASTER} 10000
""")
            children.append(run.processes.start(f"sentinel{number}", [program("redis-sentinel"), settings]))
            self.sentinels.append(port)
        self.wait_for_all()
        _, database = new_database(run)
        hosts = ",".join(f"127.0.0.1:{port}" for port in self.sentinels)
        topology = Topology(run, run.server.port, database, SVC_CACHE__URL=f"redis+sentinel://{hosts}/{MASTER}")
        topology.engines += [*self.servers.values(), *children]
        return topology

    def info(self):
        """What the Sentinels say of the master, each as a dictionary."""
        for port in self.sentinels:
            words = redis_cli(self.processes, port, "SENTINEL", "MASTER", MASTER).splitlines()
            yield dict(zip(words[::2], words[1::2]))

    def wait_for_all(self):
        until(lambda: all(one.get("num-slaves") == "2" and one.get("num-other-sentinels") == "2"
                          for one in self.info()), "the Sentinels know each other and both replicas", 120)

    def masters(self):
        return {int(one.get("port", 0)) for one in self.info()}

    def disturb(self, topology, load, seconds):
        end, notes = time.monotonic() + seconds, []
        while time.monotonic() < end or not notes:
            time.sleep(seconds / 6)
            old = self.masters().pop()
            self.servers[old].kill()
            began = time.monotonic()
            until(lambda: len(self.masters()) == 1 and old not in self.masters(), "another master", 120)
            promoted = time.monotonic() - began
            for replica in topology.service.replicas:
                until(lambda: replica.readiness() == (200, ""), f"{replica.name} has its cache again", 60)
            used = time.monotonic() - began
            notes.append(f"another master after {promoted:.1f} s, the cache in use by all after {used:.1f} s")
            new = self.masters().pop()
            folder = self.processes.new_folder(f"again-{old}")
            self.servers[old] = start_redis(self.processes, "redis-again", old, folder, "--replicaof", "127.0.0.1", new,
                                            "--repl-diskless-sync-delay", "0")
            topology.engines.append(self.servers[old])
            until(lambda: "master_link_status:up" in redis_cli(self.processes, old, "INFO", "replication"),
                  "the old master follows")
            time.sleep(seconds / 6)
        return notes


SCENARIOS = [SentinelFailover()]
