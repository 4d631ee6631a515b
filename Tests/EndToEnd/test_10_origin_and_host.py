"""Row 10: which Origin and which Host get through, on the page and on the socket."""

import socket

import pytest

from harness import raw
from harness.server import SOCKET, Server

PATHS = ["/", SOCKET]


@pytest.fixture
def door(module_stand_ins) -> Server:
    """Nothing here gets as far as the agent."""
    return module_stand_ins("shared")[0]


# MARK: Origin


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_own_origin(door: Server, path: str, scheme: str) -> None:
    for host in (f"127.0.0.1:{door.port}", f"localhost:{door.port}", "localhost"):
        answer = raw.handshake(door.port, path, host=host, Origin=f"{scheme}://{host}")
        assert answer.status == 101, host


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "null",
        "file://",
        "http://127.0.0.1",
        "http://127.0.0.1:1",
        "http://localhost:{port}",
        "http://127.0.0.1:{port}.evil.example",
        "http://127.0.0.1:{port}0",
        "http://127.0.0.1:{port}/",
        "http://127.0.0.1:{port}@evil.example",
        "http://127.0.0.1.evil.example:{port}",
        "http://evil.example/127.0.0.1:{port}",
        "http://evil.example#127.0.0.1:{port}",
        "ws://127.0.0.1:{port}",
        "127.0.0.1:{port}",
        "http://evil.example http://127.0.0.1:{port}",
        "http://127.0.0.1:{port}, http://evil.example",
    ],
)
def test_foreign_origin(door: Server, path: str, origin: str) -> None:
    origin = origin.format(port=door.port)
    assert raw.handshake(door.port, path, Origin=origin).status == 403
    # Nor with the token: the browser adds the cookie to what a foreign page sends.
    bearer = f"Bearer {door.place.token}"
    assert raw.handshake(door.port, path, Origin=origin, Authorization=bearer).status == 403
    assert raw.get(door.port, path if path == "/" else "/api/v1/sre/info", Origin=origin).status == 403
    login = raw.post(door.port, "/api/v1/sre/login", b'{"token":"x"}', Origin=origin)
    assert login.status == 403
    assert "set-cookie" not in login.headers


def test_public_url(stand_in) -> None:
    server, _ = stand_in(environment={"PUBLIC_URL": "https://sre.example.com"})
    own = "https://sre.example.com"
    for host in ("", "sre.example.com", f"localhost:{server.port}"):
        assert raw.handshake(server.port, host=host, Origin=own).status == 101, host
    for origin in (
        "https://sre.example.com.evil.example",
        "https://sre.example.com:8443",
        "https://evil.sre.example.com",
        "http://sre.example.com",
    ):
        assert raw.handshake(server.port, Origin=origin).status == 403, origin
    for host in ("sre.example.com.evil.example", "evil.example", "xsre.example.com"):
        assert raw.handshake(server.port, host=host, Origin=own).status == 403, host


# MARK: Host


@pytest.mark.parametrize(
    "host",
    ["localhost", "LOCALHOST", "localhost:{port}", "127.0.0.1", "[::1]", "[::1]:{port}", "10.11.12.13", "{machine}"],
)
def test_own_host(door: Server, host: str) -> None:
    host = host.format(port=door.port, machine=socket.gethostname())
    assert raw.handshake(door.port, host=host).status == 101
    assert raw.get(door.port, host=host).status == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:{port}",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "127.0.0.1.evil.example:{port}",
        "xlocalhost",
        "localhost:{port}.evil.example",
        "localhost:{port}:1",
        "localhost@evil.example",
        "evil.example@localhost",
        "[::1].evil.example",
        "[::1",
        "",
    ],
)
def test_foreign_host(door: Server, host: str) -> None:
    """A page that has its name point here (DNS rebinding) gets nothing, the open routes included."""
    line = f" {host.format(port=door.port)}" if host else " "
    for path, headers in [(SOCKET, raw.UPGRADE), ("/", raw.UPGRADE), ("/", {}), ("/healthz", {}), ("/readyz", {})]:
        answer = raw.exchange(door.port, raw.head(path, line.strip(), headers))
        assert answer.status in (400, 403), (path, headers)


def test_no_host_at_all(door: Server) -> None:
    assert raw.get(door.port, host=None).status in (400, 403)
    assert raw.handshake(door.port, host=None).status in (400, 403)


def test_allowed_hosts(stand_in) -> None:
    server, _ = stand_in(environment={"ALLOWED_HOSTS": "sre.internal, Other.Internal"})
    for host in ("sre.internal", f"sre.internal:{server.port}", "other.internal"):
        assert raw.handshake(server.port, host=host).status == 101
        assert raw.handshake(server.port, host=host, Origin=f"http://{host}").status == 101
    assert raw.handshake(server.port, host="evil.internal").status == 403
