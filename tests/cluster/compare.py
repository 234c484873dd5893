"""Holds the database, and what replicas answer at the end, against the ledger."""

import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from client import Client
from ledger import BOUND
from load import read
from postgres import query
from processes import Failed, until

# The lease of a process that was killed is 30 seconds, and what it left is tried one by one.
DELIVERY = 180

USERS = "SELECT id, email, name, version FROM users"
SESSIONS = "SELECT id, generation, revoked_at IS NOT NULL FROM sessions"
EVENTS = """SELECT id, type, subject, data->>'version', coalesce(data->>'session_id', ''),
    coalesce(data->>'name', '') FROM outbox"""
INBOX = "SELECT event_id, state, count(*) FROM inbox WHERE handler = 'audit' GROUP BY 1, 2"
AUDIT = "SELECT event_id, count(*) FROM audit GROUP BY 1"
OPEN = """SELECT (SELECT count(*) FROM outbox WHERE relayed_at IS NULL)
    + (SELECT count(*) FROM inbox WHERE state = 'pending')"""


@dataclass
class Result:
    acknowledged: int = 0
    events: int = 0
    # Acknowledged writes that are not there, as (when they were acknowledged, person, text).
    lost: list = field(default_factory=list)
    # Events that were not delivered, delivered twice, or without a change.
    misdelivered: list = field(default_factory=list)


class Tables:
    """What the database holds."""

    def __init__(self, processes, port, database):
        def rows(sql):
            return query(processes, port, sql, database)

        self.users = {row[0]: (row[1], row[2], int(row[3])) for row in rows(USERS)}
        self.sessions = {row[0]: (int(row[1]), row[2] == "t") for row in rows(SESSIONS)}
        self.events = rows(EVENTS)
        self.inbox = defaultdict(list)
        for event, state, count in rows(INBOX):
            self.inbox[event].append((state, int(count)))
        self.audit = {row[0]: int(row[1]) for row in rows(AUDIT)}
        self.of_user, self.of_session = Counter(), Counter()
        self.names = {}
        for _, kind, subject, version, session, name in self.events:
            if session:
                self.of_session[kind, session] += 1
            else:
                self.of_user[kind, subject, version] += 1
                self.names[subject, version] = name
        self.deleted = {subject for kind, subject, _ in self.of_user if kind == "svc.user.deleted.v1"}


def wait_for_delivery(processes, port, database):
    """Waits until no event is on its way."""
    def is_idle():
        rows = query(processes, port, OPEN, database, check=False)
        return rows and rows[0][0] == "0"

    try:
        until(is_idle, "every event is delivered", DELIVERY, pause=0.2)
    except Failed as why:
        return str(why)
    return None


def compare(ledger, processes, port, database):
    result = Result()
    late = wait_for_delivery(processes, port, database)
    if late:
        result.misdelivered.append(late)
    tables = Tables(processes, port, database)
    result.acknowledged, result.events = len(ledger.writes), len(tables.events)
    for person in ledger.people:
        compare_person(person, tables, result)
    compare_events(ledger, tables, result)
    return result


def compare_person(person, tables, result):
    known = set()

    def lost(at, text):
        # A write counts once, also where a row and an event of it are gone.
        if at not in known:
            known.add(at)
            result.lost.append((at, person, f"{person.email}: {text}"))

    user = tables.users.get(person.id)
    if user is None and not person.deleting:
        if person.registered_at:
            lost(person.registered_at, "the registration")
    if user is not None and person.deleted_at:
        lost(person.deleted_at, "the deletion")
    if person.deleted_at and person.id not in tables.deleted:
        lost(person.deleted_at, "the event of the deletion")
    for rename in person.renames:
        kind = "svc.user.registered.v1" if rename.version == 1 else "svc.user.updated.v1"
        if rename.version == 1 and not person.registered_at:
            continue
        key = (person.id, str(rename.version))
        # Its event tells the name, also when later changes have replaced it.
        if not tables.of_user[(kind, *key)] or tables.names[key] != rename.name:
            lost(rename.at, f"version {rename.version}, the name {rename.name!r}")
        elif user and (user[2] < rename.version or (user[2] == rename.version and user[1] != rename.name)):
            lost(rename.at, f"version {rename.version}: the user has {user[2]}, {user[1]!r}")
    if user and user[1] not in person.names():
        lost(person.newest().at, f"the name is {user[1]!r}, which no client set")
    for session in person.sessions:
        compare_session(person, session, user, tables, lost)


def compare_session(person, session, user, tables, lost):
    if not tables.of_session["svc.session.started.v1", session.id]:
        lost(session.at, f"the event of the session {session.id}")
    if session.ended_at and not tables.of_session["svc.session.revoked.v1", session.id]:
        lost(session.ended_at, f"the event that the session {session.id} ended")
    if user is None:
        return
    if session.id not in tables.sessions:
        lost(session.at, f"the session {session.id}")
        for at in session.rotations:
            lost(at, f"a refresh of the session {session.id}")
        return
    generation, revoked = tables.sessions[session.id]
    for at in session.rotations[generation:]:
        lost(at, f"a refresh of the session {session.id}")
    if session.ended_at and not revoked:
        lost(session.ended_at, f"the end of the session {session.id}")
    if revoked and not session.ending and not person.deleting:
        lost(session.at, f"the session {session.id}, which no client ended,")


def compare_events(ledger, tables, result):
    """Every event is handled once, and there is one for each change of each user and no other."""
    def bad(text):
        result.misdelivered.append(text)

    for event, kind, subject, *_ in tables.events:
        if tables.inbox[event] != [("done", 1)]:
            bad(f"{kind} {event} of {subject}: inbox {tables.inbox[event]}")
        if tables.audit.get(event) != 1:
            bad(f"{kind} {event} of {subject}: {tables.audit.get(event, 0)} times in the audit trail")
    known = {row[0] for row in tables.events}
    for event in tables.audit.keys() - known:
        bad(f"the audit trail has {event}, which never happened")
    for (kind, subject, version), count in tables.of_user.items():
        if count > 1:
            bad(f"{count} events {kind} of version {version} of {subject}")
    for (kind, session), count in tables.of_session.items():
        if count > 1:
            bad(f"{count} events {kind} of the session {session}")
    for user, (email, _, version) in tables.users.items():
        for number in range(1, version + 1):
            kind = "svc.user.registered.v1" if number == 1 else "svc.user.updated.v1"
            if not tables.of_user[kind, user, str(number)]:
                bad(f"{email} has version {version}, and there is no event of version {number}")
    for kind, subject, _ in tables.of_user:
        if subject not in tables.users and subject not in tables.deleted:
            bad(f"{kind} of {subject}, who is not there")


def read_everything(load, targets):
    """Reads each user once more from each replica, after the bound, when all of them have to show the newest."""
    ledger = load.ledger
    if ledger.writes:
        time.sleep(max(0.0, ledger.writes[-1] + BOUND - time.monotonic()))
    client = Client(ledger, targets, load.seed)
    for person in list(ledger.people):
        for session in person.sessions[:1] + person.sessions[-1:]:
            for target in targets:
                read(client, person, session, target)
