"""Two nodes of Patroni, with etcd. The service names both in its URL."""

import json
import signal
import time
import urllib.error
import urllib.request

from guard import end_servers
from postgres import kill_in, programs, query, url
from processes import Failed, program, until
from proxy import Proxy
from scenarios.base import SERVER, Scenario
from topology import Topology


class Node:
    """One Patroni with its PostgreSQL. Other nodes reach that through a proxy, which can hold replication up."""

    def __init__(self, cluster, name):
        self.cluster, self.name, self.processes = cluster, name, cluster.processes
        self.rest, self.port = self.processes.port(), self.processes.port()
        self.proxy = Proxy(self.processes.port(), self.port)
        self.folder = self.processes.new_folder(f"{name}-{self.port}", private=True)
        self.child, self.crashed = None, False

    def start(self):
        self.crashed = False
        settings = self.processes.write(f"{self.name}.json", json.dumps(self.settings()), private=True)
        self.child = self.processes.start(
            self.name, ["/usr/bin/python3", program("patroni"), settings], unprivileged=True)
        return self

    def settings(self):
        cluster, trust = self.cluster, {"username": "postgres", "password": "unused"}
        host = "127.0.0.1"
        return {
            "scope": "svc", "name": self.name,
            "restapi": {"listen": f"{host}:{self.rest}", "connect_address": f"{host}:{self.rest}"},
            "etcd3": {"host": f"{host}:{cluster.etcd}"},
            "bootstrap": {
                # The shortest times that Patroni accepts. The lease of the leader is at least 20 s.
                "dcs": {"ttl": 20, "loop_wait": 1, "retry_timeout": 3, "synchronous_mode": cluster.synchronous,
                        "postgresql": {"use_pg_rewind": True, "parameters": {
                            "fsync": "off", "full_page_writes": "on", "wal_log_hints": "on"}}},
                "initdb": [{"encoding": "UTF8"}, {"locale": "C"}, {"auth": "trust"}, "no-sync"],
                "pg_hba": ["host all all 127.0.0.1/32 trust", "host replication all 127.0.0.1/32 trust"],
            },
            "postgresql": {
                "listen": f"{host}:{self.port}", "connect_address": f"{host}:{self.proxy.port}",
                "data_dir": str(self.folder / "data"), "bin_dir": str(programs()),
                "pgpass": str(self.folder / "pgpass"),
                "authentication": {"superuser": trust, "replication": trust, "rewind": trust},
                "parameters": {"unix_socket_directories": ""},
            },
        }

    def ask(self, path, body=None):
        """The status and the body of Patroni's API; 0 where it does not answer."""
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(f"http://127.0.0.1:{self.rest}{path}", data,
                                         {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError as error:
            return 0, str(error)

    def crash(self):
        """Ends Patroni and PostgreSQL, as the end of a machine does. A Patroni that stopped first would promote."""
        self.crashed = True
        self.child.signal(signal.SIGSTOP)
        kill_in(self.folder / "data")
        self.child.kill()
        kill_in(self.folder / "data")


class Cluster:
    def __init__(self, processes, synchronous):
        self.processes, self.synchronous = processes, synchronous
        self.etcd, peers = processes.port(), processes.port()
        self.children = [processes.start("etcd", [
            program("etcd"), "--name", "etcd", "--data-dir", processes.new_folder(f"etcd-{self.etcd}"),
            "--unsafe-no-fsync",
            "--listen-client-urls", f"http://127.0.0.1:{self.etcd}",
            "--advertise-client-urls", f"http://127.0.0.1:{self.etcd}",
            "--listen-peer-urls", f"http://127.0.0.1:{peers}",
            "--initial-advertise-peer-urls", f"http://127.0.0.1:{peers}",
            "--initial-cluster", f"etcd=http://127.0.0.1:{peers}"])]
        self.nodes = [Node(self, "pg1").start()]
        until(self.leader, "Patroni has a leader", 120)
        self.nodes.append(Node(self, "pg2").start())
        self.wait_for_standby()

    def leader(self):
        for node in self.nodes:
            if node.child.ended() and not node.crashed:
                raise Failed(f"{node.name} ends by itself:\n{node.child.tail(40)}")
        return next((node for node in self.nodes if node.ask("/primary")[0] == 200), None)

    def standby(self):
        leader = self.leader()
        return next((node for node in self.nodes if node is not leader), None)

    def wait_for_standby(self):
        path = "/synchronous" if self.synchronous else "/replica"

        def follows():
            leader = self.leader()
            return leader and any(node is not leader and node.ask(path)[0] == 200 for node in self.nodes)

        until(follows, "the standby follows", 180, pause=0.2)

    def ports(self):
        return [node.port for node in self.nodes]

    def end(self):
        for node in self.nodes:
            node.crashed = True
            node.child.kill()
            end_servers(str(node.folder))
            node.proxy.close()
        for child in self.children:
            child.kill()


class Patroni(Scenario):
    needs = SERVER | {"patroni": "patroni", "etcd": "etcd-server"}
    synchronous = True

    def build(self, run):
        self.cluster = Cluster(run.processes, self.synchronous)
        leader = self.cluster.leader()
        query(run.processes, leader.port, "CREATE DATABASE svc")
        topology = Topology(run, leader.port, SVC_DATABASE__URL=url(
            self.cluster.ports(), "svc", "&target_session_attrs=read-write"))
        topology.service.migrate()
        topology.engines += self.cluster.children + [node.child for node in self.cluster.nodes]
        return topology

    def heal(self, topology, load):
        leader = until(self.cluster.leader, "Patroni has a leader", 120)
        topology.port = leader.port

    def check(self, topology, load, result):
        self.cluster.end()


class Switchover(Patroni):
    name = "patroni-switchover"
    about = "Patroni makes the standby the leader, and the other way round"
    seconds = 25

    def disturb(self, topology, load, seconds):
        end, notes = time.monotonic() + seconds, []
        while time.monotonic() < end:
            time.sleep(seconds / 6)
            leader, standby = self.cluster.leader(), self.cluster.standby()
            began = time.monotonic()
            status, text = leader.ask("/switchover", {"leader": leader.name, "candidate": standby.name})
            if status != 200:
                raise Failed(f"Patroni refuses the switchover: {status} {text}")
            until(lambda: self.cluster.leader() is standby, "the standby leads")
            led = time.monotonic()
            until(lambda: load.ledger.first_write_after(led), "a write succeeds", 120)
            notes.append(f"{leader.name} to {standby.name}: {led - began:.1f} s")
            self.cluster.wait_for_standby()
            time.sleep(seconds / 6)
        return ["switchovers: " + ", ".join(notes)]


class Crash(Patroni):
    seconds = 20
    # How long replication is held up before the crash.
    held_up = 0.0

    def disturb(self, topology, load, seconds):
        time.sleep(seconds / 2)
        leader, standby = self.cluster.leader(), self.cluster.standby()
        if self.held_up:
            leader.proxy.freeze()
            self.held_since = time.monotonic()
            time.sleep(self.held_up)
        leader.crash()
        began = time.monotonic()
        leader.proxy.close()
        until(lambda: standby.ask("/primary")[0] == 200, "the standby leads", 180)
        led = time.monotonic()
        until(lambda: load.ledger.first_write_after(led), "a write succeeds", 120)
        time.sleep(seconds / 4)
        leader.proxy = Proxy(leader.proxy.port, leader.port)
        leader.start()
        topology.engines.append(leader.child)
        self.cluster.wait_for_standby()
        time.sleep(seconds / 4)
        return [f"the standby led {led - began:.1f} s after the crash, and the first write came "
                f"{load.ledger.first_write_after(led):.2f} s later; the crashed node follows it"]


class CrashSync(Crash):
    name = "patroni-crash-sync"
    about = "the leader dies; its standby is synchronous"


class CrashAsync(Crash):
    name = "patroni-crash-async"
    about = "the leader dies; its standby is asynchronous and two seconds behind"
    synchronous, may_lose, held_up = False, True, 2.0

    def check(self, topology, load, result):
        super().check(topology, load, result)
        early = [at for at, _, _ in result.lost if at < self.held_since - 1]
        if early:
            raise Failed(f"{len(early)} writes are lost that the standby had")
        people = {id(person) for _, person, text in result.lost if text.endswith("the registration")}
        return [f"the standby was {self.held_up:.0f} s behind: {len(result.lost)} writes are lost, "
                f"{len(people)} of them users whose ids a client has"]


SCENARIOS = [Switchover(), CrashSync(), CrashAsync()]
