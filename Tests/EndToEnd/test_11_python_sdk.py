"""Row 11: OpenAI's own Python SDK (`openai-codex`) works unmodified through `sre-agent connect`."""

import json
import os
import threading
from collections.abc import Callable, Iterator

import pytest
from openai_codex import ApprovalMode, AsyncCodex, Codex, CodexConfig, Sandbox
from openai_codex.client import CodexClient
from openai_codex.errors import CodexRpcError, JsonRpcError

from harness import connect, people, program
from harness.conversation import script
from harness.model import MODELS
from harness.server import Server
from harness.waiting import stays, wait_until


def config(server: Server, *arguments: str, **environment: str) -> CodexConfig:
    return CodexConfig(
        launch_args_override=tuple(connect.command(server.url, *arguments)),
        cwd=str(server.place.cwd),
        env={**program.environment(server.place), **environment},
    )


@pytest.fixture
def codex(server: Server) -> Iterator[Codex]:
    with Codex(config(server)) as codex:
        yield codex


def waiting(server: Server, word: str) -> list[dict]:
    listed = json.loads(server.get("/api/v1/sre/approvals")[1])["data"]
    return [question for question in listed if word in str(question["params"])]


def approve(server: Server, clients: Callable, word: str, decision: str = "accept") -> None:
    """Decides as a person on the page does."""
    [question] = wait_until("the question waits", lambda: waiting(server, word))
    client = clients(server)
    client.request("thread/resume", {"threadId": question["threadId"], "excludeTurns": True})
    client.question(threadId=question["threadId"])
    client.answer(question["requestId"], {"decision": decision})


def test_a_turn_with_a_command(server: Server, codex: Codex, shape: str) -> None:
    """As in the SDK's first example. The SDK's own handler accepts every command."""
    thread = codex.thread_start(model=MODELS[shape])
    result = thread.run(script({"command": "echo from the sdk > made; cat made"}, {"text": ["It is", " done"]}))
    assert result.final_response == "It is done"
    [command] = [item.root for item in result.items if item.root.type == "commandExecution"]
    assert command.aggregated_output == "from the sdk\n" and command.exit_code == 0


def test_who_reviews_is_said(server: Server) -> None:
    """The SDK requests a reviewing model; the server assigns a person, and the result says so."""
    client = CodexClient(config(server))
    with client:
        client.initialize()
        result = client.thread_start({"approvalPolicy": "on-request", "approvalsReviewer": "auto_review"})
        assert result.approvals_reviewer.value == "user"
        notice = wait_until("the notice", lambda: _warning(client))
        assert "auto_review" in notice and "a person answers" in notice


def _warning(client: CodexClient) -> str | None:
    notification = client.next_notification()
    return getattr(notification.payload, "message", None) if notification.method == "warning" else None


def test_own_handler(server: Server, shape: str) -> None:
    asked: list[tuple[str, str]] = []

    def decline(method: str, params: dict | None) -> dict:
        asked.append((method, str((params or {}).get("command"))))
        return {"decision": "decline"}

    with CodexClient(config(server), decline) as client:
        client.initialize()
        thread = client.thread_start({"model": MODELS[shape]}).thread.id
        marker = server.place.workspace / f"declined-{os.urandom(3).hex()}"
        started = client.turn_start(thread, script({"command": f"touch {marker.name}"}, {"text": "no"}))
        client.wait_for_turn_completed(started.turn.id)
    assert [method for method, _ in asked] == ["item/commandExecution/requestApproval"]
    assert marker.name in asked[0][1] and not marker.exists()


@pytest.mark.parametrize("how", ["--people-answer", "operator"])
@pytest.mark.parametrize("mode", ["shared"])
def test_people_answer(server: Server, clients, how: str, mode: str) -> None:
    """The SDK's accept does not count, because of a connector option or its token's role."""
    if how == "operator":
        token = people.invite(server.place, "operator", f"sdk-{os.urandom(3).hex()}").secret
        settings = config(server, SRE_AGENT_TOKEN=token)
    else:
        settings = config(server, how)
    marker = server.place.workspace / f"asked-{os.urandom(3).hex()}"
    results: list = []
    with Codex(settings) as codex:
        thread = codex.thread_start()
        words = script({"command": f"touch {marker.name}"}, {"text": "done"})
        running = threading.Thread(target=lambda: results.append(thread.run(words)))
        running.start()
        wait_until("a person is asked", lambda: waiting(server, marker.name))
        stays("asked", lambda: waiting(server, marker.name) and not marker.exists(), 1)
        approve(server, clients, marker.name)
        running.join(30)
        assert results[0].final_response == "done" and marker.exists()


def test_approval_modes(server: Server, codex: Codex) -> None:
    """`auto_review` becomes a person; `deny_all` asks nothing, which the local user may request."""
    for mode in (None, ApprovalMode.auto_review, ApprovalMode.deny_all):
        thread = codex.thread_start(**({"approval_mode": mode} if mode else {}))
        assert thread.run(script({"text": "said"})).final_response == "said"
        again = codex.thread_resume(thread.id, **({"approval_mode": mode} if mode else {}))
        assert again.run(script({"text": "again"}), approval_mode=mode).final_response == "again"


def test_what_loosens_is_refused(server: Server) -> None:
    token = people.invite(server.place, "operator", f"sdk-{os.urandom(3).hex()}").secret
    with Codex(config(server, SRE_AGENT_TOKEN=token)) as codex:
        for options in (
            {"approval_mode": ApprovalMode.deny_all},
            {"sandbox": Sandbox.full_access},
            {"config": {"features": {"hooks": False}}},
        ):
            with pytest.raises(JsonRpcError) as refused:
                codex.thread_start(**options)
            assert isinstance(refused.value, CodexRpcError) and refused.value.message
        thread = codex.thread_start()
        for options in ({"approval_mode": ApprovalMode.deny_all}, {"sandbox": Sandbox.full_access}):
            with pytest.raises(JsonRpcError):
                thread.run("hello", **options)


def test_every_call(server: Server, codex: Codex) -> None:
    """All thread and turn methods and options of the SDK, except sign-in."""
    assert codex.metadata.serverInfo
    directory = server.place.workspace / "sdk"
    directory.mkdir(exist_ok=True)
    directory.chmod(0o777)
    thread = codex.thread_start(
        approval_mode=ApprovalMode.auto_review,
        base_instructions="Be brief.",
        config={"model_verbosity": "low"},
        cwd=str(directory),
        developer_instructions="No jokes.",
        ephemeral=False,
        personality="friendly",
        sandbox=Sandbox.workspace_write,
        service_name="tests",
        service_tier="fast",
        session_start_source="startup",
        thread_source="user",
    )
    thread.set_name("a name")
    thread.run(script({"text": "zeroth"}))
    assert codex.thread_resume(thread.id, include_turns=True, cwd=str(directory)).id == thread.id
    result = thread.run(
        script({"text": "first"}),
        approval_mode=ApprovalMode.auto_review,
        cwd=str(directory),
        effort="low",
        output_schema={"type": "object"},
        personality="pragmatic",
        sandbox=Sandbox.read_only,
        service_tier="fast",
        source="tests",
        summary="none",
        turn_service_tier="fast",
    )
    assert result.final_response == "first"
    thread.run(script({"text": "second"}), sandbox=Sandbox.workspace_write)
    assert thread.read(include_turns=True).thread.turns
    fork = codex.thread_fork(thread.id, include_turns=False, sandbox=Sandbox.read_only)
    assert fork.run(script({"text": "forked"})).final_response == "forked"
    listed = codex.thread_list(model_providers=[], cwd=str(directory), limit=50)
    assert thread.id in [one.id for one in listed.data]
    codex.models(include_hidden=True)
    codex.account()
    turn = thread.turn(script({"hang": True}))
    events = turn.stream()
    # From here on, the turn is running.
    next(event for event in events if event.method == "item/completed")
    turn.steer("go on")
    turn.interrupt()
    [ended] = [event for event in events if event.method == "turn/completed"]
    assert ended.payload.turn.status.value == "interrupted"
    codex.thread_archive(fork.id)
    codex.thread_unarchive(fork.id)


def test_resume_after_a_turn_with_a_sandbox(server: Server, codex: Codex) -> None:
    thread = codex.thread_start()
    thread.run(script({"text": "said"}), sandbox=Sandbox.read_only)
    assert codex.thread_resume(thread.id).run(script({"text": "again"})).final_response == "again"


@pytest.mark.parametrize("mode", ["shared"])
def test_async(server: Server, mode: str) -> None:
    import asyncio

    async def run() -> str | None:
        async with AsyncCodex(config(server)) as codex:
            thread = await codex.thread_start()
            return (await thread.run(script({"command": "true"}, {"text": "async"}))).final_response

    assert asyncio.run(run()) == "async"
