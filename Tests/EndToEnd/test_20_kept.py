"""Row 20: how long a session is kept without a socket."""

from collections.abc import Callable

import pytest

from harness.played import THREAD, play, question, turn
from harness.server import Server
from harness.stand_in import StandIn
from harness.waiting import stays, wait_until

Launch = Callable[..., tuple[Server, StandIn]]


@pytest.fixture
def short(stand_in: Launch, mode: str) -> tuple[Server, StandIn]:
    return stand_in(mode, environment={"SESSION_KEEP": "1"})


def gone(agent: StandIn) -> int:
    return len(agent.events("gone"))


def test_ends_without_a_socket(short: tuple[Server, StandIn], open_session) -> None:
    server, agent = short
    session = open_session(server)
    old = session.id
    before = gone(agent)
    # With one it does not.
    stays("it is kept", lambda: gone(agent) == before, 2)
    session.cut()
    wait_until("its connection to the agent has ended", lambda: gone(agent) > before, 5)
    told = session.connect(old, session.position)
    assert told["resume"] == "new" and told["sessionId"] != old


def test_coming_back_begins_the_time_anew(short: tuple[Server, StandIn], open_session) -> None:
    server, agent = short
    session = open_session(server)
    before = gone(agent)
    for _ in range(4):
        session.cut()
        stays("it is kept", lambda: gone(agent) == before, 0.5)
        session.resume()
        stays("it is kept", lambda: gone(agent) == before, 0.6)


@pytest.mark.parametrize("keep", ["1", "0"])
def test_kept_while_a_turn_runs(stand_in: Launch, open_session, mode: str, keep: str) -> None:
    """With no time to keep it, its event loop still has other things to do than to look whether the turn has ended."""
    server, agent = stand_in(mode, environment={"SESSION_KEEP": keep})
    session = open_session(server)
    session.request("thread/resume", {"threadId": THREAD})
    before = gone(agent)
    play(session, turn("started"), {"pause": 3}, {"note": "ends"}, turn("completed"))
    session.notification("turn/started")
    session.cut()
    wait_until("its connection to the agent has ended", lambda: gone(agent) > before, 10)
    events = [event["event"] for event in agent.events() if event.get("text", "ends") == "ends"]
    assert events[events.index("note") :].count("gone") == 1, "it ended before its turn"


def test_kept_while_a_question_waits(short: tuple[Server, StandIn], open_session) -> None:
    server, agent = short
    session = open_session(server)
    session.request("thread/resume", {"threadId": THREAD})
    before = gone(agent)
    play(session, question(7))
    asked = session.question()
    session.cut()
    stays("the session is kept", lambda: gone(agent) == before, 3)
    assert session.resume()["resume"] == "ok"
    session.answer(asked["id"], {"decision": "accept"})
    session.notification("serverRequest/resolved", requestId=asked["id"])
    session.cut()
    wait_until("its connection to the agent has ended", lambda: gone(agent) > before, 5)
