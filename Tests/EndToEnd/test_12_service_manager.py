"""Row 12: what a service manager such as systemd is told, and what its signals do."""

import os
import re
import signal
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from harness.place import Place
from harness.server import Server
from harness.waiting import wait_until

pytestmark = pytest.mark.usefixtures("private_files")

UNIT = Path(__file__).resolve().parents[2] / "packaging" / "sre-agent.service"


class Manager:
    """The manager's end of sd_notify(3)."""

    def __init__(self, address: str):
        self.name = address
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(address.replace("@", "\0", 1))
        self.socket.settimeout(30)

    def message(self) -> dict[str, str]:
        text = self.socket.recv(4_096).decode()
        return dict(line.split("=", 1) for line in text.splitlines())


@pytest.fixture(params=["path", "abstract"])
def manager(request: pytest.FixtureRequest, place: Place) -> Iterator[Manager]:
    name = str(place.root / "notify") if request.param == "path" else f"@sre-agent-{os.getpid()}-{place.root.name}"
    manager = Manager(name)
    yield manager
    manager.socket.close()


def test_it_is_told_of_the_servers_state(
    place: Place, launch: Callable[..., Server], talk, manager: Manager, mode: str
) -> None:
    rules = place.root / "rules.yaml"
    rules.write_text("rules: []\n")
    server = launch(
        mode,
        environment={"NOTIFY_SOCKET": manager.name, "DRAIN_TIMEOUT": "77"},
        arguments=("--config", str(rules)),
    )
    assert manager.message() == {"READY": "1"}
    server.started()
    assert server.get("/healthz")[0] == 200
    server.ready()
    # Its own programs do not speak for it.
    conversation = talk(server)
    conversation.run({"command": "echo [$NOTIFY_SOCKET]"}, {"text": "done"})
    assert conversation.output() == "[]\n"
    os.kill(server.process.pid, signal.SIGHUP)
    reloading = manager.message()
    assert reloading["RELOADING"] == "1" and int(reloading["MONOTONIC_USEC"]) > 0
    assert manager.message() == {"READY": "1"}
    assert f"{rules} is now in effect" in server.output()
    # Without this, the manager would kill a server whose turns may run longer than TimeoutStopSec.
    server.process.send_signal(signal.SIGTERM)
    assert manager.message() == {"STOPPING": "1", "EXTEND_TIMEOUT_USEC": "87000000"}


def test_without_a_manager_sighup_ends_nothing(launch: Callable[..., Server], mode: str) -> None:
    server = launch(mode).ready()
    # Mutation check: the signal's default ends the server.
    os.kill(server.process.pid, signal.SIGHUP)
    wait_until("it says so", lambda: "SIGHUP" in server.output())
    assert server.get("/healthz")[0] == 200


def test_a_stop_ends_only_the_server(place: Place, launch: Callable[..., Server], talk, mode: str) -> None:
    """KillMode=mixed: SIGTERM to the main process, which lets an approved command end and starts none that waits."""
    server = launch(mode, environment={"DRAIN_TIMEOUT": "20"}).ready()
    running, waiting = talk(server), talk(server)
    running.play({"command": "touch begun; sleep 3; echo done > ended"}, {"text": "done"})
    running.decide(running.approval(), "accept")
    wait_until("it runs", (place.workspace / "begun").exists)
    waiting.play({"command": "touch unapproved"}, {"text": "done"})
    waiting.approval()
    server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(40) == 0
    assert (place.workspace / "ended").read_text() == "done\n"
    assert not (place.workspace / "unapproved").exists()


def test_the_unit() -> None:
    settings = dict(re.findall(r"^(\w+)=(.*)$", UNIT.read_text(), re.MULTILINE))
    assert settings["KillMode"] == "mixed"
    assert settings["Type"] == "notify"
    assert settings["ExecReload"] == "/bin/kill -HUP $MAINPID"
    # A wrong setting (EX_USAGE) is not tried again.
    assert settings["RestartPreventExitStatus"] == "64"
