"""The libraries of Python. See matrix.py for what goes in and out."""

import importlib.metadata
import json
import sys
import urllib.request

given = json.load(sys.stdin)
ISSUER, AUDIENCE, ALGORITHM = given["issuer"], given["audience"], given["algorithm"]
with urllib.request.urlopen(given["jwks_uri"]) as answer:
    KEY_SET = json.load(answer)
REQUIRED = ["exp", "iat", "iss", "aud", "sub"]


def require(holds: object) -> None:
    if not holds:
        raise ValueError("refused")


def pyjwt():
    import jwt

    keys = jwt.PyJWKClient(given["jwks_uri"])

    def verify(token: str) -> None:
        require(jwt.get_unverified_header(token).get("typ") == "at+jwt")
        key = keys.get_signing_key_from_jwt(token)
        options = {"require": REQUIRED}
        jwt.decode(token, key, algorithms=[ALGORITHM], issuer=ISSUER, audience=AUDIENCE, leeway=30, options=options)

    return verify


def joserfc():
    from joserfc import jwt
    from joserfc.jwk import KeySet

    keys = KeySet.import_key_set(KEY_SET)
    essential = {name: {"essential": True} for name in REQUIRED}
    values = {"iss": {"essential": True, "value": ISSUER}, "aud": {"essential": True, "value": AUDIENCE}}
    claims = jwt.JWTClaimsRegistry(leeway=30, **{**essential, **values})

    def verify(text: str) -> None:
        # EdDSA is called Ed25519 in new releases (RFC 9864); the older name has to be allowed.
        token = jwt.decode(text, keys, algorithms=[ALGORITHM])
        require(token.header.get("typ") == "at+jwt")
        claims.validate(token.claims)

    return verify


def authlib():
    import warnings

    import authlib.deprecate  # noqa: F401 - it sets a filter of its own

    warnings.simplefilter("ignore")
    from authlib.jose import JsonWebKey, JsonWebToken

    keys = JsonWebKey.import_key_set(KEY_SET)
    jwt = JsonWebToken([ALGORITHM])
    essential = {name: {"essential": True} for name in REQUIRED}
    values = {"iss": {"essential": True, "value": ISSUER}, "aud": {"essential": True, "value": AUDIENCE}}

    def verify(token: str) -> None:
        claims = jwt.decode(token, keys, claims_options={**essential, **values})
        require(claims.header.get("typ") == "at+jwt")
        claims.validate(leeway=30)

    return verify


def python_jose():
    from jose import jwt

    keys = {key["kid"]: key for key in KEY_SET["keys"]}
    options = {"leeway": 30, **{f"require_{name}": True for name in REQUIRED}}

    def verify(token: str) -> None:
        header = jwt.get_unverified_header(token)
        require(header.get("typ") == "at+jwt")
        jwt.decode(token, keys[header["kid"]], [ALGORITHM], options, audience=AUDIENCE, issuer=ISSUER)

    return verify


def jwcrypto():
    from jwcrypto import jwk, jwt

    keys = jwk.JWKSet.from_json(json.dumps(KEY_SET))

    def verify(text: str) -> None:
        # None: the claim has to be there.
        claims = {"iss": ISSUER, "aud": AUDIENCE, "exp": None, "iat": None, "sub": None}
        token = jwt.JWT(check_claims=claims, algs=[ALGORITHM], expected_type="JWS")
        token.leeway = 30
        token.deserialize(text, keys)
        require(json.loads(token.header).get("typ") == "at+jwt")

    return verify


LIBRARIES = {
    "PyJWT": (pyjwt, "pyjwt", ["typ"]),
    "joserfc": (joserfc, "joserfc", ["typ"]),
    "Authlib": (authlib, "authlib", ["typ"]),
    "python-jose": (python_jose, "python-jose", ["typ", "kid"]),
    "jwcrypto": (jwcrypto, "jwcrypto", ["typ"]),
}

results = {}
for name, (make, package, by_hand) in LIBRARIES.items():
    result = {"version": importlib.metadata.version(package), "by_hand": by_hand, "accepted": [], "errors": {}}
    results[name] = result
    try:
        verify = make()
    except Exception as error:
        result["errors"]["setup"] = f"{type(error).__name__}: {error}"
        continue
    for token_name, token in given["tokens"].items():
        try:
            verify(token)
            result["accepted"].append(token_name)
        except Exception as error:
            result["errors"][token_name] = f"{type(error).__name__}: {error}"
json.dump({"language": "Python", "libraries": results}, sys.stdout)
