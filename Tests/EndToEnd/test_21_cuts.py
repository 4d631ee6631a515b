"""Row 21: between replayed and live frames there is no gap and no duplicate."""

from collections.abc import Callable

import pytest

from harness.client import Client
from harness.conversation import Conversation
from harness.server import Server
from harness.session import CUTS, Cut, CutAtEveryFrame, CutAtOneFrame, Session

LINES = 80
# codex sometimes loses output that is printed in the first moment.
COMMAND = f"sleep 0.2; for i in $(seq {LINES}); do echo line $i; sleep 0.01; done"
OUTPUT = "".join(f"line {number}\n" for number in range(1, LINES + 1))
PIECES = [f"piece {number} " for number in range(150)]
STEPS = ({"command": COMMAND}, {"text": PIECES, "delayMilliseconds": 5})


@pytest.fixture
def cut_session(server: Server):
    session = CutAtEveryFrame(server)
    session.initialize()
    yield session
    session.close()


def texts(messages: list[dict]) -> list[str]:
    return [message["params"]["delta"] for message in messages if message.get("method") == "item/agentMessage/delta"]


def assert_saw_it_all(conversation: Conversation) -> None:
    """Compares the view with the script, which defines everything there was to see."""
    messages = conversation.client.messages
    assert texts(messages) == PIECES
    assert conversation.output() == OUTPUT
    assert [item["text"] for item in conversation.items("agentMessage")] == ["".join(PIECES)]
    streamed = [m["params"]["delta"] for m in messages if m.get("method") == "item/commandExecution/outputDelta"]
    assert OUTPUT.endswith("".join(streamed)) and len(streamed) > LINES / 3
    for method in ("turn/started", "item/commandExecution/requestApproval", "serverRequest/resolved", "turn/completed"):
        assert len([message for message in messages if message.get("method") == method]) == 1, method


def assert_is_what_is_kept(session: Session) -> None:
    """A cut client's view equals, frame by frame, what the server would send to a client that was never cut."""
    view = session.raw.copy()
    session.cut()
    session.resume(after=0)
    session.wait(lambda _: len(session.raw) >= 2 * len(view), what="every frame again")
    again = session.raw[len(view) :]
    assert again[: len(view)] == view


def test_cut_at_every_frame_of_a_turn(server: Server, cut_session: CutAtEveryFrame, shape: str) -> None:
    conversation = Conversation.start(cut_session, shape)
    cut_session.cutting = True
    begun = cut_session.count
    assert conversation.run(*STEPS, timeout=60)["status"] == "completed"
    frames = cut_session.count - begun
    # A cut after each frame, except for frames that arrived while the server was reading a request, or together with
    # another one: codex starts the gate's hook and its verifier in the same moment.
    assert frames > 200 and cut_session.cuts >= frames - 6
    assert not cut_session.gaps
    assert_saw_it_all(conversation)
    cut_session.cutting = False
    assert_is_what_is_kept(cut_session)


def the_turn(client: Client, since: int) -> list[dict]:
    """A client's messages from the start of a turn to its end, except for those specific to the client: responses, and
    the agent's send times."""
    messages = client.messages[since:]
    methods = [message.get("method") for message in messages]
    turn = messages[methods.index("turn/started") : methods.index("turn/completed") + 1]
    return [
        {name: value for name, value in message.items() if name != "emittedAtMs"}
        for message in turn
        if "method" in message
    ]


def is_from_server(message: dict) -> bool:
    """Messages from the server itself: their position among the agent's messages may differ between clients."""
    return "id" in message or message["method"].startswith(("sre/", "serverRequest/"))


def test_sees_what_another_sees_that_was_never_cut(shared: Server, clients: Callable[..., Client]) -> None:
    session = CutAtEveryFrame(shared)
    session.initialize()
    conversation = Conversation.start(session)
    conversation.run({"text": "hello"}, decisions=())
    steady = Conversation.resume(clients(shared), conversation.thread).client
    session.cutting = True
    mine, its = session.count, steady.count
    conversation.run(*STEPS, timeout=60)
    steady.notification("turn/completed", 20, its, threadId=conversation.thread)
    assert session.cuts > 200 and not session.gaps
    seen, steadily = the_turn(session, mine), the_turn(steady, its)
    for lane in (True, False):
        of_lane = [[m for m in messages if is_from_server(m) is lane] for messages in (seen, steadily)]
        assert of_lane[0] == of_lane[1]
    session.close()


def cut_in_turn(conversation: Conversation, place: int, how: Cut) -> bool:
    """Runs a turn and cuts once after frame `place`; false if the turn has fewer frames."""
    session = conversation.client
    assert isinstance(session, CutAtOneFrame)
    session.cut_at = (session.count + place, how)
    conversation.play({"command": "echo short"}, {"text": ["a", "b", "c"]})
    begun = session.count
    conversation.decide(conversation.approval(), "accept")
    assert conversation.ended()["status"] == "completed"
    assert texts(session.messages[begun:]) == ["a", "b", "c"]
    assert [item["status"] for item in conversation.items("commandExecution")] == ["completed"]
    return session.cut_at is None


def test_cut_once_at_each_place(server: Server) -> None:
    """Repeats the same short turn, each time with one cut after the k-th frame."""
    session = CutAtOneFrame(server)
    session.initialize()
    conversation = Conversation.start(session)
    places = 0
    while cut_in_turn(conversation, places, CUTS[places % len(CUTS)]):
        places += 1
    assert places > 15 and not session.gaps
    assert_is_what_is_kept(session)
    session.close()
