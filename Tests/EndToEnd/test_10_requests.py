"""Row 10: the server answers malformed and ambiguous requests at once and closes the connection."""

import json
import socket
import time

import pytest

from harness import raw
from harness.server import SOCKET, Server

LOGIN = "POST /api/v1/sre/login HTTP/1.1\r\n"
CHUNKED = "Transfer-Encoding: chunked\r\n"
INFO = "/api/v1/sre/info"


@pytest.fixture
def edge(module_stand_ins) -> Server:
    return module_stand_ins("shared")[0]


def answers(port: int, request: str, within: float = 3) -> list[int]:
    """The status of each response; reads until the server has closed the connection."""
    with socket.create_connection(("127.0.0.1", port), within) as peer:
        peer.sendall(request.encode("latin-1"))
        received = b""
        while chunk := peer.recv(65_536):
            received += chunk
    return [int(part.split()[0]) for part in received.split(b"HTTP/1.1 ")[1:]]


def once(port: int, request: str) -> raw.Answer:
    begun = time.monotonic()
    answer = raw.exchange(port, request.encode("latin-1"))
    assert time.monotonic() - begun < 2
    return answer


# MARK: Bodies


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        (CHUNKED, "0x2\r\n{}\r\n0\r\n\r\n", 400),
        (CHUNKED, "-2\r\n{}\r\n0\r\n\r\n", 400),
        (CHUNKED, "10000000000000002\r\n{}\r\n0\r\n\r\n", 400),
        (CHUNKED, "2\n{}\n0\n\n", 400),
        (CHUNKED, "2;\n{}\r\n0\r\n\r\n", 400),
        (CHUNKED, "2\r\n{}\r\n0\r\n" + "a: b\r\n" * 40_000, 431),
        (CHUNKED, "5000\r\n" + "x" * 20_480, 413),
        (CHUNKED, "100\r\n" + "x" * 256 + "\r\n" + ("100\r\n" + "x" * 256 + "\r\n") * 80, 413),
        ("Content-Length: 16385\r\n", "", 413),
        ("Content-Length: 9999999999\r\n", "", 413),
        ("Content-Length: 99999999999999999999999\r\n", "", 400),
        ("Content-Length: +2\r\n", "{}", 400),
        ("Content-Length: 2, 2\r\n", "{}", 400),
        ("Transfer-Encoding: gzip\r\n", "0\r\n\r\n", 501),
        ("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n", 501),
        ("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n", 501),
        ("Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n", 400),
        ("Transfer-Encoding: \r\n", "{}", 400),
        (CHUNKED + CHUNKED, "0\r\n\r\n", 400),
        ("Expect: more\r\nContent-Length: 2\r\n", "{}", 417),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_broken_body_is_answered_and_the_connection_closed(edge: Server, headers: str, body: str, status: int) -> None:
    request = f"{LOGIN}Host: 127.0.0.1:{edge.port}\r\n{headers}\r\n{body}"
    assert answers(edge.port, request) == [status]


def test_whole_bodies_are_read(edge: Server) -> None:
    body = json.dumps({"token": edge.place.token})
    own = f"{LOGIN}Host: 127.0.0.1:{edge.port}\r\n"
    chunks = "".join(f"1\r\n{letter}\r\n" for letter in body) + "0\r\nX-Trailer: a\r\n\r\n"
    for request in (f"{own}{CHUNKED}\r\n{chunks}", f"{own}Content-Length: {len(body)}\r\n\r\n{body}"):
        assert once(edge.port, request).status == 200


def test_continue(edge: Server) -> None:
    """curl sends Expect: 100-continue before a body of more than a megabyte, other clients always."""
    own = f"{LOGIN}Host: 127.0.0.1:{edge.port}\r\nExpect: 100-continue\r\nConnection: close\r\n"
    with socket.create_connection(("127.0.0.1", edge.port), 2) as peer:
        peer.sendall(f"{own}Content-Length: 2\r\n\r\n".encode())
        assert peer.recv(65_536) == b"HTTP/1.1 100 Continue\r\n\r\n"
        peer.sendall(b"{}")
        received = b""
        while chunk := peer.recv(65_536):
            received += chunk
        assert received.startswith(b"HTTP/1.1 400 ")
    assert answers(edge.port, f"{own}Content-Length: 20000\r\n\r\n") == [413], "not asked for what is refused"


# MARK: Targets


@pytest.mark.parametrize(
    ("line", "status"),
    [
        *[(f"GET {scheme}://evil.example/healthz", 400) for scheme in ("ws", "wss", "foo", "ftp", "httpx")],
        ("GET http:/evil.example/healthz", 400),
        ("GET http:///healthz", 400),
        ("GET https://evil.example/healthz", 403),
        ("GET HTTP://evil.example/healthz", 403),
        ("GET https://127.0.0.1/healthz", 200),
        ("GET evil.example:80", 400),
        ("GET *", 400),
        ("OPTIONS *", 405),
        ("CONNECT 127.0.0.1:80", 405),
        ("TRACE /", 405),
        ("GET /healthz#x", 400),
        ("GET /healthz\xe9", 400),
        ("GET //healthz", 404),
        ("GET ///healthz", 404),
        ("GET //evil.example/healthz", 404),
        ("GET /api//v1/sre/info", 404),
        ("GET /healthz/", 404),
        ("GET /page/../healthz", 404),
        ("GET /./healthz", 404),
        ("GET http://127.0.0.1//healthz", 404),
        ("GET /%68ealthz", 404),
        ("GET /page/%2e%2e/healthz", 404),
        ("GET /healthz?a=//b/../c", 200),
    ],
)
def test_target(edge: Server, line: str, status: int) -> None:
    answer = once(edge.port, f"{line} HTTP/1.1\r\nHost: 127.0.0.1:{edge.port}\r\n\r\n")
    assert answer.status == status
    if status == 405:
        assert answer.headers["allow"]


@pytest.mark.parametrize("target", ["ws://evil.example", "ws://127.0.0.1", "/", "https://evil.example"])
def test_target_of_an_upgrade(edge: Server, target: str) -> None:
    assert raw.handshake(edge.port, target + SOCKET).status in (400, 403, 404)


def test_absolute_target_needs_a_host_header_all_the_same(edge: Server) -> None:
    assert once(edge.port, f"GET http://127.0.0.1:{edge.port}/healthz HTTP/1.1\r\n\r\n").status == 400


@pytest.mark.parametrize("version", ["0.9", "1.2", "2.0", "3.0"])
def test_version(edge: Server, version: str) -> None:
    request = f"GET /healthz HTTP/{version}\r\nHost: 127.0.0.1:{edge.port}\r\n\r\n"
    assert once(edge.port, request).status in (400, 505)


# MARK: Headers


@pytest.mark.parametrize(
    "name",
    ["Host", "Origin", "Authorization", "SRE-Page-Key", "Sec-WebSocket-Key", "Sec-WebSocket-Version"],
)
def test_header_that_is_there_twice(edge: Server, name: str) -> None:
    own = {"Host": f"127.0.0.1:{edge.port}", "Origin": f"http://127.0.0.1:{edge.port}", **raw.UPGRADE}
    own |= {"Authorization": f"Bearer {edge.place.token}", "SRE-Page-Key": "x"}
    upgrade = "".join(f"{key}: {value}\r\n" for key, value in own.items())
    assert once(edge.port, f"GET {SOCKET} HTTP/1.1\r\n{upgrade}\r\n").status == 101
    for other in (own[name], "http://evil.example"):
        twice = f"{upgrade}{name.upper()}: {other}\r\n\r\n"
        assert once(edge.port, f"GET {SOCKET} HTTP/1.1\r\n{twice}").status == 400
        assert once(edge.port, f"GET {INFO} HTTP/1.1\r\n{twice}").status == 400


@pytest.mark.parametrize("path", ["/", SOCKET])
def test_upgrade_by_another_method_or_version(edge: Server, path: str) -> None:
    headers = "".join(f"{name}: {value}\r\n" for name, value in raw.UPGRADE.items())
    own = f"Host: 127.0.0.1:{edge.port}\r\n{headers}"
    assert once(edge.port, f"POST {path} HTTP/1.1\r\n{own}\r\n").status == 405
    assert once(edge.port, f"GET {path} HTTP/1.0\r\n{own}\r\n").status == 400
    assert once(edge.port, f"GET {path} HTTP/1.1\r\n{own}Content-Length: 2\r\n\r\n{{}}").status == 400


@pytest.mark.parametrize("host", ["[localhost]", "[127.0.0.1]", "[]", "[::1%25lo]"])
def test_brackets_are_for_ipv6(edge: Server, host: str) -> None:
    assert raw.get(edge.port, host=host).status in (400, 403)
    assert raw.handshake(edge.port, host=host).status in (400, 403)


# MARK: The end of a connection


def test_nothing_is_answered_after_the_last_request(edge: Server) -> None:
    own = f"Host: 127.0.0.1:{edge.port}\r\n"
    again = f"GET /healthz HTTP/1.1\r\n{own}\r\n"
    for last in (
        f"GET /healthz HTTP/1.1\r\n{own}Connection: Close\r\n\r\n",
        f"GET /healthz HTTP/1.0\r\n{own}\r\n",
        # NIO's decoder reads nothing after this, so the client must not have to wait for a response.
        f"GET /healthz HTTP/1.1\r\n{own}Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
    ):
        assert answers(edge.port, last + again) == [200], last
        assert answers(edge.port, again + last + again) == [200, 200], last


def test_answers_to_head_have_no_body(edge: Server) -> None:
    own = f"Host: 127.0.0.1:{edge.port}\r\n"
    for path, status in [("/healthz", 200), ("/", 200), ("/nothing", 404), ("//healthz", 404), (SOCKET, 426)]:
        answer = once(edge.port, f"HEAD {path} HTTP/1.1\r\n{own}Connection: close\r\n\r\n")
        assert (answer.status, answer.body) == (status, b""), path
