"""The service under attack, its memory limit, and its measurements."""

import ctypes
import json
import multiprocessing
import os
import resource
import shutil
import socket
import statistics
import subprocess
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

MIB = 2**20
PROCESSES = multiprocessing.get_context("fork")
# A client that does not attack, and whose address no attacker has.
OTHER = "127.0.1.1"
PAIRS_OF_READS_A_SECOND = 200
PASSWORD = "correct horse battery"
DIES_WITH_PARENT = 1  # PR_SET_PDEATHSIG


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


class Service:
    """A release build in an empty folder, with 256 MiB in addition to its hashes."""

    def __init__(self, binary):
        self.folder = tempfile.mkdtemp(prefix="svc-attacks-")
        self.port, metrics = free_port(), free_port()
        self.metrics = f"http://127.0.0.1:{metrics}/metrics"
        workers = len(os.sched_getaffinity(0))
        self.limit = (256 + 19 * workers) * MIB
        # Like a container's limit (docs/reference.md): 32 MiB, the hashes and the caches come on top.
        self.clients = 256 * MIB - 32 * MIB - 2 * 20_000 * 1024 - 20_000 * 250
        environment = {
            "PATH": os.environ["PATH"],
            "SVC_SERVER__LISTEN": f"127.0.0.1:{self.port}",
            "SVC_SERVER__METRICS_LISTEN": f"127.0.0.1:{metrics}",
            "SVC_LIMITS__MEMORY": f"{self.clients // MIB}MiB",
        }
        environment |= {name: value for name, value in os.environ.items() if name.startswith(("SVC_", "MIMALLOC_"))}
        self.group = memory_group(self.limit)
        self.process = subprocess.Popen(
            [binary, "serve", "--quiet"],
            cwd=self.folder,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=open(Path(self.folder, "log"), "w"),
            preexec_fn=self.begin,
        )
        self.wait_until_ready()

    def begin(self):
        ctypes.CDLL(None).prctl(DIES_WITH_PARENT, 15)
        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        if self.group:
            self.group.enter()

    def wait_until_ready(self):
        for _ in range(600):
            try:
                return urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health/ready", timeout=5)
            except OSError:
                time.sleep(0.1)
        raise SystemExit(f"the service is not ready: {self.folder}/log")

    def post(self, path, body):
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/v1/auth/{path}",
            json.dumps(body).encode(),
            {"content-type": "application/json"},
        )
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def log_in(self):
        account = {"email": "eva@example.com", "password": PASSWORD}
        self.post("register", account)
        return self.post("login", account)["access_token"]

    def memory(self, name="VmRSS"):
        """Returns the memory in MiB. The peak is that since its last reset."""
        with open(f"/proc/{self.process.pid}/status") as status:
            sizes = dict(line.split(":", 1) for line in status)
        return int(sizes[name].split()[0]) / 1024

    def forget_peak(self):
        Path(f"/proc/{self.process.pid}/clear_refs").write_text("5")

    def cpu(self):
        """Returns the CPU time of the process, in seconds."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")")[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def refused(self):
        """Returns how many requests and connections were refused so far."""
        with urllib.request.urlopen(self.metrics, timeout=60) as page:
            lines = page.read().decode().splitlines()
        return sum(float(line.split()[-1]) for line in lines if line.startswith("svc_http_refused_total{"))

    def stop(self):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.folder)
        if self.group:
            self.group.remove()


class MemoryGroup:
    """A control group with a memory limit. The kernel ends the process when it needs more."""

    def __init__(self, folder, files, limit):
        self.folder, self.peak_file = folder, files["peak"]
        folder.mkdir()
        (folder / files["limit"]).write_text(str(limit))
        if (folder / files["swap"]).exists():
            # Version 1 counts memory and swap together.
            (folder / files["swap"]).write_text("0" if files is VERSION_2 else str(limit))

    def enter(self):
        (self.folder / "cgroup.procs").write_text(str(os.getpid()))

    def peak(self):
        """Returns the most that was counted, in MiB: the process, its files in the page cache, and what the kernel
        holds for it."""
        return int((self.folder / self.peak_file).read_text()) / MIB

    def remove(self):
        self.folder.rmdir()


VERSION_1 = {"limit": "memory.limit_in_bytes", "swap": "memory.memsw.limit_in_bytes", "peak": "memory.max_usage_in_bytes"}
VERSION_2 = {"limit": "memory.max", "swap": "memory.swap.max", "peak": "memory.peak"}


def memory_group(limit):
    """Creates a control group of version 2, or else 1, with this limit, if this user may create one."""
    name = f"svc-attacks-{os.getpid()}"
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        _, controllers, own = line.split(":", 2)
        try:
            if controllers == "":
                above = Path("/sys/fs/cgroup" + own)
                if "memory" in (above / "cgroup.subtree_control").read_text().split():
                    return MemoryGroup(above / name, VERSION_2, limit)
            elif "memory" in controllers.split(","):
                return MemoryGroup(Path("/sys/fs/cgroup/memory" + own, name), VERSION_1, limit)
        except OSError:
            pass
    return None


class Static:
    """A server with a fixed answer, as long as a user: it shows the effect of the machine alone."""

    BODY = b"x" * 300
    ANSWER = b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 300\r\n\r\n" + BODY

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        PROCESSES.Process(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            connection, _ = self.listener.accept()
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self.answer, args=(connection,), daemon=True).start()

    def answer(self, connection):
        while connection.recv(65_536):
            connection.sendall(self.ANSWER)


class Observer:
    """Another client with keep-alive connections: it reads `/users/me` and the static answer in turn."""

    def __init__(self, service, static, token):
        self.ends = [
            (service.port, f"GET /api/v1/users/me HTTP/1.1\r\nhost: svc.test\r\nauthorization: Bearer {token}\r\n\r\n"),
            (static.port, "GET / HTTP/1.1\r\nhost: svc.test\r\n\r\n"),
        ]
        self.connections = [None, None]
        self.failures = 0

    def connect(self, port):
        connection = socket.create_connection(("127.0.0.1", port), 5, source_address=(OTHER, 0))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def ask(self, index):
        """Returns how long an answer takes, in milliseconds."""
        port, request = self.ends[index]
        began = time.monotonic()
        try:
            self.connections[index] = self.connections[index] or self.connect(port)
            self.connections[index].sendall(request.encode())
            if not self.connections[index].recv(65_536).startswith(b"HTTP/1.1 200"):
                raise OSError
        except OSError:
            self.failures += 1
            if self.connections[index]:
                self.connections[index].close()
            self.connections[index] = None
        return (time.monotonic() - began) * 1000

    def watch(self, seconds):
        """Returns the p99 of both, in milliseconds."""
        self.failures = 0
        until, times = time.monotonic() + seconds, ([], [])
        while time.monotonic() < until:
            for index in (0, 1):
                times[index].append(self.ask(index))
            time.sleep(1 / PAIRS_OF_READS_A_SECOND)
        return [statistics.quantiles(each, n=100, method="inclusive")[98] if len(each) > 1 else each[0] for each in times]


class Attack:
    """Attackers, each a process with a lower priority than the service and the other client, because real
    attackers use other machines."""

    def __init__(self, parts, target):
        self.ready = [PROCESSES.Event() for _ in parts]
        self.processes = [
            PROCESSES.Process(target=self.run, args=(part, target, ready), daemon=True)
            for part, ready in zip(parts, self.ready)
        ]
        for process in self.processes:
            process.start()
        for ready in self.ready:
            ready.wait(60)

    @staticmethod
    def run(part, target, ready):
        os.nice(10)
        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        for _ in part(target):
            ready.set()
        ready.set()

    def end(self):
        for process in self.processes:
            process.kill()
        for process in self.processes:
            process.join()
