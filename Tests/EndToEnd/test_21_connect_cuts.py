"""Row 21: the network breaks under `sre-agent connect`, and the program notices nothing or is told."""

import json
import threading
from collections.abc import Callable, Iterator

import pytest

from harness.connect import Connected, Network
from harness.conversation import Conversation
from harness.place import Place
from harness.played import numbered, numbers, play
from harness.server import Server
from harness.stand_in import StandIn
from harness.waiting import wait_until


@pytest.fixture
def through() -> Iterator[Callable[..., tuple[Connected, Network]]]:
    opened: list[Connected | Network] = []

    def start(server: Server, *arguments: str, **network) -> tuple[Connected, Network]:
        net = Network(server.port, **network)
        opened.append(net)
        client = Connected(server.place, net.url, *arguments)
        opened.append(client)
        return client, net

    yield start
    for one in reversed(opened):
        one.close()


def test_a_turn_goes_on(server: Server, through, shape: str) -> None:
    """Cuts while the turn streams, while an approval waits, and right after the answer."""
    client, net = through(server)
    client.initialize()
    conversation = Conversation.start(client, shape)
    conversation.play({"command": "echo one; echo two"}, {"text": ["a", "b", "c"]})
    approval = conversation.approval()
    net.cut()
    conversation.decide(approval, "accept")
    net.cut()
    assert conversation.ended()["status"] == "completed"
    assert conversation.output() == "one\ntwo\n"
    assert (net.cuts == 2 and net.connections == 3) or wait_until("it is back", lambda: net.connections == 3)
    client.end_input()
    assert client.ended() == (0, "")


def test_nothing_is_lost_and_nothing_comes_twice(scripted: tuple[Server, StandIn], through) -> None:
    """Hundreds of cuts in both directions, in the middle of frames."""
    server, agent = scripted
    client, net = through(server, every=20_000)
    client.initialize()
    # A message must fit between two cuts.
    playing = play(client, {"stream": {"size": 300, "lines": 2_000}})
    sent = [client.post("model/list", {"number": number, "text": "x" * 500}) for number in range(1_000)]
    client.result(playing, 120)
    for number, request in enumerate(sent):
        assert client.result(request, 120)["echo"]["number"] == number
    assert numbers(client.messages) == list(range(2_000))
    answers = [message["id"] for message in client.messages if "method" not in message]
    assert len(answers) == len(set(answers)), "an answer came twice"
    heard = [json.loads(text) for text in agent.received()]
    mine = [message["params"]["number"] for message in heard if "number" in (message.get("params") or {})]
    assert mine[-1_000:] == list(range(1_000)), "the agent has each once, in order"
    assert net.cuts > 20
    client.end_input()
    code, said = client.ended(60)
    assert code == 0
    # It speaks of a connection only when it stays away for long, which a busy machine can cause.
    assert all("trying again" in line or "nothing was lost" in line for line in said.splitlines()), said


def test_what_is_said_while_the_line_is_dead(scripted: tuple[Server, StandIn], through) -> None:
    client, net = through(scripted[0])
    client.initialize()
    net.is_up = False
    net.cut()
    request = client.post("model/list", {"a": 1})
    wait_until("it is tried again", lambda: "trying again" in client.stderr)
    net.is_up = True
    assert client.result(request, 40)["echo"] == {"a": 1}
    assert "nothing was lost" in client.stderr and len(client.stderr.splitlines()) == 2


def test_gives_up_in_the_end(scripted: tuple[Server, StandIn], through) -> None:
    client, net = through(scripted[0], "--retry-time", "2")
    client.initialize()
    net.is_up = False
    net.cut()
    code, said = client.ended(30)
    assert code == 69 and "cannot be reached" in said


def test_input_ends_while_the_line_is_dead(scripted: tuple[Server, StandIn], through) -> None:
    client, net = through(scripted[0])
    client.initialize()
    net.is_up = False
    net.cut()
    client.post("model/list", {"a": 1})
    client.end_input()
    code, said = client.ended(30)
    assert code == 75 and "1 of its requests" in said.splitlines()[-1]


def test_too_much_was_missed(stand_in: Callable[..., tuple[Server, StandIn]], through) -> None:
    server, _ = stand_in(environment={"REPLAY_FRAMES": "10"})
    client, net = through(server)
    client.initialize()
    client.request("model/list")
    net.is_up = False
    play(client, {"pause": 0.5}, *numbered(0, 100))
    # The server has received the request, but its response is lost.
    client.request("model/list", {"then": 1})
    net.cut()
    wait_until("it is tried again", lambda: "trying again" in client.stderr)
    net.is_up = True
    code, said = client.ended(40)
    assert code == 75 and "no longer has" in said


@pytest.mark.parametrize("how", ["stop", "kill"])
def test_the_server_is_restarted(place: Place, launch: Callable[..., Server], how: str) -> None:
    agent = StandIn(place.root)
    server = launch(agent=agent.executable).ready()
    net = Network(server.port)
    client = Connected(place, net.url)
    try:
        client.initialize()
        getattr(server, how)()
        if how == "kill":
            net.to = launch(agent=agent.executable).ready().port
        code, said = client.ended(40)
        assert code == 75 and ("stopping" if how == "stop" else "has ended") in said
        assert len(said.splitlines()[-1:]) == 1
    finally:
        client.close()
        net.close()


def test_a_busy_program_among_cuts(scripted: tuple[Server, StandIn], through) -> None:
    """A program that sends from several threads, including answers to approvals."""
    client, net = through(scripted[0], every=4_000)
    client.initialize()
    failed: list[Exception] = []

    def ask(first: int) -> None:
        try:
            for number in range(first, first + 100):
                assert client.request("model/list", {"n": number}, 60)["echo"] == {"n": number}
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=ask, args=(first,)) for first in (0, 1_000, 2_000)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed and net.cuts > 3
