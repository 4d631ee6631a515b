"""Row 1: the complete flow, byte for byte as the mission specifies it."""

import json
from collections.abc import Callable

import pytest

from harness.client import Client, RpcError
from harness.server import Server

INITIALIZE = (
    '{"jsonrpc":"2.0","method":"initialize","id":1,"params":{"clientInfo":'
    '{"name":"websocket-client","version":"1.0.0","title":"WebSocket Test Client"}}}'
)
THREAD_START = (
    '{"jsonrpc":"2.0","method":"thread/start","id":2,"params":{"cwd":%s,"model":null,"modelProvider":null,'
    '"approvalPolicy":null,"sandbox":null,"config":null,"baseInstructions":null,"developerInstructions":null}}'
)
TURN_START = (
    '{"jsonrpc":"2.0","method":"turn/start","id":3,"params":{"threadId":%s,"input":[{"type":"text","text":%s}],'
    '"cwd":null,"approvalPolicy":null,"sandboxPolicy":null,"model":null,"effort":null,"summary":null}}'
)


def start_thread(client: Client, cwd: str) -> str:
    client.send_text(INITIALIZE)
    client.result(1)
    client.send_text(THREAD_START % json.dumps(cwd))
    return client.result(2)["threadId"]


def test_complete_flow(server: Server, clients: Callable[..., Client]) -> None:
    client = clients(server, initialize=False)
    thread = start_thread(client, str(server.place.workspace))
    assert thread == client.result(2)["thread"]["id"]
    assert thread == client.notification("thread/started")["thread"]["id"]

    client.send_text(TURN_START % (json.dumps(thread), json.dumps("Check disk usage on localhost")))
    assert client.result(3)["turn"]["status"] == "inProgress"
    question = client.question("item/commandExecution/requestApproval")
    assert question["params"]["threadId"] == thread
    assert "df" in question["params"]["command"]
    client.answer(question["id"], {"decision": "accept"})
    turn = client.notification("turn/completed", 30, threadId=thread)["turn"]

    assert turn["status"] == "completed"
    methods = [message.get("method") for message in client.messages]
    # The order in which a person sees it: approval, decision, command, agent message.
    order = [
        "turn/started",
        "item/commandExecution/requestApproval",
        "serverRequest/resolved",
        "item/agentMessage/delta",
        "turn/completed",
    ]
    places = [methods.index(method) for method in order]
    assert places == sorted(places), list(zip(order, places, strict=True))
    command = client.find(
        lambda message: message.get("method") == "item/completed"
        and message["params"]["item"]["type"] == "commandExecution"
    )[0]["params"]["item"]
    assert command["exitCode"] == 0
    assert "Filesystem" in command["aggregatedOutput"] or "%" in command["aggregatedOutput"]


def test_output_streams_in(server: Server, shape: str, talk) -> None:
    """Output deltas arrive while the command still runs. (codex sends no delta for output in the first moment, so the
    command prints several times.)"""
    conversation = talk(server, shape)
    conversation.play(
        {"command": "for i in 1 2 3 4 5 6; do echo line $i; sleep 0.3; done"}, {"text": ["in ", "three ", "pieces"]}
    )
    approval = conversation.approval()
    conversation.decide(approval, "accept")
    conversation.client.notification("item/commandExecution/outputDelta", itemId=approval.item)
    assert not conversation.items("commandExecution")
    conversation.ended()
    assert conversation.output() == "".join(f"line {number}\n" for number in range(1, 7))
    deltas = conversation.client.find(lambda message: message.get("method") == "item/agentMessage/delta")
    assert [message["params"]["delta"] for message in deltas] == ["in ", "three ", "pieces"]


def test_a_fast_client_need_not_wait(server: Server, clients: Callable[..., Client]) -> None:
    """A client may send the second request before the agent has answered the first one."""
    client = clients(server, initialize=False)
    client.send_text(INITIALIZE)
    client.send_text(THREAD_START % json.dumps(str(server.place.workspace)))
    client.result(1)
    assert client.result(2)["threadId"]


def test_missing_directory_is_an_error_at_once(server: Server, clients: Callable[..., Client]) -> None:
    client = clients(server)
    with pytest.raises(RpcError) as caught:
        client.request("thread/start", {"cwd": str(server.place.workspace / "nowhere")})
    assert caught.value.code == -32602
    assert "nowhere" in caught.value.message
    # The connection still works.
    assert client.request("thread/start", {"cwd": str(server.place.workspace)})["threadId"]


@pytest.mark.parametrize("cwd", ["relative/path", "", 7, {"path": "/"}])
def test_what_is_no_directory_is_an_error(shared: Server, clients: Callable[..., Client], cwd: object) -> None:
    with pytest.raises(RpcError) as caught:
        clients(shared).request("thread/start", {"cwd": cwd})
    assert caught.value.code == -32602


def test_no_directory_means_the_workspace(server: Server, clients: Callable[..., Client]) -> None:
    assert clients(server).request("thread/start", {"cwd": None})["cwd"] == str(server.place.workspace)


def test_local_user_may_work_anywhere_others_in_the_workspace(shared: Server, clients: Callable[..., Client]) -> None:
    elsewhere = shared.place.root / "elsewhere"
    inside = shared.place.workspace / "inside"
    elsewhere.mkdir()
    inside.mkdir()
    # A link that leads out of the workspace counts as outside.
    (inside / "out").symlink_to(elsewhere)
    assert clients(shared).request("thread/start", {"cwd": str(elsewhere)})["cwd"] == str(elsewhere)
    guest = clients(shared, token=shared.place.token)
    assert guest.request("thread/start", {"cwd": str(inside)})["cwd"] == str(inside)
    for path in (elsewhere, inside / "out", inside / ".." / ".." / "elsewhere"):
        with pytest.raises(RpcError) as caught:
            guest.request("thread/start", {"cwd": str(path)})
        assert caught.value.code == -32003
        assert "WORKSPACE" in caught.value.message
