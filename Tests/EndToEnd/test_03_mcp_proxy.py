"""Row 3: a proxy that requires a grant stands between codex and each MCP server, because a tool call starts no program
that the kernel gate could see."""

import http.client
import json
import os
import signal
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from harness import paths, processes
from harness.conversation import Conversation
from harness.gate import hook_of
from harness.http_mcp import HTTPServer
from harness.model import Model
from harness.place import Place
from harness.record import Record
from harness.server import Server
from harness.waiting import wait_until


@pytest.fixture(scope="module")
def far() -> Iterator[HTTPServer]:
    server = HTTPServer()
    yield server
    server.close()


@pytest.fixture(scope="module", params=["shared", "isolated"])
def served(request: pytest.FixtureRequest, run_directory: Path, model: Model, far: HTTPServer):
    """A server whose codex has an MCP server on stdio and one over HTTP, and the call log of the first one."""
    place = Place(run_directory)
    calls = place.workspace / "calls"
    tiny = [str(paths.for_the_agent(paths.SUITE / "harness" / "tiny_mcp.py")), str(calls)]
    place.configure(
        model.url,
        model.token,
        f"""[mcp_servers.tiny]
command = {json.dumps(paths.SYSTEM_PYTHON)}
args = {json.dumps(tiny)}
[mcp_servers."far.away"]
url = {json.dumps(far.url)}
http_headers = {{ Authorization = "Bearer of-the-user" }}
""",
    )
    server = Server(place, request.param).ready()
    yield server, calls
    server.stop()


def waiting(server: Server, conversation: Conversation) -> tuple[int, int]:
    """The shell around the waiting hook, and the thread's verifier."""
    shell = processes.parent(hook_of(server, conversation))
    agent = processes.parent(shell)
    verifiers = [pid for pid in processes.descendants(agent) if processes.arguments(pid)[1:2] == ["verifier"]]
    return shell, max(verifiers)


def ask(server: Server, talk: Callable[..., Conversation], shape: str, namespace: str, tool: str) -> Conversation:
    conversation = talk(server, shape)
    call = {"tool": {"name": tool, "namespace": f"mcp__{namespace}", "arguments": {"a": 1, "b": 41}}}
    conversation.play(call, {"text": "went on"})
    return conversation


@pytest.mark.parametrize("tool", ["add", "look"])
def test_nothing_is_called_when_hook_and_verifier_are_killed(served, talk, shape: str, tool: str) -> None:
    """Neither process can decline any more. `look` declares itself read-only. Only the proxy stops these calls."""
    server, calls = served
    calls.unlink(missing_ok=True)
    conversation = ask(server, talk, shape, "tiny", tool)
    conversation.approval()
    shell, verifier = waiting(server, conversation)
    # Stopped first, so that it cannot decline between the two kills.
    os.kill(verifier, signal.SIGSTOP)
    os.kill(shell, signal.SIGKILL)
    os.kill(verifier, signal.SIGKILL)
    alarm = conversation.client.notification("sre/alarm", threadId=conversation.thread, stopped=True)
    assert f"mcp tiny.{tool}" in alarm["message"]
    assert conversation.ended()["status"] in ("completed", "interrupted")
    assert not calls.exists()
    rows = Record(server.place)
    wait_until(
        "it is recorded", lambda: [row for row in rows.rows("alarm") if conversation.thread in str(row)]
    )


def test_what_a_server_asks_is_a_persons_to_answer(served, talk, shape: str) -> None:
    """The MCP server claims that its elicitation is codex's own question about the call that was just approved."""
    server, calls = served
    calls.unlink(missing_ok=True)
    conversation = ask(server, talk, shape, "tiny", "lie")
    conversation.decide(conversation.approval(), "accept")
    asked = conversation.client.wait(lambda message: message.get("method") == "mcpServer/elicitation/request")
    assert asked["params"]["message"] == "Delete everything?"
    conversation.client.answer(asked["id"], {"action": "decline"})
    assert conversation.ended()["status"] == "completed"
    assert [json.loads(line)[1] for line in calls.read_text().splitlines() if "answered" in line] == ["decline"]


def test_over_http_too(served, talk, far: HTTPServer, shape: str) -> None:
    server, _ = served
    far.calls.clear()
    conversation = ask(server, talk, shape, "far_away", "add")
    approval = conversation.approval()
    assert not far.calls
    conversation.decide(approval, "accept")
    assert conversation.ended()["status"] == "completed"
    [call] = far.calls
    assert (call["name"], call["arguments"]) == ("add", {"a": 1, "b": 41})
    # The proxy passes on the user's configured headers unchanged.
    assert far.authorizations == {"Bearer of-the-user"}


@pytest.mark.parametrize(("expired", "calls"), [(1, 1), (2, 0)])
def test_a_session_that_has_ended(served, talk, far: HTTPServer, expired: int, calls: int) -> None:
    """The server answers 404 and has not made the call; codex opens a new session and makes it again, once."""
    server, _ = served
    far.calls.clear()
    far.expired = expired
    conversation = ask(server, talk, "classic", "far_away", "add")
    conversation.decide(conversation.approval(), "accept")
    assert conversation.ended()["status"] == "completed"
    assert len(far.calls) == calls
    assert not conversation.client.find(lambda message: message.get("method") == "sre/alarm")
    far.expired = 0


def test_over_http_nothing_is_called_when_hook_and_verifier_are_killed(
    served, talk, far: HTTPServer, shape: str
) -> None:
    server, _ = served
    far.calls.clear()
    conversation = ask(server, talk, shape, "far_away", "look")
    conversation.approval()
    shell, verifier = waiting(server, conversation)
    os.kill(verifier, signal.SIGSTOP)
    os.kill(shell, signal.SIGKILL)
    os.kill(verifier, signal.SIGKILL)
    conversation.client.notification("sre/alarm", threadId=conversation.thread, stopped=True)
    assert conversation.ended()["status"] in ("completed", "interrupted")
    assert not far.calls


def post(server: Server, far: HTTPServer, body: dict, **headers: str) -> tuple[int, str]:
    """Posts to the proxy like a local process that has found its port."""
    port = int((server.place.state / "tool-proxy.port").read_text())
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("POST", f"/{b'far.away'.hex()}/v1/mcp?team=sre", json.dumps(body), headers)
    response = connection.getresponse()
    return response.status, response.read().decode()


@pytest.mark.parametrize("secret", [None, "", "0" * 32])
def test_only_codex_is_served(served, talk, far: HTTPServer, secret: str | None) -> None:
    """Otherwise a process that finds the port could raise alarms, stop turns and reach codex's MCP servers."""
    server, _ = served
    far.calls.clear()
    conversation = talk(server)
    conversation.play({"command": "true"}, {"text": "done"})
    approval = conversation.approval()
    meta = {"threadId": conversation.thread, "callId": "c"}
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "add", "arguments": {}, "_meta": meta}}
    status, text = post(server, far, call, **({} if secret is None else {"X-SRE-Agent-Proxy": secret}))
    assert status == 403 and "Only codex may use this proxy" in text
    conversation.decide(approval, "accept")
    assert conversation.ended()["status"] == "completed"
    assert not conversation.client.find(lambda message: message.get("method") == "sre/alarm")
    assert not far.calls


def test_a_port_that_is_taken(
    place: Place, launch: Callable[..., Server], talk, model: Model, far: HTTPServer, shape: str
) -> None:
    """The process that holds the port receives nothing from codex."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        place.state.mkdir(parents=True, exist_ok=True)
        (place.state / "tool-proxy.port").write_text(str(taken.getsockname()[1]))
        place.configure(model.url, model.token, f'[mcp_servers."far.away"]\nurl = {json.dumps(far.url)}\n')
        server = launch().ready()
        far.calls.clear()
        conversation = ask(server, talk, shape, "far_away", "add")
        conversation.decide(conversation.approval(), "accept")
        assert conversation.ended()["status"] == "completed"
        assert len(far.calls) == 1
        taken.setblocking(False)
        with pytest.raises(BlockingIOError):
            taken.accept()
    assert "the port of the MCP proxy is taken" in server.output()


def test_the_administrators_programs_are_listed(served) -> None:
    server, _ = served
    assert "MCP server tiny: /usr/bin/python3" in server.output()
    [row] = Record(server.place).rows("agent.started")
    assert [program.split(":")[0] for program in row["details"]["programs"]] == [
        "MCP server tiny",
        "MCP server far.away, over HTTP",
    ]


def test_an_admins_own_call_is_made(served, talk, far: HTTPServer) -> None:
    server, calls = served
    calls.unlink(missing_ok=True)
    conversation = talk(server)
    wait_until("the server is there", lambda: conversation.client.find(lambda m: '"tiny"' in json.dumps(m)))
    params = {"threadId": conversation.thread, "server": "tiny", "tool": "add", "arguments": {"a": 2, "b": 3}}
    conversation.client.request("mcpServer/tool/call", params)
    assert json.loads(calls.read_text()) == ["add", {"a": 2, "b": 3}]


def test_a_server_that_came_later_is_not_started(
    place: Place, launch: Callable[..., Server], talk, model: Model
) -> None:
    """codex would start an MCP server that was configured later without a proxy in front of it."""
    server = launch().ready()
    marker = place.workspace / "started"
    with (place.codex_home / "config.toml").open("a") as config:
        config.write(f'\n[mcp_servers.later]\ncommand = "/usr/bin/touch"\nargs = [{json.dumps(str(marker))}]\n')
    conversation = talk(server)
    conversation.client.notification("sre/alarm", stopped=True)
    conversation.run({"command": "true"}, {"text": "done"})
    assert not marker.exists()
