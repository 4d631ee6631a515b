"""Row 3: MCP calls, sub-agents, questions, terminals: tools that execute something ask, tools that only talk do not."""

import json
import uuid
from collections.abc import Callable

import pytest

from harness import paths, people
from harness.client import RpcError
from harness.conversation import COMMAND
from harness.model import Model
from harness.place import Place
from harness.server import Server


@pytest.fixture(scope="module", params=["shared", "isolated"])
def with_mcp(request: pytest.FixtureRequest, run_directory, model: Model):
    """A server whose codex has an MCP server, and the file in which it logs its calls."""
    place = Place(run_directory)
    calls = place.root / "calls"
    arguments = [str(paths.for_the_agent(paths.SUITE / "harness" / "tiny_mcp.py")), str(calls)]
    place.configure(
        model.url,
        model.token,
        f"[mcp_servers.tiny]\ncommand = {json.dumps(paths.SYSTEM_PYTHON)}\nargs = {json.dumps(arguments)}\n",
    )
    server = Server(place, request.param).ready()
    yield server, calls
    server.stop()


@pytest.mark.parametrize("tool", ["add", "look"])
def test_mcp_call_is_asked_once(with_mcp, talk, shape: str, tool: str, model: Model) -> None:
    """Also for a tool that declares itself read-only. codex alone would ask about the other tool a second time."""
    server, calls = with_mcp
    calls.unlink(missing_ok=True)
    conversation = talk(server, shape)
    call = {"tool": {"name": tool, "namespace": "mcp__tiny", "arguments": {"a": 1, "b": 41}}}
    conversation.play(call, {"text": f"done {conversation.thread}"})
    approval = conversation.approval()
    assert approval.method == COMMAND
    name, server_and_tool, arguments = approval.command.split(" ", 2)
    assert (name, server_and_tool) == ("mcp", f"tiny.{tool}")
    assert json.loads(arguments) == {"a": 1, "b": 41}
    assert not calls.exists()
    conversation.decide(approval, "accept")
    assert conversation.ended()["status"] == "completed"
    assert json.loads(calls.read_text()) == [tool, {"a": 1, "b": 41}]
    assert conversation.item(approval.item)["type"] == "mcpToolCall"
    questions = conversation.client.find(lambda message: "method" in message and "id" in message)
    assert [question["method"] for question in questions] == [COMMAND]


def test_mcp_call_is_declined(with_mcp, talk, shape: str, model: Model) -> None:
    server, calls = with_mcp
    calls.unlink(missing_ok=True)
    conversation = talk(server, shape)
    reason = f"not in {conversation.thread}"
    conversation.play({"tool": {"name": "add", "namespace": "mcp__tiny", "arguments": {"a": 1, "b": 2}}}, {"text": "on"})
    conversation.decide(conversation.approval(), "decline", reason=reason)
    assert conversation.ended()["status"] == "completed"
    assert not calls.exists()
    model.wait_for_output(reason, reason)


def test_looking_at_a_file_is_asked(server: Server, talk, shape: str) -> None:
    """A tool that is on no list asks."""
    picture = server.place.workspace / "picture.png"
    picture.write_bytes(b"\x89PNG")
    conversation = talk(server, shape)
    conversation.play({"tool": {"name": "view_image", "arguments": {"path": str(picture)}}}, {"text": "done"})
    approval = conversation.approval()
    assert approval.command.startswith("tool view_image ")
    assert str(picture) in approval.command
    conversation.decide(approval, "decline")
    conversation.ended()


def test_talking_is_not_asked(server: Server, talk, shape: str) -> None:
    conversation = talk(server, shape)
    conversation.play({"tool": {"name": "get_goal", "arguments": {}}}, {"text": "done"})
    assert conversation.ended()["status"] == "completed"
    assert conversation.approvals() == []


def test_question_to_the_person(server: Server, talk, shape: str, model: Model) -> None:
    conversation = talk(server, shape, experimental=True)
    mode = {"mode": "plan", "settings": {"model": conversation.result["model"]}}
    conversation.play(
        {"question": {"question": f"Which, {conversation.thread}?", "options": ["Red", "Blue"]}},
        {"text": "done"},
        collaborationMode=mode,
    )
    question = conversation.client.question("item/tool/requestUserInput", threadId=conversation.thread)
    [asked] = question["params"]["questions"]
    assert [option["label"] for option in asked["options"]][:2] == ["Red", "Blue"]
    conversation.client.answer(question["id"], {"answers": {asked["id"]: {"answers": ["Blue"]}}})
    assert conversation.ended()["status"] == "completed"
    model.wait_for_output(conversation.thread, "Blue")
    assert conversation.approvals() == []


# MARK: Terminals


def test_there_are_no_terminals_to_type_into(server: Server, talk, shape: str, model: Model) -> None:
    conversation = talk(server, shape)
    marker = server.place.workspace / f"typed-{conversation.thread}"
    conversation.play(
        {"command": f"bash # {conversation.thread}", "tty": True, "timeoutMilliseconds": 500},
        {"writeStdin": {"chars": f"touch {marker.name}\n", "timeoutMilliseconds": 500}},
        {"text": "done"},
    )
    conversation.decide(conversation.approval(), "accept")
    conversation.ended()
    model.wait_for_output(conversation.thread, "TTY execution is disabled")
    assert not marker.exists()


def test_typing_into_a_running_command_does_nothing(server: Server, talk, shape: str, model: Model) -> None:
    conversation = talk(server, shape)
    marker = server.place.workspace / f"typed-{conversation.thread}"
    conversation.play(
        {"command": f"sleep 1; read line; eval \"$line\"; sleep 1 # {conversation.thread}", "timeoutMilliseconds": 300},
        {"writeStdin": {"chars": f"touch {marker.name}\n", "timeoutMilliseconds": 300}},
        {"text": "done"},
    )
    approval = conversation.approval()
    conversation.decide(approval, "accept")
    conversation.ended()
    model.wait_for_output(conversation.thread, "stdin is closed")
    conversation.item(approval.item)
    assert not marker.exists()


# MARK: Sub-agents


def test_sub_agent_asks_too(server: Server, talk, shape: str) -> None:
    conversation = talk(server, shape)
    marker = server.place.workspace / f"ran-{conversation.thread}"
    task = "script:" + json.dumps([{"command": f"touch {marker.name}"}, {"text": "task done"}])
    namespace = {"classic": "multi_agent_v1", "code": "collaboration"}[shape]
    arguments = {"message": task} | ({"task_name": "task"} if shape == "code" else {})
    conversation.play(
        {"tool": {"name": "spawn_agent", "namespace": namespace, "arguments": arguments}}, {"text": "spawned"}
    )
    approval = conversation.approval()
    assert approval.command == f"touch {marker.name}"
    # The parent thread's subscriber gets the approval, which says that a sub-agent asks.
    assert approval.params["sre"]["subAgentOf"] == conversation.thread
    child = approval.params["sre"]["subAgentThreadId"]
    assert child != conversation.thread
    assert not marker.exists()
    conversation.decide(approval, "accept")
    conversation.client.notification("turn/completed", threadId=child)
    assert marker.exists()
    assert not conversation.client.find(lambda message: message.get("method") == "sre/alarm")


def test_sub_agent_is_declined(server: Server, talk, shape: str, model: Model) -> None:
    conversation = talk(server, shape)
    marker = server.place.workspace / f"ran-{conversation.thread}"
    task = "script:" + json.dumps([{"command": f"touch {marker.name}"}, {"text": "task done"}])
    namespace = {"classic": "multi_agent_v1", "code": "collaboration"}[shape]
    arguments = {"message": task} | ({"task_name": "task"} if shape == "code" else {})
    conversation.play(
        {"tool": {"name": "spawn_agent", "namespace": namespace, "arguments": arguments}}, {"text": "spawned"}
    )
    approval = conversation.approval()
    conversation.decide(approval, "decline", reason="not you")
    conversation.client.notification("turn/completed", threadId=approval.params["sre"]["subAgentThreadId"])
    assert not marker.exists()
    model.wait_for_output(marker.name, "not you")


# MARK: The person's own commands


def test_own_commands_of_the_person(shared: Server, talk) -> None:
    conversation = talk(shared)
    marker = shared.place.outside(f"own-{conversation.thread}")
    conversation.client.request("thread/shellCommand", {"threadId": conversation.thread, "command": f"touch {marker}"})
    item = conversation.client.wait(
        lambda message: message.get("method") == "item/completed"
        and message["params"]["item"]["type"] == "commandExecution"
    )["params"]["item"]
    assert item["source"] == "userShell"
    assert marker.exists()
    assert conversation.approvals() == []
    assert not conversation.client.find(lambda message: message.get("method") == "sre/alarm")


def test_own_commands_of_others_are_refused(shared: Server, talk, clients: Callable) -> None:
    approver = people.invite(shared.place, "approver", f"a{uuid.uuid4().hex[:8]}")
    conversation = talk(shared, token=approver.secret)
    marker = shared.place.workspace / f"own-{conversation.thread}"
    with pytest.raises(RpcError) as caught:
        conversation.client.request(
            "thread/shellCommand", {"threadId": conversation.thread, "command": f"touch {marker}"}
        )
    assert caught.value.code == -32003
    assert not marker.exists()
