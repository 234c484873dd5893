"""What a scenario is."""

import time

# What every scenario starts, by program, with the package of Debian that has it.
SERVER = {"initdb": "postgresql", "psql": "postgresql-client"}
REDIS = {"redis-server": "redis-server", "redis-cli": "redis-tools"}


class Scenario:
    name = about = ""
    # The programs beside PostgreSQL's, with their packages.
    needs = SERVER
    # How long the load lasts, and how long in the short form, which leaves it out where this is 0.
    seconds, short = 15, 0
    # How many clients write.
    writers = 8
    # In the short form it is the first one: what it interrupted waits for leases of 30 s, while others run.
    goes_first = False
    # Whether losing acknowledged writes is what the documentation says of it.
    may_lose = False

    def build(self, run):
        """Starts the engines and returns the topology."""
        raise NotImplementedError

    def disturb(self, topology, load, seconds):
        """Breaks something while the load runs, for so long. Returns notes."""
        time.sleep(seconds)

    def heal(self, topology, load):
        """After the load, before the comparison."""

    def check(self, topology, load, result):
        """What else has to hold in the end. Returns notes, or raises Failed."""
