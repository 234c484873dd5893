"""Runs schemathesis against the service on both databases."""

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


def fuzz(backend: str, examples: str, **settings: str) -> bool:
    with contextlib.ExitStack() as stack:
        if settings:
            environment = {**os.environ, **settings}
            # It names the program here, and the service knows no such setting.
            environment.pop("SVC_BINARY", None)
            # The service stores its secret key in the folder where it runs.
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            streams = {"cwd": folder, "stdout": subprocess.DEVNULL}
            subprocess.run([lab.binary(), "migrate"], env=environment, check=True, **streams)
        # The limits would refuse most of the requests.
        service = lab.Service(stack, SVC_LIMITS__ENABLED="false", **settings)
        create = [lab.binary(), "create-user", "--email", "admin@example.com", "--role", "admin", "--password-stdin"]
        streams = {"input": PASSWORD.encode(), "stdout": subprocess.DEVNULL}
        subprocess.run(create, cwd=service.folder, env=service.environment, check=True, **streams)
        token = service.run("issue-token", "--user", "admin@example.com")["access_token"]
        command = [
            sys.executable, "-m", "schemathesis.cli", "--config-file", str(HERE / "fuzz.toml"), "run",
            service.url + "/openapi.json", "--header", f"Authorization: Bearer {token}",
            "--max-examples", examples,
            # These end the session or the user that all requests need.
            "--exclude-operation-id-regex", f"^({'|'.join(ENDING)})$",
            "--continue-on-failure", "--no-color",
        ]  # fmt: skip
        variables = {"SCHEMATHESIS_HOOKS": "fuzz_hooks", "FUZZ_PASSWORD": PASSWORD, **os.environ}
        variables["PYTHONPATH"] = os.pathsep.join([str(HERE), os.environ["PYTHONPATH"]])
        print(f"== {backend}", flush=True)
        ran = subprocess.run(command, cwd=service.folder, env=variables, stdin=subprocess.DEVNULL)
        return ran.returncode == 0


if __name__ == "__main__":
    ok = fuzz("SQLite", sys.argv[1])
    with database() as url:
        ok = fuzz("PostgreSQL", sys.argv[1], SVC_DATABASE__URL=url) and ok
    sys.exit(0 if ok else 1)
