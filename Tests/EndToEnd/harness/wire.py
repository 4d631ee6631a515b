"""A WebSocket over a plain socket: fast, blocking, and able to end in ways that no library offers."""

import select
import socket
import struct
import time

from . import raw
from .server import SOCKET

_TEXT, _CLOSE, _PING, _PONG = 1, 8, 9, 10


class WireClosed(Exception):
    def __init__(self, code: int, reason: str = ""):
        super().__init__(f"the socket was closed ({code} {reason})")
        self.code = code
        self.reason = reason


class Wire:
    """`receive_buffer` shrinks the kernel's buffer, for a slow reader."""

    def __init__(self, port: int, query: str = "", token: str | None = None, receive_buffer: int | None = None):
        self._socket = socket.socket()
        if receive_buffer:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self._socket.settimeout(20)
        self._socket.connect(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        headers = {**raw.UPGRADE} | ({"Authorization": f"Bearer {token}"} if token else {})
        self._socket.sendall(raw.head(SOCKET + query, f"127.0.0.1:{port}", headers))
        self._received = bytearray()
        self._read = 0
        self._pings = 0
        # Pongs received so far: the server has read everything sent before the last answered ping.
        self.pongs = 0
        self._text = bytearray()
        while b"\r\n\r\n" not in self._received:
            self._fill(None)
        answer = raw.parse(bytes(self._received))
        if answer.status != 101:
            self.vanish()
            raise ConnectionRefusedError(f"{answer.status}: {answer.body.decode()}")
        self._received = bytearray(answer.body)

    # MARK: Receiving

    def _fill(self, deadline: float | None) -> None:
        if deadline is not None:
            self._socket.settimeout(max(0.001, deadline - time.monotonic()))
        try:
            chunk = self._socket.recv(65_536)
        except ConnectionError:
            chunk = b""
        if not chunk:
            raise WireClosed(1006)
        if self._read:
            del self._received[: self._read]
            self._read = 0
        self._received += chunk

    def _take(self, count: int, deadline: float) -> None:
        """Reads until `count` bytes are available."""
        while len(self._received) - self._read < count:
            self._fill(deadline)

    def _frame(self, deadline: float) -> tuple[int, bytearray]:
        self._take(2, deadline)
        first, length = self._received[self._read], self._received[self._read + 1]
        head = 2
        if length == 126:
            self._take(4, deadline)
            [length] = struct.unpack_from(">H", self._received, self._read + 2)
            head = 4
        elif length == 127:
            self._take(10, deadline)
            [length] = struct.unpack_from(">Q", self._received, self._read + 2)
            head = 10
        self._take(head + length, deadline)
        start = self._read + head
        self._read = start + length
        return first, self._received[start : self._read]

    def receive(self, timeout: float = 20) -> bytes:
        """Returns the next text message. Raises TimeoutError or WireClosed. A time-out loses no data."""
        deadline = time.monotonic() + timeout
        while True:
            first, payload = self._frame(deadline)
            match first & 0x0F:
                case 0 | 1:
                    self._text += payload
                    if first & 0x80:
                        text, self._text = bytes(self._text), bytearray()
                        return text
                case 8:
                    code = struct.unpack(">H", payload[:2])[0] if len(payload) >= 2 else 1005
                    raise WireClosed(code, payload[2:].decode())
                case 9:
                    self._send(_PONG, bytes(payload))
                case 10:
                    self.pongs += 1

    def pending(self) -> bool:
        """Whether there is data to read now."""
        if len(self._received) > self._read:
            return True
        # select(2) only supports descriptors below 1,024.
        poll = select.poll()
        poll.register(self._socket, select.POLLIN)
        return bool(poll.poll(0))

    # MARK: Sending

    def _send(self, kind: int, payload: bytes) -> None:
        length = len(payload)
        if length < 126:
            head = struct.pack(">BB", 0x80 | kind, 0x80 | length)
        elif length < 65_536:
            head = struct.pack(">BBH", 0x80 | kind, 0x80 | 126, length)
        else:
            head = struct.pack(">BBQ", 0x80 | kind, 0x80 | 127, length)
        self._socket.settimeout(20)
        try:
            # Masked as RFC 6455 requires, with a mask of zeros.
            self._socket.sendall(head + b"\0\0\0\0" + payload)
        except ConnectionError:
            # Tells the reader about the end and its cause.
            pass

    def send(self, text: str | bytes) -> None:
        self._send(_TEXT, text.encode() if isinstance(text, str) else text)

    def ping(self) -> int:
        """Returns the value that `pongs` will have when this ping is answered."""
        self._send(_PING, b"")
        self._pings += 1
        return self._pings

    # MARK: Closing

    def reset(self) -> None:
        """Sends a TCP reset: data in flight is lost in both directions."""
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._socket.close()

    def vanish(self) -> None:
        """Closes the TCP connection without a close frame."""
        self._socket.close()

    def close(self, code: int = 1000) -> None:
        """Sends a close frame but does not wait for the response."""
        try:
            self._send(_CLOSE, struct.pack(">H", code))
        except OSError:
            pass
        self._socket.close()
