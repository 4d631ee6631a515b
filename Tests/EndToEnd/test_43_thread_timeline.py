"""`GET /api/v1/sre/threads/{id}/timeline`: a thread's history, and who sent its messages."""

import json
import os
import signal
from collections.abc import Callable
from urllib.parse import quote, urlencode

import pytest

from harness import people, raw
from harness.client import Client
from harness.conversation import Conversation, said, script
from harness.place import Place
from harness.raw import STRANGER
from harness.record import Record
from harness.server import Server
from harness.waiting import wait_until

pytestmark = pytest.mark.usefixtures("private_files")

SECRET = "mysql --password=sw0rdfish-7 || exit 4"


def path(thread: str, **query: object) -> str:
    return f"/api/v1/sre/threads/{quote(thread, safe='')}/timeline?{urlencode(query)}"


def read(server: Server, thread: str, secret: str | None = None, **query: object) -> dict:
    headers = {"Authorization": f"Bearer {secret}", **STRANGER} if secret else {}
    answer = raw.get(server.port, path(thread, **query), **headers)
    assert answer.status == 200, answer
    assert answer.headers["content-type"] == "application/json" and answer.headers["cache-control"] == "no-store"
    body = json.loads(answer.body)
    assert set(body) == {"data", "next"}
    return body


def ended(server: Server, conversation: Conversation, count: int = 1) -> list[dict]:
    """The thread's turns, once the record has the ends of so many."""
    Record(server.place).wait("turn.completed", count, threadId=conversation.thread)
    return [turn for turn in read(server, conversation.thread)["data"] if turn["turnId"]]


def kinds(turn: dict) -> list[str]:
    return [event["kind"] for event in turn["events"]]


def messages(client: Client, thread: str) -> list[dict]:
    found = client.find(
        lambda message: message.get("method") in ("item/started", "item/completed")
        and message["params"]["threadId"] == thread
        and message["params"]["item"]["type"] == "userMessage"
    )
    return [message["params"] for message in found]


def test_a_turn_as_it_was(server: Server, shape: str, talk) -> None:
    alice = people.invite(server.place, "approver", f"tl-alice-{server.mode}-{shape}")
    conversation = talk(server, shape, token=alice.secret)
    turn = conversation.play({"command": "printf computed; exit 3"}, {"text": "done"}, clientUserMessageId="mine")
    asked = conversation.approval()
    conversation.decide(asked, "accept", comment="checked")
    conversation.ended()
    conversation.run({"command": "echo no"}, {"text": "done"}, decisions=("decline",))
    newest, oldest = ended(server, conversation, 2)
    author = {"id": f"token/{alice.id}", "name": alice.name, "role": "approver"}

    assert oldest["turnId"] == turn and oldest["status"] == "completed"
    assert kinds(oldest) == ["turn.started", "question.asked", "decision", "item.completed", "turn.completed"]
    message, question, decision, outcome, _end = oldest["events"]
    assert oldest["startedAt"] == message["at"] <= outcome["at"] <= oldest["endedAt"]
    assert message["author"] == decision["author"] == author
    assert message["details"]["clientUserMessageId"] == "mine"
    assert json.loads(message["details"]["input"][0]["text"].removeprefix("script:"))[1] == {"text": "done"}
    assert author["id"] == people.info(server, **alice.bearer)["userId"]
    assert question["requestId"] == decision["requestId"] == asked.id
    assert question["details"]["params"] == asked.params and "author" not in question
    assert decision["details"]["decision"] == "accept" and decision["details"]["comment"] == "checked"
    assert question["itemId"] == decision["itemId"] == outcome["itemId"] == asked.item
    assert outcome["details"]["exitCode"] == 3
    assert not [event for event in oldest["events"] if {"address", "userAgent", "actor"} & set(event)]

    [declined] = [event for event in newest["events"] if event["kind"] == "decision"]
    assert declined["details"]["decision"] == "decline" and "item.completed" not in kinds(newest)
    opened = read(server, conversation.thread)["data"][-1]
    assert opened["turnId"] is None and kinds(opened) == ["thread.opened"]


def test_everybody_learns_who_sent_a_message(shared: Server, clients: Callable[..., Client]) -> None:
    ann, bob = (people.invite(shared.place, role, f"tl-{role}") for role in ("operator", "approver"))
    first = Conversation.start(clients(shared, token=ann.secret))
    first.run({"text": "hello"}, decisions=())
    viewer = people.invite(shared.place, "viewer", "tl-watching")
    other = Conversation.resume(clients(shared, token=bob.secret), first.thread)
    watching = Conversation.resume(clients(shared, token=viewer.secret), first.thread)
    turn = first.play({"command": "echo steered"}, {"text": "done"})
    asked = other.approval()
    steered = other.client.request(
        "turn/steer", {"threadId": first.thread, "expectedTurnId": turn, "input": said("and another thing")}
    )
    assert steered["turnId"] == turn
    other.decide(asked, "accept")
    first.ended()
    for conversation in (other, watching):
        conversation.client.notification("turn/completed", threadId=first.thread)

    def authors(client: Client) -> list[tuple[str, str]]:
        found = [one for one in messages(client, first.thread) if one["turnId"] == turn]
        return [(one["item"]["content"][0]["text"][:11], one["sre"]["author"]["name"]) for one in found]

    expected = [("script:[{\"c", ann.name)] * 2 + [("and another", bob.name)] * 2
    for client in (first.client, other.client, watching.client):
        assert sorted(authors(client)) == sorted(expected)
    [author] = {json.dumps(one["sre"]["author"]) for one in messages(other.client, first.thread)[-1:]}
    assert json.loads(author) == {"id": f"token/{bob.id}", "name": bob.name, "role": "approver"}

    [told] = [turn_ for turn_ in ended(shared, first, 2) if turn_["turnId"] == turn]
    sent = [event for event in told["events"] if event["kind"] in ("turn.started", "method.called")]
    assert [event["author"]["name"] for event in sent] == [ann.name, bob.name]
    assert sent[1]["details"]["params"]["input"] == said("and another thing")


def test_an_agent_that_dies(server: Server, talk) -> None:
    """Its command's outcome is unknown, for people who look later as well."""
    conversation = talk(server)
    turn = conversation.play({"command": "echo $$; sleep 600"}, {"text": "done"})
    asked = conversation.approval()
    conversation.decide(asked, "accept")
    conversation.client.wait(
        lambda message: message.get("method") == "item/started" and message["params"]["item"]["id"] == asked.item,
        20,
        "the command runs",
    )
    for pid in server.agents():
        os.kill(pid, signal.SIGKILL)
    Record(server.place).wait("turn.completed", threadId=conversation.thread)
    [told] = ended(server, conversation)
    assert told["turnId"] == turn and told["status"] == "interrupted"
    [outcome] = [event for event in told["events"] if event["kind"] == "item.completed"]
    assert outcome["details"]["status"] == "unknown" and outcome["itemId"] == asked.item
    wait_until("the agent is back", lambda: server.get("/readyz")[0] == 200, 40)


@pytest.mark.parametrize("agent_mode", ["shared", "isolated"])
def test_a_server_that_was_killed(place: Place, launch, talk, agent_mode: str) -> None:
    server = launch(agent_mode).ready()
    conversation = talk(server)
    conversation.play({"command": "echo begun; sleep 600"}, {"text": "done"})
    running = conversation.approval()
    conversation.decide(running, "accept")
    other = talk(server)
    other.play({"command": "echo waits"}, {"text": "done"})
    waiting = other.approval()
    record = Record(place)
    record.wait("turn.started", 2)
    record.wait("question.asked", requestId=waiting.id)
    server.kill()
    server = launch(agent_mode).ready()
    [told] = [turn for turn in read(server, conversation.thread)["data"] if turn["turnId"]]
    assert told["status"] == "unknown" and told["message"]
    outcome = told["events"][-1]
    assert outcome["kind"] == "item.completed" and "seq" not in outcome and outcome["itemId"] == running.item
    assert outcome["details"]["status"] == "unknown"
    assert outcome["details"]["command"] == "echo begun; sleep 600"
    [told] = [turn for turn in read(server, other.thread)["data"] if turn["turnId"]]
    void = told["events"][-1]
    assert (void["kind"], void["requestId"], void["itemId"]) == ("decision.void", waiting.id, waiting.item)
    assert "item.completed" not in kinds(told)


def test_page_by_page(shared: Server, talk) -> None:
    conversation = talk(shared)
    for number in range(4):
        conversation.run({"command": f"echo {number}"}, {"text": "done"})
    Record(shared.place).wait("turn.completed", 4, threadId=conversation.thread)
    whole = read(shared, conversation.thread)
    assert whole["next"] is None and len(whole["data"]) == 5
    found: list[dict] = []
    cursor: dict = {}
    while True:
        part = read(shared, conversation.thread, limit=7, **cursor)
        # Each turn has five rows, so that a page holds one.
        assert all("startedAt" in turn for turn in part["data"] if turn["turnId"])
        found += part["data"]
        if part["next"] is None:
            break
        cursor = {"cursor": part["next"]}
    assert found == whole["data"]


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=1001", "limit=ten", "limit=-1", "cursor=0", "cursor=x", "cursor=99999999999999999999"]
)
def test_bad_values(shared: Server, query: str) -> None:
    answer = raw.get(shared.port, path("any") + query)
    assert answer.status == 400 and query.split("=")[0] in json.loads(answer.body)["error"]


def test_masked_as_the_record_is(shared: Server, talk) -> None:
    conversation = talk(shared)
    conversation.play({"command": SECRET}, {"text": "done"})
    conversation.decide(conversation.approval(), "decline", reason="not --password=sw0rdfish-7")
    conversation.ended()
    ended(shared, conversation)
    shown = json.dumps(read(shared, conversation.thread))
    assert "sw0rdfish" not in shown and "[masked:hmac-sha256:" in shown
    viewer = people.invite(shared.place, "viewer", "tl-viewer")
    shown = json.dumps(read(shared, conversation.thread, viewer.secret))
    assert "sw0rdfish" not in shown and "hmac" not in shown and "Sha256" not in shown and "[masked]" in shown


def test_who_may_read_it(shared: Server) -> None:
    for role in ("viewer", "operator", "approver", "admin"):
        reader = people.invite(shared.place, role, f"tl-reader-{role}")
        assert read(shared, "nobody's ' OR 1=1", reader.secret) == {"data": [], "next": None}
    for headers, status in ((STRANGER, 401), ({"Origin": "http://evil.example"}, 403)):
        answer = raw.get(shared.port, path("any"), **headers)
        assert answer.status == status and b"data" not in answer.body


def test_a_message_that_the_agent_refuses(shared: Server, clients: Callable[..., Client]) -> None:
    """The next same message is its own author's."""
    ann, bob = (people.invite(shared.place, "operator", f"tl-{name}") for name in ("ann", "bob"))
    first = Conversation.start(clients(shared, token=ann.secret))
    first.run({"text": "before"}, decisions=())
    words = script({"text": "hello"})
    first.client.response(
        first.client.post("turn/steer", {"threadId": first.thread, "expectedTurnId": "none", "input": said(words)})
    )
    other = Conversation.resume(clients(shared, token=bob.secret), first.thread)
    turn = other.say(words)
    other.ended()
    sent = [one for one in messages(other.client, first.thread) if one["turnId"] == turn]
    assert [one["sre"]["author"]["name"] for one in sent] == [bob.name] * 2
