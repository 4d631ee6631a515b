"""Row 20: a second socket for the same session, and the end of the first one."""

import threading

from harness.client import Client
from harness.played import numbered, numbers, play
from harness.server import SOCKET, Server
from harness.session import CUTS
from harness.stand_in import StandIn
from harness.waiting import wait_until
from harness.wire import Wire


def test_second_socket_takes_over(scripted: tuple[Server, StandIn], open_session) -> None:
    session = open_session(scripted[0])
    first = session.wire
    assert session.resume()["resume"] == "ok"
    second, session.wire = session.wire, first
    assert session.wait_closed() == 4001
    assert session.close_reason == "This session was opened elsewhere."
    session.wire, session.close_code = second, None
    session.result(play(session, *numbered(0, 3)))
    assert numbers(session.messages) == [0, 1, 2]


def test_taken_over_in_the_middle_of_a_stream(scripted: tuple[Server, StandIn], open_session) -> None:
    """Every line reaches one of the two sockets, and the second gets the lines that the first had not read."""
    session = open_session(scripted[0])
    playing = play(session, *numbered(0, 1_000))
    for stop in range(100, 1_000, 100):
        session.wait(lambda message, stop=stop: numbers([message]) == [stop])
        abandoned = session.wire
        assert session.resume()["resume"] == "ok"
        assert abandoned
        abandoned.vanish()
    session.result(playing)
    assert numbers(session.messages) == list(range(1_000))


def test_last_to_come_has_it(scripted: tuple[Server, StandIn], open_session) -> None:
    """A connection that was accepted and then died must not win over the one that came after it."""
    server = scripted[0]
    session = open_session(server)
    for number in range(60):
        session.cut()
        died = Wire(server.port, f"?session={session.id}&after={session.position}")
        getattr(died, CUTS[number % 3])()
        session.resume()
        assert session.request("model/list", {"number": number})["echo"] == {"number": number}
        assert session.close_code is None


def test_many_take_the_same_session_at_once(scripted: tuple[Server, StandIn], open_session) -> None:
    """One socket gets the session, all others are told, and the session is unchanged."""
    server = scripted[0]
    session = open_session(server)
    session.cut()
    query = f"?session={session.id}&after={session.position}"
    barrier, sockets = threading.Barrier(20), []

    def come() -> None:
        barrier.wait(10)
        sockets.append(Client(f"ws://127.0.0.1:{server.port}{SOCKET}{query}"))

    threads = [threading.Thread(target=come) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    wait_until("all but one are closed", lambda: sum(one.close_code == 4001 for one in sockets) == 19)
    [winner] = [one for one in sockets if one.close_code is None]
    assert winner.request("model/list", {"a": 1})["echo"] == {"a": 1}
    for one in sockets:
        one.close()
