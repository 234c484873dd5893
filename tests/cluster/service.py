"""The processes of the service."""

import http.client
import json

from processes import Failed, until

# For every process of one installation. Hashes are cheap: what is tried here is not how well they resist.
SETTINGS = {
    "SVC_SECURITY__SECRET_KEY": "kHq3nZ8v0Jx5tYb2Rc7LmWf9Gs4DpAe1Uo6Ti0Nj",
    "SVC_SECURITY__PASSWORD__MEMORY_KIB": "8",
    "SVC_SECURITY__PASSWORD__ITERATIONS": "1",
    "SVC_LIMITS__ENABLED": "false",
    "SVC_SERVER__METRICS_LISTEN": "off",
    "SVC_SERVER__PUBLIC_URL": "http://svc.test",
    "SVC_LOG__LEVEL": "warn",
}


class Replica:
    """One `svc serve`, which is started again at the same address."""

    def __init__(self, service, name, port, settings):
        self.service, self.name, self.port, self.settings = service, name, port, settings
        self.child = None

    def start(self):
        listen = f"127.0.0.1:{self.port}"
        self.child = self.service.start(self.name, "serve", {"SVC_SERVER__LISTEN": listen} | self.settings)
        return self

    def readiness(self):
        """The status and the checks that are not as they should be, as `name: state`."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", "/health/ready")
            answer = connection.getresponse()
            body = json.loads(answer.read())
            checks = body.get("checks", [])
            texts = [f"{check['name']}: {check['state']}" for check in checks if check["state"] != "up"]
            return answer.status, body.get("detail") or ", ".join(texts)
        except (OSError, http.client.HTTPException, ValueError):
            return 0, "no answer"
        finally:
            connection.close()

    def ready(self, seconds=60):
        def is_ready():
            if self.child.ended():
                raise Failed(f"{self.name} ends with {self.child.process.returncode}:\n{self.child.tail()}")
            return self.readiness()[0] == 200

        until(is_ready, f"{self.name} is ready", seconds)
        return self

    def restart(self):
        code = self.child.terminate()
        if code != 0:
            raise Failed(f"{self.name} ends with {code} after SIGTERM:\n{self.child.tail()}")
        return self.start().ready()


class Service:
    """An installation: three `svc serve` and two `svc consume`, unless a scenario wants others."""

    def __init__(self, processes, binary, **settings):
        self.processes, self.binary = processes, binary
        self.settings = SETTINGS | {"SVC_MAIL__URL": f"dir:{processes.folder / 'mail'}"} | settings
        self.replicas, self.workers = [], []

    def environment(self, more=None):
        return self.processes.environment(self.settings | (more or {}))

    def start(self, name, command, more=None):
        return self.processes.start(name, [self.binary, command], env=self.settings | (more or {}))

    def run(self, *arguments, more=None, check=True):
        return self.processes.run([self.binary, *arguments], env=self.settings | (more or {}), check=check)

    def migrate(self):
        self.run("migrate")

    def replica(self, name, **settings):
        return Replica(self, name, self.processes.port(), settings).start()

    def start_all(self, serve=3, consume=2):
        self.replicas = [self.replica(f"serve{number}") for number in range(1, serve + 1)]
        self.workers = [self.start(f"consume{number}", "consume") for number in range(1, consume + 1)]
        for replica in self.replicas:
            replica.ready()

    def ended(self):
        """What has ended although nothing ended it."""
        children = [replica.child for replica in self.replicas] + self.workers
        return [child for child in children if child.ended()]
