"""Generates clients from the OpenAPI document of the binary, and collects the findings of the generators."""

import os
import pathlib
import re
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).parent
# What openapi-generator says of itself: for each document of OpenAPI 3.1, and for each object that may have
# more members in a later version. `additionalProperties: false` would end the second, and make clients refuse
# such members.
OF_ITSELF = ("OpenAPI 3.1 support is still in beta", "Failed to get the schema name: null")


def run(folder: pathlib.Path, *command: str, **variables: str) -> tuple[int, str]:
    """Runs a program: its exit code and everything that it prints, without colours."""
    environment = {**os.environ, "NO_COLOR": "1", **variables}
    ran = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    return ran.returncode, re.sub(r"\x1b\[[0-9;]*m", "", ran.stdout + ran.stderr)


def must(folder: pathlib.Path, *command: str, **variables: str) -> str:
    code, output = run(folder, *command, **variables)
    if code:
        raise SystemExit(f"{' '.join(command)} failed:\n{output}")
    return output


def openapi_python_client(folder: pathlib.Path, _: str) -> list[str]:
    output = must(
        folder, sys.executable, "-m", "openapi_python_client", "generate", "--path", "openapi.json",
        "--output-path", "openapi_python_client_made",
    )  # fmt: skip
    found = re.findall(r"WARNING parsing (.*) within .*\.\n\n(.*?)(?: <.*?>)?(?: \(.*)?\n", output)
    schemas = re.findall(r"Unable to process schema (.*):\n\n(.*)\n", output)
    return [f"{place}: {what}" for place, what in [*found, *schemas]]


def datamodel(folder: pathlib.Path, _: str) -> list[str]:
    output = must(
        folder, sys.executable, "-m", "datamodel_code_generator", "--input", "openapi.json", "--input-file-type",
        "openapi", "--output", "models.py", "--output-model-type", "pydantic_v2.BaseModel", "--formatters", "builtin",
    )  # fmt: skip
    return sorted(set(re.findall(r"\w*Warning: (.*)", output)))


def openapi_generator(folder: pathlib.Path, _: str) -> list[str] | None:
    if not shutil.which("java"):
        return None
    command = ["openapi-generator-cli", "generate", "-i", "openapi.json", "-g", "python", "-o", "openapi_generator"]
    output = must(folder, *command)
    invented = re.findall(r"Inline schema created as (\w+)\.", output)
    warned = re.findall(r"\b(?:WARN|ERROR) +\S+ - (.*)", output)
    warned = [line for line in warned if not line.startswith(OF_ITSELF)]
    return [*warned, *(f"{name} is a name that the generator made up" for name in invented)]


def binary_of_node(node: str, name: str) -> str:
    return str(pathlib.Path(node, "node_modules", ".bin", name))


def openapi_typescript(folder: pathlib.Path, node: str) -> list[str]:
    output = must(folder, binary_of_node(node, "openapi-typescript"), "openapi.json", "-o", "types.ts")
    return [line for line in output.splitlines() if re.search(r"warn|⚠|error", line, re.IGNORECASE)]


def hey_api(folder: pathlib.Path, node: str) -> list[str]:
    command = [binary_of_node(node, "openapi-ts"), "-i", "openapi.json", "-o", "hey", "-c", "@hey-api/client-fetch"]
    output = must(folder, *command)
    return [line for line in output.splitlines() if re.search(r"warn|⚠|error", line, re.IGNORECASE)]


def compile_types(folder: pathlib.Path, node: str) -> list[str]:
    """The generated code, and the code that uses it, are right for a strict compiler."""
    for name in ("tsconfig.json", "use_hey.ts", "use_fetch.ts"):
        shutil.copy(HERE / name, folder)
    code, output = run(folder, binary_of_node(node, "tsc"), "--project", "tsconfig.json")
    return [line for line in output.splitlines() if "error" in line] or ([output] if code else [])


def generators(has_node: bool) -> dict:
    made = {
        "openapi-python-client": openapi_python_client,
        "datamodel-code-generator": datamodel,
        "openapi-generator": openapi_generator,
    }
    if has_node:
        made |= {"openapi-typescript": openapi_typescript, "hey-api": hey_api, "tsc": compile_types}
    return made
