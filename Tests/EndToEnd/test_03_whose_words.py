"""A thread that asks nothing does so for whoever may have that: for nobody else's words, wherever they are put."""

import uuid
from collections.abc import Callable

import pytest

from harness import people, pictures
from harness.client import RpcError
from harness.conversation import Conversation, said, script
from harness.model import Model
from harness.record import Record
from harness.server import Server
from harness.waiting import wait_until

NEVER = "never"


def spawn(conversation: Conversation, *steps: dict) -> str:
    """Has a sub-agent work; returns its thread when its turn is over."""
    task = {"message": script(*steps)}
    call = {"name": "spawn_agent", "namespace": "multi_agent_v1", "arguments": task}
    conversation.play({"tool": call}, {"text": "spawned"})
    conversation.ended()
    ended = conversation.client.wait(
        lambda message: message.get("method") == "turn/completed"
        and message["params"]["threadId"] != conversation.thread
    )
    return ended["params"]["threadId"]


# MARK: A sub-agent's thread


@pytest.mark.parametrize("how", ["turn/start", "asking turn/start", "thread/inject_items", "review/start", "turn/steer"])
def test_nobody_speaks_to_a_thread_that_nobody_has_opened(shared: Server, talk, clients, how: str) -> None:
    """The local user's thread asks nothing, and so does its sub-agent; an operator may not have that."""
    marker = shared.place.workspace / f"ran-{uuid.uuid4().hex}"
    child = spawn(talk(shared, "classic", approvalPolicy=NEVER), {"command": "true"}, {"text": "done"})
    client = clients(shared, token=people.newcomer(shared, "operator").secret, experimental=True)
    words = script({"command": f"touch {marker}"}, {"text": "done"})
    item = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": words}]}
    params = {
        "turn/start": {"input": said(words)},
        "asking turn/start": {"input": said(words), "approvalPolicy": "onRequest"},
        "thread/inject_items": {"items": [item]},
        "review/start": {"target": {"type": "custom", "instructions": words}},
        "turn/steer": {"input": said(words), "expectedTurnId": "t"},
    }[how]
    with pytest.raises(RpcError, match="Nobody has opened the thread"):
        client.request(how.removeprefix("asking "), {"threadId": child, **params})
    refused = Record(shared.place).wait("method.refused", threadId=child)
    assert refused["details"]["method"] == how.removeprefix("asking ")
    assert not marker.exists()


def test_a_sub_agents_thread_asks_for_who_opens_it(servers: Callable[..., Server], talk, clients) -> None:
    isolated = servers("isolated")
    marker = isolated.place.workspace / f"ran-{uuid.uuid4().hex}"
    parent = talk(isolated, "classic", approvalPolicy=NEVER)
    child = spawn(parent, {"command": "true"}, {"text": "done"})
    parent.client.close()
    client = clients(isolated, token=people.newcomer(isolated, "approver").secret)

    def opened() -> Conversation | None:
        # The agent before must have ended first.
        try:
            return Conversation.resume(client, child)
        except RpcError as error:
            assert "active writer" in error.message
            return None

    conversation = wait_until("it can be opened", opened, 20, 0.5)
    conversation.play({"command": f"touch {marker}"}, {"text": "done"})
    asked = conversation.approval()
    assert asked.command == f"touch {marker}" and not marker.exists()
    conversation.decide(asked, "decline")
    conversation.ended()
    assert not marker.exists()


@pytest.mark.parametrize("tool", ["spawn_agent", "send_input"])
def test_pictures_for_a_sub_agent_are_asked(server: Server, talk, model: Model, tool: str) -> None:
    """codex opens them in its own process, wherever they are."""
    picture = pictures.picture(server.place.outside(f"{uuid.uuid4().hex}.png"))
    conversation = talk(server, "classic")
    arguments: dict = {"items": [{"type": "text", "text": "look"}, {"type": "local_image", "path": str(picture)}]}
    if tool == "send_input":
        arguments["target"] = spawn(conversation, {"text": "done"})
    call = {"name": tool, "namespace": "multi_agent_v1", "arguments": arguments}
    conversation.play({"tool": call}, {"text": "done"})
    asked = conversation.approval()
    assert str(picture) in asked.params["command"]
    conversation.decide(asked, "decline")
    conversation.ended()


# MARK: Words that wait


@pytest.mark.parametrize("how", ["settings", "turn"])
def test_queued_words_ask_in_a_thread_that_no_longer_does(shared: Server, talk, clients, how: str) -> None:
    marker = shared.place.workspace / f"ran-{uuid.uuid4().hex}"
    theirs = talk(shared, "classic", token=people.newcomer(shared, "operator").secret, experimental=True)
    theirs.run({"text": "first"}, decisions=())
    local = Conversation.resume(clients(shared, experimental=True), theirs.thread)
    theirs.play({"command": "true"}, {"text": "done"})
    asked = local.approval()
    queued = {"input": said(script({"command": f"touch {marker}"}, {"text": "done"})), "clientUserMessageId": "m1"}
    theirs.client.request("thread/queue/add", {"threadId": theirs.thread, **queued})
    if how == "settings":
        local.client.request("thread/settings/update", {"threadId": local.thread, "approvalPolicy": NEVER})
    local.decide(asked, "accept")
    if how == "turn":
        local.client.request(
            "turn/start",
            {"threadId": local.thread, "input": said(script({"text": "mine"})), "approvalPolicy": NEVER},
        )
    asked = local.approval()
    assert asked.command == f"touch {marker}" and not marker.exists()
    local.decide(asked, "decline")


def test_opening_it_leaves_it_as_it_is(shared: Server, talk, clients) -> None:
    """Whoever may not ask for it may look at it, and it goes on for whoever may."""
    local = talk(shared, "classic", approvalPolicy=NEVER)
    local.run({"text": "begun"}, decisions=())
    watcher = clients(shared, token=people.newcomer(shared, "operator").secret)
    assert Conversation.resume(watcher, local.thread).thread == local.thread
    with pytest.raises(RpcError, match="approvalPolicy never"):
        watcher.request("turn/start", {"threadId": local.thread, "input": said(script({"text": "x"}))})
    second = Conversation.resume(clients(shared), local.thread)
    for conversation in (local, second):
        marker = shared.place.workspace / f"ran-{uuid.uuid4().hex}"
        conversation.run({"command": f"touch {marker}"}, {"text": "done"}, decisions=())
        # The end that it waited for may be that of the other's turn.
        wait_until("it ran unasked", marker.exists)
