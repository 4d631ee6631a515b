"""The scripted agent from `stand_in/` as an executable, and the messages that it received."""

import json
import shlex
import sys
from pathlib import Path

from . import paths
from .waiting import wait_until


class StandIn:
    def __init__(self, directory: Path, hooks: str = "", start: str = ""):
        self.log = directory / "stand-in.jsonl"
        self.switches = directory / "stand-in.env"
        self.executable = directory / "stand-in"
        self.set(hooks=hooks, start=start)
        # The agent reads the faults at each start, so that a test can fix them while the server runs.
        self.executable.write_text(
            f"""#!/bin/sh
. {shlex.quote(str(self.switches))}
export STAND_IN_LOG={shlex.quote(str(self.log))} PYTHONPATH={shlex.quote(str(paths.SUITE))} PYTHONDONTWRITEBYTECODE=1
exec {shlex.quote(sys.executable)} -m stand_in "$@"
"""
        )
        self.executable.chmod(0o755)

    def set(self, hooks: str = "", start: str = "") -> None:
        self.switches.write_text(
            f"export STAND_IN_HOOKS={shlex.quote(hooks)} STAND_IN_START={shlex.quote(start)}\n"
        )

    def events(self, kind: str | None = None) -> list[dict]:
        if not self.log.exists():
            return []
        # The last line may be incomplete.
        whole = self.log.read_text().rpartition("\n")[0]
        events = [json.loads(line) for line in whole.splitlines()]
        return [event for event in events if kind in (None, event["event"])]

    def received(self) -> list[str]:
        """The texts of all messages that reached the agent, unchanged. The server's own checks, which come when the agent
        has been silent for a while, are left out."""
        texts = [event["text"] for event in self.events("received")]
        return [text for text in texts if '"id":"sre-health"' not in text]

    def wait_received(self, *words: str, timeout: float = 10) -> str:
        def probe() -> str | None:
            return next((text for text in self.received() if all(word in text for word in words)), None)

        try:
            return wait_until("", probe, timeout)
        except AssertionError:
            raise AssertionError(f"the agent never got {words}; it got {self.received()[-10:]}") from None
