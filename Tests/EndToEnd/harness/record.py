"""The server's record: its rows in the database, and the `audit` commands."""

import json
import re
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from . import program
from .place import Place
from .waiting import wait_until


class Record:
    def __init__(self, place: Place):
        self.place = place
        self.path = place.state / "audit.sqlite"

    # MARK: Reading the database directly, not through the server

    def rows(self, *kinds: str, **members: Any) -> list[dict]:
        """Rows of these kinds, or of all kinds, whose members have these values. Oldest first, each with its `seq`. In
        `details`, only the named members are compared."""
        with self.opened() as database:
            found = database.execute("SELECT seq, content FROM entries ORDER BY seq").fetchall()
        rows = [{"seq": seq, **json.loads(content)} for seq, content in found]
        return [row for row in rows if (not kinds or row["kind"] in kinds) and _fits(row, members)]

    def wait(self, kind: str, count: int = 1, timeout: float = 10, **members: Any) -> dict:
        """Waits for `count` rows and returns the last one. The server writes rows for events soon, not at once."""

        def probe() -> list[dict] | None:
            found = self.rows(kind, **members)
            return found if len(found) >= count else None

        try:
            return wait_until("", probe, timeout, 0.05)[-1]
        except AssertionError:
            there = [json.dumps(row)[:300] for row in self.rows()[-25:]]
            raise AssertionError("\n".join([f"no row {kind} {members}; the last:", *there])) from None

    @contextmanager
    def opened(self) -> Iterator[sqlite3.Connection]:
        database = sqlite3.connect(f"file:{self.path}?mode=ro", uri=True, timeout=10)
        try:
            yield database
        finally:
            database.close()

    def bytes(self) -> bytes:
        """All bytes on disk, including those that SQLite would ignore."""
        beside = sorted(self.path.parent.glob(self.path.name + "*"))
        assert self.path in beside
        return b"".join(file.read_bytes() for file in beside)

    # MARK: Interfering

    @contextmanager
    def held(self) -> Iterator[None]:
        """Locks the database, so that other processes cannot write a row."""
        database = sqlite3.connect(self.path, isolation_level=None, timeout=10)
        try:
            database.execute("BEGIN IMMEDIATE")
            yield
            database.execute("ROLLBACK")
        finally:
            database.close()

    def tamper(self, *statements: str) -> None:
        """Tampers like an attacker who can write the file and knows its protection."""
        database = sqlite3.connect(self.path, isolation_level=None, timeout=10)
        try:
            for [name] in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                database.execute(f"DROP TRIGGER {name}")
            for statement in statements:
                database.execute(statement)
        finally:
            database.close()

    # MARK: The command line

    def verify(self, *arguments: str, **environment: str | None) -> subprocess.CompletedProcess[str]:
        return program.run(self.place, "audit", "verify", *arguments, **environment)

    def assert_ok(self, *arguments: str) -> str:
        """Returns the head, which a later verification can require."""
        result = self.verify(*arguments)
        assert result.returncode == 0, result
        found = re.search(r"head (\d+:[0-9a-f]{64})", result.stdout)
        assert result.stdout.startswith("ok: ") and found, result
        return found[1]

    def export(self, *arguments: str) -> str:
        result = program.run(self.place, "audit", "export", *arguments)
        assert result.returncode == 0, result
        return result.stdout


def _fits(found: Any, wanted: Any) -> bool:
    if isinstance(found, dict) and isinstance(wanted, dict):
        return all(name in found and _fits(found[name], value) for name, value in wanted.items())
    return found == wanted


def copied(record: Record, directory: Path) -> Record:
    """Copies an idle record and its public key, so that a test can change the copy."""
    place = Place(directory)
    place.state.mkdir()
    for name in ("audit.sqlite", "audit.key.pub"):
        (place.state / name).write_bytes((record.place.state / name).read_bytes())
    return Record(place)
