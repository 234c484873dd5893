"""Ends what a run started, and removes its folder, when the run ends in any way, `kill -9` included.

Started by `processes.py` with the folder as its argument. Its standard input ends with the run.
"""

import os
import shutil
import signal
import sys
import time

MARK = "CLUSTER_TEST_FOLDER"


def started_in(folder):
    """The processes of the run as (pid, is it PostgreSQL), by the variable that each of them inherited.

    PostgreSQL writes over its environment, and is known by the folder that it works in.
    """
    mark = f"{MARK}={folder}".encode()
    for name in filter(str.isdigit, os.listdir("/proc")):
        pid = int(name)
        if pid == os.getpid():
            continue
        try:
            if os.path.basename(os.readlink(f"/proc/{pid}/exe")) == "postgres":
                if os.readlink(f"/proc/{pid}/cwd").startswith(folder + "/"):
                    yield pid, True
                continue
            with open(f"/proc/{pid}/environ", "rb") as environment:
                if mark in environment.read().split(b"\0"):
                    yield pid, False
        except OSError:
            continue  # It has ended, or belongs to another user.


def send(pid, number):
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


def end_all(folder):
    # First the others: Patroni would start PostgreSQL again.
    for _ in range(100):
        others = [pid for pid, is_postgres in started_in(folder) if not is_postgres]
        for pid in others:
            send(pid, signal.SIGKILL)
        if not others:
            break
        time.sleep(0.02)
    end_servers(folder)


def end_servers(folder):
    """Ends PostgreSQL at once, by SIGQUIT: it removes its shared memory, which it leaves after SIGKILL."""
    for attempt in range(250):
        servers = [pid for pid, is_postgres in started_in(folder) if is_postgres]
        for pid in servers:
            send(pid, signal.SIGKILL if attempt > 200 else signal.SIGCONT)
            send(pid, signal.SIGQUIT)
        if not servers:
            break
        time.sleep(0.02)


def main():
    folder = sys.argv[1]
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    sys.stdin.buffer.read()
    end_all(folder)
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
