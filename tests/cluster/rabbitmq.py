"""A cluster of three nodes of RabbitMQ, and its HTTP API."""

import base64
import json
import urllib.error
import urllib.request

from processes import Failed, is_free, program, until

COOKIE = "svcclustercookie"


class Node:
    def __init__(self, cluster, number):
        self.cluster, self.processes = cluster, cluster.processes
        port = self.processes.port
        self.short = f"r{number}-{cluster.epmd}"
        self.name = f"{self.short}@localhost"
        self.port, self.api, self.distribution = port(), port(), port()
        self.folder = self.processes.new_folder(self.short, private=True)
        self.child = None

    def environment(self):
        folder = str(self.folder)
        return {
            "HOME": folder, "ERL_EPMD_PORT": str(self.cluster.epmd), "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": self.name, "RABBITMQ_CONF_ENV_FILE": "/dev/null",
            "RABBITMQ_DIST_PORT": str(self.distribution), "RABBITMQ_MNESIA_BASE": f"{folder}/mnesia",
            "RABBITMQ_LOG_BASE": f"{folder}/log", "RABBITMQ_LOGS": "-",
            "RABBITMQ_CONFIG_FILE": f"{folder}/rabbitmq.conf", "RABBITMQ_ENABLED_PLUGINS_FILE": f"{folder}/plugins",
            "RABBITMQ_ADVANCED_CONFIG_FILE": f"{folder}/advanced.config", "RABBITMQ_PID_FILE": f"{folder}/pid",
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS":
                f"-setcookie {COOKIE} -kernel inet_dist_use_interface {{127,0,0,1}} +S 2:2",
        }

    def write(self):
        nodes = "".join(f"cluster_formation.classic_config.nodes.{number} = {node.name}\n"
                        for number, node in enumerate(self.cluster.nodes, 1))
        name = self.folder.name
        self.processes.write(f"{name}/rabbitmq.conf", f"""listeners.tcp.1 = 127.0.0.1:{self.port}
management.tcp.ip = 127.0.0.1
management.tcp.port = {self.api}
cluster_formation.peer_discovery_backend = classic_config
{nodes}cluster_partition_handling = pause_minority
collect_statistics_interval = 1000
""", private=True)
        self.processes.write(f"{name}/plugins", "[rabbitmq_management].\n", private=True)
        self.processes.write(f"{name}/advanced.config", "[].\n", private=True)

    def start(self):
        self.child = self.processes.start(
            self.short, [program("rabbitmq-server")], env=self.environment(), unprivileged=True)
        return self

    def stop(self):
        """Stops it in good order. The script that was started ends a little before Erlang does."""
        self.child.terminate(180)
        ports = (self.port, self.api, self.distribution)
        until(lambda: all(map(is_free, ports)), f"{self.name} has given up its ports")

    def ask(self, path, body=None, method=None):
        """The status and the JSON of the HTTP API; (0, None) where it does not answer."""
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(f"http://127.0.0.1:{self.api}/api/{path}", data, method=method, headers={
            "Content-Type": "application/json",
            "Authorization": "Basic " + base64.b64encode(b"guest:guest").decode()})
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                text = answer.read()
                return answer.status, json.loads(text) if text else None
        except urllib.error.HTTPError as error:
            return error.code, None
        except (OSError, ValueError):
            return 0, None

    def evaluate(self, expression):
        """Runs Erlang on the node, also on one that has paused itself."""
        control = [program("rabbitmqctl"), "-q", "-n", self.name, "--erlang-cookie", COOKIE]
        return self.processes.run([*control, "eval", expression], env=self.environment(), unprivileged=True).stdout


class Cluster:
    def __init__(self, processes):
        self.processes, self.epmd, self.nodes = processes, processes.port(), []
        # One of its own, which ends with the run. Erlang would start one that goes on.
        self.children = [processes.start("epmd", [program("epmd"), "-port", self.epmd, "-address", "127.0.0.1"])]
        self.nodes += [Node(self, number) for number in (1, 2, 3)]
        for node in self.nodes:
            node.write()
            node.start()
        self.wait_for_all()

    def url(self):
        return "amqp://guest:guest@" + ",".join(f"127.0.0.1:{node.port}" for node in self.nodes) + "/"

    def running(self, node):
        _, nodes = node.ask("nodes?columns=name,running")
        return {one["name"] for one in nodes or [] if one.get("running")}

    def wait_for_all(self):
        def complete():
            for node in self.nodes:
                if node.child.ended():
                    raise Failed(f"{node.name} ends as soon as it is started:\n{node.child.tail(40)}")
            return all(len(self.running(node)) == 3 for node in self.nodes)

        until(complete, "the three nodes of RabbitMQ are one cluster", 240, pause=0.3)

    def any(self, path, body=None, method=None):
        """Asks any node that answers."""
        for node in self.nodes:
            status, value = node.ask(path, body, method)
            if 200 <= status < 300:
                return True, value
        return False, None

    def queue(self, name="svc.inbox"):
        return self.any(f"queues/%2F/{name}")[1] or {}

    def leader(self):
        """The node that leads the queue of the service."""
        name = until(lambda: self.queue().get("leader"), "svc.inbox has a leader")
        return next(node for node in self.nodes if node.name == name)

    def wait_for_members(self):
        """Waits until each queue has all its members, so that another node may stop."""
        def complete():
            _, queues = self.any("queues")
            quorum = [queue for queue in queues or [] if queue.get("type") == "quorum"]
            return quorum and all(len(queue.get("online", [])) == 3 for queue in quorum)

        self.wait_for_all()
        until(complete, "each queue has its three members", 120, pause=0.3)

    def watch(self):
        """Another service: it has a queue of its own for all events."""
        until(lambda: self.any("exchanges/%2F/svc.events")[0], "the exchange is there")
        arguments = {"durable": True, "arguments": {"x-queue-type": "quorum"}}
        until(lambda: self.any("queues/%2F/watch", arguments, "PUT")[0], "the queue of another service is made")
        until(lambda: self.any("bindings/%2F/e/svc.events/q/watch", {"routing_key": "#"}, "POST")[0], "it is bound")

    def watched(self):
        """The events that the other service got, in their order."""
        events = []
        while True:
            body = {"count": 2000, "ackmode": "ack_requeue_false", "encoding": "auto"}
            found, messages = self.any("queues/%2F/watch/get", body, "POST")
            if not found:
                raise Failed("the queue of another service cannot be read")
            if not messages:
                return events
            events += [json.loads(message["payload"]) for message in messages]

    def cut(self, node):
        """Takes a node away from the others: they refuse each other, as hosts do between which nothing passes."""
        others = [other for other in self.nodes if other is not node]
        for one, refused in [(node, others), *((other, [node]) for other in others)]:
            # Another word at each: where both had the same one, they would accept each other.
            cookie = f"cut_{one.short.split('-')[0]}"
            one.evaluate("".join(f"erlang:set_cookie('{name.name}', {cookie}), " for name in refused) + "ok.")
        # From all at once: a node that still has two that lost each other would leave both.
        node.evaluate("".join(f"erlang:disconnect_node('{other.name}'), " for other in others) + "ok.")

    def join(self):
        for one in self.nodes:
            others = [other for other in self.nodes if other is not one]
            one.evaluate("".join(f"erlang:set_cookie('{other.name}', {COOKIE}), " for other in others) + "ok.")

    def end(self):
        for child in [node.child for node in self.nodes] + self.children:
            child.kill()
