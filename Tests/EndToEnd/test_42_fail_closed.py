"""Threats row 12: while the record cannot be written, the server grants nothing; afterwards everything works again."""

import contextlib
import json
import os
import shlex
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from harness import paths, people
from harness.client import Client, RpcError
from harness.conversation import Conversation
from harness.model import Model
from harness.place import Place
from harness.played import THREAD, play, question
from harness.record import Record
from harness.server import Server
from harness.stand_in import StandIn
from harness.waiting import stays, wait_until

pytestmark = pytest.mark.usefixtures("private_files")

Break = Callable[[Server], AbstractContextManager[None]]

# The test's own allow rule, so that it does not depend on the server's example file.
RULES = """
rules:
  - name: words
    decision: allow
    programs: [echo]
    operands: any
"""


@contextmanager
def moved_away(server: Server) -> Iterator[None]:
    path = Record(server.place).path
    aside = path.with_suffix(".aside")
    path.rename(aside)
    yield
    aside.rename(path)


@contextmanager
def full(server: Server) -> Iterator[None]:
    filler = seen_from_inside(server) / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (65_536, 4_096, 1):
            try:
                while file.write(b"x" * size):
                    pass
            except OSError:
                pass
    yield
    filler.unlink()


def seen_from_inside(server: Server) -> Path:
    """The server's state directory as the server sees it."""
    return Path(f"/proc/{server.pid}/root{server.place.state}")


@pytest.fixture
def on_a_small_disk(place: Place) -> Path:
    """A server whose state lies on its own file system of three megabytes, which other processes do not see."""
    if os.geteuid() != 0:
        pytest.skip("only root may mount a file system")
    place.state.mkdir()
    script = place.root / "small-disk"
    mount = f"mount -t tmpfs -o size=3m,mode=700 none {shlex.quote(str(place.state))}"
    run = f"exec {shlex.quote(str(paths.sre_agent()))} \"$@\""
    script.write_text(f"#!/bin/sh\nexec unshare --mount sh -c {shlex.quote(f'{mount} && {run}')} sh \"$@\"\n")
    script.chmod(0o755)
    return script


def asked(server: Server, client: Client, *requests: str) -> list[str]:
    """The ids of these approvals, each shown and recorded."""
    client.request("thread/resume", {"threadId": THREAD})
    play(client, *(question(request) for request in requests))
    return [client.question(itemId=f"item-{request}")["id"] for request in requests]


def settled(server: Server) -> None:
    """The write queue is empty."""
    wait_until("nothing waits", lambda: "\nsre_agent_record_queued 0\n" in server.get("/metrics")[1])


def not_ready(server: Server) -> str:
    status, body = server.get("/readyz")
    assert status == 503, body
    return json.loads(body)["reason"]


def waiting(server: Server) -> list[str]:
    return [entry["requestId"] for entry in json.loads(server.get("/api/v1/sre/approvals")[1])["data"]]


def answered(agent: StandIn, request: str) -> list[str]:
    return [text for text in agent.received() if f'"id":"{request}"' in text]


def refused(client: Client, request: str, since: int) -> str:
    """The approval stays open; returns the reason."""
    told = client.wait(
        lambda m: m.get("method") == "sre/answerRejected" and m["params"]["requestId"] == request,
        10,
        "that the answer was not used",
        since,
    )["params"]
    assert told["reason"] == "unrecorded"
    return told["message"]


def assert_fails_closed(server: Server, agent: StandIn, client: Client, broken: Break) -> None:
    yes, no = asked(server, client, "yes", "no")
    settled(server)
    with broken(server):
        since = client.count
        client.answer(yes, {"decision": "accept"})
        assert "decline" in refused(client, yes, since)
        assert "record cannot be written" in not_ready(server)
        # Neither a retry nor another accepting decision helps.
        for decision in ("accept", "acceptForSession", {"acceptWithExecpolicyAmendment": {"execpolicy_amendment": []}}):
            since = client.count
            client.answer(yes, {"decision": decision})
            client.wait(
                lambda m: m.get("method") == "sre/answerRejected" and m["params"]["requestId"] == yes, since=since
            )
        assert yes in waiting(server) and not answered(agent, "yes")
        client.answer(no, {"decision": "decline"})
        agent.wait_received('"id":"no"', "decline")
        client.notification("serverRequest/resolved", requestId=no)
        assert waiting(server) == [yes]
        assert not answered(agent, "yes")
        metrics = server.get("/metrics")[1]
        assert "\nsre_agent_record_writable 0\n" in metrics
        assert "\nsre_agent_record_unwritten_decisions_total 0\n" not in metrics
    wait_until("it is ready again", lambda: server.get("/readyz")[0] == 200, 10)
    client.answer(yes, {"decision": "accept"})
    agent.wait_received('"id":"yes"', "accept")
    assert len(answered(agent, "yes")) == 1


def test_approvals_fail_closed(
    stand_in: Callable[..., tuple[Server, StandIn]], clients: Callable[..., Client], mode: str
) -> None:
    server, agent = stand_in(mode)
    record = Record(server.place)
    assert_fails_closed(server, agent, clients(server), moved_away)
    [row] = record.rows("decision", details={"decision": "accept"})
    assert row["itemId"] == "item-yes"
    # Entries from the outage were queued and are written now.
    record.wait("question.resolved", itemId="item-no")
    assert server.stop() == 0
    record.assert_ok()


def test_disk_full(place: Place, launch, clients, on_a_small_disk: Path) -> None:
    agent = StandIn(place.root)
    server = launch("shared", agent=agent.executable, executable=on_a_small_disk).ready()
    assert_fails_closed(server, agent, clients(server), full)


def test_locked_by_another_program(stand_in: Callable[..., tuple[Server, StandIn]], clients) -> None:
    """The server waits for the lock, but not forever."""
    server, agent = stand_in()
    client = clients(server)
    [yes] = asked(server, client, "yes")
    settled(server)
    with Record(server.place).held():
        client.answer(yes, {"decision": "accept"})
        refused(client, yes, 0)
        assert not answered(agent, "yes")
    client.answer(yes, {"decision": "accept"})
    agent.wait_received('"id":"yes"', "accept")
    assert len(answered(agent, "yes")) == 1


def test_what_was_declined_meanwhile_is_recorded(stand_in: Callable[..., tuple[Server, StandIn]], clients) -> None:
    """A decline needed no record to be safe, but the record must still say who declined."""
    server, agent = stand_in()
    client = clients(server)
    [no] = asked(server, client, "no")
    settled(server)
    with moved_away(server):
        client.answer(no, {"decision": "decline", "reason": "the disk is broken"})
        agent.wait_received('"id":"no"', "decline")
    row = Record(server.place).wait("decision", requestId=no)
    assert row["actor"] == "local user" and row["details"]["decision"] == "decline"


def test_it_is_ready_again_by_itself(stand_in: Callable[..., tuple[Server, StandIn]], clients) -> None:
    """A load balancer sends no clients while `/readyz` says no, so recovery must not depend on a client."""
    server, _ = stand_in()
    client = clients(server)
    [yes] = asked(server, client, "yes")
    settled(server)
    with moved_away(server):
        client.answer(yes, {"decision": "accept"})
        refused(client, yes, 0)
        stays("it is not ready", lambda: server.get("/readyz")[0] == 503)
    wait_until("it is ready again", lambda: server.get("/readyz")[0] == 200, 10)


def test_a_question_can_still_run_out(stand_in: Callable[..., tuple[Server, StandIn]], clients) -> None:
    """An answer that could not be written does not keep an approval open beyond its expiry."""
    server, agent = stand_in(environment={"APPROVAL_TIMEOUT": "3"})
    client = clients(server)
    [yes] = asked(server, client, "yes")
    with moved_away(server):
        client.answer(yes, {"decision": "accept"})
        refused(client, yes, 0)
        agent.wait_received('"id":"yes"', "decline")
    assert client.notification("serverRequest/resolved", requestId=yes)["sre"]["decision"] == "expired"
    assert len(answered(agent, "yes")) == 1


def test_the_next_start_refuses_a_record_that_is_not_its_own(
    stand_in: Callable[..., tuple[Server, StandIn]], launch
) -> None:
    """The server refuses to continue a record whose key is missing."""
    server, agent = stand_in()
    assert server.stop() == 0
    key = server.place.state / "audit.key"
    key.rename(key.with_suffix(".aside"))
    again = launch(agent=agent.executable)
    assert again.process.wait(20) != 0
    assert "audit" in again.output()


# MARK: With the real codex


def blocked(conversation: Conversation, marker: Path, model: Model) -> None:
    assert conversation.ended()["status"] == "completed"
    assert not marker.exists()
    model.wait_for_output(marker.name, "record cannot be written")


def test_an_approved_command_does_not_run(launch, talk, mode: str) -> None:
    server = launch(mode).ready()
    conversation = talk(server)
    marker = server.place.workspace / f"unrecorded-{conversation.thread}"
    conversation.play({"command": f"touch {marker.name}"}, {"text": "done"})
    question = conversation.approval()
    settled(server)
    with moved_away(server):
        conversation.client.answer(question.id, {"decision": "accept"})
        refused(conversation.client, question.id, 0)
        assert not marker.exists()
    conversation.decide(question, "accept")
    conversation.ended()
    assert marker.exists()


def test_what_asks_nobody_is_denied(launch, talk, model: Model) -> None:
    """In a thread that asks nothing, and by a standing approval."""
    server = launch().ready()
    never = talk(server, approvalPolicy="never")
    marker = server.place.workspace / f"never-{never.thread}"
    standing = talk(server)
    again = server.place.workspace / f"standing-{standing.thread}"
    standing.run({"command": f"touch {again.name}"}, {"text": "1"}, decisions=("acceptForSession",))
    again.unlink()
    settled(server)
    with moved_away(server):
        never.play({"command": f"touch {marker.name}"}, {"text": "done"})
        blocked(never, marker, model)
        standing.play({"command": f"touch {again.name}"}, {"text": "2"})
        blocked(standing, again, model)
    standing.run({"command": f"touch {again.name}"}, {"text": "3"}, decisions=())
    assert again.exists()


def test_what_a_rule_allows_is_denied(place: Place, launch, talk, model: Model) -> None:
    rules = place.root / "rules.yaml"
    rules.write_text(RULES)
    server = launch(arguments=("--config", str(rules))).ready()
    conversation = talk(server)
    conversation.run({"command": "echo by rule"}, {"text": "1"}, decisions=())
    assert conversation.output() == "by rule\n"
    settled(server)
    with moved_away(server):
        conversation.run({"command": "echo unwritten rule"}, {"text": "2"}, decisions=())
        assert not conversation.output()
        model.wait_for_output("unwritten rule", "record cannot be written")
    conversation.run({"command": "echo by rule again"}, {"text": "3"}, decisions=())
    assert conversation.output() == "by rule again\n"


@pytest.mark.parametrize("role", ["admin", "operator"])
def test_what_needs_no_approval_is_refused(place: Place, launch, clients, role: str) -> None:
    """Whichever role the rules let call it. The first call's row tells the server that it cannot write."""
    rules = place.root / "rules.yaml"
    rules.write_text("roles:\n  operator: [command/exec, fs/writeFile]\n")
    server = launch(arguments=("--config", str(rules))).ready()
    client = clients(server, token=people.newcomer(server, role).secret)
    marker = server.place.workspace / "ran"

    def calls() -> None:
        client.request("command/exec", {"command": ["touch", str(marker)], "cwd": str(server.place.workspace)})

    calls()
    assert marker.exists()
    settled(server)
    with moved_away(server):
        with contextlib.suppress(RpcError):
            calls()
        wait_until("it has noticed", lambda: server.get("/readyz")[0] == 503)
        marker.unlink(missing_ok=True)
        # Mutation check: what the rules gave to operators ran, for admins too.
        with pytest.raises(RpcError, match="The audit log cannot be written"):
            calls()
        written = server.place.workspace / "written"
        with pytest.raises(RpcError, match="The audit log cannot be written"):
            client.request("fs/writeFile", {"path": str(written), "dataBase64": "eA=="})
        assert not marker.exists() and not written.exists()
    wait_until("it is ready again", lambda: server.get("/readyz")[0] == 200)
    calls()
    assert marker.exists()
