"""Row 22: an approval ends once, and an old answer never reaches a new approval."""

import json
import os
import signal
from collections.abc import Callable

import pytest

from harness.away import when_it_is_back
from harness.client import Client
from harness.conversation import Conversation
from harness.model import Model
from harness.played import THREAD, notification, play, question
from harness.record import Record
from harness.server import Server
from harness.stand_in import StandIn
from harness.waiting import wait_until

LISTING = "/api/v1/sre/approvals"


def listed(server: Server, thread: str) -> list[dict]:
    status, body = server.get(LISTING)
    assert status == 200, body
    return [entry for entry in json.loads(body)["data"] if entry["threadId"] == thread]


def kill(server: Server) -> None:
    for pid in server.agents():
        os.kill(pid, signal.SIGKILL)


def test_agents_question_is_void_when_the_agent_ends(
    stand_in: Callable[..., tuple[Server, StandIn]], open_session, mode: str
) -> None:
    """The next agent asks under the same request id and gets none of the old answers."""
    server, agent = stand_in(mode)
    session = open_session(server)
    session.request("thread/resume", {"threadId": THREAD})
    play(session, question(7))
    old = session.question()
    kill(server)
    assert session.notification("serverRequest/resolved", 2, requestId=old["id"])["sre"]["decision"] == "void"
    when_it_is_back(lambda: session.request("model/list"))
    begun = session.count
    play(session, question(7))
    new = session.question(since=begun)
    assert new["id"] != old["id"]
    session.answer(old["id"], {"decision": "accept"})
    assert session.notification("sre/answerRejected", requestId=old["id"])["reason"] == "void"
    session.answer(7, {"decision": "accept"})
    assert session.notification("sre/answerRejected", requestId=7)["reason"] == "unknown"
    assert [entry["requestId"] for entry in listed(server, THREAD)] == [new["id"]]
    assert not any('"decision"' in text for text in agent.received())
    session.answer(new["id"], {"decision": "decline"})
    agent.wait_received('"id":7', "decline")


def test_agents_question_is_void_when_the_agent_goes_with_its_client(
    stand_in: Callable[..., tuple[Server, StandIn]], clients: Callable[..., Client]
) -> None:
    """No client can answer any more, and the record says so before the approval would expire."""
    server, _ = stand_in("isolated")
    client = clients(server)
    client.request("thread/resume", {"threadId": THREAD})
    play(client, question(7))
    asked = client.question()
    client.close()
    Record(server.place).wait("decision.void", requestId=asked["id"])
    assert not listed(server, THREAD)


def test_answer_that_finds_its_connection_broken_reaches_the_agent_over_the_next(
    stand_in: Callable[..., tuple[Server, StandIn]], open_session
) -> None:
    """Like codex, the agent asks again over the connection that opens the thread again."""
    server, agent = stand_in("shared")
    session = open_session(server)
    session.request("thread/resume", {"threadId": THREAD})
    play(session, question(7), {"close": True})
    asked = session.question()
    # The server first checks for a while whether the agent itself has ended, and then reconnects.
    wait_until("the connection has broken", lambda: agent.events("gone"), 5)
    session.answer(asked["id"], {"decision": "accept"})
    session.notification("serverRequest/resolved", requestId=asked["id"])
    session.notification("sre/agentStatus", 30, state="ready")
    assert not any('"id":7' in text and "accept" in text for text in agent.received())
    begun = session.count
    play(session, question(7), notification("standIn/asked"))
    agent.wait_received('"id":7', '"accept"')
    session.notification("standIn/asked")
    assert not any("requestApproval" in str(message) for message in session.messages[begun:]), "nobody is asked again"


def test_gates_question_is_void_when_the_agent_ends(launch: Callable[..., Server], open_session, mode: str) -> None:
    server = launch(mode).ready()
    session = open_session(server)
    conversation = Conversation.start(session)
    conversation.play({"command": "touch never"}, {"text": "done"})
    asked = conversation.approval()
    kill(server)
    assert session.notification("serverRequest/resolved", 5, requestId=asked.id)["sre"]["decision"] == "void"
    assert conversation.ended()["status"] == "interrupted"
    assert not listed(server, conversation.thread)
    session.answer(asked.id, {"decision": "accept"})
    assert session.notification("sre/answerRejected", requestId=asked.id)["reason"] == "void"
    conversation.answered(asked)
    session.notification("sre/agentStatus", 30, state="ready")
    conversation.run({"command": "touch later"}, {"text": "done"})
    assert (server.place.workspace / "later").exists()
    assert not (server.place.workspace / "never").exists()


def test_expiry_declines_and_the_turn_goes_on(
    launch: Callable[..., Server], open_session, mode: str, model: Model
) -> None:
    """Also without any client."""
    server = launch(mode, environment={"APPROVAL_TIMEOUT": "2"}).ready()
    session = open_session(server)
    conversation = Conversation.start(session)
    conversation.play({"command": "touch never"}, {"text": "went on"})
    asked = conversation.approval()
    [entry] = listed(server, conversation.thread)
    assert entry["expiresAt"] - entry["askedAt"] == 2_000
    assert entry["expiresAt"] == asked.params["sre"]["expiresAt"]
    session.cut()
    wait_until("it is listed no more", lambda: not listed(server, conversation.thread), 6)
    session.resume()
    resolved = session.notification("serverRequest/resolved", requestId=asked.id)
    assert resolved["sre"]["decision"] == "expired"
    assert conversation.ended()["status"] == "completed"
    assert [item["text"] for item in conversation.items("agentMessage")] == ["went on"]
    assert not (server.place.workspace / "never").exists()
    model.wait_for_output("touch never", "Nobody answered in time")
    session.answer(asked.id, {"decision": "accept"})
    assert session.notification("sre/answerRejected", requestId=asked.id)["reason"] == "expired"


@pytest.mark.parametrize("watched", [True, False], ids=["watched", "unwatched"])
def test_unknown_question_that_nobody_answers_gets_an_error(
    stand_in: Callable[..., tuple[Server, StandIn]], open_session, mode: str, watched: bool
) -> None:
    server, agent = stand_in(mode, environment={"APPROVAL_TIMEOUT": "2"})
    session = open_session(server)
    if watched:
        session.request("thread/resume", {"threadId": THREAD})
    play(session, question(8, method="item/futureTool/requestWhatever"), notification("standIn/asked"))
    session.notification("standIn/asked")
    session.cut()
    text = agent.wait_received('"id":8', "error")
    assert json.loads(text)["error"]["message"]
    session.resume()
