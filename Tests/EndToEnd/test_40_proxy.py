"""An authenticating proxy: trusted only from its addresses, with one user header, for users with a role."""

import json
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from harness import people, program, raw
from harness.client import Client, RpcError
from harness.people import INFO, TICKETS, invite
from harness.place import Place
from harness.played import THREAD, play, question
from harness.server import SOCKET, Server
from harness.stand_in import StandIn
from harness.waiting import wait_until

pytestmark = pytest.mark.usefixtures("private_files")

SIGNED_OUT = 4003
CONFIG = """
proxy:
  addresses: [127.0.0.3, "127.0.9.0/24"]
  users: {alice: approver, bob: viewer, "zoë": operator, root: admin}
"""
PROXY, ALSO_PROXY, ELSEWHERE = "127.0.0.3", "127.0.9.77", "127.0.0.2"


@pytest.fixture
def config(place: Place) -> Path:
    path = place.root / "sre-agent.yaml"
    path.write_text(CONFIG)
    return path


@pytest.fixture
def started(stand_in, config: Path) -> Callable[..., tuple[Server, StandIn]]:
    return lambda text=CONFIG: (config.write_text(text), stand_in(environment={"CONFIG": str(config)}))[1]


@pytest.fixture
def own(started) -> Server:
    """For tests that change the configuration or send wrong tokens, which the server counts for a minute."""
    return started()[0]


@pytest.fixture(scope="module")
def server(run_directory: Path) -> Iterator[Server]:
    place = Place(run_directory)
    config = place.root / "sre-agent.yaml"
    config.write_text(CONFIG)
    server = Server(place, agent=StandIn(place.root).executable, environment={"CONFIG": str(config)}).ready()
    yield server
    assert server.stop() == 0


def ask(server: Server, headers: list[tuple[str, str]], source: str = PROXY, path: str = INFO) -> raw.Answer:
    """Sends a request from an address of this machine; `headers` may repeat a name."""
    lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{server.port}"] + [f"{name}: {value}" for name, value in headers]
    with socket.create_connection(("127.0.0.1", server.port), 10, (source, 0)) as peer:
        peer.sendall("\r\n".join([*lines, "", ""]).encode())
        received = b""
        while chunk := peer.recv(65_536):
            received += chunk
            if b"\r\n\r\n" in received:
                answer = raw.parse(received)
                if answer.status == 101 or len(answer.body) >= int(answer.headers.get("content-length", "0")):
                    return answer
    raise AssertionError(f"closed after {received!r}")


def user(name: str) -> list[tuple[str, str]]:
    return [("X-Forwarded-User", name), ("X-Forwarded-For", "203.0.113.7")]


def through(server: Server, name: str, query: str = "", source: str = PROXY) -> Client:
    peer = socket.create_connection(("127.0.0.1", server.port), 10, (source, 0))
    client = Client(f"ws://127.0.0.1:{server.port}{SOCKET}{query}", dict(user(name)), sock=peer)
    client.initialize()
    return client


@pytest.mark.parametrize("source", [PROXY, ALSO_PROXY])
@pytest.mark.parametrize(("name", "role"), [("alice", "approver"), ("bob", "viewer"), ("zoë", "operator")])
def test_whom_the_proxy_names(server: Server, source: str, name: str, role: str) -> None:
    who = json.loads(ask(server, user(name), source).body)
    assert (who["user"], who["name"], who["role"]) == ("proxy", name, role)
    # Header names are case-insensitive (RFC 9110 section 5.1).
    assert json.loads(ask(server, [("x-forwarded-USER", name)], source).body)["name"] == name


def test_nobody_else_is_believed(server: Server) -> None:
    for source in ("127.0.0.1", ELSEWHERE, "127.0.8.77", "127.0.10.1"):
        for name in ("alice", "root"):
            answer = ask(server, user(name), source)
            assert answer.status == 401 and b"alice" not in answer.body, source
            upgrade = [*raw.UPGRADE.items(), *user(name)]
            assert ask(server, upgrade, source, SOCKET).status == 401, source
    # A client that claims the proxy's address is not the proxy.
    named = [*user("root"), ("X-Real-IP", PROXY), ("Forwarded", f"for={PROXY}"), ("X-Forwarded-For", PROXY)]
    assert ask(server, named, ELSEWHERE).status == 401


@pytest.mark.parametrize(
    "headers",
    [
        [("X-Forwarded-User", "bob"), ("X-Forwarded-User", "root")],
        [("X-Forwarded-User", "root"), ("X-Forwarded-User", "root")],
        [("X-Forwarded-User", "bob"), ("x-forwarded-user", "root")],
        [("X-Forwarded-User", "bob, root")],
        [("X-Forwarded-User", "bob,")],
        [("X-Forwarded-User", "")],
        [("X-Forwarded-User", "   ")],
        [("X-Forwarded-User", "x" * 129)],
        [("X-Forwarded-User", "\u202eecila")],
        [("X-Forwarded-User", "al\u200bice")],
    ],
    ids=lambda headers: json.dumps(headers)[:60],
)
def test_what_can_be_read_in_two_ways_is_refused(server: Server, headers: list[tuple[str, str]]) -> None:
    answer = ask(server, [*headers, ("X-Forwarded-For", "203.0.113.7")])
    assert answer.status == 401
    assert ask(server, [*raw.UPGRADE.items(), *headers], path=SOCKET).status == 401


@pytest.mark.parametrize("name", ["mallory", "Alice", "ALICE", "alice2", "admin", "local", "zoe\u0308", "alice@corp"])
def test_unknown_users_are_refused(server: Server, name: str) -> None:
    answer = ask(server, user(name))
    assert answer.status == 403 and name in answer.body.decode()
    assert ask(server, [*raw.UPGRADE.items(), *user(name)], path=SOCKET).status == 403


def test_default_role(started) -> None:
    server = started("proxy: {addresses: [127.0.0.3], users: {alice: admin}, defaultRole: viewer}")[0]
    assert json.loads(ask(server, user("mallory")).body)["role"] == "viewer"
    assert json.loads(ask(server, user("alice")).body)["role"] == "admin"


def test_another_header(started) -> None:
    server = started("proxy: {addresses: [127.0.0.3], userHeader: X-Auth-User, users: {alice: viewer}}")[0]
    assert json.loads(ask(server, [("X-Auth-User", "alice"), ("Via", "1.1 p")]).body)["name"] == "alice"
    # A header that is not configured has no effect.
    assert ask(server, user("alice")).status == 401


def test_without_a_user_it_is_a_stranger(server: Server) -> None:
    assert ask(server, [("X-Forwarded-For", "203.0.113.7")]).status == 401


def test_tokens_still_count(server: Server) -> None:
    person = invite(server.place, "operator", "carol")
    bearer = ("Authorization", f"Bearer {person.secret}")
    wait_until("the token is known", lambda: ask(server, [*user("bob"), bearer]).status == 200)
    # A token takes precedence over the proxy's user, and a wrong token is refused.
    assert json.loads(ask(server, [*user("bob"), bearer]).body)["name"] == "carol"
    assert ask(server, [*user("bob"), ("Authorization", "Bearer wrong")]).status == 401


def test_roles_over_the_socket(started) -> None:
    server, agent = started()
    viewer, approver, admin = (through(server, name) for name in ("bob", "alice", "root"))
    try:
        for client in (viewer, approver, admin):
            client.request("thread/resume", {"threadId": THREAD})
        with pytest.raises(RpcError, match="operator"):
            viewer.request("thread/start", {"mark": "by bob"})
        with pytest.raises(RpcError, match="admin"):
            approver.request("fs/remove", {"mark": "by alice"})
        play(admin, {"toAll": question("proxied")["send"]})
        asked = viewer.question(itemId="item-proxied")["id"]
        viewer.answer(asked, {"decision": "accept"})
        assert viewer.notification("sre/answerRejected", requestId=asked)["reason"] == "forbidden"
        approver.answer(asked, {"decision": "accept"})
        assert viewer.notification("serverRequest/resolved", requestId=asked)["sre"]["decidedBy"] == "alice"
        assert not [text for text in agent.received() if "by bob" in text or "by alice" in text]
    finally:
        for client in (viewer, approver, admin):
            client.close()


def test_the_record_names_the_person_and_their_address(own: Server) -> None:
    client = through(own, "alice")
    client.close()
    rows = wait_until("it is recorded", lambda: [row for row in record(own) if row["kind"] == "session.opened"], 5)
    assert (rows[0]["actor"], rows[0]["role"], rows[0]["address"]) == ("alice", "approver", "203.0.113.7")


def record(server: Server) -> list[dict]:
    return json.loads(ask(server, user("bob"), path="/api/v1/sre/audit").body)["data"]


def test_guesses_are_counted_by_whom_the_proxy_speaks_for(own: Server) -> None:
    def guess(chain: str) -> int:
        return ask(own, [("X-Forwarded-For", chain), ("Authorization", "Bearer wrong")]).status

    # The client controls the entries in front of the one that the proxy appends.
    assert [guess(f"198.51.100.{number}, 203.0.113.7") for number in range(10)] == [401] * 10
    assert guess("203.0.113.7") == 429
    assert guess("203.0.113.8") == 401
    assert guess(f"203.0.113.7, {ALSO_PROXY}") == 429
    # A client that is not a trusted proxy counts under its own address.
    assert ask(own, [("X-Forwarded-For", "203.0.113.7"), ("Authorization", "Bearer wrong")], ELSEWHERE).status == 401


def test_no_ticket_for_whom_the_proxy_signs_in(server: Server) -> None:
    lines = [f"POST {TICKETS} HTTP/1.1", f"Host: 127.0.0.1:{server.port}", "Content-Length: 0"]
    lines += [f"{name}: {value}" for name, value in user("alice")]
    with socket.create_connection(("127.0.0.1", server.port), 10, (PROXY, 0)) as peer:
        peer.sendall("\r\n".join([*lines, "", ""]).encode())
        answer = raw.parse(peer.recv(65_536))
    assert answer.status == 403 and b"ticket\"" not in answer.body


def test_another_origin_is_foreign_behind_a_proxy_too(server: Server) -> None:
    assert ask(server, [*user("alice"), ("Origin", "http://evil.example")]).status == 403


@pytest.mark.parametrize(
    ("change", "closes"),
    [
        ("proxy: {addresses: [127.0.0.3], users: {bob: viewer}}", True),
        ("proxy: {addresses: [127.0.0.3], users: {alice: viewer, bob: viewer}}", True),
        ("rules: []", True),
        ("proxy: {addresses: [127.0.0.3], users: {alice: approver, bob: viewer, eve: viewer}}", False),
    ],
    ids=["removed", "another role", "no proxy", "somebody new"],
)
def test_changes_close_sockets_at_once(own: Server, config: Path, change: str, closes: bool) -> None:
    alice = through(own, "alice")
    try:
        new = config.with_suffix(".new")
        new.write_text(change)
        new.replace(config)
        if closes:
            assert alice.wait_closed(2) == SIGNED_OUT
        else:
            wait_until("the change is known", lambda: ask(own, user("eve")).status == 200, 2)
            assert alice.request("model/list", {"a": 1})["echo"] == {"a": 1}
    finally:
        alice.close()


@pytest.mark.parametrize(
    "text",
    [
        "proxy: {users: {alice: admin}}",
        "proxy: {addresses: []}",
        "proxy: {addresses: [0.0.0.0/0], users: {alice: admin}}",
        "proxy: {addresses: ['::/0'], users: {alice: admin}}",
        "proxy: {addresses: [127.0.0.300], users: {alice: admin}}",
        "proxy: {addresses: [localhost], users: {alice: admin}}",
        "proxy: {addresses: [10.0.0.1/8], users: {alice: admin}}",
        "proxy: {addresses: [127.0.0.3]}",
        "proxy: {addresses: [127.0.0.3], users: {alice: root}}",
        "proxy: {addresses: [127.0.0.3], users: {alice: admin}, userHeader: Authorization}",
        "proxy: {addresses: [127.0.0.3], users: {alice: admin}, userHeader: 'X User'}",
        "proxy: {addresses: [127.0.0.3], users: {alice: admin}, header: X-User}",
        "proxy: {addresses: [127.0.0.3], users: {alice: admin, alice: viewer}}",
    ],
)
def test_what_cannot_be_meant_is_refused_at_the_start(place: Place, config: Path, text: str) -> None:
    config.write_text(text)
    StandIn(place.root)
    result = program.run(place, CODEX_BIN=str(place.root / "stand-in"), CONFIG=str(config))
    assert result.returncode != 0 and "sre-agent.yaml" in result.stderr, result.stderr
    assert "http" not in result.stdout


def test_a_faulty_change_changes_nothing(own: Server, config: Path) -> None:
    config.write_text("proxy: {addresses: [0.0.0.0/0], users: {mallory: admin}}")
    wait_until("the server says so", lambda: "the previous configuration stays in effect" in own.output(), 5)
    assert ask(own, user("mallory")).status == 403
    assert ask(own, user("mallory"), ELSEWHERE).status == 401
    assert json.loads(ask(own, user("alice")).body)["role"] == "approver"
    assert people.info(own)
