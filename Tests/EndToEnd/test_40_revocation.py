"""Row 5: revoking or changing a token, or its expiry, closes exactly the sockets that it opened, at once."""

import json
import time
from collections.abc import Callable

import pytest
from websockets.exceptions import ConnectionClosed

from harness import people, raw
from harness.client import Client, RpcError
from harness.people import Person, info, invite, revoke, signed_in
from harness.played import THREAD, play, question
from harness.raw import STRANGER
from harness.server import Server
from harness.stand_in import StandIn
from harness.waiting import stays, wait_until

AT_ONCE = 1.0
SIGNED_OUT = 4003


def newcomer(server: Server, role: str = "operator", *more: str) -> Person:
    return people.newcomer(server, role, *more, within=AT_ONCE)


def sockets_of(server: Server, person: Person, clients) -> list[Client]:
    """One client for every way in which a token can connect."""
    pair = signed_in(server, person.secret)
    opened = [
        clients(server, token=person.secret),
        clients(server, "?approvals=legacy", token=person.secret),
        clients(server, "?session=new", token=person.secret),
        Client(f"ws://127.0.0.1:{server.port}/", person.bearer),
        pair.socket(server, **STRANGER),
        pair.socket(server, "?session=new", **STRANGER),
    ]
    for client in opened[3:]:
        client.initialize()
    return opened


def assert_closed(closed: list[Client], began: float, within: float = AT_ONCE) -> None:
    for client in closed:
        assert client.wait_closed(10) == SIGNED_OUT
        assert client.close_reason
    assert time.monotonic() - began < within


def assert_still_there(stayed: list[Client]) -> None:
    for client in stayed:
        assert client.request("model/list", {"still": "here"})["echo"] == {"still": "here"}
        assert client.close_code is None


def test_revoking_closes_its_sockets_and_no_others(scripted: tuple[Server, StandIn], clients) -> None:
    server = scripted[0]
    one, other = newcomer(server), newcomer(server)
    closed = sockets_of(server, one, clients)
    stayed = [*sockets_of(server, other, clients), clients(server), clients(server, token=server.place.token)]
    assert revoke(server.place, one.name).returncode == 0
    assert_closed(closed, time.monotonic())
    assert_still_there(stayed)
    assert raw.handshake(server.port, **one.bearer, **STRANGER).status == 401
    assert raw.get(server.port, "/api/v1/sre/audit", **one.bearer).status == 401


def test_revoking_the_start_token(stand_in: Callable[..., tuple[Server, StandIn]], clients) -> None:
    server = stand_in()[0]
    closed, stayed = clients(server, token=server.place.token), clients(server)
    assert revoke(server.place, "start").returncode == 0
    assert_closed([closed], time.monotonic())
    assert_still_there([stayed])


def test_expiry_closes_its_sockets_in_time(scripted: tuple[Server, StandIn], clients) -> None:
    """`--expires` counts in minutes at least, so the test writes an earlier expiry into the file."""
    server = scripted[0]
    one, other = newcomer(server, "operator", "--expires", "90m"), newcomer(server)
    closed = sockets_of(server, one, clients)
    stayed = [*sockets_of(server, other, clients), clients(server)]
    end = time.time() + 1.5
    people.change(server.place, one, expiresAt=int(end * 1_000))
    stays("open until its time is over", lambda: all(client.close_code is None for client in closed), 1.2)
    # The server checks for expiry once a second.
    assert_closed(closed, time.monotonic(), end - time.time() + 2)
    assert time.time() >= end
    assert raw.handshake(server.port, **one.bearer, **STRANGER).status == 401
    assert_still_there(stayed)


def test_nothing_is_taken_from_whoever_was_revoked(module_stand_ins, clients) -> None:
    """The approval still waits for another person."""
    server, agent = module_stand_ins("shared")
    person = newcomer(server, "approver")
    mine, local = clients(server, token=person.secret), clients(server)
    for client in (mine, local):
        client.request("thread/resume", {"threadId": THREAD})
    name = f"after-{person.name}"
    play(local, {"toAll": question(name)["send"]})
    asked = mine.question(itemId=f"item-{name}")
    assert revoke(server.place, person.name).returncode == 0
    assert mine.wait_closed(AT_ONCE) == SIGNED_OUT
    with pytest.raises(ConnectionClosed):
        mine.answer(asked["id"], {"decision": "accept"})
    waiting = json.loads(server.get("/api/v1/sre/approvals")[1])["data"]
    assert asked["id"] in [entry["requestId"] for entry in waiting]
    local.answer(asked["id"], {"decision": "decline"})
    assert "decline" in agent.wait_received(f'"id":"{name}"')
    assert len([text for text in agent.received() if f'"id":"{name}"' in text]) == 1


def test_a_session_is_not_inherited_with_the_name(scripted: tuple[Server, StandIn], clients) -> None:
    """A new token under an old name is a new principal, and the old principal's session has ended."""
    server = scripted[0]
    old = newcomer(server)
    client = clients(server, "?session=new", token=old.secret)
    session = client.notification("sre/session")["sessionId"]
    client.close()
    assert revoke(server.place, old.name).returncode == 0
    new = invite(server.place, "operator", old.name)
    wait_until("the new token is known", lambda: info(server, **new.bearer), AT_ONCE)
    assert not info(server, **old.bearer, **STRANGER)
    again = clients(server, f"?session={session}&after=0", token=new.secret, initialize=False)
    told = again.notification("sre/session")
    assert told["resume"] == "new" and told["sessionId"] != session


def test_another_role_closes_its_sockets(scripted: tuple[Server, StandIn], clients) -> None:
    """A socket that was opened as an admin may not keep that role."""
    server, agent = scripted
    person, other = newcomer(server, "admin"), newcomer(server)
    client, stayed = clients(server, token=person.secret), clients(server, token=other.secret)
    session = clients(server, "?session=new", token=person.secret)
    session_id = session.notification("sre/session")["sessionId"]
    people.change(server.place, person, role="viewer")
    wait_until("the new role is known", lambda: (info(server, **person.bearer) or {}).get("role") == "viewer", AT_ONCE)
    assert_closed([client, session], time.monotonic())
    assert_still_there([stayed])
    # Resuming the old session does not restore the old role either.
    again = clients(server, f"?session={session_id}&after=0", token=person.secret, initialize=False)
    again.notification("sre/session")
    # A new request id, because the session replays its earlier frames.
    again.send({"id": "mine", "method": "fs/remove", "params": {"path": f"/marker-of-{person.name}"}})
    with pytest.raises(RpcError, match="admin"):
        again.result("mine")
    assert not [text for text in agent.received() if f"marker-of-{person.name}" in text]


def test_another_secret_closes_its_sockets(scripted: tuple[Server, StandIn], clients) -> None:
    server = scripted[0]
    person, other = newcomer(server), newcomer(server)
    client, stayed = clients(server, token=person.secret), clients(server, token=other.secret)
    people.change(server.place, person, sha256="0" * 64)
    wait_until("the old secret is refused", lambda: not info(server, **person.bearer, **STRANGER), AT_ONCE)
    assert_closed([client], time.monotonic())
    assert_still_there([stayed])


def test_removed_from_the_file(stand_in: Callable[..., tuple[Server, StandIn]], clients) -> None:
    server = stand_in()[0]
    person = newcomer(server)
    client, stayed = clients(server, token=person.secret), clients(server, token=server.place.token)
    path = server.place.state / "tokens.json"
    stored = json.loads(path.read_text())
    stored["tokens"] = [token for token in stored["tokens"] if token["id"] != person.id]
    path.write_text(json.dumps(stored))
    assert_closed([client], time.monotonic(), 3)
    assert_still_there([stayed])
