"""A turn from the view of the worker that started it."""

import random
import time

from ledger import SharedThread
from turns import Planned, token_in


class Turn:
    def __init__(self, thread: SharedThread, planned: Planned, dice: random.Random):
        self.thread = thread
        self.planned = planned
        self.request = 0
        self.id: str | None = None
        self.ended = False
        # The request got an error.
        self.refused = False
        # It may still be running, so no worker uses its thread again.
        self.lost = False
        self._doubted: float | None = None
        # When to interrupt the turn.
        self.stop_at = time.monotonic() + dice.uniform(0.5, 4) if planned.endless else None

    def is_over(self) -> bool:
        if self._doubted and self.id is None and time.monotonic() > self._doubted + 8:
            self.lost = True
        return self.ended or self.refused or self.lost

    def concerns(self, message: dict) -> bool:
        return (message.get("params") or {}).get("threadId") == self.thread.id

    def doubt(self) -> None:
        """The request may have been lost with the socket."""
        self._doubted = self._doubted or time.monotonic()

    def reloaded(self, status: str) -> None:
        """After a gap, which may contain the turn's end."""
        self.lost = self.lost or self.id is None or status != "active"

    def take(self, message: dict) -> None:
        if "method" not in message:
            if message["id"] == self.request:
                if "error" in message:
                    self.refused = self.id is None
                else:
                    self.id = message["result"]["turn"]["id"]
        elif self.concerns(message):
            params = message["params"]
            match message["method"]:
                case "item/started" if params["item"]["type"] == "userMessage":
                    if token_in(params["item"]["content"][0]["text"]) == self.planned.token:
                        self.id = params["turnId"]
                case "turn/completed" if params["turn"]["id"] == self.id:
                    self.ended = True
