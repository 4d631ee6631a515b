"""The interface as a whole: agent modes, what the server reports about itself, and no threads without a sandbox."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from harness import paths
from harness.client import Client, RpcError
from harness.conversation import Conversation
from harness.place import Place
from harness.server import Server
from harness.waiting import wait_until


def test_shared_mode_has_one_agent(shared: Server, clients: Callable[..., Client]) -> None:
    before = shared.agents()
    assert len(before) == 1
    for _ in range(3):
        Conversation.start(clients(shared))
    assert shared.agents() == before


def test_isolated_mode_has_one_for_each(launch: Callable[..., Server], clients: Callable[..., Client]) -> None:
    server = launch("isolated").ready()
    assert not server.agents()
    opened = [clients(server) for _ in range(3)]
    for client in opened:
        Conversation.start(client)
    assert len(server.agents()) == 3
    opened[0].close()
    wait_until("its agent is gone", lambda: len(server.agents()) == 2)


def test_second_writer_in_isolated_mode(servers: Callable[[str], Server], talk, clients: Callable[..., Client]) -> None:
    """codex lets only one process write to a thread; the error names the mode to use."""
    server = servers("isolated")
    conversation = talk(server)
    conversation.say("hello")
    conversation.ended()
    with pytest.raises(RpcError) as caught:
        Conversation.resume(clients(server), conversation.thread)
    assert "active writer" in caught.value.message
    assert "shared" in caught.value.message


def test_info(server: Server) -> None:
    status, body = server.get("/api/v1/sre/info")
    assert status == 200
    info = json.loads(body)
    assert info["agentMode"] == server.mode
    assert info["user"] == "local"
    assert info["demo"] is False
    assert info["workspace"] == str(server.place.workspace)
    assert paths.pinned_codex() in info["codexVersion"]
    assert info["agent"]["state"] == "ready"
    token = {"Authorization": f"Bearer {server.place.token}"}
    assert json.loads(server.get("/api/v1/sre/info", token)[1])["user"] == "token"
    assert server.place.token not in body


def test_health(server: Server) -> None:
    assert server.get("/healthz")[0] == 200
    assert server.get("/readyz")[0] == 200


def test_missing_workspace_is_made(place: Place, launch: Callable[..., Server], talk) -> None:
    missing = place.root / "made" / "by" / "the server"
    server = launch(environment={"WORKSPACE": str(missing)}).ready()
    conversation = talk(server)
    conversation.run({"command": "touch here"}, {"text": "done"})
    assert (missing / "here").exists()


def test_relative_workspace(place: Place, launch: Callable[..., Server], clients: Callable[..., Client]) -> None:
    """A relative WORKSPACE is resolved against the directory in which the server was started."""
    server = launch(environment={"WORKSPACE": None}).ready()
    assert clients(server).request("thread/start", {})["cwd"] == str(place.cwd / "workspace")


@pytest.mark.parametrize("mode", ["shared", "isolated"])
def test_no_sandbox_no_threads(
    place: Place, launch: Callable[..., Server], clients: Callable[..., Client], mode: str
) -> None:
    """On a machine without user namespaces. The test creates a namespace in which no further ones are allowed."""
    line = 'echo 0 > /proc/sys/user/max_user_namespaces && exec "$0"'
    server = launch(
        mode,
        executable=Path("/usr/bin/unshare"),
        arguments=("-Ur", "sh", "-c", line, str(paths.sre_agent())),
        # Only root exists in that namespace.
        environment={"AGENT_USER": "root"},
    ).started()
    status, body = wait_until(
        "not ready for want of a sandbox",
        lambda: (answer := server.get("/readyz"))[0] == 503 and "sandbox" in answer[1] and answer,
        30,
        0.1,
    )
    assert status == 503
    # The error names a remedy.
    assert "sysctl" in body
    assert server.get("/healthz")[0] == 200
    client = clients(server)
    for method, params in [
        ("thread/start", {}),
        ("thread/resume", {"threadId": "00000000-0000-0000-0000-000000000000"}),
        ("thread/fork", {"threadId": "00000000-0000-0000-0000-000000000000"}),
    ]:
        with pytest.raises(RpcError) as caught:
            client.request(method, params)
        assert caught.value.code == -32003, method
        assert "sandbox" in caught.value.message


def test_gate_is_quick(shared: Server, talk) -> None:
    """The gate costs at most 30 ms per command, as codex measures its hook and the parallel verifier. The test takes
    the minimum of many measurements, because the machine may be busy."""
    conversation = talk(shared, approvalPolicy="never")
    conversation.play(*[{"command": f"true {number}"} for number in range(15)], {"text": "done"})
    conversation.ended(60)
    runs = conversation.client.find(lambda message: message.get("method") == "hook/completed")
    for kind in ("command", "mcpTool"):
        its = [run["durationMs"] for run in (message["params"]["run"] for message in runs) if run["handlerType"] == kind]
        assert len(its) == 15
        assert min(its) <= 30, (kind, its)


def test_the_tests_are_not_below_tmp(run_directory: Path) -> None:
    """Below /tmp, codex creates no helper links and every sandbox may write, so the tests would prove little."""
    for directory in ("/tmp", os.environ.get("TMPDIR", "/tmp")):
        assert not run_directory.is_relative_to(Path(directory).resolve())
