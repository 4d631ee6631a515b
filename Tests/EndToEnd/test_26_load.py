"""Row 26: 1,000 idle sockets and 50 sessions of the real codex with a running turn each, held for 60 s.

Takes about two minutes: one to set up and shut down, and the 60 s themselves."""

import os
import resource
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from harness.conversation import Conversation
from harness.server import Server
from harness.session import CUTS, Session
from harness.stand_in import StandIn
from harness.waiting import wait_until
from harness.wire import Wire

SOCKETS = 1_000
SESSIONS = 50
HOLD = 60
FILES = 8_192


@pytest.fixture
def many_files() -> Iterator[None]:
    """Raises the file descriptor limit, which the server inherits."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    if before[1] != resource.RLIM_INFINITY and before[1] < FILES:
        pytest.skip(f"this machine allows {before[1]} open files only")
    resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def pump(idle: list[Wire], sessions: list[Session]) -> None:
    """Answers the server's pings; idle clients receive nothing else but how many questions wait."""
    for wire in idle:
        while wire.pending():
            try:
                text = wire.receive(0.001)
            except TimeoutError:
                continue
            assert b'"sre/session"' in text or b'"sre/waiting"' in text, text
    for session in sessions:
        while session.wire and session.wire.pending():
            session.read(0.001)
            assert session.close_code is None, (session.close_code, session.close_reason)


def all_answer(idle: list[Wire]) -> None:
    wanted = {wire: wire.ping() for wire in idle}
    deadline = time.monotonic() + 20
    while left := [wire for wire, count in wanted.items() if wire.pongs < count]:
        assert time.monotonic() < deadline, f"{len(left)} sockets do not answer"
        pump(left, [])


def ask(server: Server) -> tuple[Session, Conversation]:
    session = Session(server)
    session.initialize()
    conversation = Conversation.start(session)
    conversation.play({"command": f"touch {conversation.thread}"}, {"text": "done"})
    return session, conversation


@pytest.mark.timeout(400)
def test_idle_sockets_and_running_turns(many_files: None, launch: Callable[..., Server]) -> None:
    server = launch("shared").ready()
    idle = [Wire(server.port, "?session=new" if number % 2 else "") for number in range(SOCKETS)]
    busy = [ask(server) for _ in range(SESSIONS)]
    sessions = [session for session, _ in busy]
    asked = [conversation.approval(60) for _, conversation in busy]
    # Half of the clients that wait for an answer are not even connected.
    away = sessions[::2]
    for session in away:
        session.cut()

    begun = time.monotonic()
    while time.monotonic() - begun < HOLD:
        pump(idle, sessions)
        time.sleep(0.5)

    assert server.process.poll() is None and len(server.agents()) == 1
    assert server.get("/readyz")[0] == 200
    all_answer(idle)
    for session in away:
        assert session.resume()["resume"] == "ok"
    for (_, conversation), approval in zip(busy, asked, strict=True):
        assert conversation.decide(approval, "accept")["sre"]["decision"] == "accept"
    for _, conversation in busy:
        assert conversation.ended(60)["status"] == "completed"
        assert (server.place.workspace / conversation.thread).exists()
    all_answer(idle)
    for session in sessions:
        assert session.position == len(session.messages)
        session.close()
    for wire in idle:
        wire.close()


def test_those_who_left_leave_nothing_open(stand_in: Callable[..., tuple[Server, StandIn]], mode: str) -> None:
    """The server leaks no file descriptor and no agent, however the sockets ended."""
    server, _ = stand_in(mode, environment={"SESSION_KEEP": "1"})

    def open_files() -> int:
        """All descriptors except the one that a sanitizer opens for its report."""
        files = os.listdir(f"/proc/{server.pid}/fd")
        return len(files) - sum(target(file).name == f"report.{server.pid}" for file in files)

    def target(file: str) -> Path:
        try:
            return Path(os.readlink(f"/proc/{server.pid}/fd/{file}"))
        except FileNotFoundError:
            return Path()

    def come_and_go(count: int) -> None:
        for number in range(count):
            session = Session(server)
            session.initialize()
            session.again(CUTS[number % 3])
            session.cut(CUTS[(number + 1) % 3])

    come_and_go(3)
    wait_until("the first have ended", lambda: len(server.agents()) == (mode == "shared"), 10)
    before = open_files()
    come_and_go(20)
    wait_until("all files are closed", lambda: open_files() <= before, 15, 0.1)
    wait_until("all agents have ended", lambda: len(server.agents()) == (mode == "shared"), 15, 0.1)
