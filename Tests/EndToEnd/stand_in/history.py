"""Stored conversations, as codex answers for them: `thread/list`, `thread/resume` and pages of `thread/turns/list`."""

import json
from pathlib import Path
from typing import Any


class History:
    """Reads `{"threads": {ID: {"preview", "cwd", "turns": [oldest first]}}}`."""

    def __init__(self) -> None:
        self._threads: dict[str, dict[str, Any]] = {}

    def read(self, path: str) -> None:
        self._threads |= json.loads(Path(path).read_text())["threads"]

    def listed(self) -> dict[str, Any]:
        return {"data": [self._described(thread) for thread in self._threads], "nextCursor": None}

    def resumed(self, thread: str, cwd: str) -> dict[str, Any]:
        """What an answer to `thread/resume` has beside the thread's settings."""
        if thread not in self._threads:
            return {}
        return {"thread": {**self._described(thread), "cwd": cwd}, "initialTurnsPage": self.page(thread, None, 1)}

    def page(self, thread: str, cursor: str | None, limit: int) -> dict[str, Any]:
        """Newest first. A cursor is the number of newer turns."""
        turns = self._threads.get(thread, {"turns": []})["turns"][::-1]
        begin = int(cursor or 0)
        end = begin + limit
        return {"data": turns[begin:end], "nextCursor": str(end) if end < len(turns) else None, "backwardsCursor": None}

    def _described(self, thread: str) -> dict[str, Any]:
        kept = self._threads[thread]
        return {
            "id": thread, "preview": kept["preview"], "name": None, "cwd": kept.get("cwd", "/"), "turns": [],
            "status": {"type": "idle"}, "createdAt": 1_700_000_000, "updatedAt": 1_700_000_000,
        }
