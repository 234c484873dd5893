"""What the schema does not express about a request that follows it: which passwords are right, and which too common."""

import os
import pathlib

import schemathesis

ROOT = pathlib.Path(__file__).resolve().parents[2]
COMMON = set((ROOT / "src/domain/common_passwords.txt").read_text().splitlines())


@schemathesis.hook
def before_call(context, case, kwargs):
    # Each request has a token in the header, beside which a cookie is refused.
    case.cookies = {}
    if not isinstance(case.body, dict) or not case.meta.generation.mode.is_positive:
        return
    password = case.body.get("password")
    if case.operation.definition.raw["operationId"] == "change_email":
        case.body["password"] = os.environ["FUZZ_PASSWORD"]
    elif isinstance(case.body.get("password"), str) and password.lower() in COMMON:
        case.body["password"] = password + " is not common"
