"""`GET /api/v1/sre/directories`: the directories that a person may open a thread in, and no others."""

import json
import os
from pathlib import Path
from urllib.parse import urlencode

import pytest

from harness import people, raw
from harness.raw import STRANGER
from harness.server import Server


def read(server: Server, path: Path | str | None, secret: str | None = None) -> tuple[int, dict]:
    query = "" if path is None else f"?{urlencode({'path': str(path)})}"
    headers = {"Authorization": f"Bearer {secret}", **STRANGER} if secret else {}
    answer = raw.get(server.port, f"/api/v1/sre/directories{query}", **headers)
    if answer.status == 200:
        assert answer.headers["cache-control"] == "no-store"
    return answer.status, json.loads(answer.body)


@pytest.fixture
def tree(shared: Server) -> Path:
    top = shared.place.workspace / "tree"
    if not top.exists():
        for name in ("app", "app/deep", "with + & space", "closed"):
            (top / name).mkdir(parents=True)
        (top / "file.txt").write_text("x")
        os.mkfifo(top / "pipe")
        (top / "out").symlink_to(shared.place.state)
        (top / "within").symlink_to("app")
    return top


def names(listing: dict) -> list[str]:
    return [entry["name"] for entry in listing["directories"]]


def test_an_operator_walks_the_workspace(shared: Server, tree: Path) -> None:
    secret = people.newcomer(shared, "operator").secret
    status, listing = read(shared, None, secret)
    assert status == 200 and listing["path"] == str(shared.place.workspace) and listing["parent"] is None
    assert "tree" in names(listing)
    status, listing = read(shared, tree, secret)
    assert names(listing) == ["app", "closed", "with + & space", "within"]
    assert listing["directories"][3]["path"] == str(tree / "app")
    assert (
        listing["parent"] == str(shared.place.workspace) and listing["obstacle"] is None and listing["isCut"] is False
    )
    status, listing = read(shared, tree / "with + & space", secret)
    assert status == 200 and names(listing) == []


@pytest.mark.parametrize("role", ["operator", "approver", "admin"])
def test_nothing_outside_is_shown(shared: Server, tree: Path, role: str) -> None:
    secret = people.newcomer(shared, role).secret
    place = shared.place
    for path in (
        "/",
        "/etc",
        place.root,
        place.state,
        tree / "out",
        tree / ".." / "..",
        tree / "out" / "run",
        "/proc/self/cwd",
    ):
        status, body = read(shared, path, secret)
        assert status == 403 and "outside WORKSPACE" in body["error"], (path, body)
    for path in (tree / "none", tree / "file.txt", tree / "pipe", "tree", "a\0b"):
        status, body = read(shared, path, secret)
        assert status == 400, (path, body)


def test_viewers_and_strangers_see_none(shared: Server, tree: Path) -> None:
    status, body = read(shared, tree, people.newcomer(shared, "viewer").secret)
    assert status == 403 and "operator" in body["error"] and "app" not in json.dumps(body)
    assert raw.get(shared.port, "/api/v1/sre/directories", **STRANGER).status == 401


def test_the_local_user_sees_everything_but_the_servers_own(shared: Server, tree: Path) -> None:
    place = shared.place
    status, listing = read(shared, "/")
    assert status == 200 and "etc" in names(listing) and "proc" not in names(listing)
    # A thread there could change the server's own files.
    assert listing["obstacle"]
    status, listing = read(shared, place.root)
    assert status == 200 and place.workspace.name in names(listing)
    assert not {place.state.name, place.codex_home.name} & set(names(listing))
    assert "out" not in names(read(shared, tree)[1])
    for path in (place.state, place.codex_home, "/proc", tree / "out"):
        status, body = read(shared, path)
        assert status == 403 and "server's own" in body["error"], (path, body)


@pytest.mark.skipif(os.geteuid() != 0, reason="the agent has a user of its own only where the server runs as root")
def test_what_the_agents_user_may_not_read(shared: Server, tree: Path) -> None:
    (tree / "closed").chmod(0o700)
    secret = people.newcomer(shared, "operator").secret
    try:
        assert "closed" not in names(read(shared, tree, secret)[1])
        status, body = read(shared, tree / "closed", secret)
        assert status == 400 and "cannot read" in body["error"]
    finally:
        (tree / "closed").chmod(0o777)
