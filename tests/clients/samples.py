"""Runs the code samples of the OpenAPI document (`x-codeSamples`) as a reader would: copied, with a token."""

import json
import pathlib
import sys

import generate
import lab

# One after the other, each with the account that the first makes.
OPERATIONS = ["register", "log_in", "show_me", "update_me", "list_sessions", "jwks", "health", "delete_me_by_post"]
EMAIL, PASSWORD = "ada@example.com", "correct horse battery"


def run(folder: pathlib.Path, language: str, source: str, token: str) -> None:
    if language == "Shell":
        generate.must(folder, "bash", "-c", source.replace("curl", "curl --silent --fail", 1), ACCESS_TOKEN=token)
    elif language == "Python":
        generate.must(folder, sys.executable, "-c", f"access_token = {token!r}\n{source}")
    else:
        script = f"const accessToken = {json.dumps(token)};\n{source}\nif (!response.ok) process.exit(1);"
        generate.must(folder, "node", "--input-type=module", "--eval", script)


def check(folder: pathlib.Path, service: lab.Service, has_node: bool) -> None:
    paths = json.loads(lab.get(service.url + "/openapi.json")[1])["paths"]
    operations = {operation["operationId"]: operation for methods in paths.values() for operation in methods.values()}
    for language in ["Shell", "Python", *(["JavaScript"] if has_node else [])]:
        email, token = f"{language.lower()}@example.com", ""
        for name in OPERATIONS:
            samples = {sample["lang"]: sample["source"] for sample in operations[name]["x-codeSamples"]}
            run(folder, language, samples[language].replace(EMAIL, email), token)
            if name == "log_in":
                account = {"email": email, "password": PASSWORD}
                token = lab.post(service.url + "/api/v1/auth/login", account)["access_token"]
        print(f"ran: the samples in {language}")
