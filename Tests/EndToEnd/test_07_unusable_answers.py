"""Row 7: a notification rejects an unusable answer; the server guesses nothing, and the approval stays open."""

import json
import threading
from collections.abc import Callable
from typing import Any

import pytest

from harness.client import Client
from harness.conversation import COMMAND, Conversation
from harness.server import Server

DIALECTS = {"codex": ("", COMMAND), "legacy": ("?approvals=legacy", "execCommandApproval")}


@pytest.fixture(params=DIALECTS)
def dialect(request: pytest.FixtureRequest) -> str:
    return request.param


def rejected(client: Client, request_id: Any, since: int) -> dict:
    """Returns the rejection; fails on a response without a request, which would break the official client."""
    params = client.notification("sre/answerRejected", since=since, requestId=request_id)
    assert params["message"]
    assert not client.find(lambda message: "method" not in message and message.get("id") is None, since)
    assert not client.find(lambda message: "method" not in message and message.get("id") == request_id, since)
    return params


MALFORMED = [
    {},
    None,
    [],
    "accept",
    True,
    {"decision": None},
    {"decision": "yes"},
    {"decision": "ACCEPT"},
    {"decision": ""},
    {"decision": 1},
    {"decision": True},
    {"decision": ["accept"]},
    {"decision": {"accept": True}},
    {"decision": {}},
    {"Decision": "accept"},
    {"approved": True},
    {"decision": "accept", "reason": 7},
]


def test_answers_that_cannot_be_read(shared: Server, talk, dialect: str) -> None:
    query, method = DIALECTS[dialect]
    conversation = talk(shared, "classic", query)
    client = conversation.client
    marker = shared.place.workspace / f"ran-{conversation.thread}"
    conversation.play({"command": f"touch {marker.name}"}, {"text": "done"})
    question = client.question(method)
    for result in MALFORMED:
        since = client.count
        client.answer(question["id"], result)
        params = rejected(client, question["id"], since)
        assert params["reason"] == "malformed", result
        assert not marker.exists()
    # Neither an error response nor a decision outside `result` counts.
    for answer in ({"error": {"code": -32601, "message": "?"}}, {"decision": "accept"}, {"params": {"decision": "accept"}}):
        since = client.count
        client.send({"id": question["id"], **answer})
        client.wait(
            lambda message: message.get("method") == "sre/answerRejected"
            or message.get("error", {}).get("code") == -32600,
            since=since,
            what=f"a refusal of {answer}",
        )
    assert not client.find(lambda message: message.get("method") == "serverRequest/resolved")
    assert not marker.exists()
    # The approval has been waiting all the time.
    client.answer(question["id"], {"decision": "allow"})
    client.notification("serverRequest/resolved", requestId=question["id"])
    assert conversation.ended()["status"] == "completed"
    assert marker.exists()


# With the id that the rejection names: null for an invalid id.
IDS = [(value, value) for value in (None, 0, 1, "0", "", "0" * 32, -1)]
IDS += [(value, None) for value in (12345678901234567890, 1.5, True, {}, ["0"])]


@pytest.mark.parametrize(("request_id", "named"), IDS, ids=repr)
def test_answers_to_nothing(shared: Server, talk, dialect: str, request_id: Any, named: Any) -> None:
    """Clients guess `null` and small numbers; codex's own ids count from 0."""
    query, method = DIALECTS[dialect]
    conversation = talk(shared, "classic", query)
    client = conversation.client
    marker = shared.place.workspace / f"ran-{conversation.thread}"
    conversation.play({"command": f"touch {marker.name}"}, {"text": "done"})
    question = client.question(method)
    since = client.count
    client.answer(request_id, {"decision": "accept"})
    assert rejected(client, named, since)["reason"] == "unknown"
    assert not marker.exists()
    client.answer(question["id"], {"decision": "deny"})
    conversation.ended()
    assert not marker.exists()


def test_answered_already(server: Server, talk, dialect: str) -> None:
    query, method = DIALECTS[dialect]
    conversation = talk(server, "classic", query)
    client = conversation.client
    marker = server.place.workspace / f"ran-{conversation.thread}"
    conversation.play({"command": f"touch {marker.name}"}, {"text": "done"})
    question = client.question(method)
    client.answer(question["id"], {"decision": "deny"})
    resolved = client.notification("serverRequest/resolved", requestId=question["id"])
    since = client.count
    client.answer(question["id"], {"decision": "allow"})
    params = rejected(client, question["id"], since)
    assert params["reason"] == "resolved"
    assert params["decidedBy"] == "local user"
    assert params["decidedAt"] == resolved["sre"]["decidedAt"]
    conversation.ended()
    assert not marker.exists()


def test_not_asked(shared: Server, talk, clients: Callable[..., Client], dialect: str) -> None:
    """A client without a subscription may not answer, even with the token."""
    query, _ = DIALECTS[dialect]
    conversation = talk(shared)
    marker = shared.place.workspace / f"ran-{conversation.thread}"
    conversation.play({"command": f"touch {marker.name}"}, {"text": "done"})
    asked = conversation.approval()
    for stranger in (clients(shared, query), clients(shared, query, token=shared.place.token)):
        stranger.answer(asked.id, {"decision": "accept"})
        assert rejected(stranger, asked.id, 0)["reason"] == "forbidden"
    # Nor a client that has unsubscribed.
    former = Conversation.start(clients(shared, query))
    former.client.request("thread/unsubscribe", {"threadId": former.thread})
    former.client.answer(asked.id, {"decision": "accept"})
    assert rejected(former.client, asked.id, 0)["reason"] == "forbidden"
    assert not marker.exists()
    conversation.decide(asked, "decline")
    conversation.ended()
    assert not marker.exists()


def test_too_late(launch: Callable[..., Server], talk, dialect: str) -> None:
    query, method = DIALECTS[dialect]
    server = launch(environment={"APPROVAL_TIMEOUT": "1"}).ready()
    conversation = talk(server, "classic", query)
    marker = server.place.workspace / "ran"
    conversation.play({"command": "touch ran"}, {"text": "done"})
    question = conversation.client.question(method)
    assert conversation.ended()["status"] == "completed"
    since = conversation.client.count
    conversation.client.answer(question["id"], {"decision": "accept"})
    assert rejected(conversation.client, question["id"], since)["reason"] == "expired"
    assert not marker.exists()


def test_question_is_gone(server: Server, talk, dialect: str) -> None:
    query, method = DIALECTS[dialect]
    conversation = talk(server, "classic", query)
    marker = server.place.workspace / f"ran-{conversation.thread}"
    turn = conversation.play({"command": f"touch {marker.name}"}, {"text": "done"})
    question = conversation.client.question(method)
    conversation.stop(turn)
    conversation.ended()
    conversation.client.notification("serverRequest/resolved", requestId=question["id"])
    since = conversation.client.count
    conversation.client.answer(question["id"], {"decision": "accept"})
    assert rejected(conversation.client, question["id"], since)["reason"] == "void"
    assert not marker.exists()


def test_amendments_are_for_the_agents_own_questions(shared: Server, talk) -> None:
    """A lasting rule would let later commands run without the person."""
    conversation = talk(shared)
    conversation.play({"command": "echo x"}, {"text": "done"})
    asked = conversation.approval()
    amendment = {"acceptWithExecpolicyAmendment": {"execpolicy_amendment": ["echo"]}}
    since = conversation.client.count
    conversation.client.answer(asked.id, {"decision": amendment})
    assert rejected(conversation.client, asked.id, since)["reason"] in ("forbidden", "malformed")
    conversation.decide(asked, "decline")
    conversation.ended()


def test_one_winner(module_stand_ins, clients: Callable[..., Client]) -> None:
    """Two people answer at the same moment, many times: each time exactly one answer reaches the agent."""
    server, agent = module_stand_ins("shared")
    first = Conversation.start(clients(server))
    second = Conversation.resume(clients(server), first.thread)
    players = [first.client, second.client]
    for race in range(50):
        params = {"threadId": first.thread, "turnId": "t", "itemId": f"race-{race}", "command": "x", "cwd": "/"}
        players[0].request("standIn/play", {"steps": [{"toAll": {"id": f"r{race}", "method": COMMAND, "params": params}}]})
        questions = [player.question(COMMAND, itemId=f"race-{race}") for player in players]
        assert questions[0]["id"] == questions[1]["id"]
        request_id = questions[0]["id"]
        words = ("accept", "decline") if race % 2 else ("decline", "accept")
        since = {word: player.count for word, player in zip(words, players, strict=True)}
        barrier = threading.Barrier(2)

        def answer(player: Client, decision: str, request_id: str = request_id, barrier=barrier) -> None:
            barrier.wait()
            player.answer(request_id, {"decision": decision})

        threads = [
            threading.Thread(target=answer, args=pair) for pair in zip(players, words, strict=True)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        outcomes = [player.notification("serverRequest/resolved", requestId=request_id) for player in players]
        assert outcomes[0] == outcomes[1]
        # The other client is told that its answer was too late.
        said = dict(zip(words, players, strict=True))
        winner = outcomes[0]["sre"]["decision"]
        loser = said["decline" if winner == "accept" else "accept"]
        assert loser.notification("sre/answerRejected", requestId=request_id)["reason"] == "resolved"
        assert not said[winner].find(lambda message: message.get("method") == "sre/answerRejected", since[winner])
        agent.wait_received(f'"r{race}"', outcomes[0]["sre"]["decision"])
        answers = [text for text in agent.received() if json.loads(text).get("id") == f"r{race}"]
        assert len(answers) == 1
