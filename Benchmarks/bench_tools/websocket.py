"""A JSON-RPC client over a WebSocket without dependencies, for measurements that do not depend on its speed."""

import base64
import json
import os
import socket
import struct
from typing import Any

_TEXT, _CLOSE, _PING, _PONG = 1, 8, 9, 10


class WebSocket:
    def __init__(self, port: int, path: str, timeout: float = 30):
        self._socket = socket.create_connection(("127.0.0.1", port), timeout)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._received = b""
        self._ids = 0
        key = base64.b64encode(os.urandom(16)).decode()
        self._socket.sendall(
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        head = self._take_through(b"\r\n\r\n")
        if b" 101 " not in head.splitlines()[0]:
            raise RuntimeError(f"not upgraded: {head!r}")

    def initialize(self) -> None:
        self.request("initialize", {"clientInfo": {"name": "bench", "title": "Benchmark", "version": "1"}})
        self._send(_TEXT, b'{"method":"initialized"}')

    def request(self, method: str, params: dict[str, Any]) -> Any:
        self._ids += 1
        self._send(_TEXT, json.dumps({"id": self._ids, "method": method, "params": params}).encode())
        while (message := self._receive()).get("id") != self._ids or "method" in message:
            pass
        if "error" in message:
            raise RuntimeError(f"{method}: {message['error']}")
        return message["result"]

    def close(self) -> None:
        self._socket.close()

    def _send(self, opcode: int, payload: bytes) -> None:
        mask = os.urandom(4)
        length = len(payload)
        short = bytes([0x80 | opcode, 0x80 | min(length, 126)])
        header = short if length < 126 else short + struct.pack(">H", length)
        masked = bytes(byte ^ mask[index % 4] for index, byte in enumerate(payload))
        self._socket.sendall(header + mask + masked)

    def _receive(self) -> dict[str, Any]:
        while True:
            first, second = self._take(2)
            form = {126: ">H", 127: ">Q"}.get(second)
            length = struct.unpack(form, self._take(struct.calcsize(form)))[0] if form else second
            payload = self._take(length)
            if first & 15 == _TEXT:
                return json.loads(payload)
            if first & 15 == _PING:
                self._send(_PONG, payload)
            if first & 15 == _CLOSE:
                raise RuntimeError(f"the server closed: {payload[2:].decode()}")

    def _take_through(self, end: bytes) -> bytes:
        while end not in self._received:
            self._read()
        return self._take(self._received.index(end) + len(end))

    def _take(self, length: int) -> bytes:
        while len(self._received) < length:
            self._read()
        taken, self._received = self._received[:length], self._received[length:]
        return taken

    def _read(self) -> None:
        chunk = self._socket.recv(65_536)
        if not chunk:
            raise RuntimeError("the server ended the connection")
        self._received += chunk
