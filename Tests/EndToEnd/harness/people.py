"""People with access tokens, created and revoked on the command line as an operator does."""

import json
import subprocess
from dataclasses import dataclass
from typing import Any

from . import program, raw
from .client import Client
from .place import Place
from .server import SOCKET, Server
from .waiting import wait_until

ROLES = ("viewer", "operator", "approver", "admin")

INFO = "/api/v1/sre/info"
LOGIN = "/api/v1/sre/login"
LOGOUT = "/api/v1/sre/logout"
TICKETS = "/api/v1/sre/tickets"


@dataclass(frozen=True)
class Person:
    name: str
    role: str
    id: str
    secret: str

    @property
    def bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secret}"}


def tokens(place: Place) -> list[dict[str, Any]]:
    """The server's stored token records."""
    return json.loads((place.state / "tokens.json").read_text())["tokens"]


def create(place: Place, name: str, role: str, *more: str) -> subprocess.CompletedProcess[str]:
    return program.run(place, "token", "create", f"--name={name}", f"--role={role}", *more)


def invite(place: Place, role: str, name: str | None = None, *more: str) -> Person:
    name = name or role
    result = create(place, name, role, *more)
    assert result.returncode == 0, result.stderr
    [secret] = result.stdout.splitlines()
    [entry] = [token for token in tokens(place) if token["name"] == name and "revokedAt" not in token]
    return Person(name, role, entry["id"], secret)


def newcomer(server: Server, role: str, *more: str, within: float = 15) -> Person:
    """Creates a person and waits until the running server accepts the token."""
    person = invite(server.place, role, f"{role}-{len(tokens(server.place))}", *more)
    wait_until("the token is known", lambda: info(server, **person.bearer), within)
    return person


def revoke(place: Place, name: str) -> subprocess.CompletedProcess[str]:
    return program.run(place, "token", "revoke", name)


def change(place: Place, person: Person, **members: Any) -> None:
    """Changes members in the token file and replaces the file as a whole, as the command line does."""
    path = place.state / "tokens.json"
    stored = json.loads(path.read_text())
    [entry] = [token for token in stored["tokens"] if token["id"] == person.id]
    entry.update(members)
    new = path.with_suffix(".new")
    new.touch(0o600)
    new.write_text(json.dumps(stored))
    new.replace(path)


def info(server: Server, **headers: str) -> dict[str, Any] | None:
    """Returns the server's view of the caller, or None if the server refuses the caller."""
    answer = raw.get(server.port, INFO, **headers)
    return json.loads(answer.body) if answer.status == 200 else None


def sign_in(server: Server, secret: str, kind: str = "token", **headers: str) -> raw.Answer:
    return raw.post(server.port, LOGIN, json.dumps({kind: secret}).encode(), **{**raw.STRANGER, **headers})


@dataclass(frozen=True)
class SignIn:
    """The state of a signed-in page: the cookie and the page key."""

    cookie: str
    page_key: str

    @classmethod
    def of(cls, answer: raw.Answer) -> "SignIn":
        assert answer.status == 200, answer
        return cls(answer.headers["set-cookie"].split(";")[0], json.loads(answer.body)["pageKey"])

    @property
    def secrets(self) -> list[str]:
        return [self.cookie.partition("=")[2], self.page_key]

    @property
    def headers(self) -> dict[str, str]:
        """The headers of an HTTP request."""
        return {"Cookie": self.cookie, "SRE-Page-Key": self.page_key}

    @property
    def subprotocols(self) -> list[str]:
        """The subprotocols of a WebSocket: a page cannot set headers on a browser's WebSocket."""
        return ["sre-agent", f"sre-agent-page-key.{self.page_key}"]

    @property
    def socket_headers(self) -> dict[str, str]:
        return {"Cookie": self.cookie, "Sec-WebSocket-Protocol": ", ".join(self.subprotocols)}

    def socket(self, server: Server, query: str = "", **headers: str) -> Client:
        address = f"ws://127.0.0.1:{server.port}{SOCKET}{query}"
        return Client(address, {"Cookie": self.cookie, **headers}, subprotocols=self.subprotocols)


def signed_in(server: Server, secret: str, kind: str = "token") -> SignIn:
    return SignIn.of(sign_in(server, secret, kind))
