"""Row 22: an approval outlives the socket, the page and the device."""

import json
from collections.abc import Callable

import pytest

from harness.client import Client
from harness.conversation import Conversation
from harness.server import Server
from harness.session import CUTS, Cut
from harness.waiting import wait_until

LISTING = "/api/v1/sre/approvals"


def listed(server: Server, thread: str) -> list[dict]:
    status, body = server.get(LISTING)
    assert status == 200, body
    return [entry for entry in json.loads(body)["data"] if entry["threadId"] == thread]


@pytest.mark.parametrize("how", CUTS)
def test_survives_the_socket_of_a_session(server: Server, open_session, how: Cut) -> None:
    session = open_session(server)
    conversation = Conversation.start(session)
    conversation.play({"command": "echo survived"}, {"text": "done"})
    asked = conversation.approval()
    session.again(how)
    session.cut(how)
    assert [entry["requestId"] for entry in listed(server, conversation.thread)] == [asked.id]
    session.resume()
    # The same approval with the same id; the agent does not ask again.
    assert conversation.decide(asked, "accept")["sre"]["decision"] == "accept"
    assert conversation.ended()["status"] == "completed"
    assert "survived" in conversation.output()
    assert [one.id for one in conversation.approvals()] == [asked.id]
    assert not listed(server, conversation.thread)


def test_asked_while_nobody_looked(server: Server, open_session) -> None:
    session = open_session(server)
    conversation = Conversation.start(session)
    conversation.play({"text": "wait", "delayMilliseconds": 300, "command": "echo alone"}, {"text": "done"})
    session.cut()
    [entry] = wait_until("it is listed", lambda: listed(server, conversation.thread))
    session.resume()
    asked = conversation.approval()
    assert asked.id == entry["requestId"]
    conversation.decide(asked, "accept")
    assert conversation.ended()["status"] == "completed"


def test_another_device_answers(shared: Server, open_session, clients: Callable[..., Client]) -> None:
    """The phone is offline; a person answers on a desktop; the phone is told when it is back."""
    session = open_session(shared)
    conversation = Conversation.start(session)
    conversation.run({"text": "hello"}, decisions=())
    conversation.play({"command": "echo elsewhere"}, {"text": "done"})
    asked = conversation.approval()
    session.cut()
    desk = Conversation.resume(clients(shared, token=shared.place.token), conversation.thread)
    assert desk.approval().id == asked.id
    assert desk.decide(asked, "accept")["sre"]["decidedBy"] == "start"
    desk.client.notification("turn/completed", threadId=conversation.thread)
    session.resume()
    told = session.notification("serverRequest/resolved", requestId=asked.id)["sre"]
    assert told["decision"] == "accept" and told["decidedBy"] == "start" and told["decidedAt"] > 0
    assert conversation.ended()["status"] == "completed"
    # The phone's answer is now too late, and the phone is told who answered first.
    session.answer(asked.id, {"decision": "decline"})
    rejected = session.notification("sre/answerRejected", requestId=asked.id)
    assert rejected.items() >= {"reason": "resolved", **told}.items()


def test_plain_clients_question_survives_too(shared: Server, talk, clients: Callable[..., Client]) -> None:
    conversation = talk(shared)
    conversation.run({"text": "hello"}, decisions=())
    conversation.play({"command": "echo plain"}, {"text": "done"})
    asked = conversation.approval()
    conversation.client.close()
    other = Conversation.resume(clients(shared), conversation.thread)
    assert other.approval().id == asked.id
    other.decide(asked, "accept")
    other.client.notification("turn/completed", threadId=conversation.thread)


def test_listing(server: Server, talk) -> None:
    conversation = talk(server)
    conversation.play({"command": "echo listed"}, {"text": "done"})
    asked = conversation.approval()
    [entry] = listed(server, conversation.thread)
    assert entry.keys() >= {"requestId", "threadId", "method", "params", "askedAt", "expiresAt"}
    assert (entry["requestId"], entry["method"], entry["params"]) == (asked.id, asked.method, asked.params)
    assert 0 < entry["askedAt"] < entry["expiresAt"]
    conversation.decide(asked, "decline")
    assert not listed(server, conversation.thread)
    conversation.ended()
