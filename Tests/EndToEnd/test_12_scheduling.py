"""The server's event loops do not preempt a running process when they wake up. The agents, and so their commands, are
scheduled like every other process on the machine."""

import os
from pathlib import Path

from harness.server import Server


def policies(pid: int) -> dict[str, set[int]]:
    """The scheduling policies of a process's threads, by thread name."""
    found: dict[str, set[int]] = {}
    for task in Path(f"/proc/{pid}/task").iterdir():
        name = (task / "comm").read_text().strip()
        found.setdefault(name.rsplit("-#", 1)[0], set()).add(os.sched_getscheduler(int(task.name)))
    return found


def test_agents_are_scheduled_as_everything_else(server: Server, clients) -> None:
    clients(server).request("model/list")
    loops = [found for name, found in policies(server.pid).items() if name.startswith("NIO-SGLTN")]
    assert loops and all(os.SCHED_BATCH in found for found in loops)
    agents = server.agents()
    assert agents
    for agent in agents:
        assert set().union(*policies(agent).values()) == {os.SCHED_OTHER}
