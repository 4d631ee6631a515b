"""A session that outlives its sockets, from the client's side: it counts frames, is cut off, and resumes."""

import json
import time
from typing import Any, Literal

from .client import Client, Predicate
from .server import Server
from .wire import Wire, WireClosed

Cut = Literal["reset", "vanish", "close"]
CUTS: tuple[Cut, ...] = ("reset", "vanish", "close")


class Session(Client):
    """Reads only while a test waits for something, so that the test decides at which frame the socket ends.

    `messages` is the client's view: every frame except `sre/session`, from all sockets."""

    def __init__(self, server: Server, query: str = "", token: str | None = None, **wire: Any):
        self._prepare()
        self._server = server
        self._token = token
        self._wire_options = wire
        self._query = query
        self.wire: Wire | None = None
        self.id = ""
        # The number of frames so far, including those in a gap.
        self.position = 0
        # The ranges of positions that the server announced as lost.
        self.gaps: list[tuple[int, int]] = []
        self.cuts = 0
        # The number of messages it has sent.
        self.sent_count = 0
        notice = self.connect("new")
        assert notice == {"sessionId": self.id, "resume": "new", "next": 0, "received": 0}, notice

    # MARK: Sockets

    def connect(self, session: str, after: int | None = None) -> dict:
        """Opens a socket; returns the params of `sre/session`, unless the session is not resumable."""
        query = f"?session={session}" + (f"&after={after}" if after is not None else "") + self._query
        self.wire = Wire(self._server.port, query, self._token, **self._wire_options)
        self.close_code = None
        notice = json.loads(self.wire.receive())
        assert notice["method"] == "sre/session" and set(notice) == {"method", "params"}, notice
        params = notice["params"]
        assert set(params) == {"sessionId", "resume", "next", "received"}, params
        self.id = params["sessionId"]
        return params

    def cut(self, how: Cut = "reset") -> None:
        assert self.wire
        getattr(self.wire, how)()
        self.wire = None
        self.cuts += 1

    def resume(self, after: int | None = None) -> dict:
        """Resumes after the last received frame and adopts the server's position. Returns `sre/session`'s params."""
        mine, after = self.id, self.position if after is None else after
        notice = self.connect(mine, after)
        # Messages in flight when the socket ended have not arrived.
        assert notice["received"] <= self.sent_count, notice
        match notice["resume"]:
            case "ok":
                assert notice["sessionId"] == mine and notice["next"] == after, notice
                self.position = after
            case "gap":
                assert notice["sessionId"] == mine and notice["next"] != after, notice
                self.gaps.append((after, notice["next"]))
                self.position = notice["next"]
            case other:
                raise AssertionError(f"session {mine} has ended ({other})")
        return notice

    def again(self, how: Cut = "reset") -> dict:
        self.cut(how)
        return self.resume()

    # MARK: Client interface

    def send_text(self, text: str) -> None:
        assert self.wire, "there is no socket"
        self.sent_count += 1
        self.wire.send(text)

    def sent(self, timeout: float = 10) -> bool:
        """Waits until the server has read everything sent, and keeps frames that arrive meanwhile. False if the server
        closed the socket instead."""
        assert self.wire
        mine, deadline = self.wire.ping(), time.monotonic() + timeout
        while self.wire.pongs < mine:
            try:
                self._keep(self.wire.receive(0.005))
            except TimeoutError:
                assert time.monotonic() < deadline, "the server does not read"
            except WireClosed as closed:
                self._closed(closed)
                return False
        return True

    def _closed(self, closed: WireClosed) -> None:
        assert self.wire
        self.wire.vanish()
        self.wire, self.close_code, self.close_reason = None, closed.code, closed.reason

    def _keep(self, text: bytes) -> None:
        message = json.loads(text)
        self.raw.append(text.decode())
        self.messages.append(message)
        self.position += 1

    def took(self) -> None:
        """Called after each frame that a test waited for. Subclasses cut the socket here."""

    def read(self, timeout: float) -> bool:
        """Reads one frame; false if none arrived in time or the socket is closed."""
        if self.wire is None:
            return False
        try:
            text = self.wire.receive(timeout)
        except TimeoutError:
            return False
        except WireClosed as closed:
            self._closed(closed)
            return False
        self._keep(text)
        self.took()
        return True

    def wait(self, predicate: Predicate, timeout: float = 20, what: str = "a message", since: int = 0) -> dict:
        deadline = time.monotonic() + timeout
        seen = since
        while True:
            while seen < len(self.messages):
                seen += 1
                if predicate(self.messages[seen - 1]):
                    return self.messages[seen - 1]
            if not self.read(deadline - time.monotonic()) and seen == len(self.messages):
                raise AssertionError(f"{self._missing(what, timeout)}\n{self._tail()}")

    def wait_closed(self, timeout: float = 10) -> int:
        deadline = time.monotonic() + timeout
        while self.close_code is None:
            assert self.read(deadline - time.monotonic()) or self.close_code, "the socket is still open"
        return self.close_code

    def close(self) -> None:
        if self.wire:
            self.wire.close()
            self.wire = None


class _CutWhileReading(Session):
    """Sends over a socket that stays open until the server has read the message: losing a request with its socket is a
    separate case."""

    def send_text(self, text: str) -> None:
        super().send_text(text)
        assert self.sent()
        self.took()


class CutAtEveryFrame(_CutWhileReading):
    """Ends its socket after each frame that it reads while `cutting`."""

    cutting = False

    def took(self) -> None:
        if self.cutting:
            self.again(CUTS[self.cuts % len(CUTS)])


class CutAtOneFrame(_CutWhileReading):
    """Ends its socket in a given way after a given number of frames."""

    cut_at: tuple[int, Cut] | None = None

    def took(self) -> None:
        if self.cut_at and self.count >= self.cut_at[0]:
            how, self.cut_at = self.cut_at[1], None
            self.again(how)


class Counting(Session):
    """For streams of numbered lines that are too many to keep: line k must be k positions after the first line."""

    first: int | None = None
    # The number of received lines, and the last line.
    lines = 0
    line = -1

    def _keep(self, text: bytes) -> None:
        if text.startswith(b'{"method":"standIn/line","params":{"number":'):
            self.line = int(text[44 : text.index(b",", 44)])
            if self.first is None:
                self.first = self.position - self.line
            assert self.position - self.first == self.line, f"line {self.line}, not {self.position - self.first}"
            self.lines += 1
            self.position += 1
        else:
            super()._keep(text)

    def lost(self) -> int:
        """The number of frames in announced gaps. Fails on a gap that goes back, which would mean duplicates."""
        assert all(after < following for after, following in self.gaps), self.gaps
        return sum(following - after for after, following in self.gaps)

    def come_back(self) -> dict:
        """Reconnects after its own cut, or after the server closed it as a slow reader."""
        assert self.close_code in (None, 4008), (self.close_code, self.close_reason)
        return self.resume()

    def to_the_end(self, timeout: float = 60) -> None:
        """Stops the stream and reads the rest. Each line must have arrived or lie in an announced gap."""
        deadline = time.monotonic() + timeout
        self.notify("standIn/stop")
        while not self.sent():
            self.come_back()
            self.notify("standIn/stop")
        while not (end := self.find(lambda message: message.get("method") == "standIn/streamed")):
            assert time.monotonic() < deadline, f"the stream does not end; the last line was {self.line}"
            if not self.read(1) and self.wire is None:
                self.come_back()
        assert self.lines + self.lost() == end[-1]["params"]["lines"]
