"""A session that outlives its sockets, as its client sees it: it counts, is cut off, and comes back."""

import json
import time
from typing import Any, Literal

from .client import Client, Predicate
from .server import Server
from .wire import Wire, WireClosed

Cut = Literal["reset", "vanish", "close"]
CUTS: tuple[Cut, ...] = ("reset", "vanish", "close")


class Session(Client):
    """Reads only while something is waited for, so that a test decides at which frame the socket ends.

    `messages` is the client's view: every frame but `sre/session`, whichever socket it came over."""

    def __init__(self, server: Server, query: str = "", token: str | None = None, **wire: Any):
        self._prepare()
        self._server = server
        self._token = token
        self._wire_options = wire
        self._query = query
        self.wire: Wire | None = None
        self.id = ""
        # How many frames there have been, whether they were had or lie in a gap.
        self.position = 0
        # What was announced as lost, as ranges of positions.
        self.gaps: list[tuple[int, int]] = []
        self.cuts = 0
        # How many messages it has sent.
        self.sent_count = 0
        notice = self.connect("new")
        assert notice == {"sessionId": self.id, "resume": "new", "next": 0, "received": 0}, notice

    # MARK: Sockets

    def connect(self, session: str, after: int | None = None) -> dict:
        """Any socket; returns what `sre/session` says, unless it is no session that can be resumed."""
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
        """Comes back after what it has had, and believes what it is told. Returns what it was told."""
        mine, after = self.id, self.position if after is None else after
        notice = self.connect(mine, after)
        # What was on its way when the socket ended has not come.
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

    # MARK: As any client

    def send_text(self, text: str) -> None:
        assert self.wire, "there is no socket"
        self.sent_count += 1
        self.wire.send(text)

    def sent(self, timeout: float = 10) -> bool:
        """Until the server has read what was sent; frames that come meanwhile are kept. False when it has closed the
        socket instead."""
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
        """Called after each frame that was waited for. A place to cut."""

    def read(self, timeout: float) -> bool:
        """Reads one frame; false when none came in time or the socket is closed."""
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
    """What it sends it sends over a socket that lives until the server has read it: a request that is lost with its
    socket is another matter."""

    def send_text(self, text: str) -> None:
        super().send_text(text)
        assert self.sent()
        self.took()


class CutAtEveryFrame(_CutWhileReading):
    """Its socket ends after each frame that it reads while `cutting`."""

    cutting = False

    def took(self) -> None:
        if self.cutting:
            self.again(CUTS[self.cuts % len(CUTS)])


class CutAtOneFrame(_CutWhileReading):
    """Its socket ends, in one way, when it has so many frames."""

    cut_at: tuple[int, Cut] | None = None

    def took(self) -> None:
        if self.cut_at and self.count >= self.cut_at[0]:
            how, self.cut_at = self.cut_at[1], None
            self.again(how)


class Counting(Session):
    """For streams of numbered lines, too many to keep: line k must be at the k-th position from the first one."""

    first: int | None = None
    # Lines that came, and the last of them.
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
        """How many frames lie in announced gaps. A gap that goes back has none, but doubles, which must not be."""
        assert all(after < following for after, following in self.gaps), self.gaps
        return sum(following - after for after, following in self.gaps)

    def come_back(self) -> dict:
        """After a cut of its own, or after it was told that it reads too slowly."""
        assert self.close_code in (None, 4008), (self.close_code, self.close_reason)
        return self.resume()

    def to_the_end(self, timeout: float = 60) -> None:
        """Ends the stream, and reads what is left of it. Each line must have come, or lie in an announced gap."""
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
