"""Row 8: messages that codex silently drops get an error, and codex never receives them."""

import json
import os
import socket
import struct
from collections.abc import Callable
from contextlib import suppress

import pytest
from websockets.exceptions import ConnectionClosed

from harness import raw
from harness.client import Client, RpcError
from harness.server import SOCKET, Server
from harness.stand_in import StandIn

NOT_JSON = [
    "",
    " ",
    "hello",
    "{",
    '{"id":91,"method":"x"',
    '{"id":91,"method":"x"}}',
    '{"id":91,"method":"x"} {"id":92,"method":"y"}',
    "{'id':1}",
    '{"id":91,"method":"x",}',
    '{"id":01,"method":"x"}',
    '{"id":91,"method":"x","params":{"t":"\t"}}',
    '{"id":91,"method":"x","params":{"n":NaN}}',
    '{"id":91,"method":"x","params":"\\q"}',
    "\ufeff" + '{"id":91,"method":"x"}',
    '{"id":91,"method":"x"}\0',
]
NOT_A_MESSAGE = [
    "[]",
    '[{"id":91,"method":"x"}]',
    "null",
    "1",
    '"x"',
    "{}",
    '{"jsonrpc":"2.0"}',
    '{"id":91}',
    '{"id":91,"params":{}}',
    '{"id":91,"method":1}',
    '{"id":91,"method":null}',
    '{"id":91,"method":""}',
    '{"id":{},"method":"x"}',
    '{"id":[1],"method":"x"}',
    '{"id":true,"method":"x"}',
    '{"id":91.5,"method":"x"}',
    '{"id":12345678901234567890,"method":"x"}',
    # One parser takes the first member, another the last: the checked value must be the value that is read.
    '{"id":91,"method":"model/list","method":"thread/shellCommand"}',
    '{"id":91,"method":"x","params":{"a":1},"params":{"a":2}}',
    '{"id":91,"method":"x","id":92}',
]


@pytest.mark.parametrize(
    ("text", "code"), [(text, -32700) for text in NOT_JSON] + [(text, -32600) for text in NOT_A_MESSAGE]
)
def test_answered_and_not_forwarded(
    scripted: tuple[Server, StandIn], clients: Callable[..., Client], text: str, code: int
) -> None:
    server, agent = scripted
    client = clients(server)
    client.request("some/newMethod")
    since, seen = client.count, len(agent.received())
    client.send_text(text)
    answer = client.wait(lambda message: "error" in message, what=f"an answer to {text!r}", since=since)
    assert answer["error"]["code"] == code
    assert answer["error"]["message"]
    # The connection stays open, and only the next message reaches the agent.
    client.request("some/newMethod", {"after": text})
    assert [json.loads(sent)["method"] for sent in agent.received()[seen:]] == ["some/newMethod"]


def test_id_is_named_where_there_is_one(scripted: tuple[Server, StandIn], clients: Callable[..., Client]) -> None:
    server, _ = scripted
    client = clients(server)
    client.send_text('{"id":"mine","params":{}}')
    assert client.response("mine")["error"]["code"] == -32600


@pytest.mark.parametrize(
    "text",
    [
        '{"id":9,"method":"x","params":{"t":"\\ud800"}}',
        '{"id":9,"method":"x","params":{"\\udc00":1}}',
        '{"id":9,"method":"x","params":' + "[" * 127 + "]" * 127 + "}",
        '{"id":9,"method":"x","params":' + "[" * 200_000 + "]" * 200_000 + "}",
    ],
    ids=["lone surrogate", "lone surrogate in a key", "too deep for codex", "very deep"],
)
def test_valid_json_that_codex_cannot_read(shared: Server, clients: Callable[..., Client], text: str) -> None:
    """codex drops these silently, and the client would wait forever."""
    client = clients(shared)
    since = client.count
    client.send_text(text)
    answer = client.wait(lambda message: "error" in message, 10, "an answer", since)
    assert answer["error"]["code"] in (-32700, -32600)
    assert client.request("model/list")["data"]


def test_as_deep_as_codex_can_read(server: Server, clients: Callable[..., Client]) -> None:
    client = clients(server)
    client.send_text('{"id":9,"method":"x","params":' + "[" * 120 + "]" * 120 + "}")
    assert "unknown variant" in client.response(9)["error"]["message"]


def test_request_before_initialize(server: Server, clients: Callable[..., Client]) -> None:
    client = clients(server, initialize=False)
    with pytest.raises(RpcError):
        client.request("thread/start", {})
    client.initialize()
    assert client.request("thread/start", {})["threadId"]


def test_id_that_is_in_use(scripted: tuple[Server, StandIn], clients: Callable[..., Client]) -> None:
    """Two requests with one id: the second is refused, and the first gets its own response."""
    server, agent = scripted
    client = clients(server)
    client.send_text('{"id":7,"method":"standIn/silence"}')
    client.send_text('{"id":7,"method":"some/other"}')
    assert client.response(7)["error"]["code"] == -32600
    client.request("some/newMethod")
    assert not [text for text in agent.received() if "some/other" in text]


# MARK: Frames


def masked(opcode: int, payload: bytes, final: bool = True, mask: bool = True, reserved: int = 0) -> bytes:
    """One frame of RFC 6455 section 5.2."""
    first = (0x80 if final else 0) | (reserved << 4) | opcode
    length = len(payload)
    sizes = (
        struct.pack("!B", length)
        if length < 126
        else struct.pack("!BH", 126, length)
        if length < 65_536
        else struct.pack("!BQ", 127, length)
    )
    if not mask:
        return bytes([first]) + sizes + payload
    key = os.urandom(4)
    coded = bytes(byte ^ key[index % 4] for index, byte in enumerate(payload))
    return bytes([first, sizes[0] | 0x80]) + sizes[1:] + key + coded


@pytest.fixture
def peer(scripted: tuple[Server, StandIn]):
    """A raw socket after the handshake."""
    server, _ = scripted
    with socket.create_connection(("127.0.0.1", server.port), 10) as connection:
        connection.sendall(raw.head(SOCKET, f"127.0.0.1:{server.port}", raw.UPGRADE))
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += connection.recv(4096)
        assert answer.startswith(b"HTTP/1.1 101 ")
        yield connection


def close_code(connection: socket.socket) -> int:
    """The code of the close frame that must precede the end of the connection. Frames are short and unmasked here."""
    with connection.makefile("rb") as stream:
        while head := stream.read(2):
            payload = stream.read(head[1])
            if head[0] & 0x0F == 8:
                return struct.unpack("!H", payload[:2])[0]
    raise AssertionError("closed without a close frame")


MESSAGE = b'{"id":1,"method":"some/newMethod"}'


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (masked(2, MESSAGE), 1003),
        (masked(2, MESSAGE[:10], final=False) + masked(0, MESSAGE[10:]), 1003),
        (masked(1, b'{"t":"\xff\xfe"}'), 1007),
        (masked(1, b'{"t":"\xe9', final=False) + masked(0, b'"}'), 1007),
        (masked(1, MESSAGE, mask=False), 1002),
        (masked(1, MESSAGE, reserved=4), 1002),
        (masked(3, b""), 1002),
        (masked(0, MESSAGE), 1002),
        (masked(1, b"{", final=False) + masked(1, MESSAGE), 1002),
        (masked(9, b"", final=False), 1002),
        (masked(9, b"x" * 126), 1002),
        (masked(8, b"\x03"), 1002),
        (masked(8, struct.pack("!H", 1005)), 1002),
        (masked(8, struct.pack("!H", 1000) + b"bye"), 1000),
        (masked(8, b""), 1000),
    ],
    ids=[
        "binary", "binary in pieces", "not UTF-8", "not UTF-8 at a seam", "unmasked", "reserved bit", "reserved opcode",
        "nothing to continue", "message in a message", "ping in pieces", "long ping", "short close", "bad close code",
        "close", "close without a code",
    ],
)  # fmt: skip
def test_frames(scripted: tuple[Server, StandIn], peer: socket.socket, sent: bytes, code: int) -> None:
    _, agent = scripted
    seen = len(agent.received())
    peer.sendall(sent)
    assert close_code(peer) == code
    assert agent.received()[seen:] == []


def test_message_in_pieces_with_pings_between(scripted: tuple[Server, StandIn], peer: socket.socket) -> None:
    _, agent = scripted
    text = '{"id":1,"method":"some/newMethod","params":{"t":"é😀"}}'
    data = text.encode()
    # One byte per frame: the seams fall inside characters too.
    peer.sendall(masked(1, data[:1], final=False))
    for byte in data[1:-1]:
        peer.sendall(masked(0, bytes([byte]), final=False) + masked(9, b"p"))
    peer.sendall(masked(0, data[-1:]))
    agent.wait_received(text)


def test_message_that_is_too_long(stand_in: Callable, clients: Callable[..., Client]) -> None:
    server, agent = stand_in(environment={"MAX_MESSAGE_BYTES": "2000"})
    client = clients(server)
    client.request("some/newMethod", {"t": "x" * 1_000})
    client.send_text(json.dumps({"id": 9, "method": "too/long", "params": {"t": "x" * 2_000}}))
    assert client.wait_closed() == 1009
    other = clients(server)
    # The server may close the connection before the last fragment is sent.
    with suppress(ConnectionClosed):
        other.send_fragments(['{"id":9,"method":"too/long","params":{"t":"', *["x" * 100] * 30, '"}}'])
    assert other.wait_closed() == 1009
    assert not [text for text in agent.received() if "too/long" in text]
    # The agent's own messages may be long.
    clients(server).request("standIn/play", {"steps": [{"fill": 1_000}]})


def test_agent_that_talks_nonsense(scripted: tuple[Server, StandIn], clients: Callable[..., Client]) -> None:
    """The session neither stays silent nor ends: the client is told that a message is missing, and the rest works."""
    server, _ = scripted
    client = clients(server)
    client.post("standIn/play", {"steps": [{"raw": "this is not JSON"}, {"raw": "[1,2]"}, {"send": {"method": "after"}}]})
    client.notification("sre/agentFault")
    client.notification("after")
