"""What scenarios run on: the engines that are running, and the service on them."""

from client import Target
from postgres import Postgres, query, url
from processes import program, until
from service import Service


class Topology:
    """One installation. `port` and `database` are where the comparison finds the database in the end."""

    def __init__(self, run, port, database="svc", **settings):
        self.run, self.processes = run, run.processes
        self.port, self.database = port, database
        settings = {"SVC_DATABASE__URL": url(port, database)} | settings
        self.service = Service(self.processes, run.binary, **settings)
        # Set where a proxy stands before the replicas.
        self.proxy = None
        # What ends with the scenario, beside the service.
        self.engines = []
        # What makes the scenario fail, although nothing that the ledger holds is wrong.
        self.problems = []

    def targets(self):
        if self.proxy:
            return [Target(self.proxy)]
        return [Target(replica.port, replica.name) for replica in self.service.replicas]

    def rows(self, sql, **more):
        return query(self.processes, self.port, sql, self.database, **more)

    def start(self):
        self.service.start_all()

    def end(self):
        for child in [replica.child for replica in self.service.replicas] + self.service.workers + self.engines:
            if child and not child.ended():
                child.end()


def shared_server(run):
    """The one PostgreSQL of the scenarios that leave it as it is, with a migrated database to copy."""
    if run.server is None:
        run.server = Postgres(run.processes, "postgres", max_connections=300).init()
        run.server.query("CREATE DATABASE template_svc")
        Service(run.processes, run.binary, SVC_DATABASE__URL=run.server.url("template_svc")).migrate()
    return run.server


def new_database(run):
    """A migrated database of one scenario's own, on the shared server, and its name."""
    server = shared_server(run)
    name = f"svc{run.next_number()}"
    server.query(f"CREATE DATABASE {name} TEMPLATE template_svc")
    return server, name


def redis(processes, name="redis", *options):
    """Starts Redis and returns its port and process."""
    port = processes.port()
    folder = processes.new_folder(f"{name}-{port}")
    child = start_redis(processes, name, port, folder, *options)
    return port, child


def start_redis(processes, name, port, folder, *options):
    child = processes.start(name, [
        program("redis-server"), "--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no",
        "--dir", folder, *options])
    wait_for_redis(processes, port)
    return child


def redis_cli(processes, port, *words):
    done = processes.run([program("redis-cli"), "-p", port, *words], check=False)
    return done.stdout.strip() if done.returncode == 0 else ""


def wait_for_redis(processes, port):
    until(lambda: redis_cli(processes, port, "PING") == "PONG", "Redis answers")
