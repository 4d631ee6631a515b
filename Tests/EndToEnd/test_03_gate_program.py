"""Row 3, the gate program `sre-agent-gate` at the test's own socket: the hook allows only on a complete answer, and the
verifier carries lines in both directions."""

import json
import os
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from harness import paths, processes
from harness.place import Place
from harness.server import Server

QUESTION = '{"tool_name":"Bash",\r\n"tool_input":{"command":"df"}}\n'


@pytest.fixture
def program() -> Path:
    return paths.sre_agent().with_name("sre-agent-gate")


@pytest.fixture
def gate(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(f"{tmp_path}/gate")
        listener.listen()
        listener.settimeout(10)
        yield listener


def hook(program: Path, path: str, question: str = QUESTION) -> subprocess.CompletedProcess[str]:
    return subprocess.run([program, "hook", path], input=question, capture_output=True, text=True, timeout=20)


def answering(listener: socket.socket, answer: bytes) -> tuple[threading.Thread, list[bytes]]:
    asked: list[bytes] = []

    def serve() -> None:
        peer, _ = listener.accept()
        with peer, peer.makefile("rb") as lines:
            asked.append(lines.readline())
            peer.sendall(answer)

    thread = threading.Thread(target=serve)
    thread.start()
    return thread, asked


def test_the_question_is_one_line_and_the_answer_is_handed_on(program: Path, gate: socket.socket) -> None:
    answer = json.dumps({"updatedInput": {"command": "x" * 200_000}}) + "\n"
    thread, asked = answering(gate, answer.encode())
    done = hook(program, gate.getsockname())
    thread.join()
    assert (done.returncode, done.stdout, done.stderr) == (0, answer, "")
    assert asked == [QUESTION.replace("\r", " ").replace("\n", " ").encode() + b"\n"]


@pytest.mark.parametrize("answer", [b"", b'{"hookSpecificOutput":', b'{"hookSpecificOutput":{}}'])
def test_half_an_answer_is_none(program: Path, gate: socket.socket, answer: bytes) -> None:
    thread, _ = answering(gate, answer)
    done = hook(program, gate.getsockname())
    thread.join()
    assert (done.returncode, done.stdout) == (2, "")
    assert "went away" in done.stderr


def test_without_a_question_nothing_is_asked(program: Path, gate: socket.socket) -> None:
    done = hook(program, gate.getsockname(), "")
    assert (done.returncode, done.stdout) == (2, "")
    assert "no question" in done.stderr


@pytest.mark.parametrize("path", ["", "/not/there", "/" + "x" * 200])
def test_without_a_server_nothing_runs(program: Path, path: str) -> None:
    done = hook(program, path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "cannot be reached" in done.stderr


@pytest.mark.parametrize("arguments", [[], ["hook"], ["allow", "/s"], ["hook", "/s", "more"]])
def test_other_arguments_stop_the_call(program: Path, arguments: list[str]) -> None:
    done = subprocess.run([program, *arguments], input=QUESTION, capture_output=True, text=True, timeout=20)
    assert (done.returncode, done.stdout) == (2, "") and done.stderr


def verifier(program: Path, path: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([program, "verifier", path], stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def test_the_verifier_carries_lines_both_ways_until_it_is_told_to_end(program: Path, gate: socket.socket) -> None:
    with verifier(program, gate.getsockname()) as process:
        assert process.stdin and process.stdout
        peer, _ = gate.accept()
        with peer, peer.makefile("rb") as lines:
            for number in range(3):
                line = json.dumps({"number": number, "text": "x" * 100_000}).encode() + b"\n"
                process.stdin.write(line)
                process.stdin.flush()
                assert lines.readline() == line
                peer.sendall(line)
                assert process.stdout.readline() == line
            process.stdin.close()
            assert process.wait(10) == 0
            assert lines.read() == b""


def test_a_verifier_without_a_server_answers_nothing(program: Path, gate: socket.socket) -> None:
    """Neither a yes nor a no: codex waits for the verifier and runs nothing."""
    with verifier(program, gate.getsockname()) as process:
        assert process.stdin and process.stdout
        peer, _ = gate.accept()
        peer.close()
        process.stdin.write(b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{}}\n')
        process.stdin.flush()
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(1)
        process.stdin.close()
        assert process.stdout.read() == b"" and process.wait(10) == 0


def test_the_verifier_is_small(place: Place, launch: Callable[..., Server], clients) -> None:
    """There is one verifier process per thread."""
    server = launch().ready()
    clients(server).request("thread/start", {})
    [pid] = [pid for pid in processes.descendants(server.pid) if "verifier" in processes.arguments(pid)[1:2]]
    [line] = [line for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines() if line.startswith("Pss:")]
    assert int(line.split()[1]) < 256
    assert os.readlink(f"/proc/{pid}/cwd") == "/"


def test_to_a_verifier_the_server_says_no_or_nothing(server: Server) -> None:
    path = server.place.gate
    names = {"session_id": "t", "turn_id": "u", "tool_use_id": "i", "tool_name": "Bash"}
    call = {**names, "tool_input": {"command": "ls"}, "cwd": "/not/there"}
    with socket.socket(socket.AF_UNIX) as peer, peer.makefile("rwb") as lines:
        peer.settimeout(10)
        peer.connect(str(path))

        def ask(method: str, params: dict) -> dict:
            lines.write(json.dumps({"jsonrpc": "2.0", "id": 7, "method": method, "params": params}).encode() + b"\n")
            lines.flush()
            answer = json.loads(lines.readline())
            assert answer["id"] == 7
            return answer

        assert ask("initialize", {"protocolVersion": "2025-06-18"})["result"]["capabilities"] == {"tools": {}}
        assert ask("thread/start", {})["error"]["code"] == -32601
        for arguments in ({}, call):
            [content] = ask("tools/call", {"name": "verifier", "arguments": arguments})["result"]["content"]
            assert json.loads(content["text"])["hookSpecificOutput"]["permissionDecision"] == "deny"
