"""What the schema does not express about a request that follows it: which passwords are right, and which too common,
and how many levels metadata may have.

And a cache: schemathesis makes the generator of a pattern again for each request, which took four fifths of the time.
"""

import functools
import os
import pathlib

import schemathesis
from hypothesis.strategies._internal import regex as patterns

ROOT = pathlib.Path(__file__).resolve().parents[2]
COMMON = set((ROOT / "src/domain/common_passwords.txt").read_text().splitlines())

make = patterns.regex_strategy
made = {}


@functools.wraps(make)
def make_once(regex, fullmatch, **options):
    # A generator has no equality, but its text names the characters that it takes.
    key = (regex, fullmatch, repr(sorted(options.items())))
    if key not in made:
        made[key] = make(regex, fullmatch, **options)
    return made[key]


patterns.regex_strategy = make_once


def levels(value):
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if inner is None else 1 + max(map(levels, inner), default=0)


@schemathesis.hook
def before_call(context, case, kwargs):
    # Each request has a token in the header, beside which a cookie is refused.
    case.cookies = {}
    if not isinstance(case.body, dict) or not case.meta.generation.mode.is_positive:
        return
    for name in ("metadata", "app_metadata"):
        if levels(case.body.get(name)) > 16:
            case.body[name] = {}
    password = case.body.get("password")
    if case.operation.definition.raw["operationId"] == "change_email":
        case.body["password"] = os.environ["FUZZ_PASSWORD"]
    elif isinstance(case.body.get("password"), str) and password.lower() in COMMON:
        case.body["password"] = password + " is not common"
