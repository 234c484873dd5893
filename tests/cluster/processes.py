"""The folder, the ports and the processes of one run. All of them end with the run."""

import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from guard import MARK

# Debian keeps servers in folders of root, the programs of PostgreSQL in a folder per version, and those of
# RabbitMQ behind scripts that change the user.
VERSIONS = sorted(Path("/usr/lib/postgresql").glob("[0-9]*/bin"), key=lambda path: int(path.parent.name), reverse=True)
SEARCH = ":".join([*map(str, VERSIONS), "/usr/lib/rabbitmq/bin", os.environ.get("PATH", ""), "/usr/sbin"])


class Failed(Exception):
    """A scenario cannot go on."""


def program(name):
    return shutil.which(name, path=SEARCH)


def until(condition, what, seconds=60, pause=0.05):
    """Waits until `condition` returns a true value, and returns it. The limit is for what never comes."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise Failed(f"{what}: not within {seconds} s")
        time.sleep(pause)


def is_free(port):
    with socket.socket() as probe:
        # As servers do: what connections leave behind is no obstacle.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


class Child:
    """A process with a log, in a process group of its own."""

    def __init__(self, name, process, log):
        self.name, self.process, self.log = name, process, log
        # Ends it where no scenario wants it to die.
        self.end = self.kill

    def ended(self):
        return self.process.poll() is not None

    def signal(self, number):
        try:
            os.killpg(self.process.pid, number)
        except ProcessLookupError:
            pass

    def kill(self):
        self.signal(signal.SIGKILL)
        self.process.wait()

    def terminate(self, seconds=60):
        """Ends it by SIGTERM and returns its exit code."""
        self.process.terminate()
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise Failed(f"{self.name} does not end within {seconds} s of SIGTERM:\n{self.tail()}") from None

    def tail(self, lines=15):
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


class Processes:
    def __init__(self, keep=False):
        self.folder = Path(tempfile.mkdtemp(prefix="svc-cluster-"))
        self.folder.chmod(0o755)
        self.new_folder("tmp").chmod(0o1777)
        # Servers that refuse to run as root run as this user.
        self.user = pwd.getpwnam("nobody") if os.getuid() == 0 else None
        self._ports = set()
        self._starts = 0
        self._keep = keep
        self._guard = subprocess.Popen(
            [sys.executable, Path(__file__).with_name("guard.py"), str(self.folder)],
            stdin=subprocess.PIPE, start_new_session=True)

    def end(self):
        if self._keep:
            copy = f"{self.folder}-kept"
            shutil.copytree(self.folder, copy, symlinks=True, ignore_dangling_symlinks=True)
            print(f"kept: {copy}", file=sys.stderr)
        self._guard.stdin.close()
        self._guard.wait()

    def port(self):
        """A port of loopback that is free, below those that the kernel gives to outgoing connections."""
        for _ in range(1000):
            port = random.randint(12000, 31000)
            if port in self._ports:
                continue
            if is_free(port):
                self._ports.add(port)
                return port
        raise Failed("no free port")

    def new_folder(self, name, private=False):
        path = self.folder / name
        path.mkdir(parents=True, exist_ok=True)
        if private and self.user:
            os.chown(path, self.user.pw_uid, self.user.pw_gid)
        return path

    def write(self, name, text, private=False):
        path = self.folder / name
        path.write_text(text)
        if private:
            path.chmod(0o600)
            if self.user:
                os.chown(path, self.user.pw_uid, self.user.pw_gid)
        return path

    def _options(self, env, unprivileged):
        options = {"env": self.environment(env), "cwd": self.folder, "stdin": subprocess.DEVNULL}
        if unprivileged and self.user:
            options |= {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []}
        return options

    def environment(self, more=None):
        """Nothing of the caller's settings, and the mark by which `guard.py` finds each process."""
        env = {name: os.environ[name] for name in ("LANG", "LC_ALL", "TZ") if name in os.environ}
        env |= {"PATH": SEARCH, "HOME": str(self.folder), "TMPDIR": str(self.folder / "tmp"), MARK: str(self.folder)}
        return env | (more or {})

    def start(self, name, command, env=None, unprivileged=False):
        self._starts += 1
        log = self.folder / f"{name}.{self._starts}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [str(part) for part in command], stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
                **self._options(env, unprivileged))
        return Child(name, process, log)

    def run(self, command, env=None, unprivileged=False, text=None, check=True, seconds=120):
        """Runs a command to its end, and returns its exit code, output and errors."""
        options = self._options(env, unprivileged)
        options.pop("stdin")
        try:
            done = subprocess.run(
                [str(part) for part in command], input=text or "", capture_output=True, text=True,
                timeout=seconds, **options)
        except subprocess.TimeoutExpired:
            raise Failed(f"{command[0]} does not end within {seconds} s") from None
        if check and done.returncode != 0:
            raise Failed(f"{' '.join(map(str, command))}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
        return done
