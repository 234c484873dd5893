"""Events go through a cluster of RabbitMQ, whose nodes die, stop and are cut off."""

import time

from processes import until
from rabbitmq import Cluster
from scenarios.base import SERVER, Scenario
from topology import Topology, new_database


class WatchedTopology(Topology):
    """Another service gets all events, too."""

    def start(self):
        super().start()
        self.cluster.watch()


class Rabbit(Scenario):
    needs = SERVER | {"rabbitmq-server": "rabbitmq-server", "epmd": "erlang-base"}
    seconds = 40

    def build(self, run):
        self.cluster = Cluster(run.processes)
        _, database = new_database(run)
        topology = WatchedTopology(run, run.server.port, database, SVC_QUEUE__URL=self.cluster.url())
        topology.cluster = self.cluster
        topology.engines += self.cluster.children + [node.child for node in self.cluster.nodes]
        return topology

    def heal(self, topology, load):
        self.cluster.wait_for_members()

    def check(self, topology, load, result):
        events = self.cluster.watched()
        ids = {event["id"] for event in events}
        known = {row[0] for row in topology.rows("SELECT id FROM outbox")}
        result.misdelivered += [f"another service did not get {event}" for event in known - ids]
        result.misdelivered += [f"another service got {event}, which never happened" for event in ids - known]
        self.cluster.end()
        return [f"another service got {len(ids):,} events, {len(events) - len(ids)} of them more than once"]


class LeaderKill(Rabbit):
    name = "rabbit-leader-kill"
    about = "the node that leads the queue dies, and comes back; twice"

    def disturb(self, topology, load, seconds):
        end, count = time.monotonic() + seconds, 0
        while time.monotonic() < end or count < 2:
            time.sleep(seconds / 8)
            leader = self.cluster.leader()
            leader.child.kill()
            until(lambda: self.cluster.queue().get("leader") not in (None, leader.name), "another leader", 120)
            time.sleep(seconds / 8)
            leader.start()
            topology.engines.append(leader.child)
            self.cluster.wait_for_members()
            count += 1
        return [f"{count} leaders died"]


class RollingNodes(Rabbit):
    name = "rabbit-rolling"
    about = "each node is stopped and started, one after the other"

    def disturb(self, topology, load, seconds):
        for node in self.cluster.nodes:
            time.sleep(seconds / 12)
            node.stop()
            time.sleep(seconds / 12)
            node.start()
            topology.engines.append(node.child)
            self.cluster.wait_for_members()


class Partition(Rabbit):
    name = "rabbit-partition"
    about = "the node that leads the queue is cut off from the other two"

    def disturb(self, topology, load, seconds):
        time.sleep(seconds / 4)
        leader = self.cluster.leader()
        others = [node for node in self.cluster.nodes if node is not leader]
        self.cluster.cut(leader)
        began = time.monotonic()
        until(lambda: all(self.cluster.running(node) == {other.name for other in others} for node in others),
              "the others go on without it", 120)
        until(lambda: others[0].ask("queues/%2F/svc.inbox")[1].get("leader") in [node.name for node in others],
              "another leader", 120)
        time.sleep(max(0, seconds / 2 - (time.monotonic() - began)))
        lasted = time.monotonic() - began
        self.cluster.join()
        self.cluster.wait_for_members()
        time.sleep(seconds / 4)
        return [f"the leader was cut off for {lasted:.0f} s"]


SCENARIOS = [LeaderKill(), RollingNodes(), Partition()]
