"""What the soak test has done and observed: one journal per view on disk, plus counts and plans."""

import itertools
import json
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from turns import Planned


class Journal:
    """One view, from `sre/session` new (or the opening of a plain socket) to its end. One JSON array per line."""

    def __init__(self, path: Path, **about: Any):
        self.path = path
        self._file: IO[str] | None = path.open("w", encoding="utf-8")
        self.note("open", about)

    def note(self, kind: str, *values: Any) -> None:
        self._write(json.dumps([kind, round(time.time(), 3), *values]))

    def frame(self, position: int, text: str) -> None:
        """Writes the frame's text unchanged."""
        self._write(f'["frame",{time.time():.3f},{position},{text}]')

    def end(self, why: str) -> None:
        if self._file:
            self.note("end", why)
            self._file.close()
            self._file = None

    def _write(self, line: str) -> None:
        if self._file:
            self._file.write(line + "\n")


@dataclass
class SharedThread:
    """A thread that several workers may know. A worker holds the lock for its turn, which is one script."""

    id: str
    mode: str
    lock: threading.Lock = field(default_factory=threading.Lock)
    turns: int = 0


class Ledger:
    def __init__(self, directory: Path):
        self._directory = directory
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self.counts: Counter[str] = Counter()
        self.journals: list[Path] = []
        # By token.
        self.turns: dict[str, Planned] = {}
        # Violations, one line each.
        self.faults: list[str] = []
        self._threads: list[SharedThread] = []
        # Approvals whose end at least one client has seen.
        self._decided: set[str] = set()

    def number(self) -> int:
        return next(self._numbers)

    def count(self, what: str, by: int = 1) -> None:
        with self._lock:
            self.counts[what] += by

    def decided(self, question: str, word: str) -> None:
        with self._lock:
            if question not in self._decided:
                self._decided.add(question)
                self.counts[f"decided {word}"] += 1

    def fault(self, text: str) -> None:
        with self._lock:
            self.faults.append(text)
        print(f"        fault: {text}", flush=True)

    def journal(self, **about: Any) -> Journal:
        path = self._directory / f"{self.number()}.jsonl"
        with self._lock:
            self.journals.append(path)
        return Journal(path, **about)

    def planned(self, turn: Planned) -> None:
        with self._lock:
            self.turns[turn.token] = turn

    # MARK: Threads shared between workers

    def offer(self, thread: SharedThread) -> None:
        with self._lock:
            self._threads.append(thread)
            del self._threads[:-40]

    def withdraw(self, thread: SharedThread) -> None:
        """Withdraws a thread in which a turn may still run."""
        with self._lock:
            if thread in self._threads:
                self._threads.remove(thread)

    def offered(self, mode: str) -> list[SharedThread]:
        with self._lock:
            return [thread for thread in self._threads if thread.mode == mode][-5:]
