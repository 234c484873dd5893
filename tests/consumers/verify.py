"""Runs the examples of docs/verify-tokens.md against the service, with tokens to accept and to refuse."""

import contextlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import lab
from document import files

PAGE = "verify-tokens.md"
GO_MOD = pathlib.Path(__file__).with_name("go.mod")


class Missing(Exception):
    """An example cannot run here, for this reason."""


class Example:
    """A server from the page, and how to start it."""

    def __init__(self, name, sources, command, algorithms=lab.ALGORITHMS, needs=(), prepare=None, folder=None):
        self.name, self.sources, self.command = name, sources, command
        self.algorithms, self.needs, self.prepare = algorithms, needs, prepare
        # Node.js looks for packages in the folders above the file.
        self.folder = folder
        # HAProxy and Go have the keys before they listen, the others load them with the first token.
        self.loads_late = prepare is None

    def start(self, stack: contextlib.ExitStack, algorithm: str, issuer: str) -> tuple[str, subprocess.Popen]:
        if program := lab.missing(*self.needs):
            raise Missing(f"{program} is not installed")
        if self.folder and not lab.has_node(self.folder):
            raise Missing("npm is not installed")
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="example-", dir=self.folder))
        texts = files(PAGE)
        for source in self.sources:
            text = texts[source]
            assert source != self.sources[0] or "ES256" in text, f"{source} names no algorithm"
            pathlib.Path(folder, source).write_text(text.replace("ES256", algorithm))
        port = str(lab.free_port())
        environment = {**os.environ, "ISSUER": issuer, "AUDIENCE": issuer, "PORT": port}
        if self.prepare:
            self.prepare(folder, environment)
        command = [word.replace("$PORT", port) for word in self.command]
        log = stack.enter_context(tempfile.TemporaryFile("w+"))
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=subprocess.STDOUT)
        stack.callback(lab.stop, process)
        url = f"http://127.0.0.1:{port}/me"
        try:
            lab.until(f"{self.name} listens", lambda: lab.get(url)[0], process)
        except AssertionError:
            log.seek(0)
            raise AssertionError(f"{self.name} did not start:\n{log.read()}") from None
        return url, process


def fetch_keys(folder: str, environment: dict) -> None:
    subprocess.run([sys.executable, "fetch_keys.py"], cwd=folder, env=environment, check=True)


def fetch_modules(folder: str, environment: dict) -> None:
    shutil.copy(GO_MOD, folder)
    tidy = subprocess.run(["go", "mod", "tidy"], cwd=folder, env=environment, capture_output=True, text=True)
    if tidy.returncode:
        raise Missing("the Go modules cannot be fetched: " + tidy.stderr.strip().splitlines()[-1])
    subprocess.run(["go", "build", "-o", "server", "main.go"], cwd=folder, env=environment, check=True)


def examples(node: str) -> list[Example]:
    uvicorn = [sys.executable, "-m", "uvicorn", "--port", "$PORT", "fastapi_app:app"]
    return [
        Example("FastAPI", ["fastapi_app.py"], uvicorn),
        Example("Express", ["express_app.mjs"], ["node", "express_app.mjs"], needs=["node"], folder=node),
        Example("Fastify", ["fastify_app.mjs"], ["node", "fastify_app.mjs"], needs=["node"], folder=node),
        Example("Go", ["main.go"], ["./server"], needs=["go"], prepare=fetch_modules),
        Example(
            "HAProxy", ["haproxy.cfg", "fetch_keys.py"], ["haproxy", "-f", "haproxy.cfg"],
            ["ES256", "RS256"], ["haproxy"], fetch_keys,
        ),
    ]  # fmt: skip


def check(example: Example, algorithm: str, made: lab.Lab) -> None:
    with contextlib.ExitStack() as stack:
        url, _ = example.start(stack, algorithm, made.issuer)
        wrong = []
        for name, token in made.accepted.items():
            status, body = lab.get(url, {"authorization": f"Bearer {token}"})
            if status != 200 or json.loads(body)["sub"] != made.subject:
                wrong.append(f"{name}: {status} {body[:200]}")
        for name, token in made.refused.items():
            headers = {"authorization": f"Bearer {token}"} if token else {}
            status, body = lab.get(url, headers)
            if status != 401:
                wrong.append(f"{name}: {status} {body[:200]} is not 401")
        if example.loads_late:
            wrong += without_keys(stack, example, algorithm, made)
        assert not wrong, f"{example.name} with {algorithm}:\n  " + "\n  ".join(wrong)


def without_keys(stack: contextlib.ExitStack, example: Example, algorithm: str, made: lab.Lab) -> list[str]:
    """While the key set cannot be loaded, a token is not invalid; afterwards it is accepted."""
    made.keys.is_away = True
    try:
        url, _ = example.start(stack, algorithm, made.issuer)
        away, _ = lab.get(url, {"authorization": f"Bearer {made.good}"})
    finally:
        made.keys.is_away = False
    back, _ = lab.get(url, {"authorization": f"Bearer {made.good}"})
    return [] if (away, back) == (503, 200) else [f"without the key set {away}, with it again {back}"]


def main(node: str) -> int:
    skipped = {}
    checked = 0
    for algorithm in lab.ALGORITHMS:
        with contextlib.ExitStack() as stack:
            made = lab.Lab(stack, algorithm)
            for example in examples(node):
                if algorithm not in example.algorithms or example.name in skipped:
                    continue
                try:
                    check(example, algorithm, made)
                except Missing as reason:
                    skipped[example.name] = reason
                    continue
                checked += 1
                print(f"{example.name} with {algorithm}: {len(made.accepted)} accepted, {len(made.refused)} refused")
    for name, reason in skipped.items():
        print(f"NOT CHECKED: the example for {name} in docs/{PAGE}: {reason}", file=sys.stderr)
    return 0 if checked else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
