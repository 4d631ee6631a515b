"""Row 3: the person sees every command, and no command runs before the answer."""

import json
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.client import Client
from harness.conversation import COMMAND, Conversation
from harness.server import Server
from harness.waiting import wait_until


def stamp(path: Path) -> str:
    """A command that records when it ran. This proves that it did not run before the answer, without waiting."""
    return f"date +%s%N > {path.name}"


def ran_after(path: Path, answered: int) -> bool:
    return int(path.read_text()) >= answered


def test_nothing_runs_before_the_answer(server: Server, shape: str, talk) -> None:
    conversation = talk(server, shape)
    marker = server.place.workspace / f"ran-{conversation.thread}"
    conversation.play({"command": stamp(marker)}, {"text": "done"})
    approval = conversation.approval()
    assert not marker.exists()
    answered = time.time_ns()
    conversation.decide(approval, "accept")
    assert conversation.ended()["status"] == "completed"
    # Mutation check: with a gate that answers at once, the time in the file was before the answer's.
    assert ran_after(marker, answered)


# All of these are harmless, and codex alone would run most of them without asking.
@pytest.mark.parametrize("command", ["ls", "echo hi", "pwd", "cat /etc/passwd", "true"])
def test_harmless_commands_ask_too(server: Server, shape: str, talk, command: str) -> None:
    conversation = talk(server, shape)
    conversation.play({"command": command}, {"text": "done"})
    approval = conversation.approval()
    assert approval.command == command
    conversation.decide(approval, "accept")
    conversation.ended()
    assert len(conversation.approvals()) == 1
    assert conversation.item(approval.item)["exitCode"] == 0


def test_the_question_has_codex_own_shape(server: Server, shape: str, talk) -> None:
    conversation = talk(server, shape)
    before = time.time() * 1000
    turn = conversation.play({"command": "echo shape"}, {"text": "done"})
    approval = conversation.approval()
    params = approval.params
    assert approval.method == COMMAND
    assert re.fullmatch(r"[0-9a-f]{32}", approval.id)
    assert params["turnId"] == turn
    assert params["cwd"] == str(server.place.workspace)
    assert params["kind"] == "command"
    assert params["availableDecisions"] == ["accept", "acceptForSession", "decline", "cancel"]
    assert params["commandActions"] == [{"type": "unknown", "command": "echo shape"}]
    assert before - 1000 <= params["startedAtMs"] <= before + 20_000
    assert approval.asks == "command"
    # By default, an approval expires after five minutes.
    assert 295_000 <= params["sre"]["expiresAt"] - params["startedAtMs"] <= 305_000
    # The first approval promises nothing about the sandbox, because an escalated command gets this approval too.
    assert "sandbox" not in str(params).lower()

    resolved = conversation.decide(approval, "accept")
    assert resolved["threadId"] == conversation.thread
    assert resolved["sre"]["decision"] == "accept"
    assert resolved["sre"]["decidedBy"] == "local user"
    assert before - 1000 <= resolved["sre"]["decidedAt"] <= before + 30_000
    conversation.ended()
    # The item follows the approval and belongs to the approved command.
    messages = conversation.client.messages
    started = [
        index
        for index, message in enumerate(messages)
        if message.get("method") == "item/started" and message["params"]["item"]["id"] == approval.item
    ]
    question = next(index for index, message in enumerate(messages) if message.get("id") == approval.id)
    assert len(started) == 1
    assert started[0] > question


def test_the_command_is_shown_as_it_is(server: Server, shape: str, talk) -> None:
    command = "printf '%s\\n' \"$HOME\" 'it''s' \"é😀\" `echo x` $(echo y) | cat -A; # \\ end\necho second line"
    conversation = talk(server, shape)
    conversation.play({"command": command}, {"text": "done"})
    approval = conversation.approval()
    assert approval.command == command
    conversation.decide(approval, "decline")
    conversation.ended()


def test_several_at_once_are_asked_one_by_one(server: Server, shape: str, talk) -> None:
    conversation = talk(server, shape)
    markers = [server.place.workspace / f"{name}-{conversation.thread}" for name in "abc"]
    conversation.play({"commands": [stamp(marker) for marker in markers]}, {"text": "done"})
    asked = {marker: conversation.approval(command=stamp(marker)) for marker in markers}
    assert len({approval.id for approval in asked.values()}) == 3
    assert not any(marker.exists() for marker in markers)
    for marker in reversed(markers):
        answered = time.time_ns()
        conversation.decide(asked[marker], "accept")
        conversation.item(asked[marker].item)
        assert ran_after(marker, answered)
        # An answer counts only for its own command.
        assert [other.exists() for other in markers] == sorted(other.exists() for other in markers)
    conversation.ended()


def test_one_of_several_is_declined(server: Server, talk) -> None:
    conversation = talk(server)
    yes, no = (server.place.workspace / f"{name}-{conversation.thread}" for name in ("yes", "no"))
    conversation.play({"commands": [stamp(no), stamp(yes)]}, {"text": "done"})
    approval = conversation.approval(command=stamp(yes))
    conversation.decide(conversation.approval(command=stamp(no)), "decline")
    conversation.decide(approval, "accept")
    assert conversation.ended()["status"] == "completed"
    assert yes.exists() and not no.exists()


def test_every_subscriber_is_asked(shared: Server, shape: str, clients: Callable[..., Client], talk) -> None:
    conversation = talk(shared, shape)
    stranger = clients(shared)
    # A second connection cannot open a thread that has had no turn.
    conversation.say("hello")
    conversation.ended()
    second = Conversation.resume(clients(shared), conversation.thread)
    conversation.play({"command": "echo shown to all"}, {"text": "done"})
    first_asked, second_asked = conversation.approval(), second.approval()
    assert first_asked == second_asked
    # A client that opens the thread later gets the approval too.
    third = Conversation.resume(clients(shared), conversation.thread)
    assert third.approval() == first_asked
    resolved = second.decide(second_asked, "accept")
    for subscriber in (conversation, third):
        assert subscriber.client.notification("serverRequest/resolved", requestId=first_asked.id) == resolved
    conversation.ended()
    third.client.notification("turn/completed", threadId=conversation.thread)
    assert not stranger.find(lambda message: message.get("method") in (COMMAND, "serverRequest/resolved"))


def test_the_question_outlives_everybody(shared: Server, shape: str, clients: Callable[..., Client], talk) -> None:
    conversation = talk(shared, shape)
    marker = shared.place.workspace / f"ran-{conversation.thread}"
    conversation.play({"command": stamp(marker)}, {"text": "done"})
    asked = conversation.approval()
    conversation.client.close()
    later = Conversation.resume(clients(shared), conversation.thread)
    assert later.approval().id == asked.id
    assert not marker.exists()
    later.decide(asked, "accept")
    later.client.notification("turn/completed", threadId=conversation.thread)
    assert marker.exists()


def test_a_client_of_its_own_agent_takes_its_commands_with_it(
    servers: Callable[[str], Server], talk
) -> None:
    """In isolated mode the agent ends with its client, and commands that wait for approval do not run."""
    server = servers("isolated")
    before = set(server.agents())
    conversation = talk(server)
    own = set(server.agents()) - before
    marker = server.place.workspace / f"ran-{conversation.thread}"
    conversation.play({"command": stamp(marker)})
    conversation.approval()
    conversation.client.close()
    wait_until("the agent ends", lambda: not own & set(server.agents()))
    assert not marker.exists()


def test_waiting_questions_are_listed(server: Server, talk) -> None:
    conversation = talk(server)
    conversation.play({"command": "echo listed"}, {"text": "done"})
    approval = conversation.approval()

    def listed() -> list[dict]:
        status, body = server.get("/api/v1/sre/approvals")
        assert status == 200
        return [entry for entry in json.loads(body)["data"] if entry["threadId"] == conversation.thread]

    [entry] = listed()
    assert entry["requestId"] == approval.id
    assert entry["method"] == approval.method
    assert entry["params"] == approval.params
    assert entry["expiresAt"] == approval.params["sre"]["expiresAt"]
    conversation.decide(approval, "decline")
    assert listed() == []
    conversation.ended()
