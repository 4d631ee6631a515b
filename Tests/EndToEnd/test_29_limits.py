"""Limits: each has its own error, and answers to approvals always count."""

import socket
import time
from collections.abc import Callable

import pytest

from harness import raw
from harness.client import Client, RpcError
from harness.conversation import Conversation
from harness.server import Server
from harness.stand_in import StandIn

OVERLOADED = -32001
Launch = Callable[..., tuple[Server, StandIn]]


def test_sockets_from_one_address(stand_in: Launch, clients: Callable[..., Client]) -> None:
    server = stand_in(environment={"MAX_SOCKETS_PER_ADDRESS": "3"})[0]
    opened = [clients(server) for _ in range(3)]
    refused = raw.handshake(server.port)
    assert refused.status == 429
    assert b"from your address" in refused.body
    opened[0].close()
    deadline = time.monotonic() + 10
    while (answer := raw.handshake(server.port)).status == 429:
        assert time.monotonic() < deadline, "a closed socket makes room for another"
    assert answer.status == 101
    assert server.get("/healthz")[0] == 200


def test_sockets_in_all(stand_in: Launch, clients: Callable[..., Client]) -> None:
    server = stand_in(environment={"MAX_SOCKETS": "2"})[0]
    for _ in range(2):
        clients(server)
    refused = raw.handshake(server.port)
    assert refused.status == 503
    assert any(name.lower() == "retry-after" for name in refused.headers)


@pytest.mark.parametrize(
    "limit", [{"MAX_FRAMES_PER_SECOND": "20"}, {"MAX_BYTES_PER_SECOND": "4096"}], ids=lambda limit: next(iter(limit))
)
def test_too_much_in_a_second(stand_in: Launch, clients: Callable[..., Client], limit: dict[str, str]) -> None:
    client = clients(stand_in(environment=limit)[0])
    posted = [client.post("model/list", {"text": "x" * 60}) for _ in range(100)]
    answers = [client.response(request_id) for request_id in posted]
    refused = [answer["error"] for answer in answers if "error" in answer]
    assert 0 < len(refused) < 100
    assert {error["code"] for error in refused} == {OVERLOADED}
    wait = max(error["data"]["retryAfterMs"] for error in refused)
    assert f"{refused[-1]['data']['retryAfterMs']} ms" in refused[-1]["message"]
    time.sleep(wait / 1000)
    assert "result" in client.response(client.post("model/list")), "after the time that was named it may"


def test_requests_in_flight(stand_in: Launch, clients: Callable[..., Client]) -> None:
    server, _ = stand_in(environment={"MAX_REQUESTS_IN_FLIGHT": "5"})
    client = clients(server)
    for _ in range(5):
        client.post("standIn/silence")
    with pytest.raises(RpcError) as caught:
        client.request("model/list")
    assert caught.value.code == OVERLOADED


def test_answers_always_count(launch: Callable[..., Server], clients: Callable[..., Client]) -> None:
    server = launch(environment={"MAX_FRAMES_PER_SECOND": "10"}).ready()
    client = clients(server)
    talk = Conversation.start(client)
    talk.play({"command": "echo allowed"}, {"text": "done"})
    approval = talk.approval()
    spam = [client.post("model/list") for _ in range(50)]
    talk.decide(approval, "accept")
    assert talk.ended()["status"] == "completed"
    assert any("error" in client.response(request_id) for request_id in spam)


def test_connection_that_asks_nothing_is_closed(stand_in: Launch) -> None:
    server = stand_in()[0]
    with socket.create_connection(("127.0.0.1", server.port)) as silent:
        silent.sendall(b"GET / HTTP/1.1\r\nHost: ")
        silent.settimeout(15)
        begun = time.monotonic()
        while silent.recv(4096):
            pass
        assert 8 < time.monotonic() - begun < 13


@pytest.mark.parametrize("depth", [129, 1_000, 100_000])
def test_depth(stand_in: Launch, clients: Callable[..., Client], depth: int) -> None:
    client = clients(stand_in()[0])
    client.send_text('{"id":77,"method":"model/list","params":{"x":' + "[" * depth + "]" * depth + "}}")
    answer = client.wait(lambda message: message.get("id") in (77, None) and "method" not in message)
    assert answer["error"]["code"] in (-32700, -32600)
    assert client.request("model/list") is not None
