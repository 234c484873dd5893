"""PostgreSQL, its standbys, and PgBouncer before it."""

import os
import signal
from pathlib import Path

from guard import end_servers, started_in
from processes import Failed, program, until

SEPARATOR = "\x1f"


def programs():
    """The folder of the programs of the newest server."""
    return Path(program("initdb")).parent


def url(port, database="postgres", more=""):
    hosts = ",".join(f"127.0.0.1:{one}" for one in (port if isinstance(port, list) else [port]))
    return f"postgres://postgres@{hosts}/{database}?sslmode=disable{more}"


def query(processes, port, sql, database="postgres", check=True, seconds=60):
    """The rows of a query, as lists of texts."""
    command = ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-F", SEPARATOR, "-h", "127.0.0.1", "-p", port,
               "-U", "postgres", "-d", database, "-c", sql]
    done = processes.run(command, env={"PGCONNECT_TIMEOUT": "5", "PGSSLMODE": "disable"}, check=check,
                         seconds=seconds)
    if done.returncode != 0:
        return None
    return [line.split(SEPARATOR) for line in done.stdout.splitlines()]


class Postgres:
    """A server, which is killed and started again. What it wrote survives a crash of the process."""

    # It does not wait for the disk: everything is thrown away, and no scenario takes the power away.
    OPTIONS = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "fsync": "off",
               "full_page_writes": "off", "wal_level": "replica", "checkpoint_timeout": "1d", "max_wal_size": "4GB"}

    def __init__(self, processes, name, **options):
        self.processes, self.name, self.options = processes, name, options
        self.programs = programs()
        self.port = processes.port()
        self.data = processes.new_folder(f"{name}-{self.port}", private=True) / "data"
        self.child = None

    def init(self):
        self.processes.run(
            [self.programs / "initdb", "-D", self.data, "--username=postgres", "--auth=trust", "--encoding=UTF8",
             "--locale=C", "--no-sync"], unprivileged=True)
        return self.start()

    def follow(self, primary):
        """Becomes a standby, named as this server is."""
        self.processes.run(
            [self.programs / "pg_basebackup", "-D", self.data, "-R", "--no-sync", "--checkpoint=fast", "-d",
             f"host=127.0.0.1 port={primary.port} user=postgres sslmode=disable application_name={self.name}"],
            unprivileged=True)
        return self.start()

    def start(self):
        settings = (self.OPTIONS | {"port": self.port} | self.options).items()
        arguments = [part for name, value in settings for part in ("-c", f"{name}={value}")]
        self.child = self.processes.start(
            self.name, [self.programs / "postgres", "-D", self.data, *arguments], unprivileged=True)
        self.child.end = self.end
        ready = [self.programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", self.port]

        def is_ready():
            if self.child.ended():
                raise Failed(f"{self.name} ends as soon as it is started:\n{self.child.tail()}")
            return self.processes.run(ready, check=False).returncode == 0

        until(is_ready, f"{self.name} is ready")
        return self

    def crash(self):
        """Ends it as kill -9 of all its processes does."""
        kill_in(self.data)
        self.child.kill()

    def end(self):
        end_servers(str(self.data.parent))
        self.child.process.wait()

    def query(self, sql, **more):
        return query(self.processes, self.port, sql, **more)

    def url(self, database="postgres", more=""):
        return url(self.port, database, more)


def kill_in(folder):
    """Kills every process of the PostgreSQL server that has its data in this folder."""
    for _ in range(100):
        pids = [pid for pid, is_postgres in started_in(str(folder.parent)) if is_postgres]
        for pid in pids:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        if not pids:
            return


def pgbouncer(processes, server, mode, sessions):
    """Starts PgBouncer before a server, configured as Debian's package is. Returns its port and process."""
    port = processes.port()
    settings = processes.write(f"pgbouncer-{mode}.ini", f"""[databases]
* = host=127.0.0.1 port={server.port} user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
max_client_conn = 400
pool_mode = {mode}
default_pool_size = {sessions}
""", private=True)
    child = processes.start(f"pgbouncer-{mode}", [program("pgbouncer"), settings], unprivileged=True)
    until(lambda: child.ended() or query(processes, port, "SELECT 1", check=False), "PgBouncer answers")
    if child.ended():
        raise Failed(f"PgBouncer ends as soon as it is started:\n{child.tail()}")
    return port, child
