"""A server that is killed, stopped and restarted from time to time, with checks of its processes in between."""

import os
import random
import re
import signal
import threading
from pathlib import Path

from ledger import Ledger

from harness import memory, processes
from harness.conversation import Conversation
from harness.place import Place
from harness.server import Server
from harness.waiting import wait_until

# Seconds. Short, so that both happen in a short run.
SESSION_KEEP = 12
APPROVAL_TIMEOUT = 8
# Small, so that a client that was disconnected sometimes has a gap.
REPLAY_FRAMES = 400
ENVIRONMENT: dict[str, str | None] = {
    "SESSION_KEEP": str(SESSION_KEEP),
    "APPROVAL_TIMEOUT": str(APPROVAL_TIMEOUT),
    "REPLAY_FRAMES": str(REPLAY_FRAMES),
    "DRAIN_TIMEOUT": "5",
    "LOG_LEVEL": "info",
}

# One for each thread that codex has loaded, however long ago its last client left.
_VERIFIER = "sre-agent-gate verifier "
# The agent, the helper that it starts once for all threads in code mode, and its threads' verifiers.
_OF_THE_AGENT = ("app-server", "codex-code-mode-host", _VERIFIER)


class House:
    """All runs of one server. `server` is the current one; workers look here again when theirs is gone."""

    def __init__(self, place: Place, mode: str, ledger: Ledger):
        self.place = place
        self.mode = mode
        self.life = 0
        self._ledger = ledger
        self._start()

    def _start(self) -> None:
        server = Server(self.place, self.mode, ENVIRONMENT).ready()
        self._warm_up(server)
        self.descriptors = self.open_descriptors(server)
        self.memory = self.resident(server)
        self.life += 1
        self.server = server

    def _warm_up(self, server: Server) -> None:
        """Triggers all one-time allocations."""
        for _ in range(8):
            client = server.connect()
            Conversation.start(client).run({"command": "echo warm"}, {"text": "done"})
            client.close()
        self.settle(server, 20)

    def settle(self, server: Server, timeout: float) -> set[int]:
        """Waits until only the shared agent and its verifiers are left below the server. Returns other processes."""

        def others() -> set[int]:
            below = processes.descendants(server.pid)
            if self.mode == "shared" and len(server.agents()) == 1:
                below -= {pid for pid in below if any(name in processes.command_line(pid) for name in _OF_THE_AGENT)}
            return below

        try:
            wait_until("", lambda: not others(), timeout, 0.2)
        except AssertionError:
            pass
        return others()

    def verifiers(self, server: Server) -> int:
        return sum(_VERIFIER in processes.command_line(pid) for pid in processes.descendants(server.pid))

    def loaded_threads(self, server: Server) -> int:
        """The number of loaded threads of a shared agent."""
        client = server.connect()
        try:
            return len(client.request("thread/loaded/list", {})["data"])
        finally:
            client.close()

    def open_descriptors(self, server: Server) -> int:
        """The number of open descriptors, without the verifiers' connections."""
        return len(os.listdir(f"/proc/{server.pid}/fd")) - self.verifiers(server)

    def descriptor_names(self) -> str:
        directory = Path(f"/proc/{self.server.pid}/fd")
        return str(sorted(os.readlink(one) for one in directory.iterdir()))

    def resident(self, server: Server) -> int:
        found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{server.pid}/status").read_text())
        assert found
        return int(found[1]) * 1024 // memory.MIB

    # MARK: Faults

    def kill_agent(self, dice: random.Random) -> None:
        self._end_agent(dice, signal.SIGKILL, "agent kills", 2)

    def hang_agent(self, dice: random.Random) -> None:
        """The server notices after a bit more than 10 s, if a client waits for the agent."""
        self._end_agent(dice, signal.SIGSTOP, "agent hangs", 40)

    def _end_agent(self, dice: random.Random, number: signal.Signals, name: str, patience: float) -> None:
        agents = self.server.agents()
        if not agents:
            return
        agent = dice.choice(agents)
        try:
            os.kill(agent, number)
        except ProcessLookupError:
            return
        self._ledger.count(name)
        try:
            wait_until("", lambda: not processes.is_alive(agent), patience, 0.1)
        except AssertionError:
            # The server sends no heartbeat to the agent of a session that waits for nothing.
            self._ledger.count("hangs that nobody noticed")
            os.kill(agent, signal.SIGKILL)

    def restart(self, dice: random.Random) -> None:
        self.stop()
        self._ledger.count("restarts")
        self._start()

    def stop(self) -> None:
        code = self.server.stop(30)
        if code != 0:
            self._ledger.fault(f"{self.mode}: the server ended with {code}")


def trouble(house: House, dice: random.Random, stopping: threading.Event, every: float) -> None:
    """Causes a fault about every `every` seconds, until `stopping` is set."""
    while not stopping.wait(dice.uniform(0.5, 1.5) * every):
        what = dice.choices((house.kill_agent, house.hang_agent, house.restart), (7, 2, 3))[0]
        what(dice)
