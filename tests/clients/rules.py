"""Checks the OpenAPI document by the rules of Redocly, of Spectral and of the OWASP API Security Top 10."""

import os
import pathlib
import subprocess

import generate
import lab

HERE = pathlib.Path(__file__).parent
# A rule wants https.
SETTINGS = {"SVC_SERVER__PUBLIC_URL": "https://auth.example.net"}


def findings(folder: pathlib.Path, node: str) -> list[str]:
    """Returns what each program prints about the document, if it finds anything."""
    environment = {**os.environ, **SETTINGS}
    # It names the program here, and the service knows no such setting.
    environment.pop("SVC_BINARY", None)
    document = subprocess.check_output([lab.binary(), "openapi"], cwd=folder, env=environment)
    (folder / "rules.json").write_bytes(document)
    # The ruleset of OWASP is looked for beside the file that names it.
    (folder / "spectral.yaml").write_bytes((HERE / "spectral.yaml").read_bytes())
    programs = {
        "redocly": ["lint", "--config", str(HERE / "redocly.yaml"), "rules.json"],
        "spectral": ["lint", "--ruleset", "spectral.yaml", "--fail-severity", "warn", "rules.json"],
    }
    found = []
    for name, arguments in programs.items():
        quiet = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
        code, output = generate.run(folder, generate.binary_of_node(node, name), *arguments, **quiet)
        print(f"{name}: {'findings' if code else '0 findings'}")
        if code:
            found.append(f"{name}:\n{output}")
    return found
