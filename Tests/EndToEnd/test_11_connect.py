"""Row 11: any program that starts `codex app-server` can start `sre-agent connect` instead."""

import base64
import hashlib
import json
import os
import signal
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator

import pytest

from harness import connect, people, program
from harness.connect import Connected
from harness.conversation import Conversation
from harness.place import Place
from harness.played import play
from harness.server import Server
from harness.stand_in import StandIn
from harness.tls import Certificate
from harness.waiting import wait_until

INITIALIZE = {"id": 1, "method": "initialize", "params": {"clientInfo": {"name": "c", "title": "c", "version": "1"}}}


@pytest.fixture
def connected() -> Iterator[Callable[..., Connected]]:
    opened: list[Connected] = []

    def start(server: Server, *arguments: str, url: str | None = None, **options) -> Connected:
        opened.append(Connected(server.place, url or f"ws://127.0.0.1:{server.port}", *arguments, **options))
        return opened[-1]

    yield start
    for one in opened:
        one.close()


def lines(*messages: dict) -> str:
    return "".join(json.dumps(message) + "\n" for message in messages)


# MARK: Basic use


def test_thread_and_turn(server: Server, connected, shape: str) -> None:
    client = connected(server)
    client.initialize()
    conversation = Conversation.start(client, shape)
    turn = conversation.run({"command": "echo over stdio"}, {"text": "done"})
    assert turn["status"] == "completed"
    assert conversation.output() == "over stdio\n"
    client.end_input()
    assert client.ended() == (0, "")


def test_the_end_of_input_waits_for_answers(server: Server) -> None:
    """codex itself drops requests that it has not answered at the end of input."""
    text = lines(INITIALIZE, {"id": 2, "method": "thread/start", "params": {}}, {"id": 3, "method": "no/such"})
    result = connect.run(server.place, server.url, text=text.rstrip("\n"))
    assert (result.returncode, result.stderr) == (0, "")
    answers = {message["id"]: message for message in map(json.loads, result.stdout.splitlines()) if "id" in message}
    assert "result" in answers[1] and "thread" in answers[2]["result"] and "error" in answers[3]


def test_its_session_ends_with_it(scripted: tuple[Server, StandIn], connected) -> None:
    """The server need not keep the session: an isolated agent ends at once."""
    server, _ = scripted
    before = set(server.agents())
    client = connected(server)
    client.initialize()
    assert server.mode == "shared" or wait_until("its own agent", lambda: set(server.agents()) - before)
    client.end_input()
    assert client.ended()[0] == 0
    wait_until("its agent ends", lambda: set(server.agents()) <= before, 5)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_signals(scripted: tuple[Server, StandIn], connected, number: signal.Signals) -> None:
    client = connected(scripted[0])
    client.initialize()
    client.process.send_signal(number)
    assert client.ended(5) == (128 + number, "")


def test_signals_while_nobody_reads(scripted: tuple[Server, StandIn], connected) -> None:
    client = connected(scripted[0], reads=False)
    client.send({**INITIALIZE, "id": 1})
    play(client, {"stream": {"size": 65_536, "lines": 400}})
    connect.wait_full(client)
    client.process.send_signal(signal.SIGTERM)
    assert client.ended(5)[0] == 128 + signal.SIGTERM


def test_nobody_reads_any_more(scripted: tuple[Server, StandIn], connected) -> None:
    client = connected(scripted[0], reads=False)
    assert client.process.stdout
    client.process.stdout.close()
    client.send({**INITIALIZE, "id": 1})
    code, said = client.ended()
    assert code == 74 and "Standard output" in said


def test_files_as_its_streams(shared: Server) -> None:
    """epoll(7) does not support regular files."""
    given, taken = shared.place.root / "in", shared.place.root / "out"
    given.write_text(lines(INITIALIZE))
    with given.open() as stdin, taken.open("w") as stdout:
        code = subprocess.run(
            connect.command(shared.url), stdin=stdin, stdout=stdout, env=program.environment(shared.place), timeout=30
        ).returncode
    assert code == 0
    assert 1 in [json.loads(line).get("id") for line in taken.read_text().splitlines()]


def test_lines_are_messages(scripted: tuple[Server, StandIn], connected) -> None:
    client = connected(scripted[0])
    client.initialize()
    for text in ("", "   ", "\r"):
        client.send_text(text)
    client.send_text('{"id":"x","method":"model/list","params":{"a":"\u2028"}}\r')
    assert client.result("x")["echo"] == {"a": "\u2028"}
    client.send_text("{no json")
    client.wait(lambda message: message.get("error", {}).get("code") == -32700)
    # A line may arrive in pieces, and several lines at once.
    for piece in (b'{"id":"y",', b'"method":"model/list"', b'}\n{"id":"z","method":"model/list"}\n'):
        client.send_bytes(piece)
    client.result("y")
    client.result("z")


@pytest.mark.parametrize("size", [200, 70_000, 20 << 20, 60 << 20])
def test_large_messages(scripted: tuple[Server, StandIn], connected, size: int) -> None:
    client = connected(scripted[0])
    client.initialize()
    text = "x" * size
    assert client.request("model/list", {"text": text}, timeout=60)["echo"] == {"text": text}


def test_a_line_that_the_server_does_not_take(scripted: tuple[Server, StandIn], connected) -> None:
    client = connected(scripted[0])
    client.initialize()
    client.send({"id": 9, "method": "model/list", "params": {"text": "x" * (65 << 20)}})
    code, said = client.ended(60)
    assert code == 76 and "1009" in said and len(said.splitlines()) == 1


def test_a_line_without_an_end(scripted: tuple[Server, StandIn], connected) -> None:
    client = connected(scripted[0])
    client.initialize()
    piece = b"x" * (8 << 20)
    try:
        for _ in range(40):
            client.send_bytes(piece)
    except BrokenPipeError:
        pass
    code, said = client.ended(60)
    assert code == 65 and "268435456" in said


def test_text_that_is_none(scripted: tuple[Server, StandIn], connected) -> None:
    client = connected(scripted[0])
    client.initialize()
    client.send_bytes(b'{"id":2,"method":"\xff"}\n')
    code, said = client.ended()
    assert code == 76 and "UTF-8" in said


# MARK: Slow readers


@pytest.mark.parametrize("mode", ["isolated"])
def test_a_slow_program_makes_its_agent_wait(scripted: tuple[Server, StandIn], connected, mode: str) -> None:
    client = connected(scripted[0], reads=False)
    client.send({**INITIALIZE, "id": "first"})
    playing = play(client, {"stream": {"size": 65_536, "lines": 4_000}})
    assert connect.wait_full(client) < 24 << 20
    client.read_from_now_on()
    client.result(playing, 60)
    found = [m["params"]["number"] for m in client.messages if m.get("method") == "standIn/line"]
    assert found == list(range(4_000))


@pytest.mark.parametrize("mode", ["shared"])
def test_a_slow_program_of_a_shared_agent_hears_of_its_loss(scripted, connected, mode: str) -> None:
    client = connected(scripted[0], reads=False)
    client.send({**INITIALIZE, "id": "first"})
    play(client, {"stream": {"size": 65_536, "lines": 4_000}})
    assert connect.wait_full(client) < 24 << 20
    client.read_from_now_on()
    code, said = client.ended(60)
    assert code == 75 and "no longer has" in said
    # The received output was complete.
    found = [m["params"]["number"] for m in client.messages if m.get("method") == "standIn/line"]
    assert found == list(range(len(found))) and found


def test_a_slow_server_makes_the_program_wait(place: Place) -> None:
    """A server that accepts the socket, begins a session, and then reads nothing."""
    with _Fake("101 Switching Protocols", reads=False) as server:
        client = Connected(place, server.url)
        took = 0

        def write() -> None:
            nonlocal took
            try:
                while True:
                    client.send_text(json.dumps({"method": "x", "params": "x" * 10_000}))
                    took += 10_000
            except OSError:
                pass

        writer = threading.Thread(target=write, daemon=True)
        writer.start()
        server.begun.wait(10)
        assert connect.wait_full(client) < 24 << 20
        assert took < 24 << 20
        client.process.kill()
        client.close()


# MARK: Authentication and addresses


def test_token(shared: Server, connected) -> None:
    operator = people.invite(shared.place, "operator", f"connect-{os.urandom(3).hex()}")
    kept = shared.place.root / "token-file"
    kept.write_text(operator.secret + "\n")
    kept.chmod(0o600)
    for arguments, environment in (
        (("--token-file", str(kept)), {}),
        ((), {"SRE_AGENT_TOKEN": operator.secret}),
        (("--token-file", str(kept)), {"SRE_AGENT_TOKEN": "sra_wrong"}),
    ):
        client = connected(shared, *arguments, **environment)
        client.initialize()
        client.post("config/value/write", {})
        refusal = client.wait(lambda message: "error" in message)["error"]
        assert "you are operator" in refusal["message"]


def test_wrong_token(shared: Server) -> None:
    result = connect.run(shared.place, shared.url, SRE_AGENT_TOKEN="sra_wrong")
    assert result.returncode == 77 and "401" in result.stderr and len(result.stderr.splitlines()) == 1
    assert "sra_wrong" not in result.stderr and result.stdout == ""


@pytest.mark.parametrize("mode_of_file", [0o644, 0o666, 0o660])
def test_token_file_of_everybody(shared: Server, mode_of_file: int) -> None:
    kept = shared.place.root / f"token-{mode_of_file:o}"
    kept.write_text(shared.place.token)
    kept.chmod(mode_of_file)
    result = connect.run(shared.place, shared.url, "--token-file", str(kept))
    assert result.returncode == 64 and "chmod 600" in result.stderr


@pytest.mark.parametrize("text", ["", "\n", "two words", "x" * 5_000])
def test_token_file_without_a_token(shared: Server, text: str) -> None:
    kept = shared.place.root / "no-token"
    kept.write_text(text)
    kept.chmod(0o600)
    assert connect.run(shared.place, shared.url, "--token-file", str(kept)).returncode == 64
    missing = connect.run(shared.place, shared.url, "--token-file", str(kept) + ".missing")
    assert missing.returncode == 64 and "No such file" in missing.stderr


def test_revoked_while_connected(shared: Server, connected) -> None:
    person = people.invite(shared.place, "operator", f"gone-{os.urandom(3).hex()}")
    client = connected(shared, SRE_AGENT_TOKEN=person.secret)
    client.initialize()
    assert people.revoke(shared.place, person.name).returncode == 0
    code, said = client.ended()
    assert code == 77 and "4003" in said and len(said.splitlines()) == 1


@pytest.mark.parametrize(
    ("url", "words"),
    [("127.0.0.1:3000", "scheme"), ("ws://me:secret@h", "SRE_AGENT_TOKEN"), ("ftp://h", "ws"), ("ws://h:99999", "port")],
)
def test_no_url(place: Place, url: str, words: str) -> None:
    result = connect.run(place, url)
    assert result.returncode == 64 and words in result.stderr and len(result.stderr.splitlines()) == 1
    assert "secret" not in result.stderr


def test_nobody_is_there(place: Place) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        result = connect.run(place, f"ws://127.0.0.1:{unused.getsockname()[1]}")
    assert result.returncode == 69 and "Connection refused" in result.stderr and len(result.stderr.splitlines()) == 1


def test_one_of_two_addresses(place: Place) -> None:
    """`localhost` is `::1` first, where no server listens here."""
    with _Fake("101 Switching Protocols", reads=False) as server:
        result = connect.run(place, server.url.replace("127.0.0.1", "localhost"))
    assert (result.returncode, result.stderr) == (0, "")


def test_nobody_knows_the_host(place: Place) -> None:
    result = connect.run(place, "ws://no-such-host.invalid")
    assert result.returncode == 69 and len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("status", "code"), [("200 OK", 76), ("404 Not Found", 76), ("503 Service Unavailable", 75), ("301 Moved", 76)]
)
def test_another_server(place: Place, status: str, code: int) -> None:
    with _Fake(status) as server:
        result = connect.run(place, server.url)
    assert result.returncode == code and status[:3] in result.stderr and len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize("first", [b"\x81\x02{}", b"\x01", b"SSH-2.0-x\r\n", b""])
def test_a_websocket_of_another_kind(place: Place, first: bytes) -> None:
    with _Fake("101 Switching Protocols", first=first) as server:
        result = connect.run(place, server.url)
    assert result.returncode in (69, 76) and len(result.stderr.splitlines()) == 1


def test_no_http_at_all(place: Place) -> None:
    with _Fake("", first=b"SSH-2.0-OpenSSH_9.9\r\n") as server:
        result = connect.run(place, server.url)
    assert result.returncode in (69, 76) and len(result.stderr.splitlines()) == 1


def test_tls(place: Place, launch: Callable[..., Server]) -> None:
    certificate = Certificate.make(place.root, "mine")
    server = launch(agent=StandIn(place.root).executable, environment=certificate.settings()).started()
    url = f"https://127.0.0.1:{server.port}"

    def ready() -> bool:
        return connect.run(place, url, "--ca-file", str(certificate.path)).returncode == 0

    wait_until("it can be reached", ready)
    unknown = connect.run(place, url)
    assert unknown.returncode == 69 and "certificate" in unknown.stderr.lower() and len(unknown.stderr.splitlines()) == 1
    other = Certificate.make(place.root, "another")
    assert connect.run(place, url, "--ca-file", str(other.path)).returncode == 69
    assert connect.run(place, url, "--ca-file", str(place.root / "none")).returncode == 64
    plain = connect.run(place, f"ws://127.0.0.1:{server.port}")
    assert plain.returncode in (69, 76) and len(plain.stderr.splitlines()) == 1
    result = connect.run(place, url, "--ca-file", str(certificate.path), text=lines(INITIALIZE))
    assert (result.returncode, result.stderr) == (0, "") and '"id": 1' in result.stdout


def test_tls_where_there_is_none(shared: Server) -> None:
    result = connect.run(shared.place, f"wss://127.0.0.1:{shared.port}")
    assert result.returncode == 69 and "TLS" in result.stderr and len(result.stderr.splitlines()) == 1


class _Fake:
    """Answers every upgrade request in one way."""

    def __init__(self, status: str, first: bytes = b"", reads: bool = True):
        self._status, self._first, self._reads = status, first, reads
        self.begun = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"ws://127.0.0.1:{self._listener.getsockname()[1]}"
        self._kept: list[socket.socket] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def __enter__(self) -> "_Fake":
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for peer in self._kept:
            peer.close()

    def _serve(self) -> None:
        while True:
            try:
                peer, _ = self._listener.accept()
            except OSError:
                return
            self._kept.append(peer)
            if not self._status:
                peer.sendall(self._first)
                continue
            head = b""
            while b"\r\n\r\n" not in head:
                head += peer.recv(65_536)
            if not self._status.startswith("101"):
                peer.sendall(f"HTTP/1.1 {self._status}\r\nContent-Length: 0\r\nLocation: https://x/\r\n\r\n".encode())
                continue
            key = next(line.split(b": ")[1] for line in head.split(b"\r\n") if line.lower().startswith(b"sec-websocket-key"))
            accept = base64.b64encode(hashlib.sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest()).decode()
            first = self._first
            if not self._reads:
                notice = {"sessionId": "a" * 32, "resume": "new", "next": 0, "received": 0}
                text = json.dumps({"method": "sre/session", "params": notice}).encode()
                first = b"\x81\x7e" + len(text).to_bytes(2, "big") + text
            peer.sendall(
                f"HTTP/1.1 {self._status}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                f"Sec-WebSocket-Accept: {accept}\r\n\r\n".encode()
                + first
            )
            self.begun.set()
