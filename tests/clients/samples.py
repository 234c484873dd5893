"""Runs every code sample of the OpenAPI document (`x-codeSamples`) as a reader would: copied, with its variables."""

import base64
import contextlib
import hmac
import json
import pathlib
import sys
import uuid

import generate
import lab
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

EMAIL, PASSWORD = "ada@example.com", "correct horse battery"
NEW_EMAIL, NEW_PASSWORD = "ada@example.org", "another horse battery"
ID = "019b7c2a-5b2c-7d4e-8f60-718293a4b5c6"
ADMIN = "admin@example.com"


class Reader:
    """Runs the samples in one language, with accounts of its own."""

    def __init__(self, folder: pathlib.Path, service: lab.Service, operations: dict, language: str):
        self.folder, self.service, self.operations, self.language = folder, service, operations, language
        self.ran: set[str] = set()

    def address(self, email: str) -> str:
        return f"{self.language.lower()}.{email}"

    def run(self, name: str, item: str = ID, email: str = EMAIL, **variables: str) -> None:
        samples = {sample["lang"]: sample["source"] for sample in self.operations[name]["x-codeSamples"]}
        source = samples[self.language].replace(EMAIL, self.address(email)).replace(NEW_EMAIL, self.address(NEW_EMAIL))
        source = source.replace(ID, item)
        if self.language == "Shell":
            command = source.replace("curl", "curl --silent --show-error --fail", 1)
            names = {name.upper(): value for name, value in variables.items()}
            generate.must(self.folder, "bash", "-euc", command, **names)
        elif self.language == "Python":
            given = "".join(f"{name} = {value!r}\n" for name, value in variables.items())
            generate.must(self.folder, sys.executable, "-c", given + source)
        else:
            given = "".join(f"const {camel(name)} = {json.dumps(value)};\n" for name, value in variables.items())
            script = f"{given}{source}\nif (!response.ok) throw new Error(await response.text());"
            generate.must(self.folder, "node", "--input-type=module", "--eval", script)
        self.ran.add(name)

    def log_in(self, email: str = EMAIL, password: str = PASSWORD) -> dict:
        account = {"email": self.address(email), "password": password}
        return lab.post(self.service.url + "/api/v1/auth/login", account)

    def register(self, email: str) -> dict:
        account = {"email": self.address(email), "password": PASSWORD}
        return lab.post(self.service.url + "/api/v1/auth/register", account)

    def session(self, pair: dict) -> str:
        payload = pair["access_token"].split(".")[1]
        return json.loads(base64.urlsafe_b64decode(payload + "=="))["sid"]

    def mailed(self, kind: str, purpose: str) -> str:
        """The token of the newest mail, which `src/adapters/tokens/mail.rs` derives from its event."""
        secret = (self.service.folder / "data/secret.key").read_text().strip().encode()
        key = HKDF(SHA256(), 32, None, b"svc mail-token v1").derive(secret)
        newest = lab.until(f"an event {kind}", lambda: self.service.run("event", "list", "--type", kind))[0]
        mac = hmac.digest(key, purpose.encode() + b"\0" + uuid.UUID(newest["id"]).bytes, "sha256")
        return "svcm_" + base64.urlsafe_b64encode(mac).rstrip(b"=").decode()

    def everything(self) -> None:
        for name in ["jwks", "server_metadata", "openid_configuration", "health", "health_live", "health_ready", "register"]:
            self.run(name)
        self.run("verify_email", mail_token=self.mailed("user.registered", "verify_email"))
        self.run("resend_verification")
        self.run("log_in")
        pair = self.log_in()
        for name in ["show_me", "update_me", "list_sessions", "change_email", "change_password"]:
            self.run(name, access_token=pair["access_token"])
        self.run("refresh", refresh_token=pair["refresh_token"])
        self.run("log_out", refresh_token=self.log_in(password=NEW_PASSWORD)["refresh_token"])
        other = self.session(self.log_in(password=NEW_PASSWORD))
        self.run("revoke_session", item=other, access_token=pair["access_token"])
        before = len(self.service.run("event", "list", "--type", "user.password_reset_requested"))
        self.run("forgot_password")
        lab.until("the request is answered", lambda: self.is_answered(before))
        self.run("reset_password", mail_token=self.mailed("user.password_reset_requested", "reset_password"))
        self.run("log_out_all", access_token=self.log_in()["access_token"])
        self.run("delete_me", access_token=self.log_in()["access_token"])
        self.register(EMAIL)
        self.run("delete_me_by_post", access_token=self.log_in()["access_token"])
        self.administer()

    def is_answered(self, before: int) -> bool:
        return len(self.service.run("event", "list", "--type", "user.password_reset_requested")) > before

    def administer(self) -> None:
        user = self.register(EMAIL)["id"]
        self.run("disown_account", mail_token=self.mailed("user.registered", "verify_email"))
        admin = self.service.run("issue-token", "--user", ADMIN)["access_token"]
        self.run("list_users", access_token=admin)
        for name in ["show_user", "update_user", "list_user_sessions", "revoke_user_sessions", "delete_user"]:
            self.run(name, item=user, access_token=admin)
        self.invite(admin)

    def invite(self, admin: str) -> None:
        self.run("create_user", access_token=admin)
        self.run("list_invitations", access_token=admin)
        invited = self.service.run("user", "show", self.address(EMAIL))["id"]
        self.run("resend_invitation", item=invited, access_token=admin)
        self.run("accept_invitation", mail_token=self.mailed("user.invited", "accept_invitation"))
        other = self.service.run("user", "invite", self.address(NEW_EMAIL))["id"]
        self.run("revoke_invitation", item=other, access_token=admin)


def camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)


def check(folder: pathlib.Path, has_node: bool) -> None:
    with contextlib.ExitStack() as stack:
        # All samples come from one address, and a limit would refuse some.
        service = lab.Service(stack, SVC_LIMITS__ENABLED="false")
        service.run("create-user", "--email", ADMIN, "--role", "admin", "--generate-password")
        paths = json.loads(lab.get(service.url + "/openapi.json")[1])["paths"]
        methods = [operation for methods in paths.values() for operation in methods.values()]
        operations = {operation["operationId"]: operation for operation in methods}
        for language in ["Shell", "Python", *(["JavaScript"] if has_node else [])]:
            reader = Reader(folder, service, operations, language)
            reader.everything()
            if missing := set(operations) - reader.ran:
                raise SystemExit(f"samples that were not run: {', '.join(sorted(missing))}")
            print(f"ran: all {len(operations)} samples in {language}")
