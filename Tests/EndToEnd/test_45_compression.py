"""Row 45: permessage-deflate (RFC 7692) on the client's socket: what is compressed, and what never is."""

import json
import socket
import zlib
from collections.abc import Callable, Iterator

import pytest
from websockets.extensions import permessage_deflate
from websockets.frames import Frame

from harness import raw
from harness.client import Client
from harness.conversation import Conversation
from harness.server import SOCKET, Server

HEADER = "Sec-WebSocket-Extensions"


class Spy(permessage_deflate.PerMessageDeflate):
    """Notes each message with the bytes that it took on the line, and whether it was compressed."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.seen: list[tuple[str, int, bool]] = []

    def decode(self, frame: Frame, *, max_size: int | None = None) -> Frame:
        whole = super().decode(frame, max_size=max_size)
        if frame.opcode.name == "TEXT":
            self.seen.append((bytes(whole.data).decode(), len(frame.data), frame.rsv1))
        return whole


class Factory(permessage_deflate.ClientPerMessageDeflateFactory):
    def process_response_params(self, params, accepted_extensions):
        agreed = super().process_response_params(params, accepted_extensions)
        return Spy(
            agreed.remote_no_context_takeover,
            agreed.local_no_context_takeover,
            agreed.remote_max_window_bits,
            agreed.local_max_window_bits,
        )


class CompressingClient(Client):
    """Offers permessage-deflate, as browsers do."""

    def __init__(self, server: Server, query: str = "", token: str | None = None, **offer):
        headers = {"Authorization": f"Bearer {token}"} if token else None
        factory = Factory(client_max_window_bits=True, **offer)
        super().__init__(f"ws://127.0.0.1:{server.port}{SOCKET}{query}", headers, extensions=[factory])
        [self.spy] = self._socket.protocol.extensions
        assert isinstance(self.spy, Spy)


@pytest.fixture
def compressing() -> Iterator[Callable[..., CompressingClient]]:
    opened: list[CompressingClient] = []

    def connected(server: Server, query: str = "", **options) -> CompressingClient:
        opened.append(CompressingClient(server, query, **options))
        opened[-1].initialize()
        return opened[-1]

    yield connected
    for client in opened:
        client.close()


@pytest.mark.parametrize("forgets", [False, True])
def test_a_turn_takes_a_quarter(server: Server, compressing, forgets: bool) -> None:
    """The messages are the same as without compression."""
    client = compressing(server, "?session=new", server_no_context_takeover=forgets)
    conversation = Conversation.start(client)
    words = " ".join(f"Sentence {number} of a long answer, word by word." for number in range(60))
    before = len(client.spy.seen)
    conversation.play({"text": [word + " " for word in words.split(" ")]})
    conversation.ended()
    whole = client.spy.seen[before:]
    [answer] = conversation.items("agentMessage")
    assert answer["text"].strip() == words
    streamed = [one for one in whole if '"method":"item/agentMessage/delta"' in one[0]]
    assert len(streamed) > 50 and all(is_compressed for _, _, is_compressed in streamed)
    plain, taken = sum(len(text.encode()) for text, _, _ in whole), sum(count for _, count, _ in whole)
    print(f"forgets={forgets}: {plain} -> {taken} bytes ({taken / plain:.3f}), {len(streamed)} of {len(whole)} deltas")
    assert taken < plain * (0.9 if forgets else 0.25)


def test_nothing_about_accounts_and_sessions_is_compressed(server: Server, compressing) -> None:
    client = compressing(server, "?session=new")
    client.request("account/read", {})
    conversation = Conversation.start(client)
    conversation.play({"command": "echo asked"}, {"text": "done"})
    conversation.decide(conversation.approval(), "accept")
    conversation.ended()
    kinds: dict[str, set[bool]] = {}
    for text, _, is_compressed in client.spy.seen:
        message = json.loads(text)
        method = message.get("method")
        group = "answer" if method is None else "asked" if "id" in message else method.split("/")[0]
        kinds.setdefault(group, set()).add(is_compressed)
    assert {"item": {True}, "turn": {True}, "thread": {True}}.items() <= kinds.items()
    assert {group for group, is_compressed in kinds.items() if True in is_compressed} <= {"item", "turn", "thread", "hook"}
    assert {"sre", "account", "answer", "asked"} <= set(kinds)


def test_a_client_that_compresses(shared: Server, compressing) -> None:
    client = compressing(shared)
    words = "x" * 200_000
    conversation = Conversation.start(client)
    conversation.run({"text": words}, decisions=())
    [answer] = conversation.items("agentMessage")
    assert answer["text"] == words


def test_what_the_server_agrees_to(shared: Server) -> None:
    def agreed(offer: str | None) -> str | None:
        answer = raw.handshake(shared.port, **({"Sec_WebSocket_Extensions": offer} if offer else {}))
        assert answer.status == 101
        return answer.headers.get(HEADER.lower())

    assert agreed("permessage-deflate; client_max_window_bits") == (
        "permessage-deflate; client_no_context_takeover; server_max_window_bits=11"
    )
    for offer in (None, "permessage-deflate; unknown", "x-webkit-deflate-frame"):
        assert agreed(offer) is None


def test_a_bomb(launch, place) -> None:
    """The limit counts what a message is, not what it takes on the line."""
    server = launch(environment={"MAX_MESSAGE_BYTES": "100000"}).ready()
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
    bomb = deflater.compress(b" " * 50_000_000) + deflater.flush(zlib.Z_SYNC_FLUSH)
    assert len(bomb) < 100_000
    assert len(bomb) - 4 <= 0xFFFF
    # FIN, RSV1 and text; masked with zeros.
    frame = b"\xc1\xfe" + (len(bomb) - 4).to_bytes(2, "big") + b"\0\0\0\0" + bomb[:-4]
    with socket.create_connection(("127.0.0.1", server.port), 10) as peer:
        peer.sendall(raw.head(SOCKET, f"127.0.0.1:{server.port}", {**raw.UPGRADE, HEADER: "permessage-deflate"}))
        received = peer.recv(65_536)
        assert received.startswith(b"HTTP/1.1 101") and received.endswith(b"\r\n\r\n")
        before = _memory(server.pid)
        peer.sendall(frame)
        closing = peer.recv(65_536)
        assert closing[0] == 0x88 and int.from_bytes(closing[2:4], "big") == 1009
        assert _memory(server.pid) - before < 20_000_000
    assert server.get("/healthz")[0] == 200


def _memory(pid: int) -> int:
    with open(f"/proc/{pid}/statm") as file:
        return int(file.read().split()[1]) * 4096
