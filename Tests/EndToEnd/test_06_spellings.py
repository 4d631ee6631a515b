"""Row 6: the mission's spellings and codex's own are equivalent; an error about a forbidden value names the setting."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from harness.client import Client, RpcError
from harness.conversation import Conversation, said
from harness.model import Model
from harness.place import Place
from harness.server import Server

# The gate is on for all of these.
ASKING = [None, "onRequest", "on-request", "untrusted", "unlessTrusted"]
SILENT = ["never", "onFailure", "on-failure"]


def runs_unasked(conversation: Conversation, **params: Any) -> bool:
    """Plays a command; returns whether it ran without an approval. The test never accepts."""
    marker = Path(conversation.result["cwd"]) / f"ran-{conversation.thread}"
    marker.unlink(missing_ok=True)
    conversation.play({"command": f"touch {marker.name}"}, {"text": "done"}, **params)
    if conversation.asked_or_ended():
        assert not marker.exists()
        conversation.decide(conversation.approval(), "decline")
        conversation.ended()
        assert not marker.exists()
        return False
    assert marker.exists()
    return True


def refusal(client: Client, method: str, params: dict) -> RpcError:
    with pytest.raises(RpcError) as caught:
        client.request(method, params)
    return caught.value


@pytest.fixture(scope="module")
def lenient(run_directory: Path, model: Model) -> Iterator[Server]:
    """A server that allows everything."""
    place = Place(run_directory)
    place.configure(model.url, model.token)
    server = Server(place, environment={"ALLOW_UNATTENDED": "1", "ALLOW_FULL_ACCESS": "1"}).ready()
    yield server
    server.stop()


# MARK: approvalPolicy


@pytest.mark.parametrize("policy", ASKING)
def test_asking_policies(server: Server, talk, policy: str | None, shape: str) -> None:
    conversation = talk(server, shape, approvalPolicy=policy)
    assert conversation.result["approvalPolicy"] == "on-request"
    assert not runs_unasked(conversation)
    assert not conversation.client.find(
        lambda message: message.get("method") == "sre/threadMode"
        and message["params"]["threadId"] == conversation.thread
    )


@pytest.mark.parametrize("policy", SILENT)
def test_silent_policies_of_the_local_user(server: Server, talk, policy: str, shape: str) -> None:
    conversation = talk(server, shape, approvalPolicy=policy)
    assert runs_unasked(conversation)
    # The gate is off, but the sandbox is on.
    outside = server.place.outside(f"silent-{conversation.thread}")
    conversation.play({"command": f"touch {outside}; cat {server.place.state}/token; true"}, {"text": "done"})
    conversation.ended()
    assert not outside.exists()
    assert server.place.token not in conversation.output()
    assert conversation.approvals() == []
    assert not conversation.client.find(lambda message: message.get("method") == "sre/alarm")


@pytest.mark.parametrize("policy", SILENT)
def test_leaving_the_sandbox_of_a_silent_thread(server: Server, talk, policy: str, model: Model) -> None:
    """`never` refuses to leave the sandbox; `onFailure` still asks."""
    conversation = talk(server, approvalPolicy=policy)
    outside = server.place.outside(f"silent-{conversation.thread}")
    conversation.play(
        {"command": f"touch {outside}", "escalate": True, "justification": "because"}, {"text": "done"}
    )
    if policy != "never":
        approval = conversation.approval()
        assert approval.asks == "outsideSandbox"
        conversation.decide(approval, "decline")
    assert conversation.ended()["status"] == "completed"
    assert len(conversation.approvals()) == (policy != "never")
    assert not outside.exists()


@pytest.mark.parametrize("policy", SILENT)
def test_silent_policies_of_others_are_refused(shared: Server, clients: Callable[..., Client], policy: str) -> None:
    guest = clients(shared, token=shared.place.token, experimental=True)
    conversation = Conversation.start(guest)
    conversation.say("hello")
    conversation.ended()
    thread = {"threadId": conversation.thread}
    for method, params in [
        ("thread/start", {}),
        ("thread/resume", thread),
        ("thread/fork", thread),
        ("turn/start", {**thread, "input": said("hello")}),
        ("thread/settings/update", thread),
    ]:
        error = refusal(guest, method, {**params, "approvalPolicy": policy})
        assert error.code == -32003, method
        assert "ALLOW_UNATTENDED" in error.message
    assert not runs_unasked(conversation)


def test_silent_policies_of_others_where_they_are_allowed(lenient: Server, talk) -> None:
    assert runs_unasked(talk(lenient, token=lenient.place.token, approvalPolicy="never"))


@pytest.mark.parametrize("policy", ["Never", "always", "", "on_request", 1, True, {"granular": 1}, ["never"]])
def test_unknown_policies(shared: Server, clients: Callable[..., Client], policy: object) -> None:
    error = refusal(clients(shared), "thread/start", {"approvalPolicy": policy})
    assert error.code == -32602
    assert "approvalPolicy" in error.message


@pytest.mark.parametrize("policy", [*ASKING[1:], *SILENT])
def test_policy_of_a_turn(shared: Server, talk, policy: str) -> None:
    conversation = talk(shared)
    assert runs_unasked(conversation, approvalPolicy=policy) == (policy in SILENT)
    # The policy stays for the following turns, and a client can change it back.
    assert runs_unasked(conversation) == (policy in SILENT)
    assert not runs_unasked(conversation, approvalPolicy="onRequest")


def test_stored_policy_does_not_come_back(shared: Server, talk, clients: Callable[..., Client]) -> None:
    """codex stores a thread's policy; a client that resumes the thread without a policy gets the default."""
    conversation = talk(shared, approvalPolicy="never")
    assert runs_unasked(conversation)
    conversation.client.close()
    again = Conversation.resume(clients(shared), conversation.thread)
    assert again.result["approvalPolicy"] == "on-request"
    assert not runs_unasked(again)


def test_stored_policy_does_not_survive_the_server(place: Place, launch: Callable[..., Server], talk, clients) -> None:
    server = launch().ready()
    conversation = talk(server, approvalPolicy="never")
    assert runs_unasked(conversation)
    server.stop()
    server = launch().ready()
    for resumed in (clients(server), clients(server, token=place.token)):
        again = Conversation.resume(resumed, conversation.thread)
        assert not runs_unasked(again)


# MARK: sandbox

SANDBOXES = {
    None: "workspaceWrite",
    "readOnly": "readOnly",
    "read-only": "readOnly",
    "workspaceWrite": "workspaceWrite",
    "workspace-write": "workspaceWrite",
}


@pytest.mark.parametrize("sandbox", SANDBOXES)
def test_sandboxes(shared: Server, talk, sandbox: str | None) -> None:
    conversation = talk(shared, sandbox=sandbox)
    assert conversation.result["sandbox"]["type"] == SANDBOXES[sandbox]
    marker = shared.place.workspace / f"ran-{conversation.thread}"
    conversation.run({"command": f"touch {marker.name}; true"}, {"text": "done"})
    assert marker.exists() == (SANDBOXES[sandbox] == "workspaceWrite")


@pytest.mark.parametrize("sandbox", ["dangerFullAccess", "danger-full-access"])
def test_full_access_is_refused(shared: Server, talk, clients: Callable[..., Client], sandbox: str) -> None:
    conversation = talk(shared)
    conversation.say("hello")
    conversation.ended()
    for client in (conversation.client, clients(shared, token=shared.place.token)):
        for method, params in [
            ("thread/start", {}),
            ("thread/resume", {"threadId": conversation.thread}),
            ("thread/fork", {"threadId": conversation.thread}),
        ]:
            error = refusal(client, method, {**params, "sandbox": sandbox})
            assert error.code == -32003, method
            assert "ALLOW_FULL_ACCESS" in error.message


@pytest.mark.parametrize("sandbox", ["dangerFullAccess", "danger-full-access"])
def test_full_access_where_it_is_allowed(lenient: Server, talk, sandbox: str, shape: str) -> None:
    """Still asked, still without access to the server's secrets, and marked for every client."""
    token = lenient.place.token
    watcher = lenient.connect(token=token)
    conversation = talk(lenient, shape, token=token, sandbox=sandbox)
    mode = {"threadId": conversation.thread, "approvals": "everyCommand", "sandbox": "dangerFullAccess"}
    assert watcher.notification("sre/threadMode", threadId=conversation.thread) == mode
    watcher.close()
    outside = lenient.place.outside(f"full-{conversation.thread}")
    conversation.play({"command": f"touch {outside}; cat {lenient.place.state}/token; true"}, {"text": "done"})
    approval = conversation.approval()
    assert not outside.exists()
    conversation.decide(approval, "accept")
    conversation.ended()
    assert outside.exists()
    assert token not in conversation.output()


@pytest.mark.parametrize("sandbox", ["ReadOnly", "full", "", 1, {"type": "readOnly"}, ["readOnly"]])
def test_unknown_sandboxes(shared: Server, clients: Callable[..., Client], sandbox: object) -> None:
    error = refusal(clients(shared), "thread/start", {"sandbox": sandbox})
    assert error.code == -32602
    assert "sandbox" in error.message


# MARK: Mode notifications


@pytest.mark.parametrize("policy", SILENT)
def test_everybody_sees_that_a_thread_asks_nothing(
    shared: Server, talk, clients: Callable[..., Client], policy: str
) -> None:
    watcher = clients(shared)
    conversation = talk(shared, approvalPolicy=policy)
    mode = {"threadId": conversation.thread, "approvals": "unattended", "sandbox": "workspaceWrite"}
    assert watcher.notification("sre/threadMode", threadId=conversation.thread) == mode
    # A client that connects later is told too, and every client is told when the mode ends.
    late = clients(shared)
    assert late.notification("sre/threadMode", threadId=conversation.thread) == mode
    conversation.say("hello", approvalPolicy="onRequest")
    conversation.ended()
    for client in (watcher, late, conversation.client):
        client.notification("sre/threadMode", threadId=conversation.thread, approvals="everyCommand")


# MARK: Decisions


@pytest.mark.parametrize(
    ("word", "runs", "status"),
    [
        ("accept", True, "completed"),
        ("allow", True, "completed"),
        ("approved", True, "completed"),
        ("acceptForSession", True, "completed"),
        ("approved_for_session", True, "completed"),
        ("decline", False, "completed"),
        ("deny", False, "completed"),
        ("denied", False, "completed"),
        ("cancel", False, "interrupted"),
        ("abort", False, "interrupted"),
    ],
)
def test_decisions(server: Server, talk, word: str, runs: bool, status: str) -> None:
    conversation = talk(server)
    marker = server.place.workspace / f"ran-{conversation.thread}"
    turn = conversation.run({"command": f"touch {marker.name}"}, {"text": "done"}, decisions=(word,))
    assert turn["status"] == status
    assert marker.exists() == runs


@pytest.mark.parametrize(("word", "runs"), [("allow", True), ("approved", True), ("deny", False), ("denied", False)])
def test_decisions_about_leaving_the_sandbox(server: Server, talk, word: str, runs: bool) -> None:
    """codex itself does not know these words: its own request would fail on them."""
    conversation = talk(server)
    outside = server.place.outside(f"word-{conversation.thread}")
    turn = conversation.run(
        {"command": f"touch {outside}", "escalate": True, "justification": "x"},
        {"text": "done"},
        decisions=("accept", word),
    )
    assert turn["status"] == "completed"
    assert outside.exists() == runs


SPELLINGS: list[Callable[[str], str]] = [
    str.upper,
    lambda thread: thread.replace("-", ""),
    lambda thread: f"urn:uuid:{thread}",
    lambda thread: "{" + thread + "}",
    lambda thread: thread[:1] + thread[1:].upper(),
]


@pytest.mark.parametrize("spell", SPELLINGS, ids=["upper", "plain", "urn", "braces", "mixed"])
def test_a_threads_id_has_one_spelling(
    shared: Server, talk, clients: Callable[..., Client], spell: Callable[[str], str]
) -> None:
    """codex takes them all, and the server knows a thread's sandbox, directory and authors by its own."""
    conversation = talk(shared, sandbox="readOnly")
    conversation.say("hello")
    conversation.ended()
    other = spell(conversation.thread)
    assert other != conversation.thread
    text = {"threadId": other, "input": said("hi")}
    for method, params in (
        ("thread/resume", {"threadId": other}),
        ("thread/fork", {"threadId": other}),
        ("thread/unsubscribe", {"threadId": other}),
        ("thread/shellCommand", {"threadId": other, "command": "touch x"}),
        ("thread/compact/start", {"threadId": other}),
        ("turn/start", text),
        ("turn/steer", {**text, "expectedTurnId": "x"}),
        ("turn/interrupt", {"threadId": other, "turnId": "x"}),
    ):
        # Mutation check: resumed by another spelling after a restart, a read-only thread could be written.
        error = refusal(clients(shared), method, params)
        assert error.code == -32602, method
        assert f"{method}: write the threadId as codex does, {conversation.thread}." in str(error)
