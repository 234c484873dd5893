"""What the schema does not express about a request that follows it: which passwords are right, and which too common;
that a new user has either a password or an invitation; how large metadata may be, and which numbers it may have."""

import json
import os
import pathlib

import schemathesis

ROOT = pathlib.Path(__file__).resolve().parents[2]
COMMON = set((ROOT / "src/domain/common_passwords.txt").read_text().splitlines())
# docs/api.md, Metadata.
LARGEST_NUMBER, DEEPEST, LARGEST = 2**53 - 1, 16, 8192


def fit(value, depth=1):
    """The value, with what the service refuses replaced or left out."""
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value if abs(value) <= LARGEST_NUMBER else 1
    if isinstance(value, (dict, list)) and depth > DEEPEST:
        return None
    if isinstance(value, dict):
        return {fit(name): fit(member, depth + 1) for name, member in value.items()}
    if isinstance(value, list):
        return [fit(item, depth + 1) for item in value]
    return value


@schemathesis.hook
def before_call(context, case, kwargs):
    # Each request has a token in the header, beside which a cookie is refused.
    case.cookies = {}
    if not isinstance(case.body, dict) or not case.meta.generation.mode.is_positive:
        return
    password = case.body.get("password")
    if case.operation.definition.raw["operationId"] == "create_user":
        if case.body.get("invite") is True:
            case.body.pop("password", None)
        elif password is None:
            case.body["invite"] = True
            case.body.pop("password", None)
    if case.operation.definition.raw["operationId"] == "change_email":
        case.body["password"] = os.environ["FUZZ_PASSWORD"]
    elif isinstance(case.body.get("password"), str) and password.lower() in COMMON:
        case.body["password"] = password + " is not common"
    for member in ("metadata", "app_metadata"):
        fitting = fit(case.body.get(member))
        if fitting is not None:
            is_large = len(json.dumps(fitting, separators=(",", ":"), ensure_ascii=False).encode()) > LARGEST
            case.body[member] = {} if is_large else fitting
