"""Row 12: many first starts at the same time, and starts that fail with one line."""

import os
import socket
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from harness import processes, program
from harness.client import Client
from harness.place import Place
from harness.server import Server

FIRST_STARTS = 10


# Ten debug builds on two cores are slow.
@pytest.mark.timeout(240)
def test_first_starts_at_the_same_time(
    run_directory: Path, model, launch: Callable[..., Server], clients: Callable[..., Client], mode: str
) -> None:
    """codex alone sometimes fails here, because several processes race to create the same new CODEX_HOME."""
    places = [Place(run_directory) for _ in range(FIRST_STARTS)]
    home = places[0].codex_home
    for place in places:
        place.codex_home = home
        place.configure(model.url, model.token)
    started = [launch(mode, at=place) for place in places]
    for server in started:
        server.ready(120)
    # In isolated mode each session starts its own agent, also at the same time.
    opened: list[str] = []

    def open_thread(client: Client) -> None:
        client.initialize()
        opened.append(client.request("thread/start", {}, timeout=60)["threadId"])

    threads = [
        threading.Thread(target=open_thread, args=[clients(server, initialize=False)], daemon=True)
        for server in started
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(90)
    assert len(set(opened)) == FIRST_STARTS
    # codex may have lost this race too, and would then have logged an error.
    for server in started:
        assert server.process.poll() is None
        assert server.stop() == 0


def test_fresh_home_is_made(run_directory: Path, launch: Callable[..., Server], mode: str) -> None:
    place = Place(run_directory)
    place.codex_home = place.root / "not" / "there"
    launch(mode, at=place).ready()
    assert place.codex_home.is_dir()


def test_port_in_use(place: Place) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        result = program.run(place, PORT=port, LOG_LEVEL="critical")
    assert result.returncode == 1
    [line] = result.stderr.splitlines()
    assert port in line and "PORT" in line and "in use" in line
    assert result.stdout == ""
    processes.assert_no_orphans()
    assert not list(place.state.glob("run/*"))


def test_codex_is_missing(place: Place) -> None:
    result = program.run(place, CODEX_BIN=str(place.root / "none"))
    assert result.returncode == 1
    [line] = result.stderr.splitlines()
    assert "CODEX_BIN" in line
    assert result.stdout == ""


@pytest.mark.parametrize("problem", ["file", "long"])
def test_state_directory_that_cannot_be(place: Place, problem: str) -> None:
    file = place.root / "file"
    file.write_text("")
    path = file / "s" if problem == "file" else place.root / ("s" * 110)
    # If the agent has its own user, the sockets are elsewhere.
    user = {"AGENT_USER": "root"} if os.getuid() == 0 else {}
    result = program.run(place, STATE_DIR=str(path), LOG_LEVEL="critical", **user)
    assert result.returncode in (1, 64)
    [line] = result.stderr.splitlines()
    assert str(path) in line or "STATE_DIR" in line


def test_version(place: Place) -> None:
    result = program.run(place, "--version")
    assert result.returncode == 0
    assert result.stderr == ""
    assert len(result.stdout.splitlines()) == 1
    assert result.stdout.strip().replace(".", "").isdigit()


def test_help_names_the_commands(place: Place) -> None:
    result = program.run(place, "--help")
    assert result.returncode == 0
    for command in ("serve", "doctor", "login"):
        assert f"  {command} " in result.stdout
    assert "gate" not in result.stdout
