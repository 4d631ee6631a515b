"""The client side of the sessions: records every sent and received message, across all sockets."""

import json
import time

from faults import House
from ledger import Ledger

from harness.session import Cut, Session
from harness.wire import Wire, WireClosed


class Ended(Exception):
    """The view is over; a new one has to start from scratch."""


class Lived(Session):
    def __init__(self, house: House, ledger: Ledger, resumable: bool):
        self._house = house
        self._ledger = ledger
        self.resumable = resumable
        # Whether the server is known to have read all requests and answers.
        self.sure = True
        super().__init__(house.server)
        self._begin()

    def _begin(self) -> None:
        self.position = 0
        self.journal = self._ledger.journal(
            mode=self._server.mode, life=self._house.life, resumable=self.resumable, session=self.id[:6]
        )

    def end(self, why: str) -> None:
        self.journal.end(why)
        self.close()

    # MARK: Sockets

    def connect(self, session: str, after: int | None = None) -> dict:
        if self.resumable:
            return super().connect(session, after)
        self.wire = Wire(self._server.port)
        self.close_code = None
        return {"resume": "new", "next": 0}

    def cut(self, how: Cut = "reset") -> None:
        super().cut(how)
        self.journal.note("cut", how)
        self._ledger.count(f"cuts {how}")

    def is_of_a_server_before(self) -> bool:
        return self.resumable and self._house.server is not self._server

    def take_over(self) -> str:
        """Opens a second socket while the first is open. Frames that the first still delivers are not counted, because
        the second delivers them again."""
        first = self.wire
        assert first
        self.journal.note("take over")
        how = self.come_back()
        try:
            while True:
                first.receive(10)
        except WireClosed as closed:
            if closed.code != 4001:
                self._ledger.fault(f"a socket that was taken over was closed with {closed.code} {closed.reason}")
        except TimeoutError:
            self._ledger.fault("a socket that was taken over stays open")
        first.vanish()
        self._ledger.count("takeovers")
        return how

    def come_back(self, may_be_over: bool = False) -> str:
        """Resumes and returns the outcome: ok or gap. Raises Ended if the session is over."""
        if not self.resumable:
            self._over("left")
        mine = self.id
        notice = self._knock()
        self.journal.note("back", notice["resume"], self.position, notice["next"])
        self._ledger.count(f"resumes {notice['resume']}")
        match notice["resume"]:
            case "ok" if notice["next"] == self.position and self.id == mine:
                return "ok"
            case "gap" if notice["next"] != self.position and self.id == mine:
                self.position = notice["next"]
                return "gap"
            case "new" if self.id != mine and notice["next"] == 0:
                if not may_be_over and self._server is self._house.server:
                    self._ledger.fault(f"{self._server.mode}: session {mine[:6]} ended although it was not left alone")
                self._over("new")
            case _:
                self._ledger.fault(f"session {mine[:6]} at {self.position} was told {notice}")
                self._over("fault")
        raise AssertionError

    def _knock(self) -> dict:
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            if self._house.server is not self._server:
                self._over("server")
            try:
                return self.connect(self.id, self.position)
            except (OSError, WireClosed):
                # The server may be shutting down; if it is not, the wait times out.
                time.sleep(0.2)
        self._ledger.fault(f"{self._server.mode}: no socket for 120 s: {self._server.get('/readyz')}")
        self._over("fault")
        raise AssertionError

    def knock_with_the_old_name(self) -> None:
        """Asks the next server for the old session: the server does not know it and says so."""
        with_old = Session(self._house.server)
        mine = self.id
        with_old.cut()
        notice = with_old.connect(mine, self.position)
        self._ledger.count(f"resumes {notice['resume']}")
        if notice["resume"] != "new" or notice["sessionId"] == mine:
            self._ledger.fault(f"a new server knows an old session: {notice}")
        with_old.close()

    def _over(self, why: str) -> None:
        self.end(why)
        raise Ended(why)

    # MARK: Frames

    def _keep(self, text: bytes) -> None:
        self.journal.frame(self.position, text.decode())
        self.messages.append(json.loads(text))
        self.position += 1

    def take(self, timeout: float) -> dict | None:
        """Returns the next frame; None if none arrived in time or the socket is closed."""
        if not self.messages:
            self.read(timeout)
            if self.wire is None:
                self._dropped(self.close_code, self.close_reason)
        return self.messages.pop(0) if self.messages else None

    def _dropped(self, code: int | None, reason: str) -> None:
        self.journal.note("closed", code, reason)
        self._ledger.count(f"closed by the server {code}")
        if code not in (1001, 1006, 4008):
            self._ledger.fault(f"{self._server.mode}: a socket was closed with {code} {reason}")

    def send_text(self, text: str) -> None:
        self.sure = False
        message = json.loads(text)
        if "method" not in message:
            self.journal.note("answer", message["id"], message["result"]["decision"])
        elif "id" in message:
            self.journal.note("sent", message["id"], message["method"])
        if self.wire is None:
            return
        try:
            super().send_text(text)
        except OSError:
            # Reads the remaining frames, and then the close.
            pass

    def confirm(self) -> None:
        """Waits until the server has read everything sent."""
        if self.wire is None:
            return
        try:
            self.sent()
            self.sure = True
            self.journal.note("sure")
        except OSError:
            self.cut("vanish")
        except WireClosed as closed:
            self.cut("vanish")
            self._dropped(closed.code, closed.reason)
