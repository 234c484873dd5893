"""A client over HTTP that keeps its connections, as an application does."""

import http.client
import json
import random
from dataclasses import dataclass

# Longer than limits.request_timeout.
PATIENCE = 20


@dataclass
class Target:
    """Where requests go: a replica, which has a name, or a proxy before all of them, which has none."""
    port: int
    place: str | None = None


class Answer:
    def __init__(self, status, headers, text, place):
        self.status, self.headers, self.text, self.place = status, headers, text, place

    def json(self):
        return json.loads(self.text)

    @property
    def code(self):
        """What a problem is."""
        try:
            return self.json().get("code", "")
        except ValueError:
            return ""

    @property
    def version(self):
        return int(self.headers.get("etag", '"0"').strip('"'))

    def __str__(self):
        return f"{self.status} {self.code} at {self.place or 'the proxy'}"


class Client:
    """Of one thread. Each request goes to any of the targets. A failure is counted in the ledger."""

    def __init__(self, ledger, targets, seed):
        self.ledger, self.targets = ledger, targets
        self.random = random.Random(seed)
        self.connections = {}

    def ask(self, method, path, body=None, access=None, version=None, target=None):
        """Returns the answer, or None where there was none or the service said that it could not (5xx)."""
        target = target or self.random.choice(self.targets)
        headers = {}
        if body is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(body)
        if access:
            headers["Authorization"] = f"Bearer {access}"
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        connection = self.connections.get(target.port)
        if connection is None:
            connection = http.client.HTTPConnection("127.0.0.1", target.port, timeout=PATIENCE)
            self.connections[target.port] = connection
        try:
            connection.request(method, path, body, headers)
            raw = connection.getresponse()
            text = raw.read()
            answer = Answer(raw.status, raw.headers, text, target.place)
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            self.ledger.request(method, type(error).__name__)
            return None
        if raw.will_close:
            connection.close()
        if answer.status >= 500 or answer.status == 408:
            self.ledger.request(method, f"{answer.status} {answer.code}".strip())
            return None
        self.ledger.request(method)
        return answer
