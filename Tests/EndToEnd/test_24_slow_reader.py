"""Row 24: one client stops reading while its agent has 600 MB for it. In the end the client has a complete stream or
announced gaps, the server keeps little of it, and other clients notice nothing.

The 600 MB are an upper bound: how much of it flows before the client requests the end depends on the server's speed."""

import time
from collections.abc import Callable, Iterator

import pytest

from harness.client import Client
from harness.memory import MIB, Watch
from harness.played import play
from harness.server import Server
from harness.session import Counting
from harness.stand_in import StandIn
from harness.waiting import wait_until

LINE = 65_536
LINES = 600_000_000 // LINE
BOUND = 32 * MIB

Launch = Callable[..., tuple[Server, StandIn]]


@pytest.fixture
def slow(stand_in: Launch, mode: str) -> Iterator[tuple[Server, Counting, StandIn]]:
    server, agent = stand_in(mode)
    session = Counting(server, receive_buffer=65_536)
    session.initialize()
    # Excludes memory that the server allocates once for messages of this size.
    playing = play(session, {"stream": {"size": LINE, "lines": 32}})
    session.result(playing)
    session.messages.clear()
    session.first, session.lines = None, 0
    yield server, session, agent
    session.close()


def meanwhile(other: Client, seconds: float) -> list[float]:
    """Measures another client's request times."""
    end, taken = time.monotonic() + seconds, []
    while time.monotonic() < end:
        begun = time.monotonic()
        assert other.request("model/list", {"number": len(taken)})["echo"] == {"number": len(taken)}
        taken.append(time.monotonic() - begun)
    return sorted(taken)


@pytest.mark.parametrize("mode", ["shared"])
def test_in_shared_mode_it_is_closed_and_may_come_back(slow: tuple[Server, Counting, StandIn], clients) -> None:
    server, session, _ = slow
    other = clients(server)
    watch = Watch(server.pid)
    play(session, {"stream": {"size": LINE, "lines": LINES}})
    taken = meanwhile(other, 4)
    assert taken[-1] < 2 and len(taken) > 20
    while session.read(5):
        pass
    assert session.close_code == 4008 and session.close_reason
    assert watch.growth() < BOUND
    had = session.line
    told = session.come_back()
    assert told["resume"] in ("ok", "gap")
    session.to_the_end()
    assert session.line > had
    assert watch.growth() < BOUND


@pytest.mark.parametrize("mode", ["isolated"])
def test_in_isolated_mode_its_agent_waits(slow: tuple[Server, Counting, StandIn], clients) -> None:
    """Longer than the heartbeat allows: an agent that has to wait does not count as hanging."""
    server, session, _ = slow
    other = clients(server)
    watch = Watch(server.pid)
    playing = play(session, {"stream": {"size": LINE, "lines": LINES}})
    waiting = session.post("model/list", {"asked": "meanwhile"})
    agents = server.agents()
    taken = meanwhile(other, 14)
    assert taken[-1] < 2 and len(taken) > 100
    assert watch.growth() < BOUND
    # Everything arrives. A hundred megabytes prove that; then the client stops the stream.
    while session.lines < 1_600:
        assert session.read(10), session.close_code
    session.to_the_end()
    assert not session.gaps and session.close_code is None
    session.result(playing)
    assert session.result(waiting)["echo"] == {"asked": "meanwhile"}
    assert server.agents() == agents
    assert not session.find(lambda message: message.get("method") == "sre/agentStatus")
    assert watch.growth() < BOUND


@pytest.mark.parametrize("mode", ["isolated"])
def test_in_isolated_mode_without_a_socket_the_limits_hold(slow: tuple[Server, Counting, StandIn]) -> None:
    """Without a socket the agent does not have to wait; dropped frames are announced as a gap."""
    server, session, agent = slow
    watch = Watch(server.pid)
    playing = play(session, {"stream": {"size": LINE, "lines": 1_000}}, {"note": "ends"})
    session.sent()
    session.cut()
    wait_until("the agent has said it all", lambda: any(e["text"] == "ends" for e in agent.events("note")), 40)
    assert session.resume()["resume"] == "gap"
    session.to_the_end()
    session.result(playing)
    # The replay buffer is filled up to its limit.
    assert session.lines * LINE > 15 * MIB
    assert watch.growth() < BOUND
