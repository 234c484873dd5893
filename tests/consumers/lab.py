"""A running service in a folder of its own, with tokens that are right and tokens that are wrong.

The service is the real one. Its key set passes through a proxy that adds one key of the lab, so that the lab
can sign tokens that the service never signs: expired, of another type, without `exp`.
"""

import base64
import contextlib
import hashlib
import hmac
import http.server
import json
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.request

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

ALGORITHMS = ["ES256", "EdDSA", "RS256"]
ROOT = pathlib.Path(__file__).resolve().parents[2]


def binary() -> str:
    target = os.environ.get("CARGO_TARGET_DIR") or ROOT / "target"
    return os.environ.get("SVC_BINARY") or str(pathlib.Path(target) / "debug" / "svc")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def get(url: str, headers: dict[str, str] | None = None) -> tuple[int, str]:
    request = urllib.request.Request(url, headers=headers or {})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def post(url: str, body: object) -> dict:
    headers = {"content-type": "application/json"}
    request = urllib.request.Request(url, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def until(what: str, happens, process: subprocess.Popen | None = None):
    """Waits until a function returns something; a refused connection counts as nothing."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            if happened := happens():
                return happened
        if process is not None and process.poll() is not None:
            break
        time.sleep(0.1)
    raise AssertionError(f"{what} did not happen")


class Service:
    """`svc serve` in an empty folder, with these settings as variables."""

    def __init__(self, stack: contextlib.ExitStack, public_url: str = "", **settings: str):
        self.folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="svc-consumers-")))
        self.url = f"http://127.0.0.1:{free_port()}"
        self.environment = {
            "PATH": os.environ["PATH"],
            "SVC_SERVER__LISTEN": self.url.removeprefix("http://"),
            "SVC_SERVER__METRICS_LISTEN": "off",
            "SVC_SERVER__PUBLIC_URL": public_url or self.url,
            "SVC_LOG__LEVEL": "warn",
            **settings,
        }
        self.process = subprocess.Popen(
            [binary(), "serve"], cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL
        )
        stack.callback(stop, self.process)
        until("svc is ready", lambda: get(self.url + "/health/ready")[0] == 200, self.process)

    def run(self, *arguments: str, **settings: str) -> dict:
        """Runs a command beside the server, with other settings than it has."""
        return json.loads(
            subprocess.check_output(
                [binary(), "-o", "json", *arguments], cwd=self.folder, env={**self.environment, **settings}
            )
        )

    def log_in(self, email: str, password: str = "correct horse battery") -> dict:
        """Registers a user and logs in: a token pair."""
        account = {"email": email, "password": password}
        post(self.url + "/api/v1/auth/register", account)
        return post(self.url + "/api/v1/auth/login", account)


def stop(process: subprocess.Popen) -> None:
    process.terminate()
    try:
        process.wait(35)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class KeySet:
    """Serves the key set of a service with one more key, at the public URL of that service."""

    def __init__(self, stack: contextlib.ExitStack, algorithm: str):
        make = {
            "ES256": lambda: ec.generate_private_key(ec.SECP256R1()),
            "EdDSA": ed25519.Ed25519PrivateKey.generate,
            "RS256": lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048),
        }[algorithm]
        self.algorithm, self.private, self.stranger = algorithm, make(), make()
        public = jwt.get_algorithm_by_name(algorithm).to_jwk(self.private.public_key(), as_dict=True)
        self.key = {**public, "use": "sig", "alg": algorithm, "kid": "lab"}
        self.key.pop("key_ops", None)
        self.service: Service | None = None
        # Whether the service is away: every answer is 503.
        self.is_away = False
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                status, body = (503, "{}") if outer.is_away else get(outer.service.url + self.path)
                if status == 200 and self.path == "/.well-known/jwks.json":
                    body = json.dumps({"keys": [*json.loads(body)["keys"], outer.key]})
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        # A client that stops in the middle of an answer is no fault of the lab.
        self.server.handle_error = lambda *_: None
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        stack.callback(self.server.server_close)
        stack.callback(self.server.shutdown)

    def sign(self, header: dict | None = None, key=None, **claims) -> str:
        now = int(time.time())
        usual = {
            "iss": self.url, "aud": self.url, "sub": "01a204d5-2612-7038-af34-4b7a7a6b6450", "role": "user",
            "client_id": "svc", "sid": "s", "jti": "j", "iat": now, "nbf": now, "exp": now + 900,
        }  # fmt: skip
        claims = {name: value for name, value in {**usual, **claims}.items() if value is not None}
        header = {"typ": "at+jwt", "kid": "lab", **(header or {})}
        return jwt.encode(claims, key or self.private, self.algorithm, header)


def part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


class Lab:
    """A service with this algorithm, and its tokens by name: those to accept and those to refuse."""

    def __init__(self, stack: contextlib.ExitStack, algorithm: str):
        self.keys = KeySet(stack, algorithm)
        self.issuer = self.keys.url
        self.service = Service(stack, self.issuer, SVC_SECURITY__TOKEN__ALGORITHM=algorithm)
        self.keys.service = self.service
        pair = self.service.log_in("ada@example.com")
        self.good = pair["access_token"]
        self.subject = jwt.decode(self.good, options={"verify_signature": False})["sub"]
        issued = self.service.run("issue-token", "--user", "ada@example.com")
        self.accepted = {
            "a log-in": self.good,
            "svc issue-token": issued["access_token"],
            "the key of the lab": self.keys.sign(sub=self.subject),
        }
        self.refused = {**self.of_the_service(pair), **self.of_the_lab(), **self.forged()}

    def of_the_service(self, pair: dict) -> dict[str, str]:
        issue = ("issue-token", "--user", "ada@example.com")
        elsewhere = "https://elsewhere.example.com"
        return {
            "no token": "",
            "not a token": "abc",
            "the refresh token": pair["refresh_token"],
            "another audience": self.service.run(*issue, SVC_SECURITY__TOKEN__AUDIENCE=elsewhere)["access_token"],
            "another issuer": self.service.run(*issue, SVC_SECURITY__TOKEN__ISSUER=elsewhere)["access_token"],
        }

    def of_the_lab(self) -> dict[str, str]:
        now, sign = int(time.time()), self.keys.sign
        return {
            "expired": sign(exp=now - 300, iat=now - 1200, nbf=now - 1200),
            "without exp": sign(exp=None),
            "without aud": sign(aud=None),
            "without iss": sign(iss=None),
            "another type": sign({"typ": "JWT"}),
            "without type": sign({"typ": None}),
            "an unknown kid": sign({"kid": "unknown"}, self.keys.stranger),
            "the kid of another key": sign(key=self.keys.stranger),
        }

    def forged(self) -> dict[str, str]:
        header, payload, signature = self.good.split(".")
        padded = payload + "=" * (-len(payload) % 4)
        claims = json.loads(base64.urlsafe_b64decode(padded))
        kid = jwt.get_unverified_header(self.good)["kid"]
        changed = part({**claims, "role": "admin"})
        none = part({"alg": "none", "typ": "at+jwt", "kid": kid})
        # The public key as the secret of an HMAC: a verifier that lets the token choose accepts it.
        pem = self.keys.private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        confused = part({"alg": "HS256", "typ": "at+jwt", "kid": "lab"}) + "." + payload
        mac = base64.urlsafe_b64encode(hmac.digest(pem, confused.encode(), hashlib.sha256)).rstrip(b"=").decode()
        return {
            "a changed claim": f"{header}.{changed}.{signature}",
            "alg none": f"{none}.{payload}.",
            "alg none with a signature": f"{none}.{payload}.{signature}",
            "HS256 by the public key": f"{confused}.{mac}",
            "without signature": f"{header}.{payload}.",
        }


def missing(*programs: str) -> str | None:
    """The first of these programs that is not installed."""
    return next((program for program in programs if not shutil.which(program)), None)


def has_node(folder: str) -> bool:
    """Whether Node.js can run with the packages in this folder."""
    return missing("node") is None and pathlib.Path(folder, "node_modules").is_dir()
