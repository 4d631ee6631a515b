"""The processes that the gate starts for a step."""

from . import processes
from .conversation import Conversation
from .server import Server
from .waiting import wait_until


def hook_of(server: Server, conversation: Conversation) -> int:
    """The gate's program that waits in this thread's directory, without the shell around it."""

    def probe() -> list[int]:
        return [
            pid
            for pid in processes.descendants(server.pid)
            if processes.arguments(pid)[1:2] == ["hook"] and processes.directory(pid) == conversation.cwd
        ]

    [pid] = wait_until("a gate process waits", probe)
    return pid
