"""A session with an active person: reads, answers approvals, is cut off and comes back."""

import random
import time
from collections.abc import Callable

from answers import Answers
from faults import SESSION_KEEP
from ledger import Ledger, SharedThread
from lived import Ended, Lived
from playing import Turn

from harness.session import CUTS

# Seconds. Longer than every legitimate wait: unanswered approvals plus a hanging agent.
PATIENCE = 90


class Refused(Exception):
    """A request got an error."""


class Presence:
    def __init__(self, session: Lived, dice: random.Random, ledger: Ledger):
        self.session = session
        self.threads: list[SharedThread] = []
        # The currently running turn.
        self.turn: Turn | None = None
        self.answers = Answers(session, dice, ledger)
        self._dice = dice
        self._ledger = ledger
        self._responses: dict[int, dict] = {}
        self._gaps = 0
        # So long that the session may have ended.
        self._away_for_long = False

    def request(self, method: str, params: dict) -> dict:
        """For requests that may be repeated if the request or its response was lost."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            request, gaps = self.session.post(method, params), self._gaps
            self.session.confirm()
            patience = PATIENCE if self.session.sure else 3
            self.until(lambda: request in self._responses or self._gaps > gaps, patience)
            if answer := self._responses.get(request):
                if "error" in answer:
                    raise Refused(answer["error"]["message"])
                return answer["result"]
        self._ledger.fault(f"no answer to {method} in {self.session.journal.path.name}")
        self.session.end("fault")
        raise Ended

    def until(self, done: Callable[[], bool], timeout: float, restless: bool = False) -> bool:
        deadline = time.monotonic() + timeout
        while not done():
            if time.monotonic() > deadline:
                return False
            if self.session.wire is None:
                self.come_back()
            message = self.session.take(0.3)
            if message:
                self._take(message)
            self.answers.give()
            self._stop_what_does_not_end()
            if restless:
                self._perhaps_cut(0.006 if message else 0.15)
        return True

    def _take(self, message: dict) -> None:
        if "method" not in message:
            self._responses[message["id"]] = message
        self.answers.take(message, mine=bool(self.turn and self.turn.concerns(message)))
        if self.turn:
            self.turn.take(message)

    def _stop_what_does_not_end(self) -> None:
        turn = self.turn
        if turn and turn.id and turn.stop_at and time.monotonic() > turn.stop_at:
            turn.stop_at = time.monotonic() + 5
            self.session.post("turn/interrupt", {"threadId": turn.thread.id, "turnId": turn.id})
            self._ledger.count("interrupts")

    # MARK: The network

    def _perhaps_cut(self, chance: float) -> None:
        if self.session.wire is None or self._dice.random() > chance:
            return
        if not self.session.resumable:
            if self._dice.random() < 0.2:
                self.session.end("left")
                raise Ended
        elif self._dice.random() < 0.2:
            self._came_back(self.session.take_over())
        else:
            self.session.cut(self._dice.choice(CUTS))
            away = self._dice.choices((0, 0.2, 3, SESSION_KEEP + 3), (10, 6, 3, 0.3))[0]
            time.sleep(away * self._dice.uniform(0.7, 1.3))
            self._away_for_long = away > SESSION_KEEP

    def come_back(self) -> None:
        self._came_back(self.session.come_back(self._away_for_long))

    def _came_back(self, how: str) -> None:
        self._away_for_long = False
        unsure, self.session.sure = not self.session.sure, True
        if self.turn and unsure:
            self.turn.doubt()
        self.answers.came_back(how == "gap")
        if how == "gap":
            self._gaps += 1
            self._load_again()

    def _load_again(self) -> None:
        for thread in list(self.threads):
            try:
                status = self.request("thread/resume", {"threadId": thread.id})["thread"]["status"]["type"]
            except Refused:
                status = "unknown"
            if self.turn and self.turn.thread is thread:
                self.turn.reloaded(status)
