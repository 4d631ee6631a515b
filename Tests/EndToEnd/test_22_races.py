"""Row 22: many clients answer at the same moment, and one is first."""

import itertools
import threading
from collections.abc import Callable

from harness.client import Client
from harness.conversation import Conversation
from harness.played import THREAD, play, question
from harness.server import Server
from harness.stand_in import StandIn

RACERS = 8
RACES = 100
DECISIONS = ("accept", "decline", "acceptForSession", "cancel")


def race(clients: list[Client], request: str, go: threading.Barrier) -> tuple[dict, list[dict]]:
    """All clients answer this approval at once. Returns the decision and the other clients' rejections."""
    answers = dict(zip(clients, itertools.cycle(DECISIONS), strict=False))
    texts = {one: f'{{"id":"{request}","result":{{"decision":"{word}"}}}}' for one, word in answers.items()}

    def answer(client: Client) -> None:
        go.wait(10)
        client.send_text(texts[client])

    threads = [threading.Thread(target=answer, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    outcomes = [one.notification("serverRequest/resolved", requestId=request)["sre"] for one in clients]
    assert all(outcome == outcomes[0] for outcome in outcomes)
    # Answers to an unknown request are rejected in order, so all earlier rejections have arrived by then.
    for client in clients:
        client.answer(f"after {request}", {"decision": "accept"})
        client.notification("sre/answerRejected", requestId=f"after {request}")
    rejected = []
    for client in clients:
        told = client.find(lambda m: m.get("method") == "sre/answerRejected" and m["params"]["requestId"] == request)
        assert len(told) <= 1
        if told:
            rejected.append(told[0]["params"])
        else:
            assert answers[client] == outcomes[0]["decision"]
    return outcomes[0], rejected


def assert_one_won(outcome: dict, rejected: list[dict], racers: int) -> None:
    assert len(rejected) == racers - 1
    for told in rejected:
        assert told["reason"] == "resolved" and told["message"]
        assert {name: told[name] for name in ("decision", "decidedBy", "decidedAt")} == outcome


def test_a_hundred_races_one_winner(stand_in: Callable[..., tuple[Server, StandIn]], clients) -> None:
    """Half of the clients use plain sockets, half use resumed sessions; there are two identities."""
    server, agent = stand_in("shared")
    racers = []
    for number in range(RACERS):
        client = clients(server, "?session=new" if number % 2 else "", token=server.place.token if number % 4 else None)
        client.request("thread/resume", {"threadId": THREAD})
        racers.append(client)
    go = threading.Barrier(RACERS)
    for number in range(RACES):
        play(racers[0], {"toAll": question(f"q{number}")["send"]})
        asked = [one.question(itemId=f"item-q{number}")["id"] for one in racers]
        assert len(set(asked)) == 1
        outcome, rejected = race(racers, asked[0], go)
        assert_one_won(outcome, rejected, RACERS)
        agent.wait_received(f'"id":"q{number}"', f'"{outcome["decision"]}"')
    for number in range(RACES):
        assert len([text for text in agent.received() if f'"id":"q{number}"' in text]) == 1


def test_gates_question_is_won_once(shared: Server, talk, clients) -> None:
    """With the real codex: the command runs or does not run, as the winner decided."""
    first = talk(shared)
    first.run({"text": "hello"}, decisions=())
    others = [Conversation.resume(clients(shared), first.thread) for _ in range(3)]
    racers = [first.client, *(other.client for other in others)]
    go = threading.Barrier(len(racers))
    for number in range(5):
        marker = shared.place.workspace / f"race-{number}-{first.thread}"
        first.play({"command": f"touch {marker.name}"}, {"text": "done"})
        asked = first.approval()
        for other in others:
            other.client.question(itemId=asked.item)
        outcome, rejected = race(racers, asked.id, go)
        first.answered(asked)
        assert_one_won(outcome, rejected, len(racers))
        first.ended()
        assert marker.exists() == outcome["decision"].startswith("accept")
