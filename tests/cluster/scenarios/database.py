"""PostgreSQL that takes no changes, or whose synchronous standby is gone."""

import time

from client import Client, Target
from ledger import Ledger
from load import read
from postgres import Postgres, url
from processes import Failed, until
from scenarios.base import Scenario
from service import Service
from topology import Topology, new_database

END_SESSIONS = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()"""


class ReadOnly(Scenario):
    name = "read-only"
    about = "default_transaction_read_only is turned on, and off again"
    short, goes_first = 4, True

    def build(self, run):
        _, database = new_database(run)
        return Topology(run, run.server.port, database)

    def disturb(self, topology, load, seconds):
        server, name = topology.run.server, topology.database
        time.sleep(seconds / 4)
        server.query(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        server.query(END_SESSIONS, database=name)
        began = time.monotonic()
        for replica in topology.service.replicas:
            until(lambda: replica.readiness() == (503, "Not ready. database: read_only."),
                  f"{replica.name} says that the database is read-only")
        said = time.monotonic() - began
        time.sleep(seconds / 4)
        server.query(f"BEGIN READ WRITE; ALTER DATABASE {name} RESET default_transaction_read_only; COMMIT")
        again = time.monotonic()
        until(lambda: load.ledger.first_write_after(again), "a write succeeds")
        recovered = load.ledger.first_write_after(again)
        for replica in topology.service.replicas:
            replica.ready()
        time.sleep(max(0, seconds / 2 - (time.monotonic() - again)))
        return [f"all replicas said read_only after {said:.1f} s",
                f"read-only for {again - began:.1f} s, and the first write {recovered:.2f} s after its end"]


class StandbyByMistake(Scenario):
    name = "standby-by-mistake"
    about = "a fourth replica whose database.url names a standby"

    def build(self, run):
        primary = Postgres(run.processes, "primary").init()
        primary.query("CREATE DATABASE svc")
        self.standby = Postgres(run.processes, "standby").follow(primary)
        topology = Topology(run, primary.port)
        topology.engines += [primary.child, self.standby.child]
        topology.service.migrate()
        return topology

    def disturb(self, topology, load, seconds):
        processes, end = topology.processes, time.monotonic() + seconds
        until(lambda: self.standby.query("SELECT count(*) FROM users", database="svc", check=False),
              "the standby has the schema")
        settings = {"SVC_DATABASE__URL": url(self.standby.port, "svc")}
        refused = topology.service.run("migrate", "status", more=settings, check=False)
        migrated = topology.service.run("migrate", more=settings, check=False)
        fourth = Service(processes, topology.run.binary, **(topology.service.settings | settings))
        replica = fourth.replica("mistaken")
        until(lambda: replica.readiness()[0] == 503, "the mistaken replica answers")
        answers, ledger = set(), Ledger()
        client = Client(ledger, [Target(replica.port, replica.name)], load.seed)
        reads = 0
        while time.monotonic() < end:
            answers.add(replica.readiness())
            body = {"email": f"mistaken{reads}@example.com", "password": "correct horse battery"}
            if client.ask("POST", "/api/v1/auth/register", body):
                raise Failed("a registration on a standby was answered as if it had succeeded or were refused for good")
            people = [person for person in load.ledger.people if person.sessions]
            if people:
                person = client.random.choice(people)
                reads += bool(read(client, person, person.sessions[0]))
            time.sleep(0.02)
        load.ledger.wrong += ledger.wrong
        load.ledger.unauthorized += ledger.unauthorized
        replica.child.terminate()
        if answers != {(503, "Not ready. database: read_only.")}:
            raise Failed(f"the mistaken replica said {answers}")
        return [f"there svc migrate status exits with {refused.returncode}, and svc migrate with {migrated.returncode}",
                f"the mistaken replica said read_only; it answered {reads} reads, and no write"]


class SyncStandbyGone(Scenario):
    name = "sync-standby-gone"
    about = "the synchronous standby is away, so that no COMMIT returns"
    seconds = 80
    # Each leaves a COMMIT behind: more of them than a server has connections to spare.
    writers = 40

    def build(self, run):
        self.primary = Postgres(run.processes, "primary").init()
        self.primary.query("CREATE DATABASE svc")
        self.standby = Postgres(run.processes, "standby").follow(self.primary)
        topology = Topology(run, self.primary.port)
        topology.engines += [self.primary.child, self.standby.child]
        topology.service.migrate()
        self.primary.query("ALTER SYSTEM SET synchronous_standby_names = 'standby'")
        self.primary.query("SELECT pg_reload_conf()")
        self.wait_for_standby()
        return topology

    def wait_for_standby(self):
        until(lambda: self.primary.query(
            "SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'", check=False), "the standby is synchronous")

    def sessions(self):
        """How many connections of clients there are, and how many wait for the standby. None where one is refused."""
        rows = self.primary.query("""SELECT count(*), count(*) FILTER (WHERE wait_event = 'SyncRep')
            FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()""",
                                  check=False, seconds=30)
        return (int(rows[0][0]), int(rows[0][1])) if rows else None

    def disturb(self, topology, load, seconds):
        time.sleep(seconds / 8)
        before = self.sessions()
        self.standby.crash()
        began, looks, refused = time.monotonic(), [], 0
        reads, writes = load.ledger.failed("reads"), load.ledger.failed("writes")
        while time.monotonic() < began + seconds * 3 / 4:
            look = self.sessions()
            refused += look is None
            looks += [look] if look else []
            time.sleep(0.5)
        reads, writes = load.ledger.failed("reads") - reads, load.ledger.failed("writes") - writes
        most, waiting = map(max, zip(*looks))
        self.standby.start()
        topology.engines.append(self.standby.child)
        again = time.monotonic()
        self.wait_for_standby()
        until(lambda: load.ledger.first_write_after(again), "a write succeeds", 120)
        recovered = load.ledger.first_write_after(again)
        time.sleep(seconds / 8)
        # Each of the five processes has at most max_connections + 5. An abandoned COMMIT that goes on would
        # hold one more.
        if refused or most > 5 * (10 + 5):
            topology.problems.append(f"abandoned COMMITs take the server's connections: {most}, {refused} refused")
        if reads:
            topology.problems.append(f"{reads} reads failed, which need no COMMIT")
        return [f"connections to the server: {before[0]} before, at most {most} while the standby was away, "
                f"{waiting} of them in a COMMIT; {refused} connections of another client were refused",
                f"while it was away {writes} writes and {reads} reads failed; "
                f"the first write came {recovered:.1f} s after the standby was there again"]


SCENARIOS = [ReadOnly(), StandbyByMistake(), SyncStandbyGone()]
