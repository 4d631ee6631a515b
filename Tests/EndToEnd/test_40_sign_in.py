"""Sign-ins: the page's cookie, its lifetime and what ends it; tickets for another device; logging out."""

import concurrent.futures
import json
import sqlite3
import stat
import time
from collections.abc import Callable

import pytest

from harness import people, raw
from harness.client import Client
from harness.people import LOGIN, LOGOUT, TICKETS, Person, SignIn, info, revoke, sign_in, signed_in
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
def edge(module_stand_ins) -> Server:
    return module_stand_ins("shared")[0]


@pytest.fixture
def person(edge: Server) -> Person:
    """A new person for each test, who shares no sign-ins with other tests."""
    return people.newcomer(edge, "operator", within=AT_ONCE)


def who(server: Server, pair: SignIn) -> str | None:
    """Returns the name of the sign-in's person, as seen from another machine."""
    found = info(server, **pair.headers, **STRANGER)
    return found["name"] if found else None


def socket_with(server: Server, pair: SignIn) -> Client:
    client = pair.socket(server, **STRANGER)
    client.initialize()
    return client


def log_out(server: Server, pair: SignIn, **headers: str) -> raw.Answer:
    return raw.post(server.port, LOGOUT, b"", **{**pair.headers, **STRANGER, **headers})


def ticket_of(server: Server, **headers: str) -> str:
    answer = raw.post(server.port, TICKETS, b"", **headers)
    assert answer.status == 200, answer
    return json.loads(answer.body)["ticket"]


# MARK: The cookie


def test_cookie_stands_for_its_token(edge: Server, person: Person) -> None:
    pair = signed_in(edge, person.secret)
    found = info(edge, **pair.headers, **STRANGER)
    assert found and (found["user"], found["name"], found["role"]) == ("token", person.name, "operator")
    # Each sign-in is a new one.
    assert signed_in(edge, person.secret) != pair


def test_half_a_sign_in_opens_nothing(edge: Server, person: Person) -> None:
    """A server on another port of this host name gets the cookie, but its page cannot read our localStorage."""
    pair, other = signed_in(edge, person.secret), signed_in(edge, person.secret)
    halves = [
        {"Cookie": pair.cookie},
        {"SRE-Page-Key": pair.page_key},
        {**pair.headers, "SRE-Page-Key": other.page_key},
        {**pair.headers, "SRE-Page-Key": pair.cookie.partition("=")[2]},
        {**pair.headers, "SRE-Page-Key": ""},
    ]
    for half in halves:
        assert info(edge, **half, **STRANGER) is None
        assert raw.handshake(edge.port, **half, **STRANGER).status == 401
        assert raw.post(edge.port, TICKETS, b"", **half, **STRANGER).status == 401
        assert raw.post(edge.port, LOGOUT, b"", **half, **STRANGER).status == 204
    assert who(edge, pair) == person.name, "half a sign-in does not end it either"


def test_socket_chooses_the_subprotocol_without_the_key(edge: Server, person: Person) -> None:
    answer = raw.handshake(edge.port, **signed_in(edge, person.secret).socket_headers, **STRANGER)
    assert answer.status == 101 and answer.headers["sec-websocket-protocol"] == "sre-agent"
    # A client that offers no subprotocol gets none, and the server does not choose an unknown one.
    assert "sec-websocket-protocol" not in raw.handshake(edge.port).headers
    offered = raw.handshake(edge.port, **{"Sec-WebSocket-Protocol": "graphql-ws"})
    assert offered.status == 101 and "sec-websocket-protocol" not in offered.headers


def test_no_secure_without_tls(edge: Server, person: Person) -> None:
    """A browser would not send a Secure cookie over plain HTTP."""
    parts = [part.strip().lower() for part in sign_in(edge, person.secret).headers["set-cookie"].split(";")[1:]]
    assert "secure" not in parts
    assert {"httponly", "samesite=strict", "path=/", f"max-age={LIFETIME}"} <= set(parts)


def test_secure_behind_a_proxy_with_tls(stand_in: Callable[..., tuple[Server, StandIn]]) -> None:
    server = stand_in(environment={"PUBLIC_URL": "https://sre.example"})[0]
    answer = sign_in(server, server.place.token)
    assert "secure" in [part.strip().lower() for part in answer.headers["set-cookie"].split(";")]
    assert info(server)["secure"] is True


def test_cookie_lasts_no_longer_than_its_token(edge: Server) -> None:
    person = people.newcomer(edge, "viewer", "--expires", "90m", within=AT_ONCE)
    parts = [part.strip().lower() for part in sign_in(edge, person.secret).headers["set-cookie"].split(";")]
    [age] = [int(part.removeprefix("max-age=")) for part in parts if part.startswith("max-age=")]
    assert 5_300 < age <= 5_400


def test_only_a_hash_is_kept(edge: Server, person: Person) -> None:
    secrets = [*signed_in(edge, person.secret).secrets, person.secret]
    path = edge.place.state / "signins.json"
    wait_until("the sign-in is written", lambda: path.exists() and person.id in path.read_text())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not any(secret in path.read_text() for secret in secrets)


def test_sign_in_survives_a_restart(stand_in: Callable[..., tuple[Server, StandIn]]) -> None:
    server = stand_in()[0]
    pair = signed_in(server, server.place.token)
    assert who(server, pair) == "start"
    # SIGTERM right away: the sign-in must be on disk already.
    server.stop()
    assert who(stand_in()[0], pair) == "start"


def test_log_out_survives_a_restart(stand_in: Callable[..., tuple[Server, StandIn]]) -> None:
    server = stand_in()[0]
    pair, other = signed_in(server, server.place.token), signed_in(server, server.place.token)
    assert log_out(server, pair).status == 204
    server.stop()
    again = stand_in()[0]
    assert who(again, pair) is None
    assert who(again, other) == "start"


def test_damaged_sign_ins_let_nobody_in(place: Place, stand_in: Callable[..., tuple[Server, StandIn]]) -> None:
    server = stand_in()[0]
    pair = signed_in(server, place.token)
    server.stop()
    (place.state / "signins.json").write_text("{")
    again = stand_in()[0]
    assert "signins.json" in again.output()
    assert who(again, pair) is None
    assert who(again, signed_in(again, place.token)) == "start"


def test_cookie_ends_with_its_token(edge: Server, person: Person) -> None:
    pair = signed_in(edge, person.secret)
    client = socket_with(edge, pair)
    try:
        assert revoke(edge.place, person.name).returncode == 0
        assert client.wait_closed(AT_ONCE) == SIGNED_OUT
        assert who(edge, pair) is None
        assert raw.handshake(edge.port, **pair.socket_headers, **STRANGER).status == 401
    finally:
        client.close()


# MARK: Logging out


def test_log_out_ends_the_sign_in_and_its_sockets(edge: Server, person: Person, clients) -> None:
    pair, other = signed_in(edge, person.secret), signed_in(edge, person.secret)
    mine = [socket_with(edge, pair) for _ in range(3)]
    others = [socket_with(edge, other), clients(edge, token=person.secret), clients(edge)]
    try:
        began = time.monotonic()
        answer = log_out(edge, pair)
        assert answer.status == 204
        assert "max-age=0" in answer.headers["set-cookie"].lower()
        for client in mine:
            assert client.wait_closed(AT_ONCE) == SIGNED_OUT
        assert time.monotonic() - began < AT_ONCE
        # The browser's cookie is removed, and a copy of the cookie is worthless too.
        assert who(edge, pair) is None
        assert raw.handshake(edge.port, **pair.socket_headers, **STRANGER).status == 401
        # The person's other sign-ins, the token itself and other people's sign-ins stay.
        assert who(edge, other) == person.name
        for client in others:
            assert client.request("model/list", {"still": "here"})["echo"] == {"still": "here"}
    finally:
        for client in [*mine, *others]:
            client.close()


def test_sessions_outlive_a_sign_in_for_the_same_person_only(edge: Server, person: Person) -> None:
    """After a new sign-in, the same person may resume, but not with the ended cookie or as another person."""
    pair = signed_in(edge, person.secret)
    client = pair.socket(edge, "?session=new", **STRANGER)
    session = client.notification("sre/session")["sessionId"]
    client.initialize()
    log_out(edge, pair)
    assert client.wait_closed(AT_ONCE) == SIGNED_OUT
    client.close()
    query = f"?session={session}&after=0"
    assert raw.handshake(edge.port, f"{SOCKET}{query}", **pair.socket_headers, **STRANGER).status == 401

    def resumed(secret: str) -> str:
        again = signed_in(edge, secret).socket(edge, query, **STRANGER)
        try:
            return again.notification("sre/session")["resume"]
        finally:
            again.close()

    assert resumed(edge.place.token) == "new"
    assert resumed(person.secret) == "ok"


def test_log_out_with_nothing_to_end(edge: Server, person: Person) -> None:
    pair = signed_in(edge, person.secret)
    assert log_out(edge, SignIn("sre-agent-session=unknown", "unknown")).status == 204
    assert raw.post(edge.port, LOGOUT, b"", **STRANGER).status == 204
    assert who(edge, pair) == person.name


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://localhost:1", "http://127.0.0.1.evil.example"]
)
def test_other_pages_can_neither_sign_in_nor_out(edge: Server, person: Person, origin: str) -> None:
    pair = signed_in(edge, person.secret)
    assert log_out(edge, pair, Origin=origin).status == 403
    assert who(edge, pair) == person.name
    answer = sign_in(edge, person.secret, Origin=origin)
    assert answer.status == 403 and "set-cookie" not in answer.headers
    answer = raw.post(edge.port, TICKETS, b"", Origin=origin, **pair.headers, **STRANGER)
    assert answer.status == 403 and b"ticket\"" not in answer.body
    # Not for the local user either, who needs no cookie.
    assert raw.post(edge.port, TICKETS, b"", Origin=origin).status == 403


@pytest.mark.parametrize("path", [LOGIN, LOGOUT, TICKETS])
def test_nothing_is_done_by_a_link(edge: Server, person: Person, path: str) -> None:
    pair = signed_in(edge, person.secret)
    assert raw.get(edge.port, path, **pair.headers, **STRANGER).status in (404, 405)
    assert who(edge, pair) == person.name


# MARK: Tickets


def test_ticket_works_once(edge: Server, person: Person) -> None:
    before = time.time() * 1_000
    answer = raw.post(edge.port, TICKETS, b"", **person.bearer, **STRANGER)
    made = json.loads(answer.body)
    assert answer.status == 200 and answer.headers["cache-control"] == "no-store"
    assert len(made["ticket"]) >= 43 and person.secret not in made["ticket"]
    # AccessTests/TicketTests covers expiry after a minute, with a simulated clock.
    assert before + 59_990 <= made["expiresAt"] <= time.time() * 1_000 + 60_010
    assert who(edge, signed_in(edge, made["ticket"], "ticket")) == person.name
    for _ in range(2):
        again = sign_in(edge, made["ticket"], "ticket")
        assert again.status == 401 and "set-cookie" not in again.headers


def test_ticket_of_a_cookie_and_of_the_local_user(edge: Server, person: Person) -> None:
    by_cookie = ticket_of(edge, **signed_in(edge, person.secret).headers, **STRANGER)
    assert who(edge, signed_in(edge, by_cookie, "ticket")) == person.name
    # The local user has no token, so the ticket signs in as the start token.
    assert who(edge, signed_in(edge, ticket_of(edge), "ticket")) == "start"


def test_strangers_get_no_ticket(edge: Server) -> None:
    assert raw.post(edge.port, TICKETS, b"", **STRANGER).status == 401
    assert raw.post(edge.port, TICKETS, b"", Authorization="Bearer x", **STRANGER).status == 401


def test_ticket_is_no_token(edge: Server, person: Person) -> None:
    """A ticket only works in the sign-in form, and using it elsewhere does not consume it."""
    ticket = ticket_of(edge, **person.bearer)
    assert raw.get(edge.port, Authorization=f"Bearer {ticket}", **STRANGER).status == 401
    assert raw.get(edge.port, Cookie=f"sre-agent-session={ticket}", **STRANGER).status == 401
    assert raw.get(edge.port, f"{people.INFO}?ticket={ticket}", **STRANGER).status == 401
    assert raw.handshake(edge.port, f"{SOCKET}?ticket={ticket}", **STRANGER).status == 401
    assert sign_in(edge, ticket).status == 401
    assert sign_in(edge, person.secret, "ticket").status == 401
    for wrong in (ticket[:-1], ticket + "x", ticket.swapcase(), "", "x" * 10_000):
        assert sign_in(edge, wrong, "ticket").status == 401
    assert who(edge, signed_in(edge, ticket, "ticket")) == person.name


def test_ticket_ends_with_its_token(edge: Server, person: Person) -> None:
    ticket = ticket_of(edge, **person.bearer)
    assert revoke(edge.place, person.name).returncode == 0
    wait_until("the token is refused", lambda: not info(edge, **person.bearer, **STRANGER), AT_ONCE)
    assert sign_in(edge, ticket, "ticket").status == 401


def test_tickets_end_with_the_server(stand_in: Callable[..., tuple[Server, StandIn]]) -> None:
    server = stand_in()[0]
    ticket = ticket_of(server)
    server.stop()
    assert sign_in(stand_in()[0], ticket, "ticket").status == 401


def test_ticket_is_used_by_one_of_many(edge: Server, person: Person) -> None:
    """A person who reads the link over a shoulder and is just as fast gets nothing."""
    for _ in range(10):
        ticket = ticket_of(edge, **person.bearer)
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: sign_in(edge, ticket, "ticket").status, range(8)))
        assert sorted(answers) == [200] + [401] * 7


def test_sign_ins_are_recorded_and_secrets_are_not(stand_in: Callable[..., tuple[Server, StandIn]]) -> None:
    server = stand_in(environment={"LOG_LEVEL": "trace"})[0]
    place = server.place
    pair = signed_in(server, place.token)
    ticket = ticket_of(server, **pair.headers, **STRANGER)
    by_ticket = signed_in(server, ticket, "ticket")
    assert sign_in(server, "wrong-guess-of-mine").status == 401
    assert log_out(server, pair).status == 204
    server.stop()
    rows = sqlite3.connect(f"file:{place.state}/audit.sqlite?mode=ro", uri=True)
    record = "\n".join(rows.iterdump())
    rows.close()
    for kind in ("signin.accepted", "signin.refused", "signin.ended", "ticket.created"):
        assert kind in record
    for secret in (*pair.secrets, *by_ticket.secrets, ticket, place.token, "wrong-guess-of-mine"):
        assert secret not in record and secret not in server.output()
