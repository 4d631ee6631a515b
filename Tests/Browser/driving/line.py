"""The network between a page and its server: a test can cut it, take it down, or silence it."""

import re
import socket
import threading

from harness.server import Server
from harness.waiting import wait_until

_RESUMED = re.compile(rb"GET /api/v1/sre/socket\?session=([0-9a-f]{32})&after=(\d+) ")
_SOCKET = b"GET /api/v1/sre/socket"


class Line:
    """A TCP proxy. The server sees the address that the browser requested."""

    def __init__(self, server: Server):
        self.server = server
        self.place = server.place
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._lock = threading.Lock()
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._up = threading.Event()
        self._up.set()
        self._flowing = threading.Event()
        self._flowing.set()
        self._requests: list[bytes] = []
        self._ended = b""
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    # MARK: Faults

    def cut(self) -> None:
        """Breaks every connection; new ones work."""
        with self._lock:
            pairs, self._pairs = self._pairs, []
        for pair in pairs:
            for end in pair:
                _end(end)

    def down(self) -> None:
        """Breaks every connection, and refuses new ones with a reset."""
        self._up.clear()
        self.cut()

    def up(self) -> None:
        self._up.set()

    def fall_silent(self) -> None:
        """Drops all data without closing a connection: data sent in this time is lost with its connection."""
        self._flowing.clear()

    def speak_again(self) -> None:
        """Lets new connections work; earlier ones stay dead."""
        self.cut()
        self._flowing.set()

    def end_session(self) -> None:
        """Replaces the next requested session with one that the server does not know."""
        session, _ = self.resumed()
        self._ended = session.encode()

    def close(self) -> None:
        self._flowing.set()
        self._listener.close()
        self.cut()

    # MARK: Observations

    def sockets(self) -> int:
        """The number of requested WebSockets."""
        return sum(request.startswith(_SOCKET) for request in self._requests)

    def resumed(self) -> tuple[str, int]:
        """The session that the page requested last, and the number of frames that the page had received of it."""

        def probe() -> re.Match[bytes] | None:
            found = [match for request in list(self._requests) if (match := _RESUMED.match(request))]
            return found[-1] if found else None

        match = wait_until("the page resumes its session", probe)
        return match[1].decode(), int(match[2])

    # MARK: Proxying

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            if not self._up.is_set():
                _end(near)
                continue
            try:
                far = socket.create_connection(("127.0.0.1", self.server.port))
            except OSError:
                _end(near)
                continue
            with self._lock:
                self._pairs.append((near, far))
            threading.Thread(target=self._carry, args=(near, far, True), daemon=True).start()
            threading.Thread(target=self._carry, args=(far, near, False), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket, is_request: bool) -> None:
        try:
            while data := source.recv(65536):
                if is_request and data.startswith(b"GET "):
                    self._requests.append(data[:200])
                    if self._ended:
                        data = data.replace(self._ended, b"0" * 32)
                self._flowing.wait()
                target.sendall(data)
        except OSError:
            pass
        for end in (source, target):
            _end(end)


def _end(end: socket.socket) -> None:
    try:
        end.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    end.close()
