"""codex identifies pending approvals by call ids, which the model chooses. An answer counts for one approval only."""

import threading
from collections.abc import Callable, Iterator

import pytest

from harness.place import Place
from harness.server import Server
from harness.streaming import Send, StreamingModel, call, has_output, words
from harness.waiting import wait_until

OUTSIDE = {"sandbox_permissions": "require_escalated", "justification": "a test"}


@pytest.fixture
def streaming() -> Iterator[StreamingModel]:
    model = StreamingModel()
    yield model
    model.stop()


def test_an_id_that_a_waiting_call_has(
    place: Place, launch: Callable[..., Server], talk, streaming: StreamingModel, mode: str
) -> None:
    place.configure(streaming.url, "x")
    directory = place.outside("o")
    directory.mkdir()
    directory.chmod(0o777)
    good, bad = directory / "good", directory / "bad"
    goes_on = threading.Event()

    def answer(body: dict, send: Send) -> None:
        if has_output(body):
            return send(words("done"))
        send(call(f"touch {good}", "X", **OUTSIDE))
        goes_on.wait(60)
        send(call(f"touch {bad}", "X", **OUTSIDE))

    streaming.answer = answer
    conversation = talk(launch(mode).ready())
    conversation.say("go")
    conversation.decide(conversation.approval(), "accept")
    leaving = conversation.approval()
    assert leaving.asks == "outsideSandbox" and str(good) in leaving.command
    goes_on.set()
    # The server refuses the second call without asking. codex then receives both of these verdicts.
    denied = conversation.client.wait(
        lambda message: message.get("method") == "hook/completed"
        and "has not ended" in str(message["params"]["run"]), 20, "the second call is refused")
    assert denied["params"]["run"]["status"] != "completed"
    conversation.decide(leaving, "accept")
    conversation.ended()
    assert not bad.exists()
    wait_until("what was approved ran", good.exists)
    assert len(conversation.approvals()) == 2 and not [a for a in conversation.approvals() if str(bad) in a.command]


def test_an_id_again_once_its_call_has_ended(
    place: Place, launch: Callable[..., Server], talk, streaming: StreamingModel
) -> None:
    place.configure(streaming.url, "x")
    requests: list[dict] = []

    def answer(body: dict, send: Send) -> None:
        requests.append(body)
        send(call(f"touch n{len(requests)}", "X") if len(requests) < 3 else words("done"))

    streaming.answer = answer
    conversation = talk(launch("shared").ready(), cwd=str(place.workspace))
    conversation.say("go")
    for name in ("n1", "n2"):
        asked = conversation.approval()
        assert asked.command == f"touch {name}"
        conversation.decide(asked, "accept")
        wait_until("it ran", (place.workspace / name).exists)
    assert conversation.ended()["status"] == "completed"
