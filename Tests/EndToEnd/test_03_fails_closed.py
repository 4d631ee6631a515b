"""Row 3: if the hook is missing, killed or crashes, or the server is gone, the agent is told why and runs nothing."""

import os
import signal
import socket
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from harness import paths, processes
from harness.conversation import Conversation
from harness.gate import hook_of
from harness.model import Model
from harness.place import Place
from harness.server import Server
from harness.waiting import wait_until

BLOCKED = "blocked by PreToolUse hook"


def ask(server: Server, talk, shape: str) -> tuple[Conversation, Path]:
    directory = paths.fresh_directory(server.place.workspace)
    conversation = talk(server, shape, cwd=str(directory))
    marker = directory / f"ran-{conversation.thread}"
    conversation.play({"command": f"touch {marker.name}"}, {"text": "went on"})
    return conversation, marker


def assert_blocked(conversation: Conversation, marker: Path, model: Model, why: str = "") -> None:
    assert conversation.ended()["status"] == "completed"
    assert not marker.exists()
    model.wait_for_output(marker.name, BLOCKED, why)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_gate_killed(server: Server, shape: str, talk, model: Model, number: signal.Signals) -> None:
    """Without the shell line's `|| exit 2` codex runs the command; a run without it showed this."""
    conversation, marker = ask(server, talk, shape)
    approval = conversation.approval()
    os.kill(hook_of(server, conversation), number)
    assert_blocked(conversation, marker, model, "did not answer")
    # The approval is over for every client, and a later answer is rejected.
    resolved = conversation.client.notification("serverRequest/resolved", requestId=approval.id)
    assert resolved["sre"]["decision"] == "void"
    conversation.client.answer(approval.id, {"decision": "accept"})
    assert conversation.client.notification("sre/answerRejected", requestId=approval.id)["reason"] == "void"
    assert not marker.exists()


def test_shell_around_the_gate_killed(server: Server, shape: str, talk, model: Model) -> None:
    """codex runs a command whose hook was killed, but the verifier of the same call declines. The kernel gate is below
    both (test_03_kernel_gate.py)."""
    conversation, marker = ask(server, talk, shape)
    approval = conversation.approval()
    os.kill(processes.parent(hook_of(server, conversation)), signal.SIGKILL)
    assert_blocked(conversation, marker, model, "stopped before a decision was made")
    resolved = conversation.client.notification("serverRequest/resolved", requestId=approval.id)
    assert resolved["sre"]["decision"] == "void"
    assert not conversation.client.find(lambda message: message.get("method") == "sre/alarm")


def test_gate_is_missing(place: Place, launch: Callable[..., Server], shape: str, talk, model: Model) -> None:
    executable, program = paths.copy_of_server(place.root / "bin")
    server = launch(executable=executable).ready()
    conversation = talk(server, shape)
    program.unlink()
    marker = place.workspace / f"ran-{conversation.thread}"
    conversation.play({"command": f"touch {marker.name}"}, {"text": "went on"})
    assert_blocked(conversation, marker, model, "did not answer")
    assert conversation.approvals() == []


def test_gate_is_no_program_any_more(place: Place, launch: Callable[..., Server], talk, model: Model) -> None:
    executable, program = paths.copy_of_server(place.root / "bin")
    server = launch(executable=executable).ready()
    conversation = talk(server)
    program.unlink()
    program.write_text("#!/bin/sh\nexit 0\n")  # codex reads silence as permission
    program.chmod(0o644)
    marker = place.workspace / f"ran-{conversation.thread}"
    conversation.play({"command": f"touch {marker.name}"}, {"text": "went on"})
    assert_blocked(conversation, marker, model)


@pytest.mark.parametrize("mode", ["shared", "isolated"])
def test_gate_socket_is_gone(place: Place, launch: Callable[..., Server], talk, model: Model, mode: str) -> None:
    server = launch(mode).ready()
    conversation = talk(server)
    gate_socket = place.gate
    gate_socket.unlink()
    marker = place.workspace / f"ran-{conversation.thread}"
    conversation.play({"command": f"touch {marker.name}"}, {"text": "went on"})
    assert_blocked(conversation, marker, model, "cannot be reached")


def test_server_killed_while_a_question_waits(
    place: Place, launch: Callable[..., Server], talk, mode: str, shape: str
) -> None:
    server = launch(mode).ready()
    conversation, marker = ask(server, talk, shape)
    conversation.approval()
    below = processes.descendants(server.pid)
    assert below
    server.kill()
    # Only the end of every process makes it certain that none of them will run the command.
    wait_until("all that the server had started ends", lambda: not any(map(processes.is_alive, below)))
    processes.assert_no_orphans()
    assert not marker.exists()


def test_server_stopped_while_a_question_waits(place: Place, launch: Callable[..., Server], talk, mode: str) -> None:
    server = launch(mode).ready()
    conversation, marker = ask(server, talk, "classic")
    conversation.approval()
    server.stop()
    processes.assert_no_orphans()
    assert not marker.exists()


def test_agent_killed_while_a_question_waits(place: Place, launch: Callable[..., Server], talk, shape: str) -> None:
    server = launch().ready()
    conversation, marker = ask(server, talk, shape)
    approval = conversation.approval()
    [agent] = server.agents()
    os.kill(agent, signal.SIGKILL)
    resolved = conversation.client.notification("serverRequest/resolved", requestId=approval.id)
    assert resolved["sre"]["decision"] == "void"
    conversation.client.answer(approval.id, {"decision": "accept"})
    assert conversation.client.notification("sre/answerRejected", requestId=approval.id)["reason"] == "void"
    server.ready()
    assert not marker.exists()


def test_nobody_answers(place: Place, launch: Callable[..., Server], talk, mode: str, model: Model) -> None:
    server = launch(mode, environment={"APPROVAL_TIMEOUT": "1"}).ready()
    conversation, marker = ask(server, talk, "classic")
    approval = conversation.approval()
    assert_blocked(conversation, marker, model, "Nobody answered in time")
    resolved = conversation.client.notification("serverRequest/resolved", requestId=approval.id)
    assert resolved["sre"]["decision"] == "expired"


def test_hook_waits_for_a_year(server: Server, talk) -> None:
    """codex runs a command whose hook times out, so only the server may end the wait."""
    conversation = talk(server)
    listing = conversation.client.request("hooks/list", {"cwds": [str(server.place.workspace)]})
    hooks = listing["data"][0]["hooks"]
    assert [hook["handlerType"] for hook in hooks] == ["command", "mcpTool"]
    for hook in hooks:
        assert hook["timeoutSec"] == 31_536_000
        assert (hook["trustStatus"], hook["enabled"], hook["matcher"]) == ("trusted", True, ".*")


# MARK: The gate's socket


def test_socket_belongs_to_the_server_alone(server: Server) -> None:
    gate_socket = server.place.gate
    assert stat.S_IMODE(gate_socket.stat().st_mode) == 0o600
    assert stat.S_IMODE(server.place.state.stat().st_mode) == 0o700
    # The agent's user can pass through the directory but cannot change it.
    assert stat.S_IMODE(gate_socket.parent.stat().st_mode) == (0o711 if os.getuid() == 0 else 0o700)
    assert gate_socket.parent.stat().st_uid == os.getuid()


@pytest.mark.parametrize(
    "line",
    [
        b"\n",
        b"not JSON\n",
        b"[]\n",
        b'{"decision":"accept"}\n',
        b'{"requestId":"0","decision":"accept"}\n',
        b'{"id":1,"method":"thread/start","params":{}}\n',
        b'{"session_id":"t","turn_id":"u","cwd":"/","tool_name":"Bash"}\n',
        b"\xff\xfe\n",
    ],
)
def test_socket_can_only_be_asked(server: Server, line: bytes) -> None:
    path = server.place.gate
    with socket.socket(socket.AF_UNIX) as peer:
        peer.settimeout(5)
        peer.connect(str(path))
        peer.sendall(line)
        answer = b""
        while chunk := peer.recv(65_536):
            answer += chunk
    assert b'"allow"' not in answer
    assert b'"deny"' in answer or answer == b""
