"""Row 20: a session outlives its socket, and the end of the socket differs from the end of the session."""

import json
import re
from collections.abc import Callable

import pytest

from harness import raw
from harness.client import Client
from harness.conversation import Conversation
from harness.played import notification, numbered, numbers, play
from harness.server import SOCKET, Server
from harness.session import CUTS, Cut
from harness.stand_in import StandIn
from harness.waiting import wait_until


def test_new_session(scripted: tuple[Server, StandIn], open_session) -> None:
    first = open_session(scripted[0])
    second = open_session(scripted[0])
    for session in (first, second):
        assert re.fullmatch("[0-9a-f]{32}", session.id)
    assert first.id != second.id
    # The server never logs a query, and a session id in a log would be useless.
    assert first.id not in scripted[0].output()


@pytest.mark.parametrize("how", CUTS)
def test_goes_on_where_it_was_cut(scripted: tuple[Server, StandIn], open_session, how: Cut) -> None:
    server, agent = scripted
    session = open_session(server)
    playing = play(session, *numbered(0, 20), {"pause": 0.2}, *numbered(20, 40), {"note": session.id})
    session.wait(lambda message: numbers([message]) == [5], what="the sixth line")
    session.cut(how)
    # The server keeps frames while the client is disconnected, including the response to the request.
    wait_until("the agent has said it all", lambda: any(e["text"] == session.id for e in agent.events("note")))
    assert session.resume()["resume"] == "ok"
    session.result(playing)
    assert numbers(session.messages) == list(range(40))


def test_session_frames_are_not_counted(scripted: tuple[Server, StandIn], open_session) -> None:
    session = open_session(scripted[0])
    for number in range(20):
        assert session.sent()
        told = {"sessionId": session.id, "resume": "ok", "next": session.position, "received": session.sent_count}
        assert session.again(CUTS[number % 3]) == told
        assert session.request("model/list", {"number": number})["echo"] == {"number": number}
    assert session.position == len(session.messages)


def test_says_what_it_has_got(scripted: tuple[Server, StandIn], open_session) -> None:
    """A client resends unreceived messages, and each arrives once, whatever was in flight."""
    server, agent = scripted
    session = open_session(server)
    texts = [json.dumps({"method": "standIn/note", "params": {"mine": session.id, "n": n}}) for n in range(300)]
    assert session.sent()
    before, begun = session.sent_count, 0
    while begun < len(texts):
        for text in texts[begun:][:50]:
            session.send_text(text)
        session.cut(CUTS[begun % 3])
        begun = session.resume()["received"] - before
        session.sent_count = before + begun
    assert session.request("model/list", {"a": 1})["echo"] == {"a": 1}
    assert [text for text in agent.received() if session.id in text] == texts


@pytest.mark.parametrize("how", CUTS)
def test_who_will_not_come_back_says_so(scripted: tuple[Server, StandIn], open_session, how: Cut) -> None:
    """With close code 4000 the session ends with its socket; other kinds of socket end keep the session."""
    session = open_session(scripted[0])
    assert session.again(how)["resume"] == "ok"
    assert session.wire
    mine = session.id

    def has_ended() -> bool:
        # A client that reconnects before the server has seen the close resumes the session, and ends it again.
        assert session.wire
        session.wire.close(4000)
        session.wire = None
        return session.connect(mine, 0)["resume"] == "new"

    assert wait_until("it has ended", has_ended)


def test_all_of_it_once_more(scripted: tuple[Server, StandIn], open_session) -> None:
    """A client may count from 0 again, for example after a page reload."""
    session = open_session(scripted[0])
    session.result(play(session, *numbered(0, 10)))
    before = session.raw.copy()
    session.cut()
    told = session.resume(after=0)
    assert (told["sessionId"], told["resume"], told["next"]) == (session.id, "ok", 0)
    session.wait(lambda _: len(session.raw) == 2 * len(before), what="every frame again")
    assert session.raw == before * 2


@pytest.mark.parametrize("size", [100, 1_000, 10_000])
def test_much_of_it_once_more(scripted: tuple[Server, StandIn], open_session, size: int) -> None:
    """More data than a socket accepts at once, with no new message that would trigger another write."""
    session = open_session(scripted[0])
    session.result(play(session, *numbered(0, 600, size=size)))
    for how in CUTS * 3:
        session.messages.clear()
        session.cut(how)
        assert session.resume(after=1)["resume"] == "ok"
        session.wait(lambda message: numbers([message]) == [599], 10, "the last line")
        assert numbers(session.messages) == list(range(600))


def test_resumed_session_need_not_initialize(server: Server, open_session) -> None:
    """With the real codex, which refuses a connection that has not been initialized."""
    session = open_session(server)
    conversation = Conversation.start(session)
    session.again()
    assert conversation.run({"command": "echo resumed"}, {"text": "done"})["status"] == "completed"
    assert "resumed" in conversation.output()
    session.again("close")
    assert session.request("thread/read", {"threadId": conversation.thread})["thread"]["id"] == conversation.thread


def test_dialect_is_kept(server: Server, open_session) -> None:
    session = open_session(server, "&approvals=legacy")
    conversation = Conversation.start(session)
    session._query = ""
    session.again()
    conversation.play({"command": "echo legacy"}, {"text": "done"})
    question = session.question("execCommandApproval", conversation_id=conversation.thread)
    session.answer(question["id"], {"decision": "allow"})
    assert conversation.ended()["status"] == "completed"


def test_plain_clients_see_nothing_of_it(scripted: tuple[Server, StandIn], clients: Callable[..., Client]) -> None:
    server, agent = scripted
    client = clients(server)
    client.result(play(client, notification("standIn/hello")))
    assert not client.find(lambda message: message.get("method") == "sre/session")
    gone = len(agent.events("gone"))
    client.close()
    wait_until("its connection to the agent has ended", lambda: len(agent.events("gone")) > gone)


@pytest.mark.parametrize(
    "query",
    [
        *("session=", "session=NEW", "session=old", "session=" + "a" * 31, "session=" + "a" * 33, "session=%61"),
        *("session=" + "A" * 32, "session=" + "g" * 32, "session=new&session=new"),
        *(f"session={'a' * 32}&after={after}" for after in ("", "-1", "x", "1.5", "1e3", "0x1", str(2**64), "%31")),
        f"session={'a' * 32}&after=1&after=2",
    ],
)
def test_malformed(module_stand_ins, query: str) -> None:
    server = module_stand_ins("shared")[0]
    answer = raw.handshake(server.port, f"{SOCKET}?{query}")
    assert answer.status == 400
    assert answer.headers["content-type"].startswith("application/json")
    assert json.loads(answer.body)


def test_who_may_not_come_in_learns_nothing_of_sessions(module_stand_ins, open_session) -> None:
    server = module_stand_ins("shared")[0]
    session = open_session(server)
    for query in (f"session={session.id}&after=0", "session=" + "0" * 32, "session=broken"):
        assert raw.handshake(server.port, f"{SOCKET}?{query}", **raw.STRANGER).status == 401
        assert raw.handshake(server.port, f"{SOCKET}?{query}", Origin="http://evil.example").status == 403
