"""Row 25: on SIGTERM the server lets running turns end, with or without a connected client. (For a killed server and
turns that do not end, see test_12_lifecycle.)"""

import signal
import time
from collections.abc import Callable

import pytest

from harness import processes, raw
from harness.client import RpcError
from harness.conversation import Conversation
from harness.place import Place
from harness.server import SOCKET, Server
from harness.session import Session
from harness.stand_in import StandIn
from harness.waiting import stays, wait_until

LONG = "touch begun; while [ ! -e go ]; do sleep 0.05; done; touch ended"


@pytest.fixture
def own(launch: Callable[..., Server], mode: str) -> Server:
    return launch(mode, environment={"DRAIN_TIMEOUT": "20"}).ready()


def begin(conversation: Conversation, server: Server) -> None:
    """Starts a turn whose command waits for the file `go`."""
    conversation.play({"command": LONG, "timeoutMilliseconds": 60_000}, {"text": "the end"})
    conversation.decide(conversation.approval(), "accept")
    wait_until("the command runs", (server.place.workspace / "begun").exists)


def terminate(server: Server) -> float:
    """Sends SIGTERM, waits until the server has noticed it, and returns the time."""
    server.process.send_signal(signal.SIGTERM)
    wait_until("no new sockets", lambda: not accepts(server), 5)
    return time.monotonic()


def accepts(server: Server) -> bool:
    try:
        return raw.handshake(server.port).status == 101
    except (OSError, AssertionError):
        return False


def assert_ended(server: Server, below: set[int], timeout: float = 8) -> None:
    assert server.process.wait(timeout) == 0
    wait_until("everything has ended", lambda: not any(map(processes.is_alive, below)), 5)
    processes.assert_no_orphans()


def test_running_turn_ends_before_its_socket(own: Server, open_session, clients) -> None:
    session = open_session(own)
    conversation = Conversation.start(session)
    idle = clients(own)
    begin(conversation, own)
    below = processes.descendants(own.pid)
    terminate(own)
    assert idle.wait_closed(5) == 1001
    # No new turn starts, but clients can still query the running one.
    with pytest.raises(RpcError) as caught:
        conversation.say("one more")
    assert caught.value.code == -32000
    (own.place.workspace / "go").touch()
    end = session.notification("turn/completed", 15, threadId=conversation.thread)
    assert end["turn"]["status"] == "completed"
    assert session.wait_closed(5) == 1001
    assert_ended(own, below)
    assert (own.place.workspace / "ended").exists()
    spoken = session.find(lambda message: message.get("method") == "item/agentMessage/delta")
    assert [message["params"]["delta"] for message in spoken] == ["the end"]


def test_question_may_still_be_answered(own: Server, open_session) -> None:
    session = open_session(own)
    conversation = Conversation.start(session)
    conversation.play({"command": "touch ended"}, {"text": "done"})
    asked = conversation.approval()
    terminate(own)
    conversation.decide(asked, "accept")
    assert conversation.ended()["status"] == "completed"
    assert session.wait_closed(5) == 1001
    assert own.process.wait(8) == 0
    assert (own.place.workspace / "ended").exists()


def test_turn_of_a_session_without_a_socket_may_end(own: Server) -> None:
    session = Session(own)
    session.initialize()
    conversation = Conversation.start(session)
    begin(conversation, own)
    session.cut()
    below = processes.descendants(own.pid)
    terminate(own)
    stays("it waits for the turn", lambda: own.process.poll() is None, 1.5)
    (own.place.workspace / "go").touch()
    assert_ended(own, below, 10)
    assert (own.place.workspace / "ended").exists()


def test_idle_session_without_a_socket_is_not_waited_for(own: Server) -> None:
    session = Session(own)
    session.initialize()
    Conversation.start(session).run({"command": "true"}, {"text": "done"})
    session.cut()
    below = processes.descendants(own.pid)
    begun = terminate(own)
    assert_ended(own, below)
    assert time.monotonic() - begun < 5


def test_turn_that_does_not_end_is_told_of(launch: Callable[..., Server], open_session, mode: str) -> None:
    server = launch(mode, environment={"DRAIN_TIMEOUT": "2"}).ready()
    session = open_session(server)
    begin(Conversation.start(session), server)
    below = processes.descendants(server.pid)
    begun = time.monotonic()
    terminate(server)
    assert session.wait_closed(15) == 1001
    assert 2 <= time.monotonic() - begun < 15
    assert_ended(server, below)
    assert not (server.place.workspace / "ended").exists()


def test_no_agent_is_started_for_sessions_that_end(place: Place, launch: Callable[..., Server]) -> None:
    """The sessions' agents end before the sessions do, which at any other time triggers a restart. An agent that does
    not end at once gives the server the time for that."""
    agent = StandIn(place.root)
    starts, armed, first = (place.root / name for name in ("starts", "armed", "first"))
    before, start, after = agent.executable.read_text().partition("exec ")
    stubborn = f"echo >> {starts}; [ -e {armed} ] && mkdir {first} 2>/dev/null && trap '' TERM\n"
    agent.executable.write_text(before + stubborn + start + after)
    server = launch("isolated", agent=agent.executable).ready()
    armed.touch()
    for _ in range(3):
        session = Session(server)
        session.initialize()
        session.cut()
    count = len(starts.read_text())
    assert first.exists() and count >= 3
    begun = time.monotonic()
    server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(10) == 0
    assert time.monotonic() - begun > 1
    assert len(starts.read_text()) == count


def test_sessions_do_not_outlive_the_server(launch: Callable[..., Server]) -> None:
    """The next server does not know the sessions and says so."""
    first = launch("shared").ready()
    session = Session(first)
    old = session.id
    session.cut()
    assert first.stop() == 0
    second = launch("shared").ready()
    session._server = second
    told = session.connect(old, session.position)
    assert told["resume"] == "new" and told["sessionId"] != old
    session.close()
    assert raw.handshake(second.port, SOCKET).status == 101
