"""Tokens: create, list and revoke on the command line; the stored data; the effect on a running server."""

import json
import re
import socket
import sqlite3
import stat
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from harness import people, program, raw
from harness.people import INFO, info, invite, revoke
from harness.place import Place
from harness.raw import STRANGER
from harness.server import Server
from harness.stand_in import StandIn
from harness.waiting import wait_until

# EX_USAGE of sysexits.h.
USAGE = 64
AT_ONCE = 1.0


def status(server: Server, secret: str) -> int:
    return raw.get(server.port, Authorization=f"Bearer {secret}", **STRANGER).status


def from_address(server: Server, source: str, secret: str) -> int:
    """Returns the status for a guess from another address of this machine."""
    request = raw.head(INFO, f"127.0.0.1:{server.port}", {"Authorization": f"Bearer {secret}", **STRANGER})
    with socket.create_connection(("127.0.0.1", server.port), 10, (source, 0)) as peer:
        peer.sendall(request)
        return raw.parse(peer.recv(65_536)).status


def files_with(secret: str, directory: Path) -> list[Path]:
    return [path for path in directory.rglob("*") if path.is_file() and secret.encode() in path.read_bytes()]


# MARK: The command line, without a server


def test_the_secret_is_shown_once_and_not_kept(place: Place) -> None:
    result = people.create(place, "alice", "operator")
    assert result.returncode == 0
    # The token is alone on standard output, so that it can be piped into a password store.
    assert re.fullmatch(r"\S{43,}\n", result.stdout)
    secret = result.stdout.strip()
    assert "alice" in result.stderr and "operator" in result.stderr and secret not in result.stderr
    assert not files_with(secret, place.root)
    path = place.state / "tokens.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(place.state.stat().st_mode) == 0o700
    [entry] = people.tokens(place)
    assert entry["name"] == "alice" and entry["role"] == "operator" and "expiresAt" not in entry
    assert invite(place, "operator", "bob").secret != secret


def test_list(place: Place) -> None:
    alice = invite(place, "viewer", "alice", "--expires", "90m")
    bob = invite(place, "admin", "bob")
    assert revoke(place, "bob").returncode == 0
    listed = program.run(place, "token", "list")
    assert listed.returncode == 0
    head, first, second = [line.split() for line in listed.stdout.splitlines()]
    assert head == ["ID", "NAME", "ROLE", "CREATED", "EXPIRES", "STATE"]
    assert (first[:3], first[-1]) == ([alice.id, "alice", "viewer"], "valid")
    assert (second[:3], second[-1]) == ([bob.id, "bob", "admin"], "revoked")
    assert "never" in second and "never" not in first
    assert alice.secret not in listed.stdout and bob.secret not in listed.stdout


@pytest.mark.parametrize(("lifetime", "seconds"), [("90m", 5_400), ("12h", 43_200), ("30d", 2_592_000)])
def test_lifetimes(place: Place, lifetime: str, seconds: int) -> None:
    before = time.time() * 1_000
    person = invite(place, "viewer", "alice", "--expires", lifetime)
    [entry] = people.tokens(place)
    assert entry["id"] == person.id
    assert before - 5 <= entry["expiresAt"] - seconds * 1_000 <= time.time() * 1_000 + 5


@pytest.mark.parametrize(
    "arguments",
    [
        ("--name=", "--role=viewer"),
        ("--name= a", "--role=viewer"),
        ("--name=-a", "--role=viewer"),
        ("--name=a\x1b[2J", "--role=viewer"),
        ("--name=a\nb", "--role=viewer"),
        ("--name=älice", "--role=viewer"),
        ("--name=" + "a" * 65, "--role=viewer"),
        ("--name=0123456789ab", "--role=viewer"),
        ("--name=START", "--role=viewer"),
        ("--name=taken", "--role=viewer"),
        ("--name=Taken", "--role=viewer"),
        ("--name=alice", "--role=root"),
        ("--name=alice", "--role="),
        *(
            ("--name=alice", "--role=viewer", f"--expires={text}")
            for text in ("", "30", "d", "0d", "-1d", "1.5h", "5s", "1w", "3651d", "9" * 30 + "d", "٣d")
        ),
        ("--name=alice",),
        ("--role=viewer",),
        ("--name=alice", "--role=viewer", "more"),
    ],
    ids=lambda arguments: " ".join(arguments).encode("unicode_escape").decode()[:40],
)
def test_what_cannot_be_made(place: Place, arguments: tuple[str, ...]) -> None:
    invite(place, "viewer", "taken")
    before = (place.state / "tokens.json").read_bytes()
    result = program.run(place, "token", "create", *arguments)
    assert result.returncode == USAGE
    assert result.stdout == ""
    assert result.stderr.strip()
    # The output contains no terminal control characters.
    assert all(character.isprintable() or character == "\n" for character in result.stderr)
    assert (place.state / "tokens.json").read_bytes() == before


def test_what_cannot_be_revoked(place: Place) -> None:
    invite(place, "viewer", "alice")
    for name in ("bob", "", "\x1b[2J"):
        result = revoke(place, name)
        assert result.returncode == USAGE and len(result.stderr.splitlines()) == 1, name
        assert "\x1b" not in result.stderr
    assert revoke(place, "alice").returncode == 0
    again = revoke(place, "alice")
    assert again.returncode == USAGE and "revoked" in again.stderr
    # The name is free again.
    assert invite(place, "viewer", "alice").secret


def test_revoked_by_id(place: Place) -> None:
    person = invite(place, "viewer", "alice")
    assert revoke(place, person.id).returncode == 0
    assert "revokedAt" in people.tokens(place)[0]


@pytest.mark.parametrize("content", ["", "{", "[]", '{"version":99,"tokens":[]}', '{"version":1,"tokens":[{"id":1}]}'])
def test_damaged_file_is_nobodys_invitation(place: Place, launch: Callable[..., Server], content: str) -> None:
    """The server neither reads a damaged file as empty, which would create a new start token, nor overwrites it."""
    place.state.mkdir()
    path = place.state / "tokens.json"
    path.write_text(content)
    for arguments in (("create", "--name=alice", "--role=admin"), ("list",), ("revoke", "alice")):
        result = program.run(place, "token", *arguments)
        assert result.returncode == 1 and "tokens.json" in result.stderr, arguments
    result = program.run(place)
    assert result.returncode != 0 and "tokens.json" in result.stderr
    assert path.read_text() == content


# MARK: A running server


def test_a_running_server_knows_at_once(stand_in: Callable[..., tuple[Server, StandIn]]) -> None:
    server = stand_in()[0]
    person = invite(server.place, "operator", "alice")
    wait_until("the new token is known", lambda: status(server, person.secret) == 200, AT_ONCE)
    who = info(server, **person.bearer, **STRANGER)
    assert who and (who["user"], who["name"], who["role"]) == ("token", "alice", "operator")
    assert revoke(server.place, "alice").returncode == 0
    wait_until("the revoked token is refused", lambda: status(server, person.secret) == 401, AT_ONCE)
    assert status(server, server.place.token) == 200


def test_a_running_server_bears_a_damaged_file(stand_in: Callable[..., tuple[Server, StandIn]]) -> None:
    server = stand_in()[0]
    person = invite(server.place, "operator", "alice")
    wait_until("the new token is known", lambda: status(server, person.secret) == 200, AT_ONCE)
    path = server.place.state / "tokens.json"
    good = path.read_bytes()
    path.write_text("{")
    wait_until("the server says so", lambda: "tokens.json" in server.output(), 5)
    assert status(server, person.secret) == 200
    assert status(server, "x" * 43) == 401
    path.write_bytes(good)
    assert revoke(server.place, "alice").returncode == 0
    wait_until("the revoked token is refused", lambda: status(server, person.secret) == 401, 3)


def test_what_ends_is_refused_without_a_hint(stand_in: Callable[..., tuple[Server, StandIn]]) -> None:
    """An attacker does not learn that a token was once valid, nor that a part of it is right."""
    server = stand_in()[0]
    revoked, expired = (invite(server.place, "admin", name) for name in ("alice", "bob"))
    assert revoke(server.place, "alice").returncode == 0
    people.change(server.place, expired, expiresAt=int(time.time() * 1_000) - 1)
    wait_until("neither is valid", lambda: status(server, expired.secret) == 401, AT_ONCE)
    start = server.place.token
    guesses = [revoked.secret, expired.secret, "x" * len(start), start[:-1] + "!", start[:20]]
    answers = [raw.get(server.port, Authorization=f"Bearer {guess}", **STRANGER) for guess in guesses]
    assert {answer.status for answer in answers} == {401}
    assert len({answer.body for answer in answers}) == 1
    assert len({tuple(sorted(set(answer.headers) - {"date"})) for answer in answers}) == 1


def test_secrets_are_in_no_log_and_no_record(stand_in: Callable[..., tuple[Server, StandIn]], clients) -> None:
    server = stand_in(environment={"LOG_LEVEL": "trace"})[0]
    place = server.place
    person = invite(place, "admin", "alice")
    wait_until("the new token is known", lambda: status(server, person.secret) == 200, AT_ONCE)
    signed_in = people.signed_in(server, person.secret)
    assert info(server, **signed_in.headers, **STRANGER)
    client = clients(server, token=person.secret)
    # Request texts are recorded; a token pasted into one is masked.
    thread = client.request("thread/start", {})["threadId"]
    words = f"use {person.secret} and {place.token}"
    client.request("turn/start", {"threadId": thread, "input": [{"type": "text", "text": words}]})
    ticket = json.loads(raw.post(server.port, people.TICKETS, b"", **person.bearer).body)["ticket"]
    assert people.sign_in(server, ticket, "ticket").status == 200
    client.close()
    server.stop()
    rows = sqlite3.connect(f"file:{place.state}/audit.sqlite?mode=ro", uri=True)
    record = "\n".join(rows.iterdump())
    rows.close()
    assert "turn.started" in record and "signin.accepted" in record
    for secret in (person.secret, *signed_in.secrets, ticket, place.token):
        assert secret not in server.output()
        assert secret not in record
        found = files_with(secret, place.state)
        assert found == ([place.state / "token"] if secret == place.token else []), found


# MARK: Guessing


def test_guesses_are_counted_by_address_and_however_they_come(
    stand_in: Callable[..., tuple[Server, StandIn]],
) -> None:
    server = stand_in()[0]
    person = invite(server.place, "viewer", "alice")
    for number in range(10):
        guess = f"guess-{number}"
        match number % 3:
            case 0:
                answered = status(server, guess)
            case 1:
                answered = people.sign_in(server, guess).status
            case _:
                answered = raw.handshake(server.port, Authorization=f"Bearer {guess}", **STRANGER).status
        assert answered == 401
    assert status(server, "x") == 429
    assert people.sign_in(server, "x").status == 429
    assert raw.handshake(server.port, Authorization="Bearer x", **STRANGER).status == 429
    # A forged X-Forwarded-For does not change the address, and another address is not throttled.
    assert raw.get(server.port, Authorization="Bearer x", X_Forwarded_For="198.51.100.9").status == 429
    assert from_address(server, "127.0.0.2", "x") == 401
    # Wrong cookies and tickets do not count as guesses, and right tokens always get in.
    assert raw.get(server.port, Cookie="sre-agent-session=x", **STRANGER).status == 401
    assert people.sign_in(server, "x", "ticket").status == 401
    assert status(server, person.secret) == 200


def test_a_chosen_token_of_an_older_version_cannot_be_guessed_at_speed(
    place: Place, stand_in: Callable[..., tuple[Server, StandIn]]
) -> None:
    place.state.mkdir()
    (place.state / "token").write_text("open sesame\n")
    server = stand_in()[0]
    # The first word, which older versions used as the token.
    assert status(server, "open") == 200
    for number in range(10):
        assert status(server, f"guess-{number}") == 401
    # Refused without a check, whether right or wrong.
    assert status(server, "open") == status(server, "wrong") == 429
    assert from_address(server, "127.0.0.2", "open") == 200


# MARK: With nothing configured


def test_the_local_user_needs_nothing_and_may_do_everything(
    stand_in: Callable[..., tuple[Server, StandIn]], clients
) -> None:
    server, agent = stand_in()
    who = info(server)
    assert who and (who["user"], who["name"], who["role"]) == ("local", "local user", "admin")
    assert who["sessionApprovals"] is True and who["lastingApprovals"] is True and who["secure"] is False
    clients(server).request("fs/writeFile", {"path": "/x", "marker": "of the local user"})
    agent.wait_received("fs/writeFile", "of the local user")
    # The local user is also refused with a wrong token.
    assert raw.get(server.port, Authorization="Bearer wrong").status == 401


def test_start_token_is_an_admins(stand_in: Callable[..., tuple[Server, StandIn]], clients) -> None:
    server, agent = stand_in()
    [entry] = people.tokens(server.place)
    assert entry["name"] == "start" and entry["role"] == "admin"
    who = info(server, Authorization=f"Bearer {server.place.token}", **STRANGER)
    assert who and (who["user"], who["name"], who["role"]) == ("token", "start", "admin")
    clients(server, token=server.place.token).request("config/batchWrite", {"marker": "of the start token"})
    agent.wait_received("config/batchWrite", "of the start token")


def test_start_token_is_revoked_for_good(place: Place, stand_in: Callable[..., tuple[Server, StandIn]]) -> None:
    server = stand_in()[0]
    secret = place.token
    assert revoke(place, "start").returncode == 0
    wait_until("the start token is refused", lambda: status(server, secret) == 401, AT_ONCE)
    # The revoked token's file is deleted.
    assert not (place.state / "token").exists()
    server.stop()
    again = stand_in()[0]
    assert not (place.state / "token").exists()
    assert status(again, secret) == 401
    assert [token["name"] for token in people.tokens(place)] == ["start"]
    assert info(again)
    # Restoring the file does not restore access.
    again.stop()
    (place.state / "token").write_text(secret)
    assert status(stand_in()[0], secret) == 401


def test_start_token_is_made_once(place: Place, stand_in: Callable[..., tuple[Server, StandIn]]) -> None:
    server = stand_in()[0]
    secret = place.token
    server.stop()
    again = stand_in()[0]
    assert place.token == secret and status(again, secret) == 200
    assert len(people.tokens(place)) == 1


def test_a_token_made_before_the_first_start(place: Place, stand_in: Callable[..., tuple[Server, StandIn]]) -> None:
    person = invite(place, "viewer", "alice")
    server = stand_in()[0]
    assert status(server, person.secret) == 200 == status(server, place.token)
    assert {token["name"] for token in people.tokens(place)} == {"alice", "start"}
