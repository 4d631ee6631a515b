"""Row 10: the handshake as curl and wscat send it."""

from collections.abc import Callable

import pytest

from harness import raw
from harness.client import Client
from harness.server import SOCKET, Server

PATHS = ["/", SOCKET]


@pytest.fixture
def edge(module_stand_ins) -> Server:
    """No request here reaches the agent."""
    return module_stand_ins("shared")[0]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_curl(edge: Server, path: str, host: str) -> None:
    """curl -i -N -H "Connection: Upgrade" -H "Upgrade: websocket" -H … http://localhost:3000/…, byte for byte."""
    request = (
        f"GET {path} HTTP/1.1\r\n"
        f"Host: {host}:{edge.port}\r\n"
        "User-Agent: curl/7.88.1\r\n"
        "Accept: */*\r\n"
        "Connection: Upgrade\r\n"
        "Upgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\n"
        f"Sec-WebSocket-Key: {raw.KEY}\r\n"
        "\r\n"
    )
    answer = raw.exchange(edge.port, request.encode())
    assert answer.status == 101
    assert answer.headers["sec-websocket-accept"] == raw.ACCEPT
    assert answer.headers["upgrade"].lower() == "websocket"
    assert answer.headers["connection"].lower() == "upgrade"
    assert "sec-websocket-extensions" not in answer.headers


def test_server_with_default_address(launch: Callable[..., Server]) -> None:
    server = launch(environment={"HOST": None}).started()
    assert raw.handshake(server.port, host=f"localhost:{server.port}").headers["sec-websocket-accept"] == raw.ACCEPT


@pytest.mark.parametrize("path", PATHS)
def test_session_as_wscat_has_it(server: Server, path: str) -> None:
    """wscat offers compression and sends no Origin."""
    client = Client(f"ws://localhost:{server.port}{path}")
    try:
        assert client.initialize()["userAgent"]
        assert client.request("thread/start")["threadId"]
    finally:
        client.close()


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(("connection", "status"), [(None, 400), ("keep-alive", 400), ("keep-alive, Upgrade", 101)])
def test_the_connection_header_must_say_upgrade(edge: Server, path: str, connection: str | None, status: int) -> None:
    """RFC 6455 section 4.2.1."""
    lines = [
        f"GET {path} HTTP/1.1", f"Host: localhost:{edge.port}", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
        f"Sec-WebSocket-Key: {raw.KEY}", *([f"Connection: {connection}"] if connection else []),
    ]  # fmt: skip
    answer = raw.exchange(edge.port, ("\r\n".join(lines) + "\r\n\r\n").encode())
    assert answer.status == status
    assert status == 101 or b"Connection: Upgrade" in answer.body


def test_nowhere_else_is_a_socket(edge: Server) -> None:
    for path in ("/api/v1/sre/info", "/healthz", "/nothing", SOCKET + "/", "//", "/api/v1/sre/sockets"):
        assert raw.handshake(edge.port, path).status in (400, 404), path


def test_plain_request_to_the_socket(edge: Server) -> None:
    assert raw.get(edge.port, SOCKET).status in (400, 404, 426)


def test_another_upgrade(edge: Server) -> None:
    """As `curl --http2` requests."""
    answer = raw.get(edge.port, "/", Connection="Upgrade, HTTP2-Settings", Upgrade="h2c", HTTP2_Settings="AAMAAABk")
    assert answer.status == 200


@pytest.mark.parametrize(
    "change",
    [
        {"Sec-WebSocket-Key": None},
        {"Sec-WebSocket-Key": ""},
        {"Sec-WebSocket-Version": None},
        {"Sec-WebSocket-Version": "8"},
    ],
    ids=str,
)
def test_half_an_upgrade_is_answered(edge: Server, change: dict[str, str | None]) -> None:
    headers = {name: value for name, value in {**raw.UPGRADE, **change}.items() if value is not None}
    answer = raw.exchange(edge.port, raw.head(SOCKET, f"127.0.0.1:{edge.port}", headers))
    assert answer.status in (400, 404, 426)
