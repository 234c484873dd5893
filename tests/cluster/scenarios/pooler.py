"""Three replicas share the sessions of PgBouncer."""

from postgres import pgbouncer, url
from scenarios.base import SERVER, Scenario
from topology import Topology, new_database


class Pooler(Scenario):
    needs = SERVER | {"pgbouncer": "pgbouncer"}
    short = 3
    mode = ""
    sessions = 0

    def build(self, run):
        server, database = new_database(run)
        port, child = pgbouncer(run.processes, server, self.mode, self.sessions)
        topology = Topology(run, server.port, database, SVC_DATABASE__URL=url(port, database),
                            **self.settings(server, database))
        topology.engines.append(child)
        return topology

    def settings(self, server, database):
        return {}


class Session(Pooler):
    name = "pgbouncer-session"
    about = "PgBouncer, pool_mode = session"
    mode = "session"
    # At least as many as all processes open.
    sessions = 100


class Transaction(Pooler):
    name = "pgbouncer-transaction"
    about = "PgBouncer, pool_mode = transaction, with fewer sessions than replicas"
    mode = "transaction"
    sessions = 2

    def settings(self, server, database):
        # Every read is one of the database.
        return {"SVC_DATABASE__POOLER": "transaction", "SVC_DATABASE__DIRECT_URL": server.url(database),
                "SVC_CACHE__URL": "off:"}


SCENARIOS = [Session(), Transaction()]
