"""Verifies access tokens of svc with PyJWT while the signing key is rotated, and fails if a valid one is refused.

PyJWKClient keeps the key set for five minutes, and reads it again for a key that it does not know.
"""

import argparse
import json
import subprocess
import time
import urllib.request

import jwt


def post(url: str, body: dict) -> dict:
    request = urllib.request.Request(url, json.dumps(body).encode(), {"content-type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def main(url: str, svc: str, email: str, password: str, rotations: int) -> None:
    keys = jwt.PyJWKClient(url + "/.well-known/jwks.json", cache_jwk_set=True, lifespan=300)
    tokens = []

    def log_in() -> str:
        tokens.append(post(url + "/api/v1/auth/login", {"email": email, "password": password})["access_token"])
        return jwt.get_unverified_header(tokens[-1])["kid"]

    signer = None
    for rotation in range(rotations + 1):
        # The service follows a rotation within a second or so.
        while (now := log_in()) == signer:
            time.sleep(0.2)
        signer = now
        for token in tokens:
            key = keys.get_signing_key_from_jwt(token)
            claims = jwt.decode(token, key, algorithms=[key.algorithm_name], audience=url, issuer=url)
            request = urllib.request.Request(url + "/api/v1/users/me", headers={"authorization": "Bearer " + token})
            with urllib.request.urlopen(request) as answer:
                assert json.load(answer)["id"] == claims["sub"]
        if rotation < rotations:
            subprocess.run([svc, "key", "rotate", "--force", "--yes"], check=True, capture_output=True)
    signers = {jwt.get_unverified_header(token)["kid"] for token in tokens}
    print(f"{len(tokens)} tokens of {len(signers)} keys, none refused")


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("url")
    arguments.add_argument("--svc", default="svc", help="the program, run in the folder of the service")
    arguments.add_argument("--email", required=True)
    arguments.add_argument("--password", required=True)
    arguments.add_argument("--rotations", type=int, default=20)
    given = arguments.parse_args()
    main(given.url, given.svc, given.email, given.password, given.rotations)
