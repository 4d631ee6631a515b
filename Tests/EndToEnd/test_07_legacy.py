"""Row 7: `?approvals=legacy` sends approvals in the mission's older shape."""

import time
from collections.abc import Callable

import pytest

from harness.client import Client
from harness.conversation import COMMAND, Conversation
from harness.server import Server

LEGACY = "?approvals=legacy"


@pytest.mark.parametrize(
    ("decision", "runs", "status"),
    [
        ("allow", True, "completed"),
        ("approved", True, "completed"),
        ("deny", False, "completed"),
        ("denied", False, "completed"),
        ("abort", False, "interrupted"),
        ({"denied": {"rejection": "no"}}, False, "completed"),
    ],
    ids=str,
)
def test_command(server: Server, talk, shape: str, decision: object, runs: bool, status: str) -> None:
    conversation = talk(server, shape, LEGACY)
    client = conversation.client
    marker = server.place.workspace / f"ran-{conversation.thread}"
    conversation.play({"command": f"date +%s%N > '{marker.name}'"}, {"text": "done"})
    question = client.question("execCommandApproval", conversation_id=conversation.thread)
    assert isinstance(question["id"], str) and len(question["id"]) == 32
    params = question["params"]
    assert params["command"] == f"date +%s%N > '{marker.name}'"
    assert params["cwd"] == str(server.place.workspace)
    assert params["call_id"]
    assert not marker.exists()
    answered = time.time_ns()
    client.answer(question["id"], {"decision": decision})
    client.notification("serverRequest/resolved", requestId=question["id"])
    assert conversation.ended()["status"] == status
    assert marker.exists() == runs
    assert not runs or int(marker.read_text()) >= answered
    assert not client.find(lambda message: message.get("method") == COMMAND)


def test_patch(server: Server, talk, shape: str) -> None:
    conversation = talk(server, shape, LEGACY)
    client = conversation.client
    name = f"patched-{conversation.thread}"
    conversation.play({"patch": f"*** Begin Patch\n*** Add File: {name}\n+content\n*** End Patch"}, {"text": "done"})
    question = client.question("applyPatchApproval", conversation_id=conversation.thread)
    [(path, change)] = question["params"]["file_changes"].items()
    assert path.endswith(name)
    assert change == {"type": "add", "content": "content\n"}
    assert not (server.place.workspace / name).exists()
    client.answer(question["id"], {"decision": "allow"})
    conversation.ended()
    assert (server.place.workspace / name).read_text() == "content\n"


def test_escalation(server: Server, talk, shape: str) -> None:
    """Both approvals, the second with the agent's reason, without the shell command that codex wraps around."""
    conversation = talk(server, shape, LEGACY)
    client = conversation.client
    outside = server.place.outside(f"legacy-{conversation.thread}")
    conversation.play({"command": f"touch {outside}", "escalate": True, "justification": "because"}, {"text": "done"})
    first = client.question("execCommandApproval", conversation_id=conversation.thread)
    client.answer(first["id"], {"decision": "allow"})
    second = client.question("execCommandApproval", conversation_id=conversation.thread, reason="because")
    assert second["params"]["command"] == f"touch {outside}"
    assert second["params"]["sre"]["asks"] == "outsideSandbox"
    assert not outside.exists()
    client.answer(second["id"], {"decision": "allow"})
    conversation.ended()
    assert outside.exists()


def test_two_dialects_in_one_thread(shared: Server, talk, clients: Callable[..., Client]) -> None:
    """One approval, one id, rendered for each client in its own dialect."""
    conversation = talk(shared)
    conversation.say("hello")
    conversation.ended()
    legacy = Conversation.resume(clients(shared, LEGACY), conversation.thread)
    conversation.play({"command": "echo both"}, {"text": "done"})
    asked = conversation.approval()
    question = legacy.client.question("execCommandApproval", conversation_id=conversation.thread)
    assert question["id"] == asked.id
    assert question["params"]["call_id"] == asked.item
    legacy.client.answer(asked.id, {"decision": "allow"})
    conversation.client.notification("serverRequest/resolved", requestId=asked.id)
    conversation.ended()
    assert conversation.output() == "both\n"


@pytest.mark.parametrize("query", ["", "?approvals=codex", "?approvals=", "?approvals", "?other=legacy"])
def test_only_who_asks_for_it_gets_it(shared: Server, talk, query: str) -> None:
    conversation = talk(shared, "classic", query)
    conversation.play({"command": "echo x"}, {"text": "done"})
    conversation.decide(conversation.approval(), "decline")
    conversation.ended()


def test_dialect_at_the_root_path(shared: Server) -> None:
    """The WebSocket is also at `/`, with the same query."""
    client = Client(f"ws://127.0.0.1:{shared.port}/{LEGACY}")
    client.initialize()
    conversation = Conversation.start(client)
    conversation.play({"command": "echo x"}, {"text": "done"})
    question = client.question("execCommandApproval", conversation_id=conversation.thread)
    client.answer(question["id"], {"decision": "deny"})
    conversation.ended()
    client.close()
