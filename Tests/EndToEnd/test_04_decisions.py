"""Row 4: accept, decline, cancel and acceptForSession each have their documented effect."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from harness import processes
from harness.client import Client
from harness.conversation import Conversation
from harness.model import Model
from harness.server import Server
from harness.waiting import wait_until


def marker_of(server: Server, conversation: Conversation) -> Path:
    return server.place.workspace / f"ran-{conversation.thread}"


def test_decline_lets_the_turn_go_on(server: Server, talk, shape: str, model: Model) -> None:
    conversation = talk(server, shape)
    first, second = (server.place.workspace / f"{n}-{conversation.thread}" for n in (1, 2))
    conversation.play({"command": f"touch {first.name}"}, {"command": f"touch {second.name}"}, {"text": "the end"})
    resolved = conversation.decide(conversation.approval(), "decline")
    assert resolved["sre"]["decision"] == "decline"
    conversation.decide(conversation.approval(), "accept")
    assert conversation.ended()["status"] == "completed"
    assert not first.exists() and second.exists()
    assert [item["text"] for item in conversation.items("agentMessage")] == ["the end"]
    model.wait_for_output(first.name, "blocked by PreToolUse hook", "declined")


@pytest.mark.parametrize("reason", ["use df -h instead", 'multi\nline "quoted" é😀 $(x)', "x" * 5000])
def test_reason_of_a_decline_reaches_the_agent(
    server: Server, talk, shape: str, model: Model, reason: str
) -> None:
    conversation = talk(server, shape)
    marker = marker_of(server, conversation)
    conversation.play({"command": f"touch {marker.name}"}, {"text": "went on"})
    conversation.decide(conversation.approval(), "decline", reason=reason)
    assert conversation.ended()["status"] == "completed"
    model.wait_for_output(marker.name, "blocked", json.dumps(reason)[1:-1])
    assert not marker.exists()


def test_stop_the_turn(server: Server, talk, shape: str) -> None:
    conversation = talk(server, shape)
    marker = marker_of(server, conversation)
    conversation.play({"command": f"touch {marker.name}"}, {"text": "never said"})
    resolved = conversation.decide(conversation.approval(), "cancel")
    assert resolved["sre"]["decision"] == "cancel"
    assert conversation.ended()["status"] == "interrupted"
    assert not marker.exists()
    assert conversation.items("agentMessage") == []
    # The thread is usable again.
    conversation.run({"command": f"touch {marker.name}"}, {"text": "done"})
    assert marker.exists()


def test_interrupt_ends_the_question(server: Server, talk, shape: str) -> None:
    conversation = talk(server, shape)
    marker = marker_of(server, conversation)
    turn = conversation.play({"command": f"touch {marker.name}"}, {"text": "never said"})
    approval = conversation.approval()
    conversation.stop(turn)
    assert conversation.ended()["status"] == "interrupted"
    resolved = conversation.client.notification("serverRequest/resolved", requestId=approval.id)
    assert resolved["sre"]["decision"] == "void"
    conversation.client.answer(approval.id, {"decision": "accept"})
    rejected = conversation.client.notification("sre/answerRejected", requestId=approval.id)
    assert rejected["reason"] == "void"
    assert not marker.exists()


def test_stopping_a_turn_stops_its_command(server: Server, talk, shape: str) -> None:
    """Interrupting a turn also stops its running command; codex alone would let the command continue."""
    conversation = talk(server, shape)
    seconds = f"300.{abs(hash(conversation.thread)) % 10**9}"
    turn = conversation.play({"command": f"sleep {seconds}"}, {"text": "never said"})
    conversation.decide(conversation.approval(), "accept")
    wait_until("the command runs", lambda: processes.find(server.pid, "sleep", seconds))
    conversation.stop(turn)
    assert conversation.ended()["status"] == "interrupted"
    wait_until("the command has ended", lambda: not processes.find(server.pid, "sleep", seconds), 5)


# MARK: For the session


def asks_again(conversation: Conversation, command: str) -> bool:
    """Runs the command again, and declines it if it asks."""
    conversation.play({"command": command}, {"text": "done"})
    if not conversation.asked_or_ended():
        return False
    conversation.decide(conversation.approval(), "decline")
    conversation.ended()
    return True


def test_approval_for_the_session(server: Server, talk, shape: str) -> None:
    conversation = talk(server, shape)
    command = f"echo x >> ran-{conversation.thread}"
    marker = marker_of(server, conversation)
    conversation.play({"command": command}, {"text": "done"})
    resolved = conversation.decide(conversation.approval(), "acceptForSession")
    assert resolved["sre"]["decision"] == "acceptForSession"
    conversation.ended()
    assert not asks_again(conversation, command)
    assert marker.read_text() == "x\nx\n"
    # Only this exact command.
    assert asks_again(conversation, command + " ")
    assert asks_again(conversation, command + "; true")
    assert asks_again(conversation, f"true; {command}")
    assert marker.read_text() == "x\nx\n"


def test_approval_for_the_session_is_for_this_thread(server: Server, talk, clients: Callable[..., Client]) -> None:
    conversation = talk(server)
    conversation.run({"command": "echo session"}, {"text": "done"}, decisions=("acceptForSession",))
    assert not asks_again(conversation, "echo session")
    other = Conversation.start(conversation.client)
    assert asks_again(other, "echo session")


def test_approval_for_the_session_is_for_this_directory(server: Server, talk, shape: str) -> None:
    elsewhere = server.place.workspace / f"elsewhere-{shape}"
    elsewhere.mkdir()
    conversation = talk(server, shape)
    conversation.run({"command": "touch here"}, {"text": "done"}, decisions=("acceptForSession",))
    (server.place.workspace / "here").unlink()
    # The turn's directory, and the command's own.
    conversation.play({"command": "touch here"}, {"text": "done"}, cwd=str(elsewhere))
    approval = conversation.approval()
    assert approval.params["cwd"] == str(elsewhere)
    conversation.decide(approval, "decline")
    conversation.ended()
    assert not (elsewhere / "here").exists()


def test_directory_of_the_command_is_shown_and_counts(server: Server, talk, shape: str) -> None:
    """The agent may name another directory for one command; the person must see in which directory it would run."""
    elsewhere = server.place.workspace / f"workdir-{shape}"
    elsewhere.mkdir()
    conversation = talk(server, shape)
    command = f"touch here-{conversation.thread}"
    conversation.run({"command": command}, {"text": "done"}, decisions=("acceptForSession",))
    conversation.play({"command": command, "workdir": str(elsewhere)}, {"text": "done"})
    approval = conversation.approval(timeout=10)
    assert approval.params["cwd"] == str(elsewhere)
    conversation.decide(approval, "decline")
    conversation.ended()
    assert list(elsewhere.iterdir()) == []


def test_directory_that_nobody_can_know_is_not_guessed(server: Server, talk) -> None:
    """A code mode script can compute the directory. The approval then says so and counts only once."""
    conversation = talk(server, "code")
    elsewhere = server.place.workspace / f"computed-{conversation.thread}"
    elsewhere.mkdir()
    command = f"touch here-{conversation.thread}"
    conversation.run({"command": command}, {"text": "done"}, decisions=("acceptForSession",))
    script = f"const d = ['{server.place.workspace}', '{elsewhere.name}'].join('/');"
    script += f"text(await tools.exec_command({{cmd: '{command}', workdir: d}}));"
    conversation.play({"tool": {"name": "exec", "namespace": "functions", "input": script}}, {"text": "done"})
    approval = conversation.approval()
    assert approval.command == command
    assert approval.params["sre"]["directory"] == "unknown"
    assert "acceptForSession" not in approval.params["availableDecisions"]
    conversation.decide(approval, "decline")
    conversation.ended()
    assert list(elsewhere.iterdir()) == []


def test_approval_for_the_session_of_a_patch(server: Server, talk) -> None:
    """The same patch to the same file, not any patch."""
    conversation = talk(server)

    def patch(name: str) -> str:
        return f"*** Begin Patch\n*** Add File: {name}-{conversation.thread}\n+x\n*** End Patch"

    conversation.run({"patch": patch("one")}, {"text": "done"}, decisions=("acceptForSession",))
    (server.place.workspace / f"one-{conversation.thread}").unlink()
    conversation.run({"patch": patch("one")}, {"text": "done"}, decisions=())
    assert (server.place.workspace / f"one-{conversation.thread}").exists()
    conversation.play({"patch": patch("two")}, {"text": "done"})
    conversation.decide(conversation.approval(), "decline")
    conversation.ended()
    assert not (server.place.workspace / f"two-{conversation.thread}").exists()
