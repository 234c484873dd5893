"""Three replicas are restarted one after the other behind the proxies of docs/deployment.md."""

import re
import time
from pathlib import Path

from processes import Failed, program, until
from scenarios.base import REDIS, SERVER, Scenario
from service import Replica
from topology import Topology, new_database, redis

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "deployment.md"
DOCUMENTED = ["10.0.0.5:8000", "10.0.0.6:8000", "10.0.0.7:8000"]


def example(language):
    """The block of the documentation in this language."""
    found = re.search(rf"^```{language}\n(.*?)^```", DOCUMENT.read_text(), re.DOTALL | re.MULTILINE)
    if not found:
        raise Failed(f"{DOCUMENT.name} has no example for {language}")
    return found[1]


class Rolling(Scenario):
    short = 3
    proxy, begin, listen, end = "", "", "", ""
    arguments = []

    def build(self, run):
        _, database = new_database(run)
        self.cache, child = redis(run.processes, f"redis-{self.proxy}")
        topology = Topology(run, run.server.port, database, SVC_CACHE__URL=f"redis://127.0.0.1:{self.cache}")
        topology.engines.append(child)
        return ProxiedTopology(topology, self)

    def disturb(self, topology, load, seconds):
        end = time.monotonic() + seconds
        rounds = 0
        # Each of them at least once, however slow the machine is.
        while time.monotonic() < end or rounds == 0:
            for replica in topology.service.replicas:
                replica.restart()
                time.sleep(min(0.5, seconds / 10))
            rounds += 1
        return [f"each replica was restarted {rounds} times"]


class ProxiedTopology(Topology):
    """The proxy is started once the replicas are ready, with the example of the documentation."""

    def __init__(self, topology, scenario):
        self.__dict__ |= topology.__dict__
        self.scenario = scenario

    def start(self):
        super().start()
        scenario, text = self.scenario, example(self.scenario.proxy)
        for documented, replica in zip(DOCUMENTED, self.service.replicas):
            if documented not in text:
                raise Failed(f"{documented} is not in the example for {scenario.proxy}")
            text = text.replace(documented, f"127.0.0.1:{replica.port}")
        self.proxy = self.processes.port()
        folder = self.processes.new_folder(f"{scenario.proxy}-files")
        # The line of the example that says what has to be added.
        word = scenario.listen.split()[0]
        text, count = re.subn(rf"^ *# {word} .*$", scenario.listen, text, flags=re.MULTILINE)
        if count != 1:
            raise Failed(f"the example for {scenario.proxy} has no comment where it listens")
        text = "\n".join([scenario.begin, text, scenario.end, ""])
        text = text.replace("PORT", str(self.proxy)).replace("FOLDER", str(folder))
        path = self.processes.write(f"{scenario.proxy}.conf", text)
        child = self.processes.start(scenario.proxy, [program(scenario.proxy), *scenario.arguments, path])
        self.engines.append(child)
        through = Replica(self.service, scenario.proxy, self.proxy, {})
        until(lambda: child.ended() or through.readiness()[0] == 200, f"{scenario.proxy} answers")
        if child.ended():
            raise Failed(f"{scenario.proxy} ends as soon as it is started:\n{child.tail()}")


class Haproxy(Rolling):
    name = "haproxy-rolling"
    about = "restarts of three replicas behind HAProxy"
    needs = SERVER | REDIS | {"haproxy": "haproxy"}
    proxy, arguments = "haproxy", ["-db", "-q", "-f"]
    begin = "defaults\n    timeout client 60s\n    timeout server 60s"
    listen = "    bind 127.0.0.1:PORT"


class Nginx(Rolling):
    name = "nginx-rolling"
    about = "restarts of three replicas behind nginx"
    needs = SERVER | REDIS | {"nginx": "nginx-light"}
    proxy, arguments = "nginx", ["-e", "stderr", "-c"]
    begin = """daemon off; master_process off; pid FOLDER/pid; error_log stderr crit; events {}
http { access_log off; client_body_temp_path FOLDER/1; proxy_temp_path FOLDER/2; fastcgi_temp_path FOLDER/3;
uwsgi_temp_path FOLDER/4; scgi_temp_path FOLDER/5;"""
    listen = "    listen 127.0.0.1:PORT;"
    end = "}"


SCENARIOS = [Haproxy(), Nginx()]
