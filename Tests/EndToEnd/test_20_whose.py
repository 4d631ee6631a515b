"""Row 20: a session id alone opens nothing."""

import pytest

from harness.played import numbered, numbers, play
from harness.server import Server
from harness.stand_in import StandIn


@pytest.mark.parametrize("begun_by", ["local", "token"])
def test_somebody_else_gets_a_new_one(scripted: tuple[Server, StandIn], open_session, begun_by: str) -> None:
    server = scripted[0]
    mine, other = (None, server.place.token) if begun_by == "local" else (server.place.token, None)
    session = open_session(server, token=mine)
    session.result(play(session, *numbered(0, 5)))
    thief = open_session(server, token=other, initialize=False)
    thief.cut()
    told = thief.connect(session.id, after=0)
    # The same response as for an id that never existed.
    unknown = open_session(server, token=other, initialize=False)
    assert told.keys() == unknown.connect("f" * 32, after=0).keys()
    assert told["resume"] == "new" and told["next"] == 0
    assert told["sessionId"] != session.id
    thief.initialize()
    assert not numbers(thief.messages)
    # The owner's session is unchanged.
    assert session.request("model/list", {"a": 1})["echo"] == {"a": 1}
    assert session.again()["resume"] == "ok"


def test_unknown_session(scripted: tuple[Server, StandIn], open_session) -> None:
    session = open_session(scripted[0])
    old = session.id
    session.cut()
    told = session.connect("0123456789abcdef" * 2, after=7)
    assert told["resume"] == "new" and told["next"] == 0
    assert told["sessionId"] not in (old, "0123456789abcdef" * 2)
    # It starts empty and is a session like any other.
    session.position = 0
    session.initialize()
    assert session.again()["resume"] == "ok"
