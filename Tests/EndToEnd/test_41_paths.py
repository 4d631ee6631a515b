"""Row 8: the paths that a call makes codex open or inspect lie within the caller's roots. With the real codex, which
opens them in its own process without asking."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harness.client import Client, RpcError
from harness.conversation import Conversation, said, script
from harness.model import Model
from harness.people import Person, invite
from harness.pictures import picture, sound
from harness.place import Place
from harness.server import Server

REFUSED, INVALID = -32003, -32602
SECRET = "a-word-of-another-file"
LOOKING = {
    "skills/list": "cwds",
    "hooks/list": "cwds",
    "plugin/list": "cwds",
    "plugin/installed": "cwds",
    "permissionProfile/list": "cwd",
}


@pytest.fixture(scope="module")
def crowd(servers) -> dict[str, Person]:
    place = servers("shared").place
    return {role: invite(place, role, f"paths-{role}") for role in ("viewer", "operator", "admin")}


@pytest.fixture
def connect(shared: Server, crowd, clients) -> Callable[[str], Client]:
    return lambda who: clients(shared, token=None if who == "local" else crowd[who].secret, experimental=True)


@pytest.fixture
def rooms(shared: Server) -> Place:
    """Files of each kind inside and outside the workspace, with links that lead out of it."""
    place = shared.place
    picture(place.workspace / "within.png")
    sound(place.workspace / "within.wav")
    picture(place.outside("picture.png"))
    sound(place.outside("sound.wav"), SECRET)
    for name, target in [
        ("link.png", place.outside("picture.png")),
        ("link.wav", place.codex_home / "config.toml"),
        ("token.wav", place.state / "token"),
        ("way-out", place.outside("x").parent),
    ]:
        link = place.workspace / name
        if not link.is_symlink():
            link.symlink_to(target)
    for name in ("pipe.png", "pipe.wav", "pipe.json"):
        if not (place.workspace / name).exists():
            os.mkfifo(place.workspace / name)
    return place


def elsewhere(place: Place, ending: str) -> dict[str, str]:
    """Paths to files that no caller may name."""
    work = place.workspace
    name = {"png": "picture.png", "wav": "sound.wav"}[ending]
    outside = place.outside(name)
    return {
        "straight": str(outside),
        "dots": f"{work}/../{outside.parent.name}/{name}",
        "link": f"{work}/link.{ending}",
        "directory link": f"{work}/way-out/{name}",
        "relative": os.path.relpath(outside, work),
        "name only": f"within.{ending}",
        "url": f"file://{outside}",
        "pipe": f"{work}/pipe.{ending}",
        "directory": str(work),
        "nothing": f"{work}/none.{ending}",
    }


def shown(kind: str, path: str) -> list[dict]:
    return [{"type": kind, "path": path}, *said(script({"text": "done"}))]


def assert_refused(client: Client, method: str, params: Any) -> str:
    with pytest.raises(RpcError) as caught:
        client.request(method, params, timeout=10)
    assert caught.value.code in (REFUSED, INVALID), caught.value
    assert method in caught.value.message
    assert SECRET not in str(caught.value)
    return caught.value.message


def told(model: Model, conversation: Conversation) -> str:
    """All text that the model received in a thread."""
    return json.dumps([request for request in model.requests() if conversation.thread in json.dumps(request)])


# MARK: Images and audio


@pytest.mark.parametrize(("kind", "ending"), [("localImage", "png"), ("localAudio", "wav")])
def test_nothing_from_elsewhere_reaches_the_model(connect, rooms: Place, model: Model, kind: str, ending: str) -> None:
    conversation = Conversation.start(connect("operator"))
    for path in elsewhere(rooms, ending).values():
        message = assert_refused(
            conversation.client, "turn/start", {"threadId": conversation.thread, "input": shown(kind, path)}
        )
        assert "input[0].path" in message, message
    # No call blocks on a pipe, and no input is left over for the next turn.
    conversation.run({"text": "done"}, decisions=())
    words = told(model, conversation)
    assert "done" in words
    assert "base64" not in words and "picture.png" not in words and "sound.wav" not in words


def test_a_picture_of_the_workspace_does(connect, rooms: Place, model: Model) -> None:
    conversation = Conversation.start(connect("operator"))
    conversation.say("", input=shown("localImage", f"{rooms.workspace}/within.png"))
    assert conversation.ended()["status"] == "completed"
    assert "data:image/png;base64" in told(model, conversation)


@pytest.mark.parametrize(("kind", "ending"), [("localImage", "png"), ("localAudio", "wav")])
def test_the_queue_hands_nothing_back(connect, rooms: Place, kind: str, ending: str) -> None:
    """codex reads queued files at once, and its response contains what it has read."""
    client = connect("operator")
    thread = Conversation.start(client).thread
    paths = elsewhere(rooms, ending) | {"a token": f"{rooms.workspace}/token.wav"}
    for number, path in enumerate(paths.values()):
        for method, more in [
            ("thread/queue/add", {"clientUserMessageId": str(number)}),
            ("thread/queue/update", {"queuedSubmissionId": "any"}),
        ]:
            assert_refused(client, method, {"threadId": thread, "input": shown(kind, path), **more})
    assert client.request("thread/queue/list", {"threadId": thread})["data"] == []


def test_a_sound_of_the_workspace_may_wait(connect, rooms: Place) -> None:
    client = connect("operator")
    conversation = Conversation.start(client)
    params = {
        "threadId": conversation.thread,
        "clientUserMessageId": "1",
        "input": shown("localAudio", f"{rooms.workspace}/within.wav"),
    }
    assert "base64" in json.dumps(client.request("thread/queue/add", params))
    conversation.ended()


def test_a_turn_that_runs_is_told_nothing_either(connect, rooms: Place, model: Model) -> None:
    conversation = Conversation.start(connect("operator"))
    turn = conversation.play({"command": "true"}, {"text": "done"})
    asked = conversation.approval()
    for path in elsewhere(rooms, "png").values():
        steer = {"threadId": conversation.thread, "expectedTurnId": turn, "input": shown("localImage", path)}
        assert_refused(conversation.client, "turn/steer", steer)
    conversation.stop(turn)
    conversation.answered(asked)
    conversation.ended()
    assert "base64" not in told(model, conversation)


def test_forms_that_codex_also_reads(connect, rooms: Place, model: Model) -> None:
    """Lists in place of objects, in the order of members, and a case's number in place of its name."""
    conversation = Conversation.start(connect("operator"))
    path = str(rooms.outside("picture.png"))
    for entry in (
        ["localImage", None, path],
        {"type": 2, "path": path},
        {"type": "picture", "path": path},
        {"type": "LocalImage", "path": path},
    ):
        params = {"threadId": conversation.thread, "input": [entry, *said(script({"text": "done"}))]}
        assert_refused(conversation.client, "turn/start", params)
    conversation.run({"text": "done"}, decisions=())
    assert "base64" not in told(model, conversation)


def test_codexs_own_skills_may_be_named(connect, rooms: Place) -> None:
    client = connect("operator")
    [listed] = client.request("skills/list", {"cwds": [str(rooms.workspace)]})["data"]
    skills = [skill for skill in listed["skills"] if skill["path"].startswith(str(rooms.codex_home.resolve()))]
    assert skills, listed
    conversation = Conversation.start(client)
    skill = {"type": "skill", "name": skills[0]["name"], "path": skills[0]["path"]}
    conversation.say("", input=[skill, *said(script({"text": "done"}))])
    assert conversation.ended()["status"] == "completed"
    other = {"type": "skill", "name": "x", "path": str(rooms.codex_home / "config.toml")}
    assert_refused(client, "turn/start", {"threadId": conversation.thread, "input": [other, *said("x")]})


# MARK: Directories


@pytest.fixture
def repository(rooms: Place) -> Path:
    """A repository outside the workspace, with something to find of each kind."""
    directory = rooms.outside("repository")
    skill = directory / ".agents" / "skills" / "one" / "SKILL.md"
    skill.parent.mkdir(parents=True, exist_ok=True)
    skill.write_text(f"---\nname: one\ndescription: {SECRET}\n---\n")
    plugins = directory / ".agents" / "plugins" / "marketplace.json"
    plugins.parent.mkdir(exist_ok=True)
    plugins.write_text(json.dumps(SECRET))
    (directory / ".git").mkdir(exist_ok=True)
    return directory


@pytest.mark.parametrize("who", ["viewer", "operator", "admin"])
@pytest.mark.parametrize("method", LOOKING)
def test_nobody_looks_around_elsewhere(connect, rooms: Place, repository: Path, method: str, who: str) -> None:
    client = connect(who)
    work, member = rooms.workspace, LOOKING[method]
    paths = [repository, "/etc", rooms.state, f"{work}/..", f"{work}/way-out/repository", f"{work}/none"]
    for path in [*map(str, paths), os.path.relpath(repository, work), ".", "", f"{work}\0"]:
        message = assert_refused(client, method, {member: [path] if member == "cwds" else path})
        assert member in message, message
    if member == "cwds":
        assert_refused(client, method, {"cwds": [str(work), str(repository)]})
        assert_refused(client, method, [[str(repository)]])
        assert client.request(method, {"cwds": []}) is not None
    assert client.request(method, {member: [str(work)] if member == "cwds" else str(work)}) is not None
    assert client.request(method) is not None


@pytest.mark.parametrize("who", ["viewer", "admin", "local"])
@pytest.mark.parametrize("method", [method for method, member in LOOKING.items() if member == "cwds"])
def test_lists_of_paths_have_an_end(connect, rooms: Place, method: str, who: str) -> None:
    """codex scans every listed path, even the same one again."""
    client = connect(who)
    with pytest.raises(RpcError, match=r"cwds\[\] has more than 64 entries") as caught:
        client.request(method, {"cwds": [str(rooms.workspace)] * 4_000})
    assert caught.value.code == INVALID
    assert client.request(method, {"cwds": [str(rooms.workspace)] * 64}) is not None


def test_the_local_user_looks_anywhere(connect, repository: Path) -> None:
    assert SECRET in json.dumps(connect("local").request("skills/list", {"cwds": [str(repository)]}))


@pytest.mark.parametrize("who", ["viewer", "operator"])
def test_no_file_is_read_as_a_list_of_plugins(connect, rooms: Place, repository: Path, who: str) -> None:
    """codex's errors quote from the file, and a pipe blocks the call forever."""
    client = connect(who)
    work = rooms.workspace
    elsewhere = repository / ".agents" / "plugins" / "marketplace.json"
    within = work / "plugins.json"
    within.write_text(json.dumps({"name": "here", "plugins": []}))
    paths = [elsewhere, "/etc/passwd", "/etc/none", rooms.state / "token", rooms.codex_home / "config.toml"]
    for path in [*map(str, paths), f"{work}/way-out/repository/.agents/plugins/marketplace.json", f"{work}/pipe.json"]:
        message = assert_refused(client, "plugin/read", {"marketplacePath": path, "pluginName": "p"})
        assert "marketplacePath" in message
    assert_refused(client, "plugin/read", [str(elsewhere), None, "p"])
    with pytest.raises(RpcError) as caught:
        client.request("plugin/read", {"marketplacePath": str(within), "pluginName": "p"})
    assert caught.value.code not in (REFUSED, INVALID), "codex itself says that it has no plugins here"


# MARK: Names for git


def test_a_branch_is_no_option(connect, rooms: Place) -> None:
    client = connect("operator")
    thread = Conversation.start(client).thread
    for target in (
        {"type": "baseBranch", "branch": f"--output={rooms.workspace}/written"},
        {"type": "commit", "sha": "--all"},
        ["baseBranch", "--all"],
        {"type": 1, "branch": "--all"},
    ):
        assert_refused(client, "review/start", {"threadId": thread, "target": target, "delivery": "inline"})
