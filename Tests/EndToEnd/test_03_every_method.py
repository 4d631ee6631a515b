"""Row 3: no call below admin makes codex start a program that the gate must stop. An alarm means that something is
wrong, so users must not be able to trigger one at will."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harness import paths
from harness.client import Client, RpcError
from harness.conversation import Conversation, script
from harness.git import committed, git
from harness.people import invite
from harness.place import Place
from harness.server import Server
from harness.started import unknown

ANY_ID = "0199a0aa-0000-7000-8000-00000000000a"
HELLO = [{"type": "text", "text": script({"text": "hello"})}]


def methods(role: str) -> list[str]:
    page = (paths.REPOSITORY / "docs" / "roles.md").read_text()
    [block] = re.findall(rf"### {role}\n.*?```\n(.*?)```", page, re.DOTALL)[:1]
    return block.split()


def calls(thread: str, turn: str, directory: Path) -> dict[str, list[dict[str, Any]]]:
    """The params of each method that needs more than a thread id, or that is called in more than one way."""
    cwds = [str(directory)]
    attachment = {"attachmentType": "note", "identityKey": "a"}
    audio = {"data": "AAAA", "numChannels": 1, "sampleRate": 24_000}
    return {
        "initialize": [],
        "account/read": [{}, {"refreshToken": True}],
        "app/installed": [{}, {"forceRefresh": True, "threadId": thread}],
        "app/list": [{}, {"forceRefetch": True, "threadId": thread}],
        "app/read": [{"appIds": ["one"], "includeTools": True, "threadId": thread}],
        "hooks/list": [{}, {"cwds": cwds}],
        "mcpServerStatus/list": [{}, {"detail": "full", "threadId": thread}],
        "model/list": [{}, {"includeHidden": True}],
        "permissionProfile/list": [{}, {"cwd": str(directory)}],
        "plugin/installed": [{}, {"cwds": cwds}],
        "plugin/list": [{}, {"cwds": cwds, "forceRefetch": True}],
        "plugin/read": [{"pluginName": "one"}, {"pluginName": "one", "remoteMarketplaceName": "openai-curated"}],
        "plugin/skill/read": [{"remoteMarketplaceName": "one", "remotePluginId": "two", "skillName": "three"}],
        "project/read": [{"projectId": ANY_ID}],
        "skills/list": [{}, {"cwds": cwds, "forceReload": True}],
        "thread/attachmentOwner/list": [attachment],
        "thread/items/read": [{"itemIds": ["one"], "threadId": thread, "turnId": turn}],
        "thread/list": [{}, {"searchTerm": "hello"}, {"archived": True}],
        "thread/read": [{"threadId": thread, "includeTurns": True}],
        "threadSection/list": [{}],
        # Operator methods.
        "review/start": [
            {"threadId": thread, "target": target, "delivery": "inline"}
            for target in (
                {"type": "uncommittedChanges"},
                {"type": "baseBranch", "branch": "main"},
                {"type": "commit", "sha": "HEAD"},
            )
        ],
        "thread/attachment/add": [{**attachment, "payload": {"a": 1}, "threadId": thread}],
        "thread/attachment/remove": [{**attachment, "threadId": thread}],
        "thread/backgroundTerminals/terminate": [{"processId": "1", "threadId": thread}],
        "thread/goal/set": [{"threadId": thread, "objective": "nothing", "status": "paused"}],
        "thread/inject_items": [{"threadId": thread, "items": []}],
        "thread/memoryMode/set": [{"threadId": thread, "mode": mode} for mode in ("enabled", "disabled")],
        "thread/metadata/update": [{"threadId": thread, "gitInfo": {"branch": "main", "sha": "HEAD"}}],
        "thread/name/set": [{"threadId": thread, "name": "a name"}],
        "thread/prediction/request": [{"threadId": thread, "sourceTurnId": turn}],
        "thread/queue/add": [{"threadId": thread, "clientUserMessageId": ANY_ID, "input": HELLO}],
        "thread/queue/delete": [{"threadId": thread, "queuedSubmissionId": ANY_ID}],
        "thread/queue/reorder": [{"threadId": thread, "queuedSubmissionIds": []}],
        "thread/queue/update": [{"threadId": thread, "queuedSubmissionId": ANY_ID, "input": HELLO}],
        "thread/readState/update": [{"threadId": thread, "expectedRevision": 0, "operation": {"type": "markRead"}}],
        "thread/realtime/appendAudio": [{"threadId": thread, "audio": audio}],
        "thread/realtime/appendSpeech": [{"threadId": thread, "text": "hello"}],
        "thread/realtime/appendText": [{"threadId": thread, "text": "hello"}],
        "thread/realtime/start": [{"threadId": thread, "outputModality": "text", "includeStartupContext": True}],
        "thread/search": [{"searchTerm": "hello"}, {"searchTerm": "hello", "archived": True}],
        "thread/searchOccurrences": [{"threadId": thread, "searchTerm": "hello"}],
        "thread/section/move": [{"threadId": thread, "sectionId": None}],
        "thread/settings/update": [{"threadId": thread, "cwd": str(directory)}],
        "thread/start": [{"cwd": str(directory)}],
        "threadSection/create": [{"name": "a section"}],
        "threadSection/delete": [{"sectionId": ANY_ID}],
        "threadSection/update": [{"sectionId": ANY_ID, "name": "another"}],
        "turn/interrupt": [{"threadId": thread, "turnId": turn}],
        "turn/settings/update": [{"threadId": thread, "turnId": turn, "effort": "low"}],
        "turn/start": [{"threadId": thread, "input": HELLO}],
        "turn/steer": [{"threadId": thread, "expectedTurnId": turn, "input": HELLO}],
    }


# Methods that end or move a thread come last.
LAST = ("thread/fork", "thread/archive", "thread/unarchive", "thread/unsubscribe")


def ask(client: Client, method: str, params: dict[str, Any]) -> bool:
    """Whether the call had a result. Errors are allowed: codex is not signed in anywhere."""
    try:
        client.request(method, params, timeout=20)
        return True
    except RpcError as error:
        assert "gate" not in error.message and "Permission denied" not in error.message, (method, error.message)
        return False


def repository(place: Place) -> Path:
    directory = committed(paths.fresh_directory(place.workspace) / "repository", "AGENTS.md")
    git(directory, "remote", "add", "origin", str(committed(place.workspace / "origin", "AGENTS.md")))
    return directory


@pytest.mark.parametrize("role", ["viewer", "operator"])
def test_no_call_raises_an_alarm(
    place: Place, launch: Callable[..., Server], clients: Callable[..., Client], mode: str, role: str
) -> None:
    person = invite(place, role)
    server = launch(mode).ready()
    watcher, directory = clients(server), repository(place)
    conversation = Conversation.start(watcher, cwd=str(directory))
    conversation.say("hello")
    turn = conversation.ended()["id"]
    if mode == "isolated":
        # Only one connection can have the thread open, and codex lists it from disk.
        watcher.close()
        watcher = clients(server)
    client = clients(server, token=person.secret, experimental=True)
    ask(client, "thread/resume", {"threadId": conversation.thread})
    known = calls(conversation.thread, turn, directory)
    named = methods(role)
    answered = {
        method
        for method in sorted(named, key=lambda method: LAST.index(method) if method in LAST else -1)
        for params in known.get(method, [{"threadId": conversation.thread}] if method.startswith("thread/") else [{}])
        if ask(client, method, params)
    }
    # Most calls must succeed, or the test would prove nothing.

    assert len(answered) > len(named) / 2, sorted(set(named) - answered)
    if role == "operator":
        assert {"thread/search", "thread/searchOccurrences", "turn/start"} <= answered
    # Ends everything that the calls have started.
    run = server.place.run
    server.stop()
    log = server.output()
    assert "a program was stopped before it started" not in log
    assert unknown(log, server, directory, frozenset({"the gate's verifier"}), run) == set()
    for one in (watcher, client):
        assert not one.find(lambda message: message.get("method") == "sre/alarm")


def test_threads_are_searched(
    place: Place, launch: Callable[..., Server], clients: Callable[..., Client], mode: str
) -> None:
    """codex uses its own ripgrep, without options from the caller or from a file that an environment variable names."""
    trace = place.outside("trace")
    program, options = place.root / "program", place.root / "options"
    program.write_text(f"#!/bin/sh\ntouch {trace}\ncat\n")
    program.chmod(0o755)
    options.write_text(f"--pre={program}\n")
    operator, viewer = invite(place, "operator"), invite(place, "viewer")
    server = launch(mode, environment={"RIPGREP_CONFIG_PATH": str(options)}).ready()
    client = clients(server, token=operator.secret, experimental=True)
    conversation = Conversation.start(client)
    conversation.say("a needle")
    conversation.ended()

    def found(text: str) -> list[str]:
        return [row["thread"]["id"] for row in client.request("thread/search", {"searchTerm": text})["data"]]

    assert found("NEEDLE") == [conversation.thread]
    assert found(f"--pre={program}") == []
    assert found("-z") == []
    assert not trace.exists()
    for method in ("thread/search", "thread/searchOccurrences"):
        with pytest.raises(RpcError, match="operator"):
            params = {"searchTerm": "needle", "threadId": conversation.thread}
            clients(server, token=viewer.secret, experimental=True).request(method, params)
    assert "a program was stopped before it started" not in server.output()
