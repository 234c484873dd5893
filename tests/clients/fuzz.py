"""Runs schemathesis against the service on both databases."""

import concurrent.futures
import contextlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import urllib.parse
import uuid

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "consumers"))

import lab  # noqa: E402

PASSWORD = "correct horse battery"
ENDING = [
    "change_password", "delete_me", "delete_me_by_post", "log_out_all", "revoke_session", "revoke_user_sessions",
]  # fmt: skip


@contextlib.contextmanager
def database():
    """A new PostgreSQL database, which is dropped in the end."""
    server = os.environ.get("SVC_TEST_POSTGRES_URL", "postgres://postgres@127.0.0.1:5432/postgres")
    name = f"svc_fuzz_{uuid.uuid4().hex[:12]}"
    psql = ["psql", "--quiet", "--no-psqlrc", "--dbname", server, "--command"]
    subprocess.run([*psql, f"CREATE DATABASE {name}"], check=True)
    try:
        yield urllib.parse.urlsplit(server)._replace(path=f"/{name}").geturl()
    finally:
        subprocess.run([*psql, f"DROP DATABASE {name} WITH (FORCE)"], check=True)


# As cheap and as patient as in tests/it: other work may keep both cores busy.
SETTINGS = {
    "SVC_LIMITS__ENABLED": "false",
    "SVC_LIMITS__REQUEST_TIMEOUT": "5m",
    "SVC_DATABASE__ACQUIRE_TIMEOUT": "5m",
    "SVC_DATABASE__STATEMENT_TIMEOUT": "5m",
    "SVC_SECURITY__PASSWORD__MEMORY_KIB": "8",
    "SVC_SECURITY__PASSWORD__ITERATIONS": "1",
    "SVC_SECURITY__PASSWORD__QUEUE_WAIT": "5m",
}


def fuzz(examples: list[str], url: str | None) -> subprocess.CompletedProcess:
    """Runs schemathesis on a new service with this database; without one, with the embedded database."""
    with contextlib.ExitStack() as stack:
        settings = dict(SETTINGS)
        if url:
            settings["SVC_DATABASE__URL"] = url
            environment = {**os.environ, **settings}
            # It names the program here, and the service knows no such setting.
            environment.pop("SVC_BINARY", None)
            # The service stores its secret key in the folder where it runs.
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            streams = {"cwd": folder, "stdout": subprocess.DEVNULL}
            subprocess.run([lab.binary(), "migrate"], env=environment, check=True, **streams)
        service = lab.Service(stack, **settings)
        create = [lab.binary(), "create-user", "--email", "admin@example.com", "--role", "admin", "--password-stdin"]
        streams = {"input": PASSWORD.encode(), "stdout": subprocess.DEVNULL}
        subprocess.run(create, cwd=service.folder, env=service.environment, check=True, **streams)
        token = service.run("issue-token", "--user", "admin@example.com")["access_token"]
        command = [
            # A document for which it needs more would take the machine's memory from everything else.
            "prlimit", f"--as={4 << 30}",
            sys.executable, "-m", "schemathesis.cli", "--config-file", str(HERE / "fuzz.toml"), "run",
            service.url + "/openapi.json", "--header", f"Authorization: Bearer {token}", *examples,
            # These end the session or the user that all requests need.
            "--exclude-operation-id-regex", f"^({'|'.join(ENDING)})$",
            "--continue-on-failure", "--no-color", "--request-timeout", "300", "--suppress-health-check", "all",
        ]  # fmt: skip
        variables = {"SCHEMATHESIS_HOOKS": "fuzz_hooks", "FUZZ_PASSWORD": PASSWORD, **os.environ}
        variables["PYTHONPATH"] = os.pathsep.join([str(HERE), os.environ["PYTHONPATH"]])
        streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        return subprocess.run(command, cwd=service.folder, env=variables, text=True, **streams)


if __name__ == "__main__":
    number = sys.argv[1:]
    # The short form sends the same requests each time, so that it fails only after a change.
    examples = ["--max-examples", *number] if number else ["--max-examples", "3", "--generation-deterministic"]
    with database() as url, concurrent.futures.ThreadPoolExecutor() as pool:
        backends = {"SQLite": None, "PostgreSQL": url}
        running = {name: pool.submit(fuzz, examples, url) for name, url in backends.items()}
        codes = []
        for name, future in running.items():
            ran = future.result()
            print(f"== {name}", ran.stdout, sep="\n", flush=True)
            codes.append(ran.returncode)
    sys.exit(1 if any(codes) else 0)
