"""A thread runs unasked only for people with that right, and never for another person's words."""

import sqlite3
import uuid
from collections.abc import Callable

import pytest

from harness import people, pictures
from harness.client import Client, RpcError
from harness.conversation import Conversation, said, script
from harness.model import Model
from harness.place import Place
from harness.record import Record
from harness.server import Server
from harness.waiting import wait_until

NEVER = "never"


def spawn(conversation: Conversation, *steps: dict) -> str:
    """Runs a sub-agent; returns its thread when its turn is over."""
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
    """The local user's thread and its sub-agent run unasked; an operator has no right to that."""
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
    with pytest.raises(RpcError, match="has not been opened"):
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
        # The previous agent must have ended first.
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
    """codex opens images in its own process, in any directory."""
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


# MARK: Queued words


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
    """An operator may open and watch the thread, and it still runs unasked for the local user."""
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
        # The turn end that `run` awaited may belong to the other conversation's turn.
        wait_until("it ran unasked", marker.exists)


# MARK: Earlier words

# An operator may not run a thread unasked, and the model reads the whole thread.


def operators(server: Server, talk) -> Conversation:
    conversation = talk(server, "classic", token=people.newcomer(server, "operator").secret, experimental=True)
    conversation.run({"text": "said"}, decisions=())
    return conversation


def asks(conversation: Conversation, **params: object) -> bool:
    """Whether a command asks, in a turn of the local user's that requests `never`."""
    marker = conversation.cwd / f"ran-{uuid.uuid4().hex}"
    conversation.play({"command": f"touch {marker}"}, {"text": "done"}, approvalPolicy=NEVER, **params)
    if not conversation.asked_or_ended():
        wait_until("it ran unasked", marker.exists)
        return False
    conversation.decide(conversation.approval(), "decline")
    conversation.ended()
    assert not marker.exists()
    return True


def test_in_the_thread_itself(server: Server, talk, clients) -> None:
    theirs = operators(server, talk)
    theirs.client.close()
    local = reopened(clients(server), theirs.thread)
    assert asks(local)
    fork = Conversation(local.client, local.client.request("thread/fork", {"threadId": theirs.thread}))
    assert asks(fork)
    assert not asks(talk(server, "classic"))


def reopened(client: Client, thread: str) -> Conversation:
    """In isolated mode, the thread's agent must have ended first."""

    def opened() -> Conversation | None:
        try:
            return Conversation.resume(client, thread)
        except RpcError as error:
            assert "active writer" in error.message
            return None

    return wait_until("it can be opened", opened, 20, 0.5)


def test_over_a_restart(place: Place, launch: Callable[..., Server], talk, clients, mode: str) -> None:
    server = launch(mode).ready()
    theirs, own = operators(server, talk), talk(server, "classic")
    own.run({"text": "said"}, decisions=())
    # codex starts turns from the queue by itself.
    queued = {"input": said(script({"text": "later"})), "clientUserMessageId": "m1"}
    theirs.client.request("thread/queue/add", {"threadId": theirs.thread, **queued})
    server.kill()
    client = clients(launch(mode).ready())
    assert asks(Conversation.resume(client, theirs.thread))
    assert not asks(Conversation.resume(client, own.thread))


@pytest.mark.parametrize("member", ["developerInstructions", "baseInstructions", "modelProvider"])
def test_instructions_are_words(shared: Server, talk, clients, member: str) -> None:
    """So is the choice of who answers in the model's place."""
    mine = talk(shared, "classic")
    assert not asks(mine)
    operator = clients(shared, token=people.newcomer(shared, "operator").secret)
    Conversation.resume(operator, mine.thread, **{member: "ollama" if member == "modelProvider" else "be quick"})
    assert asks(mine)


def test_in_a_turn_that_runs(shared: Server, talk, clients) -> None:
    theirs = talk(shared, "classic", token=people.newcomer(shared, "operator").secret)
    theirs.play({"command": "true"}, {"text": "done"})
    local = Conversation.resume(clients(shared), theirs.thread)
    first = local.approval()
    turn = local.play({"command": "touch later"}, {"text": "done"}, approvalPolicy=NEVER)
    assert turn == first.params["turnId"]
    local.decide(first, "accept")
    later = local.approval(command="touch later")
    local.decide(later, "decline")


@pytest.mark.parametrize("tool", ["send_input", "close_agent", "SEND_INPUT"])
def test_no_agent_speaks_into_another_persons_thread(shared: Server, talk, model: Model, tool: str) -> None:
    """Addressed by thread id, which every operator can list, in any spelling of the tool's name."""
    mine = talk(shared, "classic", approvalPolicy=NEVER)
    mine.run({"text": "said"}, decisions=())
    marker = shared.place.workspace / f"ran-{uuid.uuid4().hex}"
    target = mine.thread.upper() if tool == "SEND_INPUT" else mine.thread
    arguments = {"target": target}
    if tool != "close_agent":
        arguments["message"] = script({"command": f"touch {marker}"}, {"text": "done"})
    theirs = talk(shared, "classic", token=people.newcomer(shared, "operator").secret)
    call = {"name": tool.lower(), "namespace": "multi_agent_v1", "arguments": arguments}
    theirs.play({"tool": call}, {"text": "done"})
    theirs.ended()
    model.wait_for_output(mine.thread, "does not belong to this thread")
    turn = mine.run({"text": "still here"}, decisions=())
    assert turn["status"] == "completed" and not marker.exists()


# MARK: A store that cannot be written


def test_input_is_refused_while_its_author_cannot_be_stored(place: Place, launch: Callable[..., Server], talk, clients) -> None:
    """The server would forget whose input it is when it is killed, and the thread might run that input unasked."""
    own = launch("shared").ready()
    local = talk(own, "classic")
    local.run({"text": "begun"}, decisions=())
    theirs = Conversation.resume(clients(own, token=people.newcomer(own, "operator").secret), local.thread)
    lock = sqlite3.connect(place.state / "threads.sqlite", isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    refused = {"threadId": local.thread, "input": said(script({"text": "not said"}))}
    with pytest.raises(RpcError, match="cannot store whose input"):
        theirs.client.request("turn/start", refused)
    wait_until("not ready", lambda: own.get("/readyz")[0] == 503)
    with pytest.raises(RpcError, match="cannot store whose input"):
        local.client.request("turn/start", refused)
    lock.execute("ROLLBACK")
    wait_until("ready again", lambda: own.get("/readyz")[0] == 200)
    theirs.run({"text": "said"}, decisions=())
    own.kill()
    assert asks(reopened(clients(launch("shared").ready()), local.thread))
