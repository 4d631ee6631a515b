"""Row 3: the server proves the gate before a thread opens, and a command without a grant stops the turn. With the
stand-in agent, because the real one does not misbehave on demand (but see test_03_fails_closed.py)."""

import json
from collections.abc import Callable

import pytest

from harness.client import Client, RpcError
from harness.conversation import COMMAND, Conversation
from harness.server import Server
from harness.stand_in import StandIn
from harness.waiting import wait_until
from stand_in.gate import trusted_hash

FAULTS = [
    "missing",
    "untrusted",
    "modified",
    "disabled",
    "time-out",
    "async",
    "matcher",
    "command",
    "event",
    "source",
    "errors",
    "verifier missing",
    "verifier untrusted",
    "verifier disabled",
    "verifier time-out",
]


@pytest.mark.parametrize("fault", FAULTS)
def test_no_thread_without_the_gate(stand_in, clients: Callable[..., Client], fault: str) -> None:
    server, agent = stand_in("isolated")
    agent.set(hooks=fault)
    client = clients(server)
    for method, params in [
        ("thread/start", {}),
        ("thread/resume", {"threadId": "t"}),
        ("thread/fork", {"threadId": "t"}),
    ]:
        with pytest.raises(RpcError) as caught:
            client.request(method, params)
        assert caught.value.code == -32003, method
        # codex lists no hooks if it cannot use its configuration.
        assert ("configuration" if fault == "errors" else "gate") in caught.value.message
        assert not [text for text in agent.received() if json.loads(text).get("method") == method]
    # The server holds back a turn that moves to another directory in the same way.
    with pytest.raises(RpcError) as caught:
        client.request("turn/start", {"threadId": "t", "input": [], "cwd": str(server.place.workspace)})
    assert caught.value.code == -32003
    # Threads open again as soon as the gate is back in force.
    agent.set()
    assert Conversation.start(clients(server)).thread


def item(thread: str, kind: str = "commandExecution", **members) -> dict:
    command = {"command": "/bin/bash -lc 'rm -rf x'"} if kind == "commandExecution" else {}
    return {
        "method": "item/started",
        "params": {
            "threadId": thread,
            "turnId": "turn-1",
            "startedAtMs": 1,
            "item": {"type": kind, "id": "item-1", "status": "inProgress", **command, **members},
        },
    }


def interrupts(agent: StandIn, thread: str) -> list[dict]:
    found = [json.loads(text) for text in agent.received() if '"turn/interrupt"' in text and thread in text]
    return [message["params"] for message in found]


@pytest.mark.parametrize("kind", ["commandExecution", "fileChange", "mcpToolCall"])
def test_what_nobody_was_asked_about(
    scripted: tuple[Server, StandIn], clients: Callable[..., Client], kind: str
) -> None:
    server, agent = scripted
    client, other = clients(server), clients(server)
    thread = Conversation.start(client).thread
    client.request("standIn/play", {"steps": [{"send": item(thread, kind)}]})
    alarm = client.notification("sre/alarm", threadId=thread)
    assert alarm["itemId"] == "item-1"
    if kind == "commandExecution":
        assert "rm -rf x" in alarm["message"]
    assert other.notification("sre/alarm", threadId=thread) == alarm
    wait_until("the turn is interrupted", lambda: interrupts(agent, thread))
    assert interrupts(agent, thread) == [{"threadId": thread, "turnId": "turn-1"}]
    # The clients see the item too, but not the response to the server's own call.
    assert client.notification("item/started", threadId=thread)
    assert not client.find(lambda message: "result" in message and message["result"] == {})


def test_two_subscribers_one_alarm(scripted: tuple[Server, StandIn], clients: Callable[..., Client]) -> None:
    server, agent = scripted
    if server.mode == "isolated":
        # In isolated mode a thread has one subscriber; this rule applies to shared mode.
        return
    client = clients(server)
    thread = Conversation.start(client).thread
    second = Conversation.resume(clients(server), thread)
    client.request("standIn/play", {"steps": [{"toAll": item(thread)}, {"toAll": item(thread)}]})
    second.client.notification("sre/alarm", threadId=thread)
    wait_until("the turn is interrupted", lambda: interrupts(agent, thread))
    client.request("some/newMethod")
    assert len(client.find(lambda message: message.get("method") == "sre/alarm")) == 1
    assert len(interrupts(agent, thread)) == 1


@pytest.mark.parametrize(
    ("kind", "members"),
    [("commandExecution", {"source": "userShell"}), ("agentMessage", {"text": "x"}), ("reasoning", {}), ("newKind", {})],
)
def test_no_false_alarm(
    scripted: tuple[Server, StandIn], clients: Callable[..., Client], kind: str, members: dict
) -> None:
    server, agent = scripted
    client = clients(server)
    thread = Conversation.start(client).thread
    client.request("standIn/play", {"steps": [{"send": item(thread, kind, **members)}]})
    client.request("some/newMethod")
    assert not client.find(lambda message: message.get("method") == "sre/alarm")
    assert interrupts(agent, thread) == []


def question(thread: str, command: str, cwd: str) -> dict:
    return {
        "session_id": thread,
        "turn_id": "turn-1",
        "cwd": cwd,
        "hook_event_name": "PreToolUse",
        "tool_name": "Bash",
        "tool_input": {"command": command},
        "tool_use_id": "item-1",
    }


@pytest.mark.parametrize(
    ("running", "is_alarm"), [("/bin/bash -lc 'echo granted'", False), ("/bin/bash -lc 'echo other'", True)]
)
def test_another_command_than_the_approved(
    scripted: tuple[Server, StandIn], clients: Callable[..., Client], running: str, is_alarm: bool
) -> None:
    server, agent = scripted
    client = clients(server)
    thread = Conversation.start(client).thread
    client.post(
        "standIn/play",
        {
            "steps": [
                {"hook": question(thread, "echo granted", str(server.place.workspace))},
                {"send": item(thread, command=running)},
                {"send": {"method": "played"}},
            ]
        },
    )
    asked = client.question(COMMAND, threadId=thread)
    assert asked["params"]["sre"]["command"] == "echo granted"
    client.answer(asked["id"], {"decision": "accept"})
    client.notification("played")
    client.request("some/newMethod")
    alarms = client.find(lambda message: message.get("method") == "sre/alarm")
    assert len(alarms) == is_alarm
    assert len(interrupts(agent, thread)) == is_alarm
    [hook] = [event for event in agent.events("hook") if thread in str(event) or "allow" in event["stdout"]][-1:]
    assert json.loads(hook["stdout"])["hookSpecificOutput"]["updatedInput"] == {"command": "echo granted"}


def test_another_hook_cannot_exchange_the_command(place, launch, talk, model) -> None:
    """With the real codex: a user's own hook replaces the approved command."""
    verdict = {"hookEventName": "PreToolUse", "permissionDecision": "allow", "updatedInput": {"command": "touch other"}}
    script = place.root / "rewrite"
    script.write_text(f"#!/bin/sh\ncat > /dev/null\necho '{json.dumps({'hookSpecificOutput': verdict})}'\n")
    script.chmod(0o755)
    hook = {"type": "command", "command": str(script), "timeout": 60, "matcher": ".*"}
    key = f"{place.codex_home}/config.toml:pre_tool_use:0:0"
    place.configure(
        model.url,
        model.token,
        f"""[[hooks.PreToolUse]]
matcher = ".*"
[[hooks.PreToolUse.hooks]]
type = "command"
command = {json.dumps(str(script))}
timeout = 60
[hooks.state.{json.dumps(key)}]
enabled = true
trusted_hash = "{trusted_hash(hook)}"
""",
    )
    server = launch().ready()
    conversation = talk(server)
    listing = conversation.client.request("hooks/list", {"cwds": [str(place.workspace)]})["data"][0]["hooks"]
    assert [(entry["command"], entry["trustStatus"]) for entry in listing if entry["source"] == "user"] == [
        (str(script), "trusted")
    ], "the test's own hook is not in force"
    conversation.play({"command": "touch approved"}, {"text": "done"})
    approval = conversation.approval()
    assert approval.command == "touch approved"
    conversation.decide(approval, "accept")
    conversation.ended()
    assert not (place.workspace / "other").exists()
    assert (place.workspace / "approved").exists()
