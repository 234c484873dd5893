"""Generates clients, and uses them: no generator and no rule may have a finding about the document."""

import contextlib
import json
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "consumers"))

import generate  # noqa: E402
import lab  # noqa: E402
import rules  # noqa: E402
import samples  # noqa: E402


def use(service: lab.Service, folder: pathlib.Path, node: str, has_node: bool, has_java: bool) -> list[str]:
    """Runs the clients. Returns what their models refuse although the service answers it."""
    if has_java:
        path = str(folder / "openapi_generator")
        script = f"import sys; sys.path.insert(0, {path!r}); sys.argv = sys.argv[1:]; import runpy; runpy.run_path(sys.argv[0])"
        generate.must(folder, sys.executable, "-c", script, str(HERE / "use_python.py"), service.url)
        print("used: openapi-generator (Python)")
    if has_node:
        for name in ("use_hey", "use_fetch"):
            options = ["--bundle", "--platform=node", "--format=esm", f"--outfile={name}.mjs", "--log-level=warning"]
            generate.must(folder, generate.binary_of_node(node, "esbuild"), f"{name}.ts", *options)
            generate.must(folder, "node", f"{name}.mjs", service.url)
            print(f"used: {name}")
    # The models of datamodel-code-generator have to take what the service answers.
    account = {"email": "models@example.com", "password": "correct horse battery"}
    user = lab.post(service.url + "/api/v1/auth/register", account)
    script = "import json, models, sys; models.User.model_validate(json.loads(sys.argv[1]))"
    code, output = generate.run(folder, sys.executable, "-c", script, json.dumps(user))
    return [f"datamodel-code-generator: a user without a name is refused ({last(output)})"] if code else []


def last(output: str) -> str:
    lines = [line.strip() for line in output.splitlines() if "type=" in line]
    return lines[0].split(" [")[0] if lines else output.strip().splitlines()[-1]


def main(node: str) -> int:
    has_node = lab.has_node(node)
    skipped = set() if has_node else {"openapi-typescript", "hey-api", "tsc", "redocly", "spectral"}
    found: set[str] = set()
    with contextlib.ExitStack() as stack:
        # Below the packages, where Node.js looks for them.
        made = stack.enter_context(tempfile.TemporaryDirectory(prefix="clients-", dir=node if has_node else None))
        folder = pathlib.Path(made)
        document = subprocess.check_output([lab.binary(), "openapi"], cwd=folder)
        (folder / "openapi.json").write_bytes(document)
        for name, generator in generate.generators(has_node).items():
            findings = generator(folder, node)
            if findings is None:
                skipped.add(name)
                continue
            found |= {f"{name}: {finding}" for finding in findings}
            print(f"{name}: {len(findings)} findings")
        if has_node:
            found |= set(rules.findings(folder, node))
        service = lab.Service(stack)
        found |= set(use(service, folder, node, has_node, "openapi-generator" not in skipped))
        samples.check(folder, has_node)
    for name in sorted(skipped):
        print(f"NOT CHECKED: {name}: its runtime is not installed", file=sys.stderr)
    for line in sorted(found):
        print(f"finding: {line}", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
