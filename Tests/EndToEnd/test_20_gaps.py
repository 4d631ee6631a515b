"""Row 20: how much of a session is kept; the server announces frames that it has dropped."""

from collections.abc import Callable

from harness.played import notification, numbered, numbers, play
from harness.server import Server
from harness.session import Session
from harness.stand_in import StandIn
from harness.waiting import wait_until

Launch = Callable[..., tuple[Server, StandIn]]


def noted(agent: StandIn, text: str) -> bool:
    return any(event["text"] == text for event in agent.events("note"))


def all_said(session: Session, agent: StandIn, *steps: dict) -> None:
    """Cuts the session and lets the agent send these messages meanwhile."""
    text = f"{session.id} {len(agent.events('note'))}"
    play(session, {"note": f"{text} begins"}, {"pause": 0.2}, *steps, {"note": text})
    wait_until("the agent begins", lambda: noted(agent, f"{text} begins"))
    session.cut()
    wait_until("the agent has said it all", lambda: noted(agent, text))


def test_frames_beyond_the_limit_are_a_gap(stand_in: Launch, open_session, mode: str) -> None:
    server, agent = stand_in(mode, environment={"REPLAY_FRAMES": "10"})
    session = open_session(server)
    all_said(session, agent, *numbered(0, 30))
    had = session.position
    # The last ten frames: nine or ten lines, and perhaps the response to the play request.
    told = session.resume()
    assert told["resume"] == "gap" and session.gaps == [(had, told["next"])]
    session.result(play(session, notification("standIn/end")))
    lines = numbers(session.messages)
    assert lines == list(range(told["next"] - had, 30)) and 9 <= len(lines) <= 10
    assert session.again()["resume"] == "ok"


def test_bytes_beyond_the_limit_are_a_gap(stand_in: Launch, open_session, mode: str) -> None:
    server, agent = stand_in(mode, environment={"REPLAY_BYTES": "10000"})
    session = open_session(server)
    all_said(session, agent, *numbered(0, 30, size=900))
    had = session.position
    told = session.resume()
    assert told["resume"] == "gap"
    session.result(play(session, notification("standIn/end")))
    lines = numbers(session.messages)
    assert lines == list(range(told["next"] - had, 30)) and 9 <= len(lines) <= 10


def test_just_within_the_limit_is_none(stand_in: Launch, open_session, mode: str) -> None:
    server, agent = stand_in(mode, environment={"REPLAY_FRAMES": "31"})
    session = open_session(server)
    all_said(session, agent, *numbered(0, 30))
    assert session.resume()["resume"] == "ok"
    session.result(play(session, notification("standIn/end")))
    assert numbers(session.messages) == list(range(30))


def test_frames_that_were_read_long_ago_are_a_gap(stand_in: Launch, open_session, mode: str) -> None:
    """Also for a client that claims fewer or more frames than there ever were."""
    server, _ = stand_in(mode, environment={"REPLAY_FRAMES": "10"})
    session = open_session(server)
    session.result(play(session, *numbered(0, 30)))
    there = session.position
    for after in (0, there - 11, there + 1, 10**6, 2**63, 2**64 - 1):
        session.cut()
        told = session.resume(after)
        assert (told["resume"], told["next"]) == ("gap", there - 10), after
        begun = session.count
        session.wait(lambda _, begun=begun: session.count == begun + 10, what="the ten frames that are kept")
    session.cut()
    assert session.resume(there - 10)["resume"] == "ok"
    session.cut()
    session.position = there
    assert session.resume()["resume"] == "ok"
