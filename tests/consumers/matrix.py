"""Which libraries verify the tokens of the service, with which algorithm: prints a table.

Each program in matrix/ reads {issuer, audience, algorithm, jwks_uri, tokens: {name: token}} and writes
{language, libraries: {name: {version, by_hand, accepted: [name of a token], errors}}}. `by_hand` names the checks
that the library leaves to its caller; the program makes them, as a service has to.
"""

import contextlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import lab
from verify import GO_MOD

HERE = pathlib.Path(__file__).with_name("matrix")


def programs(node: str, stack: contextlib.ExitStack) -> tuple[dict[str, list[str]], dict[str, str]]:
    """The commands that can run here, by language, and why the others cannot."""
    commands, missing = {"Python": [sys.executable, str(HERE / "verify.py")]}, {}
    if not lab.has_node(node):
        missing["Node.js"] = "Node.js with npm is not installed"
    else:
        commands["Node.js"] = ["node", str(HERE / "verify.mjs"), str(pathlib.Path(node).resolve())]
    for language, command, test in [
        ("Ruby", "ruby", ["-e", 'require "jwt"; require "json/jwt"']),
        ("Perl", "perl", ["-MCrypt::JWT", "-e", "1"]),
    ]:
        if lab.missing(command) or subprocess.run([command, *test], capture_output=True).returncode:
            missing[language] = f"{command} or its libraries are not installed"
        else:
            commands[language] = [command, str(HERE / f"verify.{'rb' if command == 'ruby' else 'pl'}")]
    if lab.missing("go"):
        missing["Go"] = "go is not installed"
    else:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="matrix-"))
        shutil.copy(HERE / "verify.go", folder)
        shutil.copy(GO_MOD, folder)
        for arguments in (["mod", "tidy"], ["build", "-o", "verify", "verify.go"]):
            made = subprocess.run(["go", *arguments], cwd=folder, capture_output=True, text=True)
            if made.returncode:
                missing["Go"] = "the Go modules cannot be fetched"
                break
        else:
            commands["Go"] = [str(pathlib.Path(folder, "verify"))]
    return commands, missing


def judge(result: dict, made: lab.Lab) -> tuple[str, list[str]]:
    """What the table says, and the tokens that were accepted and should not be."""
    accepted = set(result["accepted"])
    wrong = sorted(accepted - set(made.accepted))
    if wrong:
        return "**unsafe**", wrong
    if not accepted:
        return "no", []
    return ("yes", []) if accepted == set(made.accepted) else ("partly", [])


def main(node: str) -> int:
    rows: dict[tuple[str, str], dict] = {}
    unsafe = []
    with contextlib.ExitStack() as stack:
        commands, missing = programs(node, stack)
        for algorithm in lab.ALGORITHMS:
            made = lab.Lab(stack, algorithm)
            given = {
                "issuer": made.issuer,
                "audience": made.issuer,
                "algorithm": algorithm,
                "jwks_uri": made.issuer + "/.well-known/jwks.json",
                "tokens": {**made.accepted, **made.refused},
            }
            for language, command in commands.items():
                ran = subprocess.run(command, input=json.dumps(given), stdout=subprocess.PIPE, text=True, check=True)
                for name, result in json.loads(ran.stdout)["libraries"].items():
                    row = rows.setdefault((language, name), {"by_hand": result["by_hand"], "version": result["version"]})
                    row[algorithm], wrong = judge(result, made)
                    unsafe += [f"{name} accepts {token} ({algorithm})" for token in wrong]
                    if os.environ.get("VERBOSE"):
                        print(name, algorithm, json.dumps(result["errors"], indent=1), file=sys.stderr)
    print("| library | version | " + " | ".join(lab.ALGORITHMS) + " | to check by hand |")
    print("|---|---|" + "---|" * len(lab.ALGORITHMS) + "---|")
    for (language, name), row in rows.items():
        cells = [f"{name} ({language})", row["version"], *(row[algorithm] for algorithm in lab.ALGORITHMS)]
        print("| " + " | ".join([*cells, ", ".join(row["by_hand"]) or "nothing"]) + " |")
    for language, reason in missing.items():
        print(f"NOT CHECKED: the libraries of {language}: {reason}", file=sys.stderr)
    # ES256 is the default: every library has to take it.
    failed = [name for (_, name), row in rows.items() if row["ES256"] != "yes"]
    for line in [*unsafe, *(f"{name} does not verify ES256" for name in failed)]:
        print(line, file=sys.stderr)
    return 1 if unsafe or failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
