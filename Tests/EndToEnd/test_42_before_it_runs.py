"""Threats row 12: a decision is on disk before the agent receives it.

The test holds SQLite's write lock, which the server waits for: all server actions meanwhile happen without the row.
"""

import json
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.client import Client
from harness.conversation import COMMAND, Conversation
from harness.played import THREAD, numbered, numbers, play, question
from harness.record import Record
from harness.server import Server
from harness.stand_in import StandIn
from harness.waiting import stays, wait_until


def asking(server: Server, clients: Callable[..., Client], request: str, count: int = 1) -> tuple[list[Client], str]:
    """Clients that are shown the same agent request, and its id."""
    found = [clients(server) for _ in range(count)]
    for client in found:
        client.request("thread/resume", {"threadId": THREAD})
    play(found[0], {"toAll": question(request)["send"]})
    [asked] = {client.question(itemId=f"item-{request}")["id"] for client in found}
    # The request's own row is written before the test takes the lock.
    Record(server.place).wait("question.asked", requestId=asked)
    return found, asked


def hook(thread: str, directory: Path, command: str, item: str) -> dict:
    return {
        "hook": {
            "session_id": thread,
            "turn_id": "turn-1",
            "cwd": str(directory),
            "hook_event_name": "PreToolUse",
            "tool_name": "Bash",
            "tool_input": {"command": command},
            "tool_use_id": item,
        }
    }


def verdicts(agent: StandIn, word: str) -> list[dict]:
    """The verdicts of hooks whose output contains `word`."""
    texts = [event["stdout"] for event in agent.events("hook") if word in event["stdout"] + event["stderr"]]
    return [json.loads(text)["hookSpecificOutput"] for text in texts]


@pytest.mark.parametrize("decision", ["accept", "decline"])
def test_an_answer_waits_for_its_row(
    scripted: tuple[Server, StandIn], clients: Callable[..., Client], decision: str
) -> None:
    server, agent = scripted
    record = Record(server.place)
    request = f"{decision}-{server.mode}"
    [client], asked = asking(server, clients, request)
    with record.held():
        client.answer(asked, {"decision": decision})
        stays("the agent hears nothing", lambda: not [t for t in agent.received() if f'"id":"{request}"' in t])
        assert not client.find(lambda message: message.get("method") == "serverRequest/resolved")
        assert not record.rows("decision", requestId=asked)
    agent.wait_received(f'"id":"{request}"', decision)
    # No wait: the row must exist by now.
    [row] = record.rows("decision", requestId=asked)
    assert row["details"]["decision"] == decision
    client.notification("serverRequest/resolved", requestId=asked)


def test_nobody_else_answers_while_it_is_written(module_stand_ins, clients: Callable[..., Client]) -> None:
    server, agent = module_stand_ins("shared")
    record = Record(server.place)
    (first, second), asked = asking(server, clients, "both", 2)
    with record.held():
        first.answer(asked, {"decision": "decline"})
        stays("it is not answered yet", lambda: not [t for t in agent.received() if '"id":"both"' in t], 0.2)
        second.answer(asked, {"decision": "accept"})
        told = second.notification("sre/answerRejected", requestId=asked)
        assert told["decision"] == "decline" and told["decidedBy"] == "local user"
    agent.wait_received('"id":"both"', "decline")
    [row] = record.rows("decision", requestId=asked)
    assert row["details"]["decision"] == "decline"
    assert len([text for text in agent.received() if '"id":"both"' in text]) == 1


def test_a_verdict_of_the_gate_waits_for_its_row(
    scripted: tuple[Server, StandIn], clients: Callable[..., Client]
) -> None:
    server, agent = scripted
    record = Record(server.place)
    client = clients(server)
    thread = Conversation.start(client, cwd=str(server.place.workspace)).thread
    word = f"gate-{server.mode}"

    play(client, hook(thread, server.place.workspace, f"echo {word}", "item-1"))
    asked = client.question(COMMAND, threadId=thread)
    record.wait("question.asked", requestId=asked["id"])
    with record.held():
        client.answer(asked["id"], {"decision": "accept"})
        stays("the hook waits", lambda: not verdicts(agent, word))
    wait_until("the hook has its verdict", lambda: verdicts(agent, word))
    assert [row["details"]["decision"] for row in record.rows("decision", threadId=thread)] == ["accept"]

    # A thread that asks nothing: no person answers, and the decision is still recorded.
    started = {"cwd": str(server.place.workspace), "approvalPolicy": "never"}
    silent = client.request("thread/start", started)["thread"]["id"]
    word = f"silent-{server.mode}"
    with record.held():
        play(client, hook(silent, server.place.workspace, f"echo {word}", "item-2"))
        stays("the hook waits", lambda: not verdicts(agent, word), 1)
    [verdict] = wait_until("the hook has its verdict", lambda: verdicts(agent, word))
    assert verdict["permissionDecision"] == "allow"
    assert [row["itemId"] for row in record.rows("decision.unattended", threadId=silent)] == ["item-2"]


def test_a_real_command_waits_for_its_row(server: Server, shape: str, talk) -> None:
    record = Record(server.place)
    conversation = talk(server, shape)
    marker = server.place.workspace / f"written-first-{conversation.thread}"
    conversation.play({"command": f"date +%s%N > {marker.name}"}, {"text": "done"})
    asked = conversation.approval()
    record.wait("question.asked", requestId=asked.id)
    with record.held():
        conversation.answered(asked)
        conversation.client.answer(asked.id, {"decision": "accept"})
        stays("it does not run", lambda: not marker.exists(), 1)
        released = time.time_ns()
    conversation.ended()
    assert int(marker.read_text()) > released
    assert len(record.rows("decision", requestId=asked.id)) == 1


def test_an_earlier_approval_waits_for_its_row(shared: Server, shape: str, talk) -> None:
    record = Record(shared.place)
    conversation = talk(shared, shape)
    marker = shared.place.workspace / f"standing-{conversation.thread}"
    again = {"command": f"date +%s%N > {marker.name}"}
    conversation.run(again, {"text": "1"}, decisions=("acceptForSession",))
    first = marker.read_text()
    record.wait("turn.completed", threadId=conversation.thread)
    with record.held():
        since = conversation.client.count
        conversation.play(again, {"text": "2"})
        conversation.client.notification("hook/started", since=since, threadId=conversation.thread)
        stays("it does not run", lambda: marker.read_text() == first, 1)
        released = time.time_ns()
    conversation.ended()
    assert int(marker.read_text()) > released
    assert len(record.rows("decision.standing", threadId=conversation.thread)) == 1


def test_the_row_outlives_a_kill(
    stand_in: Callable[..., tuple[Server, StandIn]], clients, mode: str, launch: Callable[..., Server]
) -> None:
    """The stand-in kills the server the moment it gets the answer: an unwritten row would be lost."""
    server, agent = stand_in(mode)
    record = Record(server.place)
    [client], asked = asking(server, clients, "killed")
    play(client, {"answered": "killed"}, {"killServer": int(signal.SIGKILL)})
    client.answer(asked, {"decision": "accept"})
    wait_until("the server is gone", lambda: server.process.poll() is not None, 10)
    assert server.process.returncode == -signal.SIGKILL
    agent.wait_received('"id":"killed"', "accept")
    [row] = record.rows("decision", requestId=asked)
    assert row["details"]["decision"] == "accept"
    record.assert_ok()
    again = launch(mode, agent=agent.executable).ready()
    record.wait("server.started", 2)
    assert again.stop() == 0
    record.assert_ok()


def test_the_stream_does_not_wait_for_the_disk(
    scripted: tuple[Server, StandIn], clients: Callable[..., Client]
) -> None:
    server, _ = scripted
    record = Record(server.place)
    [client], asked = asking(server, clients, f"stream-{server.mode}")
    with record.held():
        client.answer(asked, {"decision": "accept"})
        client.result(play(client, *numbered(0, 2_000, 100)), 3)
        assert numbers(client.find(lambda message: message.get("method") == "standIn/line")) == list(range(2_000))
        assert not record.rows("decision", requestId=asked)
    client.notification("serverRequest/resolved", requestId=asked)
