"""Row 3: if the kernel cannot stop programs from starting, the server does not claim that it can."""

import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from harness import paths, processes, wrappers
from harness.client import RpcError
from harness.place import Place
from harness.server import Server
from harness.waiting import wait_until


@pytest.fixture
def below_listener(place: Place) -> Path:
    return wrappers.below_listener(place)


def test_threads_are_refused(place: Place, launch: Callable[..., Server], clients, below_listener: Path) -> None:
    server = launch(executable=below_listener).started()
    status, reason = wait_until("the agent is there", lambda: is_refused(server), 30)
    assert status == 503 and "kernel's gate" in reason and "ALLOW_WITHOUT_KERNEL_GATE=1" in reason
    with pytest.raises(RpcError, match="another program above this one watches its system calls"):
        clients(server).request("thread/start", {})


def is_refused(server: Server) -> tuple[int, str] | None:
    status, text = server.get("/readyz")
    return (status, text) if "kernel's gate" in text else None


def test_doctor_says_so(place: Place, below_listener: Path) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(place.person),
        "CODEX_BIN": str(paths.codex()),
        "CODEX_HOME": str(place.codex_home),
        "WORKSPACE": str(place.workspace),
        "STATE_DIR": str(place.state),
    }
    result = subprocess.run([below_listener, "doctor"], env=environment, cwd=place.cwd, capture_output=True, text=True)
    assert result.returncode == 1
    assert "FAIL  kernel gate: The kernel's gate does not work on this machine" in result.stdout


def test_what_can_hold_holds(place: Place, launch: Callable[..., Server], talk, below_listener: Path) -> None:
    """With the kernel gate off on purpose, the log says so, commands ask, and the verifier declines for a dead hook."""
    server = launch(executable=below_listener, environment={"ALLOW_WITHOUT_KERNEL_GATE": "1"}).ready()
    assert "the kernel's gate is missing" in server.output()
    conversation = talk(server)
    conversation.run({"command": "touch approved"}, {"text": "done"})
    assert (place.workspace / "approved").exists()
    conversation.play({"command": "touch unapproved"}, {"text": "went on"})
    conversation.approval()
    [hook] = [pid for pid in processes.descendants(server.pid) if processes.arguments(pid)[1:2] == ["hook"]]
    os.kill(processes.parent(hook), signal.SIGKILL)
    assert conversation.ended()["status"] == "completed"
    assert not (place.workspace / "unapproved").exists()
