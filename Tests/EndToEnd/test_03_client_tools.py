"""Tools of clients (`dynamicTools`) are asked about by their own name, and run only after a yes."""

from collections.abc import Callable, Iterator

import pytest

from harness.place import Place
from harness.record import Record
from harness.server import Server
from harness.streaming import Send, StreamingModel, function, has_output, words

ARGUMENTS = {"to": "prod"}


@pytest.fixture
def streaming() -> Iterator[StreamingModel]:
    model = StreamingModel()
    yield model
    model.stop()


def calling(streaming: StreamingModel, name: str, arguments: dict, namespace: str | None) -> None:
    def answer(body: dict, send: Send) -> None:
        send(words("done") if has_output(body) else function(name, arguments, namespace=namespace))

    streaming.answer = answer


def tool(name: str, namespace: str | None) -> dict:
    schema = {"type": "object", "properties": {}}
    function = {"type": "function", "name": name, "description": "d", "inputSchema": schema}
    if namespace is None:
        return function
    return {"type": "namespace", "name": namespace, "description": "d", "tools": [function]}


@pytest.mark.parametrize("namespace", [None, "fleet"])
def test_an_approved_call_reaches_the_client(
    place: Place, launch: Callable[..., Server], talk, streaming: StreamingModel, mode: str, namespace: str | None
) -> None:
    place.configure(streaming.url, "x")
    calling(streaming, "deploy", ARGUMENTS, namespace)
    conversation = talk(launch(mode).ready(), experimental=True, dynamicTools=[tool("deploy", namespace)])
    conversation.say("go")
    asked = conversation.approval()
    assert "deploy" in asked.command and "prod" in asked.command
    conversation.decide(asked, "accept")
    call = conversation.client.wait(lambda message: message.get("method") == "item/tool/call")
    assert call["params"]["tool"] == "deploy" and call["params"]["arguments"] == ARGUMENTS
    conversation.client.answer(call["id"], {"contentItems": [{"type": "inputText", "text": "ok"}], "success": True})
    conversation.ended()
    assert not Record(place).rows("alarm")


@pytest.mark.parametrize(
    ("name", "arguments"), [("update_plan", {}), ("get_goal", {}), ("send_message", {}), ("Bash", {"command": "df"})]
)
def test_a_tool_with_the_name_of_codexs_own_is_not_called(
    place: Place, launch: Callable[..., Server], talk, streaming: StreamingModel, mode: str, name: str, arguments: dict
) -> None:
    """It would be taken for one that is not asked about, or shown as a command."""
    place.configure(streaming.url, "x")
    calling(streaming, name, arguments, None)
    conversation = talk(launch(mode).ready(), experimental=True, dynamicTools=[tool(name, None)])
    conversation.say("go")
    if conversation.asked_or_ended():
        conversation.decide(conversation.approval(), "accept")
        conversation.ended()
    assert not [m for m in conversation.client.messages if m.get("method") == "item/tool/call"]
