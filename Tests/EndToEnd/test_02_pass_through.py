"""Row 2: the server passes the whole protocol through unchanged, including messages that this version does not know."""

import json
from collections.abc import Callable

import pytest

from harness.client import Client, RpcError
from harness.conversation import Conversation
from harness.server import Server
from harness.stand_in import StandIn

# Each of these would change if a relay parsed and reserialized it.
ODDITIES = [
    '{"id":%s,"method":"some/newMethod","params":{"b":1,"a":2,"b2":[]}}',
    '{ "params" : { "spaced" :   true } ,\t"method":"some/newMethod", "id" : %s }',
    '{"jsonrpc":"2.0","id":%s,"method":"some/newMethod","params":{"n":1e400,"m":-0.0,"o":1.10,"p":123456789012345678901234567890}}',
    '{"id":%s,"method":"some/newMethod","params":{"t":"\\u00e9\\/\\ud83d\\ude00\\u2028 é 😀"},"unknownMember":{"x":null},"trace":1}',
    '{"id":%s,"method":"some/newMethod","params":[1,2,{"list":"as params"}]}',
    '{"id":%s,"method":"some/newMethod"}',
]


@pytest.mark.parametrize("text", ODDITIES)
def test_requests_arrive_as_they_were_sent(
    scripted: tuple[Server, StandIn], clients: Callable[..., Client], text: str
) -> None:
    server, agent = scripted
    client = clients(server)
    text %= 4711
    client.send_text(text)
    client.response(4711)
    assert text in agent.received()


@pytest.mark.parametrize("request_id", ['"a string"', '"17"', "17", "0", "-1", "9007199254740993", '"\\u0065"'])
def test_ids_come_back_as_they_are(
    scripted: tuple[Server, StandIn], clients: Callable[..., Client], request_id: str
) -> None:
    server, _ = scripted
    client = clients(server)
    client.send_text(f'{{"id":{request_id},"method":"some/newMethod"}}')
    assert client.response(json.loads(request_id))["result"] == {"echo": {}}


@pytest.mark.parametrize(
    "raw",
    [
        '{"result":{"z":1,"a":{"n":1e400,"t":"\\u00e9"}},"id":$ID}',
        '{ "id":$ID, "extra":[1], "error":{"code":-1,"message":"no","data":{"x":[{}]}} }',
    ],
)
def test_responses_arrive_as_they_were_sent(
    scripted: tuple[Server, StandIn], clients: Callable[..., Client], raw: str
) -> None:
    server, _ = scripted
    client = clients(server)
    request_id = client.post("standIn/reply", {"raw": raw})
    client.response(request_id)
    assert raw.replace("$ID", str(request_id)) in client.raw


@pytest.mark.parametrize(
    "raw",
    [
        '{"method":"some/newNotification","params":{"b":1,"a":[1e400,"\\u2028"]},"more":true}',
        '{"params":null,"method":"some/newNotification"}',
        # Known messages too, with members of a later version.
        '{"method":"item/agentMessage/delta","params":{"threadId":"t","turnId":"u","itemId":"i","delta":"d","future":{"k":[0.10]}}}',
        '{"method":"item/started","params":{"threadId":"t","turnId":"u","item":{"type":"newKind","id":"i","x":1.50}}}',
    ],
)
def test_notifications_arrive_as_they_were_sent(
    scripted: tuple[Server, StandIn], clients: Callable[..., Client], raw: str
) -> None:
    server, agent = scripted
    client = clients(server)
    client.request("standIn/play", {"steps": [{"raw": raw}]})
    assert raw in client.raw
    upwards = raw.replace("some/new", "up/new").replace("item/", "up/")
    client.send_text(upwards)
    client.request("some/newMethod")
    assert upwards in agent.received()


def test_unknown_server_requests_are_answered_by_the_client(
    scripted: tuple[Server, StandIn], clients: Callable[..., Client]
) -> None:
    server, agent = scripted
    client = clients(server)
    thread = Conversation.start(client).thread
    params = {"threadId": thread, "future": {"members": [1.5, None]}, "command": "not a command"}
    client.request("standIn/play", {"steps": [{"send": {"id": 41, "method": "some/newQuestion", "params": params}}]})
    question = client.question("some/newQuestion")
    assert question["params"] == params
    assert question["id"] != 41, "the agent's own ids can be guessed"
    client.answer(question["id"], {"whatever": [True], "n": 12})
    assert json.loads(agent.wait_received('"whatever"')) == {"id": 41, "result": {"whatever": [True], "n": 12}}
    # As the agent itself would confirm the decision.
    client.notification("serverRequest/resolved", requestId=question["id"])

    client.request("standIn/play", {"steps": [{"send": {"id": "s-1", "method": "some/newQuestion", "params": params}}]})
    second = client.question("some/newQuestion", since=client.messages.index(question) + 1)
    client.send({"id": second["id"], "error": {"code": -32601, "message": "never heard of it"}})
    told = json.loads(agent.wait_received("never heard of it"))
    assert told == {"id": "s-1", "error": {"code": -32601, "message": "never heard of it"}}


def test_long_messages_pass(scripted: tuple[Server, StandIn], clients: Callable[..., Client]) -> None:
    size = 3_000_000
    server, agent = scripted
    client = clients(server)
    client.request("standIn/play", {"steps": [{"fill": size}]}, timeout=60)
    assert len(client.notification("standIn/filler")["text"]) == size
    request_id = client.post("some/newMethod", {"text": "y" * size})
    assert len(client.result(request_id, 60)["echo"]["text"]) == size
    assert any(text.endswith(" long") and int(text.split()[0]) > size for text in agent.received())


def test_long_messages_reach_the_real_agent(shared: Server, clients: Callable[..., Client]) -> None:
    """codex drops a connection that sends more than 16 MiB in one frame; clients need not care."""
    client = clients(shared)
    with pytest.raises(RpcError) as caught:
        client.request("some/newMethod", {"text": "y" * 17_000_000}, timeout=60)
    assert caught.value.code == -32600
    assert client.request("model/list")["data"]


def test_the_real_agent_answers_for_itself(server: Server, clients: Callable[..., Client]) -> None:
    client = clients(server)
    with pytest.raises(RpcError) as caught:
        client.request("no/suchMethod", {"a": 1})
    assert caught.value.code == -32600
    assert "unknown variant" in caught.value.message
    assert client.request("model/list")["data"]
    assert client.request("account/read") == {"account": None, "requiresOpenaiAuth": False, "workspaceRouting": None}
    with pytest.raises(RpcError) as caught:
        client.request("permissionProfile/list", {"cwd": str(server.place.workspace), "limit": -1.5})
    assert caught.value.code == -32600


def test_capabilities_of_the_client_count(server: Server, clients: Callable[..., Client]) -> None:
    plain, experimental = clients(server), clients(server, experimental=True)
    thread = Conversation.start(plain).thread
    with pytest.raises(RpcError) as caught:
        plain.request("thread/backgroundTerminals/list", {"threadId": thread})
    assert "experimentalApi" in caught.value.message
    second = Conversation.start(experimental).thread
    assert experimental.request("thread/backgroundTerminals/list", {"threadId": second})["data"] == []


def test_what_other_clients_change_is_heard(shared: Server, clients: Callable[..., Client], talk) -> None:
    listener = clients(shared)
    conversation = talk(shared)
    conversation.say("hello")
    conversation.ended()
    conversation.client.request("thread/name/set", {"threadId": conversation.thread, "name": "a name"})
    assert listener.notification("thread/name/updated", threadId=conversation.thread)["threadName"] == "a name"
    threads = listener.request("thread/list", {"limit": 50, "modelProviders": []})["data"]
    assert conversation.thread in [thread["id"] for thread in threads]
