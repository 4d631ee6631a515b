"""Row 23: an agent that writes invalid output or too much of it, or that does not start."""

import os
import signal
import time
from collections.abc import Callable

import pytest

from harness.away import UNAVAILABLE
from harness.client import Client, RpcError
from harness.memory import MIB, Watch
from harness.played import notification, numbered, numbers, play
from harness.server import Server
from harness.stand_in import StandIn
from harness.waiting import stays, wait_until

Launch = Callable[..., tuple[Server, StandIn]]


def faults(client: Client) -> list[dict]:
    return client.find(lambda message: message.get("method") == "sre/agentFault")


# MARK: Invalid messages


@pytest.mark.parametrize(
    "text", ["no JSON", "{", '{"method":', "[1,2]", '"text"', "null", "7", '{"method":5}', "{}", "\x01", "é" * 1000]
)
def test_what_is_no_message_is_said(scripted: tuple[Server, StandIn], clients, text: str) -> None:
    """The client is told that a message is missing and does not receive it; all other messages arrive."""
    client = clients(scripted[0])
    client.result(play(client, *numbered(0, 3), {"raw": text}, *numbered(3, 6)))
    assert numbers(client.messages) == list(range(6))
    [fault] = faults(client)
    assert fault["params"]["message"]
    assert text not in client.raw
    # At the position of the invalid message.
    assert client.messages.index(fault) == client.messages.index(numbered(2, 3)[0]["send"]) + 1


def test_many_of_them(scripted: tuple[Server, StandIn], clients) -> None:
    client = clients(scripted[0])
    watch = Watch(scripted[0].pid)
    client.result(play(client, *[{"raw": "garbage " * 100}] * 2_000), 60)
    assert faults(client)
    assert client.request("model/list", {"a": 1})["echo"] == {"a": 1}
    assert watch.growth() < 32 * MIB


def test_half_lines(module_stand_ins, clients) -> None:
    """On a pipe, a line may arrive in pieces: the server reads no line before its end."""
    server, _ = module_stand_ins("isolated")
    client = clients(server)
    text = '{"method":"standIn/line","params":{"number":0,"text":"é😀"}}'
    halves: list[dict] = []
    for place in range(1, len(text), 7):
        halves += [{"half": text[:place]}, {"pause": 0.01}, {"raw": text[place:]}]
    client.result(play(client, *halves))
    assert numbers(client.messages) == [0] * (len(halves) // 3)
    assert not faults(client)


def test_half_a_line_and_the_end(stand_in: Launch, clients) -> None:
    server, _ = stand_in("isolated")
    client = clients(server)
    play(client, *numbered(0, 2), {"half": '{"method":"standIn/line","params":{"number":2}}'[:-1]}, {"exit": 1})
    client.notification("sre/agentStatus", 5, state="restarting")
    client.notification("sre/agentStatus", 20, state="ready")
    assert numbers(client.messages) == [0, 1]
    assert client.request("model/list", {"a": 1})["echo"] == {"a": 1}


def test_an_agent_that_closes_its_input(stand_in: Launch, clients) -> None:
    """The server still delivers its output, requests get an error, and another agent replaces it."""
    server, _ = stand_in("isolated")
    client = clients(server)
    play(client, {"deaf": None}, {"pause": 0.2}, *numbered(0, 3), {"pause": 60})
    client.notification("standIn/line", 5, number=2)
    answer = client.response(client.post("model/list"), 10)
    assert answer["error"]["code"] == UNAVAILABLE
    client.notification("sre/agentStatus", 20, state="ready")
    assert client.request("model/list", {"a": 1})["echo"] == {"a": 1}


# MARK: Oversized output


def test_line_of_50_mib(scripted: tuple[Server, StandIn], clients) -> None:
    """It is a message like any other; several of them need no more memory than one at a time."""
    server, _ = scripted
    client, other = clients(server), clients(server)
    watch = Watch(server.pid)
    for _ in range(2):
        playing = play(client, {"fill": 50 * MIB}, notification("standIn/next"))
        assert other.request("model/list", {"a": 1}, 5)["echo"] == {"a": 1}
        client.result(playing, 50)
    assert [len(text) > 50 * MIB for text in client.raw if "standIn/filler" in text[:50]] == [True] * 2
    assert watch.growth() < 4 * 50 * MIB


def test_line_beyond_the_limit(stand_in: Launch, clients, mode: str) -> None:
    """The server does not buffer the whole line; it ends the agent's connection and tells the client why."""
    server, _ = stand_in(mode, environment={"MAX_MESSAGE_BYTES": str(MIB)})
    client = clients(server)
    client.result(play(client, *numbered(0, 1)))
    watch = Watch(server.pid)
    playing = play(client, {"fill": 50 * MIB})
    assert client.response(playing, 10)["error"]["code"] == UNAVAILABLE
    told = client.notification("sre/agentStatus", 5, state="restarting")
    assert str(MIB) in told["message"] or "large" in told["message"], told
    assert watch.growth() < 32 * MIB
    client.notification("sre/agentStatus", 20, state="ready")
    assert client.request("model/list", {"a": 1})["echo"] == {"a": 1}


@pytest.mark.parametrize(("mode", "line"), [("shared", 100), ("isolated", 16 * MIB)], ids=["lines", "one line"])
def test_flood_on_stderr(stand_in: Launch, clients, mode: str, line: int) -> None:
    server, _ = stand_in(mode)
    client = clients(server)
    client.result(play(client, *numbered(0, 1)))
    watch = Watch(server.pid)
    before = len(server.output())
    playing = play(client, {"stderr": {"size": 16 * MIB, "line": line}})
    begun = time.monotonic()
    assert client.request("model/list", {"a": 1}, 5)["echo"] == {"a": 1}
    assert time.monotonic() - begun < 2
    client.result(playing, 60)
    assert watch.growth() < 8 * MIB
    # The line does not fill the disk either.
    assert len(server.output()) - before < 20 * MIB


# MARK: Exit at start


def test_agent_that_ends_at_its_start_again_and_again(stand_in: Launch, clients, mode: str) -> None:
    """The first restart is immediate, later ones become rare. Clients get errors at once, and `/readyz` says so."""
    server, agent = stand_in(mode)
    client = clients(server)
    agent.set(start="exit")
    starts = len(agent.events("start"))
    for pid in server.agents():
        os.kill(pid, signal.SIGKILL)
    client.notification("sre/agentStatus", 2, state="restarting")
    wait_until("it was tried again and again", lambda: len(agent.events("start")) >= starts + 3, 10)
    begun, tried = time.monotonic(), len(agent.events("start"))
    with pytest.raises(RpcError) as caught:
        client.request("model/list", timeout=5)
    assert caught.value.code == UNAVAILABLE
    assert time.monotonic() - begun < 2
    stays("the server is up", lambda: server.get("/healthz")[0] == 200, 4, 0.2)
    assert len(agent.events("start")) - tried <= 6
    if mode == "shared":
        assert server.get("/readyz")[0] == 503
    agent.set()
    client.notification("sre/agentStatus", 40, state="ready")
    assert client.request("model/list", {"a": 1})["echo"] == {"a": 1}
