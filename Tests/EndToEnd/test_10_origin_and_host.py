"""Row 10: which Origin and Host headers the page and the WebSocket accept."""

import json
import os
import socket
import time
from collections.abc import Callable

import pytest

from harness import paths, program, raw
from harness.place import Place
from harness.server import SOCKET, Server
from harness.wrappers import wrapper

PATHS = ["/", SOCKET]


@pytest.fixture
def edge(module_stand_ins) -> Server:
    """No request here reaches the agent."""
    return module_stand_ins("shared")[0]


# MARK: Origin


@pytest.mark.parametrize("path", PATHS)
def test_own_origin(edge: Server, path: str) -> None:
    for host in (f"127.0.0.1:{edge.port}", f"localhost:{edge.port}", "localhost"):
        answer = raw.handshake(edge.port, path, host=host, Origin=f"http://{host}")
        assert answer.status == 101, host


def test_an_origin_with_another_scheme_is_told_what_to_set(edge: Server) -> None:
    """The page comes from a proxy that terminates TLS, or from another server on this name."""
    host = f"localhost:{edge.port}"
    answer = raw.handshake(edge.port, host=host, Origin=f"https://{host}")
    assert answer.status == 403
    assert f"PUBLIC_URL=https://{host}".encode() in answer.body


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
def test_foreign_origin(edge: Server, path: str, origin: str) -> None:
    origin = origin.format(port=edge.port)
    assert raw.handshake(edge.port, path, Origin=origin).status == 403
    # The token does not help: the browser adds the cookie to a foreign page's requests.
    bearer = f"Bearer {edge.place.token}"
    assert raw.handshake(edge.port, path, Origin=origin, Authorization=bearer).status == 403
    assert raw.get(edge.port, path if path == "/" else "/api/v1/sre/info", Origin=origin).status == 403
    login = raw.post(edge.port, "/api/v1/sre/login", b'{"token":"x"}', Origin=origin)
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
def test_own_host(edge: Server, host: str) -> None:
    host = host.format(port=edge.port, machine=socket.gethostname())
    assert raw.handshake(edge.port, host=host).status == 101
    assert raw.get(edge.port, host=host).status == 200


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
def test_foreign_host(edge: Server, host: str) -> None:
    """A page that points its own name here (DNS rebinding) gets nothing, not even the open routes."""
    line = f" {host.format(port=edge.port)}" if host else " "
    for path, headers in [(SOCKET, raw.UPGRADE), ("/", raw.UPGRADE), ("/", {}), ("/healthz", {}), ("/readyz", {})]:
        answer = raw.exchange(edge.port, raw.head(path, line.strip(), headers))
        assert answer.status in (400, 403), (path, headers)


def test_no_host_at_all(edge: Server) -> None:
    assert raw.get(edge.port, host=None).status in (400, 403)
    assert raw.handshake(edge.port, host=None).status in (400, 403)


def test_allowed_hosts(stand_in) -> None:
    server, _ = stand_in(environment={"ALLOWED_HOSTS": "sre.internal, Other.Internal"})
    for host in ("sre.internal", f"sre.internal:{server.port}", "other.internal"):
        assert raw.handshake(server.port, host=host).status == 101
        assert raw.handshake(server.port, host=host, Origin=f"http://{host}").status == 101
    assert raw.handshake(server.port, host="evil.internal").status == 403


# MARK: Malformed and ambiguous requests


def test_malformed_requests_are_answered(edge: Server) -> None:
    own = f"Host: 127.0.0.1:{edge.port}\r\n"
    for status, request in [
        (400, f"POST /api/v1/sre/login HTTP/1.1\r\n{own}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{{}}"),
        (400, f"POST /api/v1/sre/login HTTP/1.1\r\n{own}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{{}}"),
        (400, f"GET /healthz HTTP/1.1\n{own}\n".replace("\r", "")),
        (400, f"GET /healthz HTTP/1.1\r\n{own}X-Folded: a\r\n  b\r\n\r\n"),
        (400, f"GET /healthz HTTP/1.1\r\n{own}{own}\r\n"),
        (400, f"GET /healthz HTTP/1.1\r\n{own}Host: evil.example\r\n\r\n"),
        (400, "GET /healthz HTTP/1.1\r\n\r\n"),
        (400, f"GET /healthz\r\n{own}\r\n"),
        (400, "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"),
        (400, f"GET /healthz HTTP/1.1\r\n{own}Bad Name: x\r\n\r\n"),
        (431, f"GET /healthz HTTP/1.1\r\n{own}X-Long: {'x' * 200_000}\r\n\r\n"),
        (431, f"GET /healthz HTTP/1.1\r\n{own}" + "X: y\r\n" * 30_000 + "\r\n"),
        (403, f"GET http://evil.example/healthz HTTP/1.1\r\n{own}\r\n"),
        (403, f"GET http://evil.example@127.0.0.1/healthz HTTP/1.1\r\n{own}\r\n"),
        (200, f"GET http://127.0.0.1:{edge.port}/healthz HTTP/1.1\r\nHost: evil.example\r\n\r\n"),
        (200, f"GET /healthz HTTP/1.1\r\n{own}\r\n"),
    ]:
        begun = time.monotonic()
        answer = raw.exchange(edge.port, request.encode("latin-1"))
        assert answer.status == status, request[:200]
        assert time.monotonic() - begun < 2, request[:200]
        if status != 200:
            assert json.loads(answer.body)["error"]


def test_what_comes_first_is_answered_first(edge: Server) -> None:
    """A good request followed, in the same packet, by a malformed one."""
    good = raw.head("/healthz", f"127.0.0.1:{edge.port}", {})
    with socket.create_connection(("127.0.0.1", edge.port), 10) as peer:
        peer.sendall(good + b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")
        received = b""
        while chunk := peer.recv(65_536):
            received += chunk
    assert received.index(b"HTTP/1.1 200") < received.index(b"HTTP/1.1 400")


# MARK: The two addresses of localhost


@pytest.mark.parametrize("host", ["0.0.0.0", "127.0.0.1", "localhost"])
def test_both_addresses_of_localhost_are_the_servers(place: Place, launch: Callable[..., Server], host: str) -> None:
    server = launch(environment={"HOST": host}).ready()
    for address in ("127.0.0.1", "::1"):
        assert raw.get(server.port, "/healthz", host=f"localhost:{server.port}", address=address).status == 200
        # The local user is recognised at both.
        assert raw.get(server.port, host=f"localhost:{server.port}", address=address).status == 200
        assert raw.handshake(server.port, host=f"localhost:{server.port}", address=address).status == 101
    with socket.socket(socket.AF_INET6) as other, pytest.raises(OSError):
        # Not at every IPv6 address, and no other user at this one.
        other.bind(("::1", server.port))


def test_the_other_address_is_taken(place: Place, launch: Callable[..., Server]) -> None:
    with socket.create_server(("::1", 0), family=socket.AF_INET6) as taken:
        port = taken.getsockname()[1]
        result = program.run(place, "serve", PORT=str(port))
        assert result.returncode != 0
        assert f"Another program listens at [::1]:{port}" in result.stderr


@pytest.mark.skipif(os.getuid() != 0, reason="only root can make a network namespace")
def test_without_ipv6(place: Place, launch: Callable[..., Server]) -> None:
    prepare = "ip link set lo up; sysctl -qw net.ipv6.conf.lo.disable_ipv6=1"
    command = f'unshare --net sh -c \'{prepare}; exec {paths.sre_agent()} "$@"\' sre-agent'
    server = Server(place, executable=wrapper(place, "without-ipv6", command)).started()
    try:
        assert f":{server.port}" in server.output()
    finally:
        server.stop()
