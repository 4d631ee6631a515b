"""Row 3: what codex's own process starts, all of it. The kernel's gate refuses what is on no list here, so a later codex
that starts something else is found by this and not by a person whose agent has stopped working."""

import os
import re
import struct
import subprocess
import tempfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from harness import paths
from harness.client import Client, RpcError
from harness.conversation import COMMAND, PATCH, Conversation, script
from harness.place import Place
from harness.server import Server
from harness.waiting import wait_until

START = re.compile(
    r"debug sre-agent: command=((?:(?! debug sre-agent: ).)*?) verdict=([^\[\n]*) \[Agent\] codex starts a program", re.DOTALL
)


def normal(command: str, server: Server) -> str:
    """Without what is different each time: directories, numbers, and what was cut off at the end."""
    place = server.place
    command = re.sub(r"/codex-arg0\w+", "/codex-arg0", command)
    command = re.sub(r"run/\d+/", "run/0/", command)
    command = re.sub(r"(as-process-setup) \d+ \d+", r"\1 0 0", command)
    command = re.sub(r"(--permission-profile \{).*", r"\1", command, flags=re.DOTALL)
    for path, name in [
        (place.codex_home, "CODEX_HOME"), (place.state, "STATE"), (place.workspace, "WORKSPACE"), (place.person, "HOME"),
        (paths.codex().parent, "CODEX"), (paths.sre_agent().parent, "SRE_AGENT"),
    ]:
        command = command.replace(str(path), name)
    return command


def started(server: Server) -> set[tuple[str, str]]:
    """The verdicts, each with its command line, that the server has noted."""
    return {(verdict, normal(command, server)) for command, verdict in START.findall(server.output())}


def git(directory: Path, *arguments: str) -> None:
    names = ["-c", "user.name=e2e", "-c", "user.email=e2e@example.com", "-c", "protocol.file.allow=always"]
    subprocess.run(["git", "-C", directory, *names, *arguments], check=True, capture_output=True)


def committed(directory: Path) -> Path:
    directory.mkdir(parents=True)
    git(directory, "init", "-q", "-b", "main")
    (directory / "AGENTS.md").write_text("one\n")
    git(directory, "add", ".")
    git(directory, "commit", "-q", "-m", "first")
    return directory


def directories(root: Path) -> list[Path]:
    """Without git, and in the three ways in which git knows a directory."""
    plain, repository, main = root / "plain", committed(root / "repository"), committed(root / "main")
    plain.mkdir()
    git(repository, "submodule", "add", "-q", str(main), "module")
    git(main, "worktree", "add", "-q", str(root / "tree"))
    git(repository, "remote", "add", "origin", str(main))
    return [plain, repository, repository / "module", root / "tree"]


def picture(path: Path) -> Path:
    """One white pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    data = zlib.compress(b"\0\xff\xff\xff")
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b""))
    return path


# MARK: What is done


def patch(path: Path) -> str:
    return f"*** Begin Patch\n*** Add File: {path}\n+x\n*** End Patch"


def turns(conversation: Conversation, directory: Path, shape: str) -> None:
    """Commands inside and outside, patches, a look at a file and a sub-agent."""
    outside = {"escalate": True, "justification": "a test"}
    conversation.run({"command": "echo hi"}, {"text": "done"})
    conversation.run({"commands": ["true", "false"]}, {"text": "done"}, decisions=("accept", "decline"))
    conversation.run({"command": "git status", **outside}, {"text": "done"}, decisions=("accept", "accept"))
    conversation.run({"command": "sleep 1", "timeoutMilliseconds": 100}, {"text": "done"})
    conversation.run({"patch": patch(directory / f"new-{shape}"), "via": "heredoc"}, {"text": "done"})
    if shape == "code":
        conversation.run({"patch": patch(directory / "new-by-tool"), "via": "tool"}, {"text": "done"})
    shown = picture(directory / "picture.png")
    conversation.run({"tool": {"name": "view_image", "arguments": {"path": str(shown)}}}, {"text": "done"})
    picture_and_words = [{"type": "localImage", "path": str(shown)}, {"type": "text", "text": script({"text": "done"})}]
    conversation.say("", input=picture_and_words)
    conversation.ended()
    task = {"message": script({"command": "true"}, {"text": "task done"})}
    task |= {"task_name": "task"} if shape == "code" else {}
    namespace = {"classic": "multi_agent_v1", "code": "collaboration"}[shape]
    conversation.play({"tool": {"name": "spawn_agent", "namespace": namespace, "arguments": task}}, {"text": "done"})
    asked = conversation.approval()
    conversation.decide(asked, "accept")
    conversation.client.notification("turn/completed", threadId=asked.params["sre"]["subAgentThreadId"])


def reviews(conversation: Conversation) -> None:
    client, thread = conversation.client, {"threadId": conversation.thread}
    for method, params in [
        ("review/start", {"target": {"type": "uncommittedChanges"}, "delivery": "inline"}),
        ("thread/compact/start", {}),
    ]:
        since = client.count
        client.request(method, {**thread, **params})
        client.notification("turn/completed", since=since, **thread)


def a_day(connect: Callable[[], Client], directory: Path, shape: str) -> None:
    conversation = Conversation.start(connect(), shape, cwd=str(directory))
    turns(conversation, directory, shape)
    reviews(conversation)
    # Without shared mode a thread is open in one place only.
    conversation.client.close()
    again = Conversation.resume(connect(), conversation.thread, cwd=str(directory))
    again.run({"command": "true"}, {"text": "done"})
    fork = again.client.request("thread/fork", {"threadId": conversation.thread, "cwd": str(directory)})
    Conversation(again.client, fork).run({"command": "true"}, {"text": "done"}, cwd=str(directory))
    again.client.request("thread/archive", {"threadId": conversation.thread})


def by_hand(client: Client, directory: Path) -> None:
    """What the local user, who is an admin, starts without an agent."""
    thread = Conversation.start(client, cwd=str(directory)).thread
    client.request("thread/shellCommand", {"threadId": thread, "command": "echo by hand"})
    client.notification("item/completed", threadId=thread)
    client.request("command/exec", {"command": ["ls", "-a"], "cwd": str(directory)})
    client.request("process/spawn", {"command": ["echo", "spawned"], "cwd": str(directory), "processHandle": "p1"})
    client.notification("process/exited", processHandle="p1")


def looks_around(client: Client, directory: Path) -> None:
    for method, params in [
        ("account/login/start", {"type": "apiKey", "apiKey": "sk-" + "x" * 20}),
        ("account/read", {}),
        ("account/logout", {}),
        ("model/list", {}),
        ("thread/list", {}),
        ("config/read", {}),
        ("skills/list", {"cwds": [str(directory)]}),
        ("hooks/list", {"cwds": [str(directory)]}),
        ("mcpServerStatus/list", {}),
        ("fuzzyFileSearch", {"query": "AGENTS", "roots": [str(directory)]}),
        ("gitDiffToRemote", {"cwd": str(directory)}),
    ]:
        try:
            client.request(method, params)
        except RpcError as error:
            print(method, error)


def test_all_that_codex_starts(place: Place, launch: Callable[..., Server], clients, mode: str) -> None:
    server = launch(mode).ready()

    def connect() -> Client:
        return clients(server, experimental=True)

    for number, directory in enumerate(directories(place.workspace)):
        for shape in ("classic", "code") if number < 2 else ("classic",):
            a_day(connect, directory, shape)
        by_hand(connect(), directory)
        looks_around(connect(), directory)
    found = started(server)
    for one in sorted(found): print(one)
    assert 0
