"""The load: writers that remember each acknowledged write, and readers that hold each answer against it."""

import base64
import json
import threading
import time
import traceback

from client import Client
from ledger import BOUND, Ledger, Person, Rename, Session

PASSWORD = "correct horse battery"
# Between two requests of a writer or a reader, and after a failure, in seconds.
PAUSE = 0.01
AFTER_FAILURE = 0.1


class Load:
    def __init__(self, targets, seed, writers=8, readers=4):
        self.ledger, self.targets, self.seed = Ledger(), targets, seed
        self.stopping = threading.Event()
        self.broken = []
        people = [Writer(self, number) for number in range(writers)]
        self.threads = [threading.Thread(target=self._guarded, args=(one.run,), daemon=True)
                        for one in people + [Reader(self, writers + number) for number in range(readers)]]

    def _guarded(self, run):
        try:
            run()
        except Exception:  # The run is of no worth then.
            self.broken.append(traceback.format_exc())

    def start(self):
        self.ledger.began = time.monotonic()
        for thread in self.threads:
            thread.start()

    def stop(self):
        self.ledger.ended = time.monotonic()
        self.stopping.set()
        for thread in self.threads:
            thread.join(60)
            if thread.is_alive():
                self.broken.append("a client does not end")


def check_read(ledger, person, session, answer, due, was_ending):
    """Holds the answer to `GET /api/v1/users/me` against what was acknowledged before the request."""
    if answer.status == 401:
        if not (session.ending or person.deleting):
            ledger.is_unauthorized(person, f"a read of {person.email}: {answer}")
    elif answer.status != 200:
        ledger.is_wrong(person, f"a read of {person.email}: {answer}")
    else:
        user = answer.json()
        if was_ending:
            ledger.is_wrong(person, f"a token of an ended session reads {user['email']}: {answer}")
        if (user["id"], user["email"]) != (person.id, person.email):
            ledger.is_wrong(person, f"{person.email} reads {user['email']}: {answer}")
        elif answer.version < due:
            ledger.is_wrong(person, f"{person.email} reads version {answer.version} after {due}: {answer}")
        elif user["name"] not in person.names():
            ledger.is_wrong(person, f"{person.email} reads the name {user['name']!r}, which no client set")


def has_ended(session, began, place):
    """Whether a read that began then must be refused."""
    if session.ended_at is None:
        return False
    return began - session.ended_at >= (0 if place and session.ended_place == place else BOUND)


def read(client, person, session, target=None):
    target = target or client.random.choice(client.targets)
    began = time.monotonic()
    due, was_ending = person.due(began, target.place), has_ended(session, began, target.place)
    answer = client.ask("GET", "/api/v1/users/me", access=session.access, target=target)
    if answer:
        check_read(client.ledger, person, session, answer, due, was_ending)
    return answer


class Reader:
    def __init__(self, load, number):
        self.load, self.client = load, Client(load.ledger, load.targets, f"{load.seed} {number}")

    def run(self):
        while not self.load.stopping.is_set():
            people = self.load.ledger.people
            person = self.client.random.choice(people) if people else None
            sessions = person.sessions if person else []
            if not sessions:
                self.load.stopping.wait(PAUSE)
                continue
            answer = read(self.client, person, self.client.random.choice(sessions[-3:]))
            self.load.stopping.wait(PAUSE if answer else AFTER_FAILURE)


class Writer:
    """Does what users do, one request after the other. The users are its own: their changes have an order."""

    def __init__(self, load, number):
        self.load, self.ledger, self.number = load, load.ledger, number
        self.client = Client(load.ledger, load.targets, f"{load.seed} {number}")
        self.people, self.count = [], 0

    def run(self):
        doings = [(self.rename, 40), (self.refresh, 25), (self.log_in_and_out, 15), (self.register, 12),
                  (self.delete, 4), (self.read_own, 4)]
        what, weights = zip(*doings)
        while self.going():
            if not self.people:
                self.register()
            else:
                self.client.random.choices(what, weights)[0]()
            self.load.stopping.wait(PAUSE)

    def going(self):
        return not self.load.stopping.is_set()

    def insist(self, what, *arguments, **more):
        """Asks until there is an answer. Returns it, or None at the end, and whether an attempt before got none."""
        lost = False
        while self.going():
            answer = self.client.ask(what, *arguments, **more)
            if answer:
                return answer, lost
            lost = True
            self.load.stopping.wait(AFTER_FAILURE)
        return None, lost

    def unexpected(self, person, what, answer):
        note = self.ledger.is_unauthorized if answer.status == 401 else self.ledger.is_wrong
        note(person, f"{what} of {person.email}: {answer}")

    def pick(self):
        return self.client.random.choice(self.people)

    def drop(self, person):
        """What became of this user the end of the run will show."""
        if person in self.people:
            self.people.remove(person)

    def register(self):
        self.count += 1
        email = f"w{self.number}-{self.count}@example.com"
        person = Person(email, PASSWORD)
        body = {"email": email, "password": PASSWORD, "name": "first"}
        answer, lost = self.insist("POST", "/api/v1/auth/register", body)
        if not answer:
            return
        if answer.status == 201:
            person.id = answer.json()["id"]
            person.registered_at = self.ledger.wrote()
        elif not (answer.status == 409 and answer.code == "email_taken" and lost):
            return self.unexpected(person, "a registration", answer)
        person.renames = [Rename(1, "first", person.registered_at or time.monotonic(), answer.place)]
        session = self.log_in(person)
        if session:
            person.id = person.id or claims(session.access)["sub"]
            person.sessions = [session]
            self.people.append(person)
        if person.id:
            self.ledger.add(person)

    def log_in(self, person):
        body = {"email": person.email, "password": person.password}
        answer, _ = self.insist("POST", "/api/v1/auth/login", body)
        if not answer:
            return None
        if answer.status != 200:
            return self.unexpected(person, "a log-in", answer)
        pair = answer.json()
        return Session(claims(pair["access_token"])["sid"], pair["access_token"], pair["refresh_token"],
                       self.ledger.wrote())

    def rename(self):
        person = self.pick()
        session, base = person.sessions[0], person.newest().version
        for attempt in range(1000):
            self.count += 1
            name = f"n{self.number}-{self.count}"
            # Before it is asked for: a reader may see it before the answer is here.
            person.perhaps = person.perhaps | {name}
            answer = self.client.ask("PATCH", "/api/v1/users/me", {"name": name}, session.access, base)
            if answer and answer.status == 200:
                at = self.ledger.wrote()
                person.renames = person.renames + [Rename(answer.version, name, at, answer.place)]
                if (answer.json()["name"], answer.json()["id"]) != (name, person.id):
                    self.ledger.is_wrong(person, f"a rename of {person.email} is answered {answer.text}")
                return
            if answer and answer.status == 412 and attempt > 0:
                base = self.other_version(person, session, base)
            elif answer:
                return self.unexpected(person, "a rename", answer)
            if base is None or not self.going():
                return
            self.load.stopping.wait(AFTER_FAILURE)

    def other_version(self, person, session, known):
        """The version after an attempt that got no answer. Another replica may show it up to the bound later."""
        end = time.monotonic() + 2 * BOUND
        while self.going():
            answer = read(self.client, person, session)
            if answer and answer.status == 200 and answer.version != known:
                return answer.version
            if answer and answer.status != 200:
                return None
            if not answer:
                end = time.monotonic() + 2 * BOUND
            elif time.monotonic() > end:
                self.ledger.is_wrong(person, f"{person.email}: 412 for version {known}, which reads show")
                return None
            self.load.stopping.wait(AFTER_FAILURE)
        return None

    def refresh(self):
        person = self.pick()
        session = person.sessions[0]
        answer, _ = self.insist("POST", "/api/v1/auth/refresh", {"refresh_token": session.refresh})
        if not answer:
            return
        if answer.status != 200:
            self.unexpected(person, "a refresh", answer)
            return self.drop(person)
        pair = answer.json()
        session.access, session.refresh = pair["access_token"], pair["refresh_token"]
        session.rotations.append(self.ledger.wrote())
        if claims(session.access)["sid"] != session.id:
            self.ledger.is_wrong(person, f"a refresh of {person.email} gives another session")

    def log_in_and_out(self):
        person = self.pick()
        session = self.log_in(person)
        if not session:
            return
        person.sessions = person.sessions + [session]
        if self.client.random.random() < 0.5:
            read(self.client, person, session)
        session.ending = True
        answer, _ = self.insist("POST", "/api/v1/auth/logout", {"refresh_token": session.refresh})
        if answer and answer.status == 204:
            session.ended_at, session.ended_place = self.ledger.wrote(), answer.place
        elif answer:
            self.unexpected(person, "a log-out", answer)

    def delete(self):
        if len(self.people) < 3:
            return
        person = self.pick()
        person.deleting = True
        answer, lost = self.insist("DELETE", "/api/v1/users/me", {"password": PASSWORD}, person.sessions[0].access)
        self.drop(person)
        if answer and answer.status == 204:
            person.deleted_at = self.ledger.wrote()
            for session in person.sessions:
                session.ended_at, session.ended_place = session.ended_at or person.deleted_at, answer.place
        elif answer and not (answer.status == 401 and lost):
            self.unexpected(person, "a deletion", answer)

    def read_own(self):
        person = self.pick()
        read(self.client, person, person.sessions[0])


def claims(token):
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
