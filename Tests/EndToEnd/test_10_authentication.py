"""Row 10: which clients need a token."""

import os
import socket
from collections.abc import Callable

import pytest

from harness import raw
from harness.place import Place
from harness.raw import STRANGER
from harness.server import SOCKET, Server

INFO = "/api/v1/sre/info"
APPROVALS = "/api/v1/sre/approvals"


@pytest.fixture
def edge(module_stand_ins) -> Server:
    return module_stand_ins("shared")[0]


def own_address() -> str | None:
    """A non-loopback address of this machine. Sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return None
        address = probe.getsockname()[0]
    return None if address.startswith("127.") else address


# MARK: Without a token


def test_own_user_on_loopback(edge: Server) -> None:
    assert raw.handshake(edge.port).status == 101
    assert raw.handshake(edge.port, "/").status == 101
    answer = raw.get(edge.port)
    assert answer.status == 200
    assert b'"user":"local"' in answer.body.replace(b" ", b"")
    assert raw.get(edge.port, APPROVALS).status == 200


@pytest.fixture
def dual(stand_in: Callable[..., tuple]) -> Server:
    """Listens on IPv4 and IPv6."""
    return stand_in(environment={"HOST": "::"})[0]


def test_own_user_on_both_protocols(dual: Server) -> None:
    for address, host in [("127.0.0.1", "127.0.0.1"), ("::1", "[::1]"), ("::1", "localhost")]:
        assert raw.handshake(dual.port, host=f"{host}:{dual.port}", address=address).status == 101
        assert raw.get(dual.port, host=f"{host}:{dual.port}", address=address).status == 200
        forwarded = raw.get(dual.port, host=host, address=address, **STRANGER)
        assert forwarded.status == 401


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_another_user_of_this_machine(dual: Server, address: str) -> None:
    assert os.getuid() == 0, "only root can be another user: run this test as root"
    assert raw.as_nobody(dual.port, INFO, address) == 401
    assert raw.as_nobody(dual.port, APPROVALS, address) == 401
    for path in ("/", SOCKET):
        assert raw.as_nobody(dual.port, path, address, **raw.UPGRADE) == 401
    assert raw.as_nobody(dual.port, "/healthz", address) == 200
    bearer = f"Bearer {dual.place.token}"
    assert raw.as_nobody(dual.port, INFO, address, Authorization=bearer) == 200
    assert raw.as_nobody(dual.port, SOCKET, address, Authorization=bearer, **raw.UPGRADE) == 101


def test_own_user_from_another_address(stand_in: Callable[..., tuple]) -> None:
    """The same machine and user, but not over loopback."""
    address = own_address()
    assert address is not None, "this machine has no address but loopback"
    server = stand_in(environment={"HOST": "0.0.0.0"})[0]
    assert raw.get(server.port, host=f"{address}:{server.port}", address=address).status == 401
    assert raw.handshake(server.port, host=f"{address}:{server.port}", address=address).status == 401


@pytest.mark.parametrize(
    "name",
    ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Via", "x-forwarded-for"],
)
def test_forwarded_requests_are_not_local(edge: Server, name: str) -> None:
    """A proxy on the same machine, run by the same user, must not turn every client into the local user."""
    value = {"Forwarded": "for=203.0.113.7", "Via": "1.1 proxy"}.get(name, "127.0.0.1")
    assert raw.get(edge.port, **{name: value}).status == 401
    assert raw.handshake(edge.port, **{name: value}).status == 401
    assert raw.handshake(edge.port, "/", **{name: value}).status == 401
    bearer = {"Authorization": f"Bearer {edge.place.token}", name: value}
    assert raw.get(edge.port, **bearer).status == 200
    assert raw.handshake(edge.port, **bearer).status == 101


# MARK: Commands of a thread as clients


def test_thread_with_network_takes_the_local_users_privilege_away(place: Place, launch, talk) -> None:
    server = launch(environment={"ALLOW_FULL_ACCESS": "1"}).ready()
    harmless = talk(server)
    assert raw.handshake(server.port).status == 101
    conversation = talk(server, sandbox="dangerFullAccess")
    assert raw.get(server.port).status == 401
    assert raw.handshake(server.port).status == 401
    assert raw.handshake(server.port, "/").status == 401
    bearer = f"Bearer {place.token}"
    assert raw.get(server.port, Authorization=bearer).status == 200
    assert raw.handshake(server.port, Authorization=bearer).status == 101

    # Connected clients stay. The command can reach the server, but can neither connect nor read the token.
    request = f"GET {APPROVALS} HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n"
    conversation.run(
        {
            "command": f"exec 3<>/dev/tcp/127.0.0.1/{server.port}; printf '{request}' >&3; head -1 <&3; "
            f"cat '{place.state}/token'; echo TOKEN-$?"
        },
        {"text": "done"},
    )
    output = conversation.output()
    assert "HTTP/1.1 401" in output
    assert "TOKEN-1" in output
    assert place.token not in output
    harmless.run({"command": "true"}, {"text": "done"})
