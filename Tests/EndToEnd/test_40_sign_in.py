"""Sign-ins: the page's cookie, how long it lasts and what ends it; tickets for another device; logging out."""

import concurrent.futures
import json
import sqlite3
import stat
import time
from collections.abc import Callable

import pytest

from harness import people, raw
from harness.client import Client
from harness.people import LOGIN, LOGOUT, TICKETS, Person, cookie, info, invite, revoke, sign_in
from harness.place import Place
from harness.raw import STRANGER
from harness.server import SOCKET, Server
from harness.stand_in import StandIn
from harness.waiting import wait_until

AT_ONCE = 1.0
SIGNED_OUT = 4003
# 30 days, in seconds.
LIFETIME = 2_592_000


@pytest.fixture
def door(module_stand_ins) -> Server:
    return module_stand_ins("shared")[0]


@pytest.fixture
def person(door: Server) -> Person:
    """Somebody new for each test, whose sign-ins are nobody else's."""
    name = f"person-{len(people.tokens(door.place))}"
    person = invite(door.place, "operator", name)
    wait_until("the token is known", lambda: info(door, **person.bearer), AT_ONCE)
    return person


def who(server: Server, pair: str) -> str | None:
    """Whom this cookie stands for, from another machine."""
    found = info(server, Cookie=pair, **STRANGER)
    return found["name"] if found else None


def socket_with(server: Server, pair: str) -> Client:
    client = Client(f"ws://127.0.0.1:{server.port}{SOCKET}", {"Cookie": pair, **STRANGER})
    client.initialize()
    return client


def log_out(server: Server, pair: str, **headers: str) -> raw.Answer:
    return raw.post(server.port, LOGOUT, b"", Cookie=pair, **{**STRANGER, **headers})


def ticket_of(server: Server, **headers: str) -> str:
    answer = raw.post(server.port, TICKETS, b"", **headers)
    assert answer.status == 200, answer
    return json.loads(answer.body)["ticket"]


# MARK: The cookie


def test_cookie_stands_for_its_token(door: Server, person: Person) -> None:
    pair = cookie(door, person.secret)
    found = info(door, Cookie=pair, **STRANGER)
    assert found and (found["user"], found["name"], found["role"]) == ("token", person.name, "operator")
    # Each sign-in is another one.
    assert cookie(door, person.secret) != pair


def test_no_secure_without_tls(door: Server, person: Person) -> None:
    """A browser would not send it back over plain HTTP."""
    parts = [part.strip().lower() for part in sign_in(door, person.secret).headers["set-cookie"].split(";")[1:]]
    assert "secure" not in parts
    assert {"httponly", "samesite=strict", "path=/", f"max-age={LIFETIME}"} <= set(parts)


def test_secure_behind_a_proxy_with_tls(stand_in: Callable[..., tuple[Server, StandIn]]) -> None:
    server = stand_in(environment={"PUBLIC_URL": "https://sre.example"})[0]
    answer = sign_in(server, server.place.token)
    assert "secure" in [part.strip().lower() for part in answer.headers["set-cookie"].split(";")]
    assert info(server)["secure"] is True


def test_cookie_lasts_no_longer_than_its_token(door: Server) -> None:
    person = invite(door.place, "viewer", f"short-{len(people.tokens(door.place))}", "--expires", "90m")
    wait_until("the token is known", lambda: info(door, **person.bearer), AT_ONCE)
    parts = [part.strip().lower() for part in sign_in(door, person.secret).headers["set-cookie"].split(";")]
    [age] = [int(part.removeprefix("max-age=")) for part in parts if part.startswith("max-age=")]
    assert 5_300 < age <= 5_400


def test_only_a_hash_is_kept(door: Server, person: Person) -> None:
    secret = cookie(door, person.secret).partition("=")[2]
    path = door.place.state / "signins.json"
    wait_until("the sign-in is written", lambda: path.exists() and person.id in path.read_text())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert secret not in path.read_text() and person.secret not in path.read_text()


def test_sign_in_survives_a_restart(stand_in: Callable[..., tuple[Server, StandIn]]) -> None:
    server = stand_in()[0]
    pair = cookie(server, server.place.token)
    assert who(server, pair) == "start"
    # Told to end at once: what was just written must be there.
    server.stop()
    assert who(stand_in()[0], pair) == "start"


def test_log_out_survives_a_restart(stand_in: Callable[..., tuple[Server, StandIn]]) -> None:
    server = stand_in()[0]
    pair, other = cookie(server, server.place.token), cookie(server, server.place.token)
    assert log_out(server, pair).status == 204
    server.stop()
    again = stand_in()[0]
    assert who(again, pair) is None
    assert who(again, other) == "start"


def test_damaged_sign_ins_let_nobody_in(place: Place, stand_in: Callable[..., tuple[Server, StandIn]]) -> None:
    server = stand_in()[0]
    pair = cookie(server, place.token)
    server.stop()
    (place.state / "signins.json").write_text("{")
    again = stand_in()[0]
    assert "signins.json" in again.output()
    assert who(again, pair) is None
    assert who(again, cookie(again, place.token)) == "start"


def test_cookie_ends_with_its_token(door: Server, person: Person) -> None:
    pair = cookie(door, person.secret)
    client = socket_with(door, pair)
    try:
        assert revoke(door.place, person.name).returncode == 0
        assert client.wait_closed(AT_ONCE) == SIGNED_OUT
        assert who(door, pair) is None
        assert raw.handshake(door.port, Cookie=pair, **STRANGER).status == 401
    finally:
        client.close()


# MARK: Logging out


def test_log_out_ends_the_sign_in_and_its_sockets(door: Server, person: Person, clients) -> None:
    pair, other = cookie(door, person.secret), cookie(door, person.secret)
    mine = [socket_with(door, pair) for _ in range(3)]
    others = [socket_with(door, other), clients(door, token=person.secret), clients(door)]
    try:
        began = time.monotonic()
        answer = log_out(door, pair)
        assert answer.status == 204
        assert "max-age=0" in answer.headers["set-cookie"].lower()
        for client in mine:
            assert client.wait_closed(AT_ONCE) == SIGNED_OUT
        assert time.monotonic() - began < AT_ONCE
        # Not only is the cookie taken away: whoever has kept it gets in no more.
        assert who(door, pair) is None
        assert raw.handshake(door.port, Cookie=pair, **STRANGER).status == 401
        # The same person elsewhere, the token itself and everybody else stay.
        assert who(door, other) == person.name
        for client in others:
            assert client.request("model/list", {"still": "here"})["echo"] == {"still": "here"}
    finally:
        for client in [*mine, *others]:
            client.close()


def test_sessions_outlive_a_sign_in_for_the_same_person_only(door: Server, person: Person) -> None:
    """Who has signed in again may go on. The cookie that has ended opens nothing, nor does another person's."""
    pair = cookie(door, person.secret)
    client = Client(f"ws://127.0.0.1:{door.port}{SOCKET}?session=new", {"Cookie": pair, **STRANGER})
    session = client.notification("sre/session")["sessionId"]
    client.initialize()
    log_out(door, pair)
    assert client.wait_closed(AT_ONCE) == SIGNED_OUT
    client.close()
    path = f"{SOCKET}?session={session}&after=0"
    assert raw.handshake(door.port, path, Cookie=pair, **STRANGER).status == 401

    def resumed(secret: str) -> str:
        again = Client(f"ws://127.0.0.1:{door.port}{path}", {"Cookie": cookie(door, secret), **STRANGER})
        try:
            return again.notification("sre/session")["resume"]
        finally:
            again.close()

    assert resumed(door.place.token) == "new"
    assert resumed(person.secret) == "ok"


def test_log_out_with_nothing_to_end(door: Server, person: Person) -> None:
    pair = cookie(door, person.secret)
    assert log_out(door, "sre-agent-session=unknown").status == 204
    assert raw.post(door.port, LOGOUT, b"", **STRANGER).status == 204
    assert who(door, pair) == person.name


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://localhost:1", "http://127.0.0.1.evil.example"]
)
def test_other_pages_can_neither_sign_in_nor_out(door: Server, person: Person, origin: str) -> None:
    pair = cookie(door, person.secret)
    assert log_out(door, pair, Origin=origin).status == 403
    assert who(door, pair) == person.name
    answer = sign_in(door, person.secret, Origin=origin)
    assert answer.status == 403 and "set-cookie" not in answer.headers
    answer = raw.post(door.port, TICKETS, b"", Cookie=pair, Origin=origin, **STRANGER)
    assert answer.status == 403 and b"ticket\"" not in answer.body
    # Not for the local user either, who needs no cookie.
    assert raw.post(door.port, TICKETS, b"", Origin=origin).status == 403


@pytest.mark.parametrize("path", [LOGIN, LOGOUT, TICKETS])
def test_nothing_is_done_by_a_link(door: Server, person: Person, path: str) -> None:
    pair = cookie(door, person.secret)
    assert raw.get(door.port, path, Cookie=pair, **STRANGER).status in (404, 405)
    assert who(door, pair) == person.name


# MARK: Tickets


def test_ticket_works_once(door: Server, person: Person) -> None:
    before = time.time() * 1_000
    answer = raw.post(door.port, TICKETS, b"", **person.bearer, **STRANGER)
    made = json.loads(answer.body)
    assert answer.status == 200 and answer.headers["cache-control"] == "no-store"
    assert len(made["ticket"]) >= 43 and person.secret not in made["ticket"]
    # Its end after a minute is tested with a clock of its own: AccessTests/TicketTests.
    assert before + 59_990 <= made["expiresAt"] <= time.time() * 1_000 + 60_010
    assert who(door, cookie(door, made["ticket"], "ticket")) == person.name
    for _ in range(2):
        again = sign_in(door, made["ticket"], "ticket")
        assert again.status == 401 and "set-cookie" not in again.headers


def test_ticket_of_a_cookie_and_of_the_local_user(door: Server, person: Person) -> None:
    by_cookie = ticket_of(door, Cookie=cookie(door, person.secret), **STRANGER)
    assert who(door, cookie(door, by_cookie, "ticket")) == person.name
    # The local user has no token: the start token stands in.
    assert who(door, cookie(door, ticket_of(door), "ticket")) == "start"


def test_strangers_get_no_ticket(door: Server) -> None:
    assert raw.post(door.port, TICKETS, b"", **STRANGER).status == 401
    assert raw.post(door.port, TICKETS, b"", Authorization="Bearer x", **STRANGER).status == 401


def test_ticket_is_no_token(door: Server, person: Person) -> None:
    """It opens nothing but the form, and is not used up by being shown elsewhere."""
    ticket = ticket_of(door, **person.bearer)
    assert raw.get(door.port, Authorization=f"Bearer {ticket}", **STRANGER).status == 401
    assert raw.get(door.port, Cookie=f"sre-agent-session={ticket}", **STRANGER).status == 401
    assert raw.get(door.port, f"{people.INFO}?ticket={ticket}", **STRANGER).status == 401
    assert raw.handshake(door.port, f"{SOCKET}?ticket={ticket}", **STRANGER).status == 401
    assert sign_in(door, ticket).status == 401
    assert sign_in(door, person.secret, "ticket").status == 401
    for wrong in (ticket[:-1], ticket + "x", ticket.swapcase(), "", "x" * 10_000):
        assert sign_in(door, wrong, "ticket").status == 401
    assert who(door, cookie(door, ticket, "ticket")) == person.name


def test_ticket_ends_with_its_token(door: Server, person: Person) -> None:
    ticket = ticket_of(door, **person.bearer)
    assert revoke(door.place, person.name).returncode == 0
    wait_until("the token is refused", lambda: not info(door, **person.bearer, **STRANGER), AT_ONCE)
    assert sign_in(door, ticket, "ticket").status == 401


def test_tickets_end_with_the_server(stand_in: Callable[..., tuple[Server, StandIn]]) -> None:
    server = stand_in()[0]
    ticket = ticket_of(server)
    server.stop()
    assert sign_in(stand_in()[0], ticket, "ticket").status == 401


def test_ticket_is_used_by_one_of_many(door: Server, person: Person) -> None:
    """Whoever reads the link over a shoulder and is as quick gets nothing."""
    for _ in range(10):
        ticket = ticket_of(door, **person.bearer)
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: sign_in(door, ticket, "ticket").status, range(8)))
        assert sorted(answers) == [204] + [401] * 7


def test_sign_ins_are_recorded_and_secrets_are_not(stand_in: Callable[..., tuple[Server, StandIn]]) -> None:
    server = stand_in(environment={"LOG_LEVEL": "trace"})[0]
    place = server.place
    pair = cookie(server, place.token)
    ticket = ticket_of(server, Cookie=pair, **STRANGER)
    by_ticket = cookie(server, ticket, "ticket")
    assert sign_in(server, "wrong-guess-of-mine").status == 401
    assert log_out(server, pair).status == 204
    server.stop()
    rows = sqlite3.connect(f"file:{place.state}/audit.sqlite?mode=ro", uri=True)
    record = "\n".join(rows.iterdump())
    rows.close()
    for kind in ("signin.accepted", "signin.refused", "signin.ended", "ticket.created"):
        assert kind in record
    for secret in (pair.partition("=")[2], by_ticket.partition("=")[2], ticket, place.token, "wrong-guess-of-mine"):
        assert secret not in record and secret not in server.output()
