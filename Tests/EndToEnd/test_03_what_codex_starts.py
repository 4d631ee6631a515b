"""Row 3: every program that codex's own process starts. The kernel gate refuses programs that are on no list, so this
test, and not a user with a broken agent, finds what a later codex starts in addition."""

from collections.abc import Callable
from pathlib import Path

import pytest

from harness import paths
from harness.client import Client, RpcError
from harness.conversation import Conversation, script
from harness.git import committed, git
from harness.pictures import picture
from harness.place import Place
from harness.server import Server
from harness.started import unknown


def plain(root: Path) -> Path:
    directory = root / "plain"
    directory.mkdir(parents=True)
    return directory


def repository(root: Path) -> Path:
    directory = committed(root / "repository", "AGENTS.md")
    git(directory, "remote", "add", "origin", str(committed(root / "origin", "AGENTS.md")))
    return directory


def submodule(root: Path) -> Path:
    directory = repository(root)
    git(directory, "submodule", "add", "-q", str(root / "origin"), "module")
    return directory / "module"


def worktree(root: Path) -> Path:
    git(repository(root), "worktree", "add", "-q", str(root / "tree"))
    return root / "tree"


# MARK: Actions


def patch(path: Path) -> str:
    return f"*** Begin Patch\n*** Add File: {path}\n+x\n*** End Patch"


def turns(conversation: Conversation, directory: Path, shape: str) -> None:
    """Commands inside and outside the sandbox, patches, a file view and a sub-agent."""
    outside = {"escalate": True, "justification": "a test"}
    conversation.run({"command": "echo hi"}, {"text": "done"})
    conversation.run({"commands": ["true", "false"]}, {"text": "done"}, decisions=("accept", "decline"))
    conversation.run({"command": "git status", **outside}, {"text": "done"}, decisions=("accept", "accept"))
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
    # Outside shared mode, only one connection can have a thread open.
    conversation.client.close()
    again = Conversation.resume(connect(), conversation.thread, cwd=str(directory))
    again.run({"command": "true"}, {"text": "done"})
    fork = again.client.request("thread/fork", {"threadId": conversation.thread, "cwd": str(directory)})
    Conversation(again.client, fork).run({"command": "true"}, {"text": "done"}, cwd=str(directory))
    again.client.request("thread/archive", {"threadId": conversation.thread})


def by_hand(client: Client, directory: Path) -> None:
    """What the local user, who is an admin, starts without the agent."""
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
        ("thread/search", {"searchTerm": "--pre=/bin/true"}),
        ("thread/search", {"searchTerm": "echo", "archived": True}),
        ("fuzzyFileSearch", {"query": "AGENTS", "roots": [str(directory)]}),
    ]:
        client.request(method, params)
    with pytest.raises(RpcError):
        # Without git there is no diff.
        client.request("gitDiffToRemote", {"cwd": str(directory)})


CASES = [
    ("shared", plain, "classic"),
    ("shared", repository, "code"),
    ("shared", submodule, "classic"),
    ("isolated", repository, "classic"),
    ("isolated", worktree, "code"),
]


@pytest.mark.parametrize(("mode", "kind", "shape"), CASES, ids=lambda value: getattr(value, "__name__", value))
def test_all_that_codex_starts(
    server: Server, clients: Callable[..., Client], mode: str, kind: Callable[[Path], Path], shape: str
) -> None:
    before = len(server.output())
    directory = kind(paths.fresh_directory(server.place.workspace))
    opened: list[Client] = []

    def connect() -> Client:
        opened.append(clients(server, experimental=True))
        return opened[-1]

    a_day(connect, directory, shape)
    by_hand(connect(), directory)
    looks_around(connect(), directory)
    log = server.output()[before:]
    assert unknown(log, server, directory) == set()
    assert "a program was stopped before it started" not in log
    assert not [client for client in opened if client.find(lambda message: message.get("method") == "sre/alarm")]


def test_at_the_start(place: Place, launch: Callable[..., Server], clients: Callable[..., Client], mode: str) -> None:
    """Before the first thread is opened, and right after."""
    server = launch(mode).ready()
    Conversation.start(clients(server)).run({"command": "true"}, {"text": "done"})
    assert unknown(server.output(), server, place.workspace) == set()
