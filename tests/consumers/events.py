"""Runs the examples of docs/read-events.md, and read_events.py, on the events of a real service."""

import contextlib
import os
import pathlib
import re
import secrets
import subprocess
import sys
import tempfile
import urllib.parse

import lab
from document import ROOT, files

PAGE = "read-events.md"
URL = os.environ.get("SVC_TEST_AMQP_URL", "amqp://guest:guest@127.0.0.1:5672")
CONTROL = os.environ.get("SVC_TEST_RABBITMQCTL", "rabbitmqctl")


def control(*arguments: str) -> None:
    subprocess.run([CONTROL, "--quiet", *arguments], check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


def virtual_host(stack: contextlib.ExitStack, name: str) -> tuple[str, str]:
    """Makes a virtual host for one example. Returns its URL for the service, and for a user of the example."""
    control("add_vhost", name)
    stack.callback(control, "delete_vhost", name)
    url = urllib.parse.urlsplit(URL)
    control("set_permissions", "--vhost", name, urllib.parse.unquote(url.username or "guest"), ".*", ".*", ".*")
    # A user with the rights of the page, and no others.
    password = secrets.token_hex(16)
    control("add_user", name, password)
    stack.callback(control, "delete_user", name)
    control("set_permissions", "--vhost", name, name, *permissions())
    host = url.netloc.rpartition("@")[2]
    ours, its = url._replace(path="/" + name), url._replace(path="/" + name, netloc=f"{name}:{password}@{host}")
    return ours.geturl(), its.geturl()


def permissions() -> list[str]:
    """The arguments of `rabbitmqctl set_permissions` on the page: what may be configured, written and read."""
    text = (ROOT / "docs" / PAGE).read_text()
    [found] = re.findall(r"rabbitmqctl set_permissions -p svc orders '(.*?)' '(.*?)' '(.*?)'", text)
    return list(found)


class Reader:
    """A consumer, and the lines that it prints."""

    def __init__(self, stack: contextlib.ExitStack, command: list[str], source: str | None, folder: str | None, url: str):
        where = stack.enter_context(tempfile.TemporaryDirectory(prefix="example-", dir=folder))
        if source:
            pathlib.Path(where, source).write_text(files(PAGE)[source])
        self.command, self.where, self.environment = command, where, {**os.environ, "AMQP_URL": url}
        self.log = pathlib.Path(where, "log")
        self.stack = stack
        self.start()

    def start(self) -> None:
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                self.command, cwd=self.where, env=self.environment, stdout=log, stderr=subprocess.STDOUT
            )
        self.stack.callback(lab.stop, self.process)

    def events(self) -> list[tuple[str, str]]:
        """The type and subject of each event that was printed, in order, without those that came again."""
        found = {}
        for line in self.log.read_text().splitlines():
            # A worker of Celery prints `[time: level/process] ` before the line.
            words = line.split("] ")[-1].split()
            if len(words) >= 3 and words[0].startswith("svc."):
                found.setdefault(words[1], (words[0], words[2]))
        return list(found.values())

    def has_queue(self, url: str) -> bool:
        """Whether its queue is bound: what is published from now on is in it."""
        name = urllib.parse.urlsplit(url).path.lstrip("/")
        columns = ["source_name", "destination_name", "routing_key"]
        listed = subprocess.run(
            [CONTROL, "--quiet", "list_bindings", "--vhost", name, *columns], capture_output=True, text=True, check=True
        )
        return any(line.startswith("svc.events") and "svc.inbox" not in line for line in listed.stdout.splitlines())

    def until(self, what: str, happens) -> None:
        try:
            lab.until(what, happens, self.process)
        except AssertionError as error:
            raise AssertionError(f"{error}:\n{self.log.read_text()}") from None


def register(service: lab.Service, name: str) -> str:
    account = {"email": f"{name}@example.com", "password": "correct horse battery"}
    return lab.post(service.url + "/api/v1/auth/register", account)["id"]


def check(name: str, command: list[str], source: str | None, folder: str | None) -> None:
    with contextlib.ExitStack() as stack:
        ours, its = virtual_host(stack, f"svc-consumers-{os.getpid()}-{name.lower()}")
        # read_events.py declares the exchange, as an operator may.
        url = its if source else ours
        service = lab.Service(stack, SVC_QUEUE__URL=ours)
        # The service declares its exchange when it connects.
        lab.until("the queue is up", lambda: '"queue":{"status":"up"' in ready(service) or "degraded" not in ready(service))
        reader = Reader(stack, [*command, *([url] if source is None else [])], source, folder, url)
        reader.until(f"{name} binds its queue", lambda: reader.has_queue(url))
        ada = register(service, "ada")
        wanted = [("svc.user.registered.v1", ada)]
        reader.until(f"{name} reads an event", lambda: wanted[0] in reader.events())
        if source:
            # What happens while the consumer is away waits in its queue.
            lab.stop(reader.process)
            wanted.append(("svc.user.registered.v1", register(service, "grace")))
            reader.start()
            reader.until(f"{name} reads the event that waited", lambda: wanted[1] in reader.events())
        assert reader.events() == wanted, f"{name}: {reader.events()} is not {wanted}"
        print(f"{name}: {len(wanted)} events")


def ready(service: lab.Service) -> str:
    return lab.get(service.url + "/health/ready")[1]


def main(node: str) -> int:
    if lab.missing(CONTROL) or subprocess.run([CONTROL, "--quiet", "list_vhosts"], capture_output=True).returncode:
        print(f"NOT CHECKED: the examples in docs/{PAGE}: {CONTROL} finds no RabbitMQ", file=sys.stderr)
        return 1 if os.environ.get("SVC_TEST_REQUIRE_SERVICES") else 0
    python = [sys.executable, "-m"]
    check("FastStream", [*python, "faststream", "run", "faststream_app:app"], "faststream_app.py", None)
    worker = ["--app", "celery_app", "worker", "--without-mingle", "--loglevel", "warning", "--pool", "solo"]
    check("Celery", [*python, "celery", *worker], "celery_app.py", None)
    check("aio-pika", [sys.executable, "aio_pika_app.py"], "aio_pika_app.py", None)
    if not lab.has_node(node):
        print(f"NOT CHECKED: the example for amqplib in docs/{PAGE}: no Node.js with npm", file=sys.stderr)
    else:
        check("amqplib", ["node", "amqplib_app.mjs"], "amqplib_app.mjs", node)
    strict = pathlib.Path(__file__).with_name("read_events.py")
    check("read_events", [sys.executable, str(strict), "--key", "user.*"], None, None)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
