"""Row 10: a client cannot hold a connection forever, nor so many that other clients get none."""

import socket
import threading
import time
from collections.abc import Callable

import pytest

from harness import raw
from harness.place import Place
from harness.server import Server
from harness.waiting import wait_until

LOGIN = "POST /api/v1/sre/login HTTP/1.1\r\n"


@pytest.fixture
def edge(module_stand_ins) -> Server:
    return module_stand_ins("shared")[0]


def held(port: int, count: int, first: str) -> list[socket.socket]:
    peers = []
    for _ in range(count):
        peer = socket.create_connection(("127.0.0.1", port), 10)
        peer.sendall(first.encode())
        peers.append(peer)
    return peers


def is_open(peer: socket.socket) -> bool:
    peer.setblocking(False)
    try:
        return peer.recv(65_536) != b""
    except BlockingIOError:
        return True
    except OSError:
        return False


def test_trickling_body(edge: Server) -> None:
    with socket.create_connection(("127.0.0.1", edge.port), 20) as peer:
        peer.sendall(f"{LOGIN}Host: 127.0.0.1:{edge.port}\r\nContent-Length: 1000\r\n\r\n".encode())
        over = threading.Event()

        def trickle() -> None:
            while not over.wait(1):
                try:
                    peer.sendall(b"a")
                except OSError:
                    return

        thread = threading.Thread(target=trickle)
        thread.start()
        begun = time.monotonic()
        received = b""
        while chunk := peer.recv(65_536):
            received += chunk
        over.set()
        thread.join()
    assert received.startswith(b"HTTP/1.1 408 ")
    assert 8 < time.monotonic() - begun < 14


def test_many_connections_from_one_address(place: Place, launch: Callable[..., Server]) -> None:
    """64 connections at once, whatever the socket limits; connections without a request give way after two seconds."""
    server = launch(environment={"MAX_SOCKETS": "20", "MAX_SOCKETS_PER_ADDRESS": "10"}).ready()
    half = f"{LOGIN}Host: 127.0.0.1:{server.port}\r\nContent-Length: 20\r\n\r\n{{"
    peers = held(server.port, 200, half)
    try:
        wait_until("the others are refused", lambda: sum(is_open(peer) for peer in peers) <= 64, 5)
        refused = raw.get(server.port, "/healthz")
        assert refused.status in (429, 503)
        assert refused.headers["retry-after"] == "5"

        def served() -> bool:
            try:
                return raw.get(server.port, "/healthz").status == 200
            except (AssertionError, OSError):
                return False

        # Long before the ten seconds that a request may take.
        wait_until("somebody else is served", served, 5)
        assert raw.handshake(server.port).status == 101
    finally:
        for peer in peers:
            peer.close()
    wait_until("their places are free", lambda: raw.get(server.port, "/healthz").status == 200, 5)


def test_answers_that_nobody_takes(edge: Server) -> None:
    """Sends many requests and reads no response."""
    request = f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{edge.port}\r\n\r\n".encode()
    with socket.socket() as peer:
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        peer.connect(("127.0.0.1", edge.port))
        peer.settimeout(1)
        begun = time.monotonic()
        with pytest.raises(OSError) as caught:
            while time.monotonic() - begun < 60:
                try:
                    peer.sendall(request * 50)
                except TimeoutError:
                    continue
        assert isinstance(caught.value, (ConnectionResetError, BrokenPipeError))
        assert 25 < time.monotonic() - begun < 50


def test_half_a_request_does_not_keep_the_server(stand_in: Callable[..., tuple]) -> None:
    server = stand_in()[0]
    half = f"{LOGIN}Host: 127.0.0.1:{server.port}\r\nContent-Length: 20\r\n\r\n{{"
    peers = held(server.port, 1, half) + held(server.port, 1, "") + held(server.port, 1, "GET / HT")
    try:
        begun = time.monotonic()
        server.stop()
        assert time.monotonic() - begun < 5
    finally:
        for peer in peers:
            peer.close()
