"""The processes that the gate runs for a step."""

import os
import signal

from . import processes
from .conversation import Conversation
from .server import Server
from .waiting import wait_until


def hook_of(server: Server, conversation: Conversation) -> int:
    """The pid of the gate program that waits in this thread's directory, without the shell that wraps it."""

    def probe() -> list[int]:
        return [
            pid
            for pid in processes.descendants(server.pid)
            if processes.arguments(pid)[1:2] == ["hook"] and processes.directory(pid) == conversation.cwd
        ]

    [pid] = wait_until("a gate process waits", probe)
    return pid


def verifiers(server: Server) -> set[int]:
    return {pid for pid in processes.descendants(server.pid) if processes.arguments(pid)[1:2] == ["verifier"]}


def kill_gate(server: Server, conversation: Conversation, verifier: int) -> None:
    """Kills all gate processes of a call whose approval waits. Without the kernel gate, codex then makes the call."""
    shell = processes.parent(hook_of(server, conversation))
    # Stopped first, so that the verifier cannot report what happens to the hook.
    os.kill(verifier, signal.SIGSTOP)
    for pid in (shell, verifier):
        os.kill(pid, signal.SIGKILL)
    wait_until("the gate's processes have ended", lambda: not any(map(processes.is_alive, (shell, verifier))))
