"""HTTP as bytes: requests that no client library would send, and unparsed responses."""

import base64
import hashlib
import socket
import subprocess
from dataclasses import dataclass

from .server import SOCKET

# RFC 6455 section 4.2.2.
_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
# The key of the curl example: "Hello, world!", 13 bytes where the RFC requires 16.
KEY = "SGVsbG8sIHdvcmxkIQ=="
ACCEPT = base64.b64encode(hashlib.sha1(KEY.encode() + _GUID).digest()).decode()

UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Key": KEY,
    "Sec-WebSocket-Version": "13",
}

# Headers with which a proxy says that the request came from elsewhere, so the local user does not count.
STRANGER = {"X-Forwarded-For": "203.0.113.7"}


@dataclass
class Answer:
    status: int
    # Keys are lower-case header names.
    headers: dict[str, str]
    body: bytes


def head(path: str, host: str | None, headers: dict[str, str], method: str = "GET") -> bytes:
    lines = [f"{method} {path} HTTP/1.1"] + ([f"Host: {host}"] if host is not None else [])
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode()


def parse(received: bytes) -> Answer:
    top, _, body = received.partition(b"\r\n\r\n")
    first, *lines = top.decode("latin-1").split("\r\n")
    pairs = [line.split(":", 1) for line in lines]
    return Answer(int(first.split()[1]), {name.lower(): value.strip() for name, value in pairs}, body)


def exchange(port: int, request: bytes, address: str = "127.0.0.1", timeout: float = 10) -> Answer:
    """Sends one request on its own connection. Does not wait for a body after status 101."""
    with socket.create_connection((address, port), timeout) as peer:
        peer.sendall(request)
        received = b""
        while chunk := peer.recv(65_536):
            received += chunk
            if b"\r\n\r\n" not in received:
                continue
            answer = parse(received)
            if answer.status == 101 or len(answer.body) >= int(answer.headers.get("content-length", "0")):
                return answer
    assert b"\r\n\r\n" in received, f"the connection was closed after {received!r}"
    return parse(received)


def get(
    port: int, path: str = "/api/v1/sre/info", host: str | None = "", address: str = "127.0.0.1", **headers: str
) -> Answer:
    """`host` defaults to `127.0.0.1:port`; underscores in header names stand for hyphens."""
    return exchange(port, head(path, _host(host, port), _named(headers)), address)


def handshake(
    port: int, path: str = SOCKET, host: str | None = "", address: str = "127.0.0.1", **headers: str
) -> Answer:
    return exchange(port, head(path, _host(host, port), {**UPGRADE, **_named(headers)}), address)


def post(port: int, path: str, body: bytes, **headers: str) -> Answer:
    named = {"Content-Type": "application/json", "Content-Length": str(len(body)), **_named(headers)}
    return exchange(port, head(path, _host("", port), named, "POST") + body)


def as_nobody(port: int, path: str, address: str = "127.0.0.1", timeout: float = 10, **headers: str) -> int:
    """Returns the status that another user of this machine gets. Only root can switch users. The client is bash,
    because that user may not be able to read this Python interpreter."""
    request = head(path, f"127.0.0.1:{port}", {**_named(headers), "Connection": headers.get("Connection", "close")})
    line = f"exec 3<>/dev/tcp/{address}/{port}; cat >&3; IFS= read -r -t {int(timeout)} first <&3; echo \"$first\""
    result = subprocess.run(
        ["setpriv", "--reuid=65534", "--clear-groups", "bash", "-c", line],
        input=request,
        capture_output=True,
        timeout=timeout,
        check=False,
        cwd="/",
    )
    assert result.stdout.startswith(b"HTTP/1.1 "), (result.stdout, result.stderr)
    return int(result.stdout.split()[1])


def _host(host: str | None, port: int) -> str | None:
    return f"127.0.0.1:{port}" if host == "" else host


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}
