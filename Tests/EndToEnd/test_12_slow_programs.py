"""Row 12: a program or file that never answers does not keep the server from stopping."""

import os
import time
from collections.abc import Callable

import pytest

from harness.place import Place
from harness.server import Server
from harness.waiting import wait_until


def children(pid: int) -> list[int]:
    """All processes below this one."""
    found = []
    for task in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{task}/children") as file:
            for child in file.read().split():
                found += [int(child), *children(int(child))]
    return found


@pytest.mark.parametrize("what", ["version", "ignores-sigterm"])
def test_version_never_comes(place: Place, launch: Callable[..., Server], mode: str, what: str) -> None:
    codex = place.root / "codex"
    trap = "trap '' TERM\n" if what == "ignores-sigterm" else ""
    codex.write_text(f"#!/bin/sh\n{trap}sleep 300\n")
    codex.chmod(0o755)
    server = launch(mode, environment={"CODEX_BIN": str(codex)}).started()
    wait_until("it has asked", lambda: len(children(server.process.pid)) >= 2)
    left = children(server.process.pid)
    began = time.monotonic()
    server.stop()
    # Mutation check: it waited for the program's five minutes, and left `sleep` behind.
    assert time.monotonic() - began < 10
    wait_until("nothing is left", lambda: not any(os.path.exists(f"/proc/{pid}") for pid in left))


@pytest.mark.parametrize("name", ["config.toml", ".env"])
def test_file_never_ends(place: Place, launch: Callable[..., Server], mode: str, name: str) -> None:
    path = place.codex_home / name
    path.unlink(missing_ok=True)
    os.mkfifo(path)
    server = launch(mode).started()
    wait_until("it says so", lambda: f"{path}: it is not a regular file" in server.output())
    began = time.monotonic()
    server.stop()
    assert time.monotonic() - began < 10
