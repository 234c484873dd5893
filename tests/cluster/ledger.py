"""What clients were answered: every write that was acknowledged, and every answer that cannot be right."""

import threading
import time
from collections import Counter
from dataclasses import dataclass, field

# A read at another replica than that of the write may be this old, in seconds: docs/reliability.md, "What was
# changed is seen".
BOUND = 5.0


@dataclass
class Rename:
    """An acknowledged version of a user. `place` is the replica that acknowledged it, or None behind a proxy."""
    version: int
    name: str
    at: float
    place: str | None


@dataclass
class Session:
    """A session that a client opened, with its newest tokens."""
    id: str
    access: str
    refresh: str
    at: float
    # When each refresh was acknowledged.
    rotations: list = field(default_factory=list)
    # The client has asked for the end of it; from then on both answers are right until it is acknowledged.
    ending: bool = False
    ended_at: float | None = None
    ended_place: str | None = None


@dataclass
class Person:
    """A user, who belongs to one writer. Readers look at it without a lock: each field is replaced as a whole."""
    email: str
    password: str
    id: str | None = None
    renames: list = field(default_factory=list)
    # Names of changes that were asked for and not acknowledged: they may have happened.
    perhaps: set = field(default_factory=set)
    sessions: list = field(default_factory=list)
    registered_at: float | None = None
    deleting: bool = False
    deleted_at: float | None = None

    def newest(self):
        return self.renames[-1]

    def due(self, began, place):
        """The version that a read has to show which began then, on this replica."""
        due = [rename.version for rename in self.renames
               if began - rename.at >= (0 if place and rename.place == place else BOUND)]
        return max(due, default=0)

    def names(self):
        return {rename.name for rename in self.renames} | self.perhaps


class Ledger:
    def __init__(self):
        self.lock = threading.Lock()
        self.people = []
        self.requests = 0
        self.failures = Counter()
        # Each as (when, person or None, text).
        self.wrong = []
        self.unauthorized = []
        # When each write was acknowledged.
        self.writes = []
        self.began = self.ended = None

    def add(self, person):
        with self.lock:
            self.people.append(person)

    def request(self, method, failure=None):
        with self.lock:
            self.requests += 1
            if failure:
                self.failures["reads" if method == "GET" else "writes", failure] += 1

    def failed(self, kind):
        with self.lock:
            return sum(count for (of, _), count in self.failures.items() if of == kind)

    def wrote(self):
        now = time.monotonic()
        with self.lock:
            self.writes.append(now)
        return now

    def is_wrong(self, person, text):
        with self.lock:
            self.wrong.append((time.monotonic(), person, text))

    def is_unauthorized(self, person, text):
        with self.lock:
            self.unauthorized.append((time.monotonic(), person, text))

    def pause(self):
        """The longest time without a successful write, in seconds."""
        moments = [self.began, *sorted(self.writes), self.ended]
        return max(after - before for before, after in zip(moments, moments[1:]))

    def first_write_after(self, moment):
        """How long after a moment a write succeeded, in seconds, or None."""
        after = [write for write in self.writes if write > moment]
        return min(after) - moment if after else None
