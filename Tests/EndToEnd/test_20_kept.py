"""Row 20: how long a session is kept without a socket."""

from collections.abc import Callable

import pytest

from harness import people, raw
from harness.client import Client
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
    # With a socket it does not end.
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
    """With SESSION_KEEP=0, the event loop must not be busy with checks of whether the turn has ended."""
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


def kept_sessions(server: Server) -> int:
    line = next(line for line in server.get("/metrics")[1].splitlines() if line.startswith("sre_agent_sessions "))
    return int(float(line.split()[1]))


def test_no_more_are_kept_than_may_be_open(stand_in: Launch, open_session, clients: Callable[..., Client], mode: str) -> None:
    """A kept session costs a socket's memory, an isolated one a codex; the longest waiting one is ended."""
    server, _agent = stand_in(mode, environment={"MAX_SOCKETS_PER_ADDRESS": "3"})
    others = open_session(server)
    others.cut()
    watcher = people.newcomer(server, "viewer")
    left = []
    for _ in range(8):
        session = open_session(server, token=watcher.secret)
        left.append(session)
        session.cut()
        wait_until("its socket is gone", lambda: "\nsre_agent_sockets 0" in server.get("/metrics")[1])
    wait_until("those before have ended", lambda: kept_sessions(server) == 1 + 3)
    assert "to make room" in server.output()
    assert others.resume()["resume"] == "ok", "nobody else's has ended"
    # Two sockets are left for this address; one of them resumes the session that has waited less long.
    old = left[-1].id
    assert left[-1].resume()["resume"] == "ok" and left[-1].id == old
    told = left[0].connect(left[0].id, left[0].position)
    assert told["resume"] == "new"


def test_one_with_a_turn_gives_way_last(stand_in: Launch, open_session, clients: Callable[..., Client]) -> None:
    server, _agent = stand_in(environment={"MAX_SOCKETS_PER_ADDRESS": "2"})
    busy = open_session(server)
    busy.request("thread/resume", {"threadId": THREAD})
    play(busy, question(7))
    busy.question()
    busy.cut()
    for _ in range(4):
        session = open_session(server)
        session.cut()
        wait_until("its socket is gone", lambda: "\nsre_agent_sockets 0" in server.get("/metrics")[1])
    assert busy.resume()["resume"] == "ok"


def test_sockets_and_kept_sessions_in_all(stand_in: Launch, open_session, clients: Callable[..., Client]) -> None:
    server, _ = stand_in(environment={"MAX_SOCKETS": "2"})
    watcher = people.newcomer(server, "viewer")
    for _ in range(2):
        open_session(server, token=watcher.secret).cut()
        wait_until("its socket is gone", lambda: "\nsre_agent_sockets 0" in server.get("/metrics")[1])
    refused = raw.handshake(server.port)
    assert refused.status == 503 and b"waiting sessions are open" in refused.body, "nobody else's ends for it"
    open_session(server, token=watcher.secret)
