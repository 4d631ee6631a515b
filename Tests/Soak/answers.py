"""How one person treats approvals: answers at once, later, twice or too late, or leaves them to others."""

import random
import time

from ledger import Ledger
from lived import Lived

_METHODS = ("item/commandExecution/requestApproval", "item/fileChange/requestApproval")
# The reason that the agent receives with a decline.
_REASON = "not now: ask „me“ later\n(é😀)"


class Answers:
    def __init__(self, session: Lived, dice: random.Random, ledger: Ledger):
        self._session = session
        self._dice = dice
        self._ledger = ledger
        # Approvals that were shown and have not ended.
        self._open: set[str] = set()
        # The answers given to them, in case one was lost with a socket.
        self._said: dict[str, str] = {}
        # The scheduled answers and their times.
        self._due: list[tuple[float, str, str]] = []

    def all_over(self) -> bool:
        return not self._open and not self._due

    def take(self, message: dict, mine: bool) -> None:
        match message.get("method"):
            case method if method in _METHODS and "id" in message:
                if message["id"] not in self._open:
                    self._open.add(message["id"])
                    self._decide(message["id"], mine)
            case "serverRequest/resolved":
                request = message["params"]["requestId"]
                self._ledger.decided(request, message["params"]["sre"]["decision"])
                self._open.discard(request)
                self._said.pop(request, None)
                if self._dice.random() < 0.03:
                    self._plan(request, "accept", 0)
                    self._ledger.count("late answers")
            case "sre/answerRejected":
                self._ledger.count(f"rejected answers ({message['params']['reason']})")

    def _decide(self, request: str, mine: bool) -> None:
        if self._dice.random() < (0.08 if mine else 0.5):
            # Another person answers, or none does.
            return
        words = ("accept", "acceptForSession", "decline", "cancel")
        word = self._dice.choices(words, (16, 1, 3, 1))[0]
        wait = self._dice.choice((0, 0, 0, 0.1, 0.5)) + (0 if mine else self._dice.choice((0, 0, 0.1)))
        self._plan(request, word, wait)
        if self._dice.random() < 0.15:
            self._plan(request, self._dice.choice(words), wait)
            self._ledger.count("double answers")

    def _plan(self, request: str, word: str, wait: float) -> None:
        self._due.append((time.monotonic() + wait, request, word))

    def give(self) -> None:
        """Sends the answers that are due, if there is a socket."""
        now = time.monotonic()
        for one in [one for one in self._due if one[0] <= now]:
            if self._session.wire is None:
                return
            self._due.remove(one)
            _, request, word = one
            if request in self._open:
                self._said.setdefault(request, word)
            reason = {"reason": _REASON} if word == "decline" and self._dice.random() < 0.7 else {}
            self._session.answer(request, {"decision": word, **reason})
            self._ledger.count("answers")
            if self._dice.random() < 0.7:
                self._session.confirm()

    def came_back(self, gap: bool) -> None:
        if gap:
            # The server shows pending approvals again with their thread.
            self._open.clear()
            self._said.clear()
        for request, word in list(self._said.items()):
            # The answer may have been lost. Sending the same answer again is safe.
            if self._dice.random() < 0.7:
                self._plan(request, word, 0)
            else:
                del self._said[request]
