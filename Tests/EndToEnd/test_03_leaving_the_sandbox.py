"""Row 3: leaving the sandbox needs a second, more serious approval, from codex itself."""

from collections.abc import Callable

import pytest

from harness.client import Client
from harness.conversation import COMMAND, Conversation
from harness.model import Model
from harness.server import Server

WHY = "the agent's own words: it must"


def escalation(command: str) -> dict:
    return {"command": command, "escalate": True, "justification": WHY}


def test_escalated_command_is_asked_twice(server: Server, talk, shape: str) -> None:
    conversation = talk(server, shape)
    outside = server.place.outside(f"escalated-{conversation.thread}")
    conversation.play(escalation(f"touch {outside}"), {"text": "done"})
    first = conversation.approval()
    assert (first.method, first.asks) == (COMMAND, "command")
    assert first.command == f"touch {outside}"
    # This approval promises no sandbox: the command is about to leave it.
    assert "sandbox" not in str(first.params).lower()
    assert WHY not in str(first.params)
    conversation.decide(first, "accept")

    second = conversation.approval()
    assert (second.method, second.asks) == (COMMAND, "outsideSandbox")
    assert second.params["reason"] == WHY
    assert str(outside) in second.command
    assert second.id != first.id
    assert not outside.exists()
    resolved = conversation.decide(second, "accept")
    assert resolved["sre"]["decision"] == "accept"
    assert conversation.ended()["status"] == "completed"
    assert outside.exists()
    assert len(conversation.approvals()) == 2
    assert not conversation.client.find(lambda message: message.get("method") == "sre/alarm")


def test_declined_at_the_second_question(server: Server, talk, shape: str, model: Model) -> None:
    conversation = talk(server, shape)
    outside = server.place.outside(f"escalated-{conversation.thread}")
    conversation.play(escalation(f"touch {outside}"), {"text": "went on"})
    conversation.decide(conversation.approval(), "accept")
    second = conversation.approval()
    assert second.asks == "outsideSandbox"
    conversation.decide(second, "decline")
    assert conversation.ended()["status"] == "completed"
    assert not outside.exists()
    model.wait_for_output(outside.name, "rejected")


def test_declined_at_the_first_question(server: Server, talk, shape: str) -> None:
    conversation = talk(server, shape)
    outside = server.place.outside(f"escalated-{conversation.thread}")
    conversation.play(escalation(f"touch {outside}"), {"text": "went on"})
    conversation.decide(conversation.approval(), "decline")
    assert conversation.ended()["status"] == "completed"
    assert len(conversation.approvals()) == 1
    assert not outside.exists()


def test_approval_for_the_session_is_for_inside_only(server: Server, talk, shape: str) -> None:
    """The same command text, this time outside the sandbox: that was never approved."""
    conversation = talk(server, shape)
    outside = server.place.outside(f"escalated-{conversation.thread}")
    command = f"touch {outside}"
    conversation.run({"command": command}, {"text": "done"}, decisions=("acceptForSession",))
    assert not outside.exists()
    conversation.play(escalation(command), {"text": "done"})
    # This call says itself that it differs from the approved one.
    asked = conversation.approval()
    assert asked.asks == "command"
    conversation.decide(asked, "accept")
    asked = conversation.approval()
    assert asked.asks == "outsideSandbox"
    conversation.decide(asked, "decline")
    conversation.ended()
    assert not outside.exists()


def test_secrets_stay_unreadable_outside(server: Server, talk, shape: str) -> None:
    """A person who lets a command leave the sandbox does not thereby reveal the server's token."""
    conversation = talk(server, shape)
    outside = server.place.outside(f"escalated-{conversation.thread}")
    conversation.play(escalation(f"cat {server.place.state}/token > {outside}; echo done >> {outside}"), {"text": "x"})
    conversation.decide(conversation.approval(), "accept")
    conversation.decide(conversation.approval(), "accept")
    conversation.ended()
    assert outside.read_text() == "done\n"


def test_every_subscriber_is_asked_with_one_id(shared: Server, talk, clients: Callable[..., Client]) -> None:
    conversation = talk(shared)
    outside = shared.place.outside(f"escalated-{conversation.thread}")
    conversation.say("hello")
    conversation.ended()
    second = Conversation.resume(clients(shared), conversation.thread, excludeTurns=True)
    conversation.play(escalation(f"touch {outside}"), {"text": "done"})
    conversation.decide(conversation.approval(), "accept")
    asked = conversation.approval()
    assert second.client.question(COMMAND, itemId=asked.item, reason=WHY)["id"] == asked.id
    late = Conversation.resume(clients(shared), conversation.thread, excludeTurns=True)
    assert late.client.question(COMMAND, itemId=asked.item, reason=WHY)["id"] == asked.id
    # A client without a subscription may not answer, even if it knows the request id.
    stranger = clients(shared)
    stranger.answer(asked.id, {"decision": "accept"})
    assert stranger.notification("sre/answerRejected", requestId=asked.id)["reason"] == "forbidden"
    assert not outside.exists()
    resolved = late.decide(asked, "accept")
    for subscriber in (conversation, second):
        assert subscriber.client.notification("serverRequest/resolved", requestId=asked.id) == resolved
    conversation.ended()
    assert outside.exists()


@pytest.mark.parametrize("decision", ["cancel", "abort"])
def test_stopped_at_the_second_question(server: Server, talk, decision: str) -> None:
    conversation = talk(server)
    outside = server.place.outside(f"escalated-{conversation.thread}")
    conversation.play(escalation(f"touch {outside}"), {"text": "never said"})
    conversation.decide(conversation.approval(), "accept")
    conversation.decide(conversation.approval(), decision)
    assert conversation.ended()["status"] == "interrupted"
    assert not outside.exists()
