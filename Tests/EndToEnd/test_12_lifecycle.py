"""Row 12: the server stops or is killed, and leaves no agent and no command behind."""

import os
import signal
import time
from collections.abc import Callable

import pytest

from harness import paths, processes
from harness.client import Client
from harness.place import Place
from harness.server import Server
from harness.stand_in import StandIn
from harness.waiting import wait_until


def running(server: Server, talk, command: str, shape: str = "classic", escalate: bool = False) -> set[int]:
    """Starts an approved command and waits until it runs. Returns all processes below the server."""
    conversation = talk(server, shape)
    step = {"command": command, "timeoutMilliseconds": 60_000}
    if escalate:
        step |= {"escalate": True, "justification": "must"}
    conversation.play(step, {"text": "done"})
    conversation.decide(conversation.approval(), "accept")
    if escalate:
        conversation.decide(conversation.approval(), "accept")
    begun = server.place.workspace / "begun"
    wait_until("the command runs", begun.exists)
    return processes.descendants(server.pid)


def assert_all_gone(below: set[int]) -> None:
    wait_until("everything has ended", lambda: not any(map(processes.is_alive, below)), 5)
    processes.assert_no_orphans()


# MARK: Stopping


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stopped_with_nothing_running(
    launch: Callable[..., Server], clients: Callable[..., Client], talk, mode: str, number: signal.Signals
) -> None:
    # The default grace period; with no turn to wait for, the server must not use it up.
    server = launch(mode, environment={"DRAIN_TIMEOUT": None}).ready()
    idle = clients(server)
    fresh = clients(server, initialize=False)
    conversation = talk(server)
    conversation.run({"command": "true"}, {"text": "done"})
    below = processes.descendants(server.pid)
    assert below
    begun = time.monotonic()
    server.process.send_signal(number)
    assert server.process.wait(15) == 0
    assert time.monotonic() - begun < 8
    for client in (idle, fresh, conversation.client):
        assert client.wait_closed() == 1001
    assert_all_gone(below)
    assert not list(server.place.state.glob("run/*"))


def test_stopped_before_it_is_ready(launch: Callable[..., Server], mode: str) -> None:
    server = launch(mode).started()
    assert server.stop() == 0
    processes.assert_no_orphans()


def test_running_turn_may_end(launch: Callable[..., Server], talk) -> None:
    """In isolated mode an agent ends with its session, as docs/faults.md says."""
    server = launch("shared", environment={"DRAIN_TIMEOUT": "20"}).ready()
    below = running(server, talk, "touch begun; sleep 2; touch ended")
    assert server.stop(25) == 0
    assert (server.place.workspace / "ended").exists()
    assert_all_gone(below)


def test_running_turn_that_does_not_end(launch: Callable[..., Server], talk, mode: str, shape: str) -> None:
    server = launch(mode, environment={"DRAIN_TIMEOUT": "1"}).ready()
    below = running(server, talk, "touch begun; sleep 60; touch ended", shape)
    begun = time.monotonic()
    assert server.stop() == 0
    assert time.monotonic() - begun < 10
    assert_all_gone(below)
    assert not (server.place.workspace / "ended").exists()


def test_stopped_with_a_command_outside_the_sandbox(launch: Callable[..., Server], talk, mode: str) -> None:
    server = launch(mode, environment={"DRAIN_TIMEOUT": "1"}).ready()
    below = running(server, talk, "touch begun; setsid sleep 302 & sleep 302; touch ended", escalate=True)
    assert server.stop() == 0
    assert_all_gone(below)


# MARK: Killed


def test_killed_with_nothing_running(launch: Callable[..., Server], talk, mode: str) -> None:
    server = launch(mode).ready()
    talk(server).run({"command": "true"}, {"text": "done"})
    below = processes.descendants(server.pid)
    server.kill()
    assert_all_gone(below)


def test_killed_in_the_middle_of_a_command(launch: Callable[..., Server], talk, mode: str, shape: str) -> None:
    server = launch(mode).ready()
    below = running(server, talk, "touch begun; setsid sleep 303 & sleep 303; touch ended", shape)
    server.kill()
    assert_all_gone(below)
    assert not (server.place.workspace / "ended").exists()


def test_killed_in_the_middle_of_a_command_outside_the_sandbox(
    place: Place, launch: Callable[..., Server], talk, mode: str
) -> None:
    """No process above the command is left to end it; the next server start does."""
    server = launch(mode).ready()
    below = running(server, talk, "touch begun; setsid sleep 304 & sleep 304; touch ended", escalate=True)
    agents = server.agents()
    server.kill()
    wait_until("the agent has ended", lambda: not any(map(processes.is_alive, agents)), 5)
    launch(mode).ready()
    assert_all_gone(below)
    assert not (place.workspace / "ended").exists()


def test_next_start_spares_other_servers(launch: Callable[..., Server], place: Place, talk) -> None:
    """Two servers may share everything but STATE_DIR."""
    first = launch().ready()
    conversation = talk(first)
    launch(environment={"STATE_DIR": str(place.root / "other")}).ready()
    assert conversation.run({"command": "echo alive"}, {"text": "done"})["status"] == "completed"


DAEMON = """
import json, subprocess, sys
subprocess.Popen(["/bin/sh", "-c", "setsid --fork sleep 7503 </dev/null >/dev/null 2>&1"])
for line in sys.stdin:
    message = json.loads(line)
    if message.get("method") == "initialize":
        info = {"capabilities": {"tools": {}}, "serverInfo": {"name": "d", "version": "1"}}
        result = {"protocolVersion": message["params"]["protocolVersion"], **info}
    else:
        result = {"tools": []}
    if "id" in message:
        print(json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": result}), flush=True)
"""


@pytest.mark.parametrize("end", ["closed", "killed"])
def test_one_session_s_end_spares_what_another_left_running(
    launch, place: Place, model, talk, clients: Callable[..., Client], end: str
) -> None:
    """Each isolated session has an agent of its own. Orphans of both become the server's children."""
    server_file = place.root / "daemon.py"
    server_file.write_text(DAEMON)
    server_file.chmod(0o644)
    more = f'[mcp_servers.d]\ncommand = "{paths.SYSTEM_PYTHON}"\nargs = ["{server_file}"]\n'
    place.configure(model.url, model.token, more)
    server = launch("isolated").ready()
    staying = talk(server, "classic")
    command = "setsid --fork sleep 7501 </dev/null >/dev/null 2>&1"
    staying.client.request("thread/shellCommand", {"threadId": staying.thread, "command": command})

    def left() -> set[str]:
        below = map(processes.arguments, processes.descendants(server.pid))
        return {arguments[1] for arguments in below if arguments[:1] == ["sleep"]}

    wait_until("both daemons run", lambda: left() == {"7501", "7503"})
    agents = set(server.agents())
    leaving = talk(server, "classic")
    leaving.run({"text": "hello"}, decisions=())
    wait_until("three daemons", lambda: len([*daemons(server)]) == 3)
    if end == "closed":
        leaving.client.close()
    else:
        for agent in set(server.agents()) - agents:
            os.kill(agent, signal.SIGKILL)
    # The daemon of the ended session's MCP server ends with it.
    wait_until("one daemon ends", lambda: len([*daemons(server)]) < 3)
    assert left() == {"7501", "7503"}
    assert staying.run({"command": "echo alive"}, {"text": "done"})["status"] == "completed"


def daemons(server: Server) -> list[int]:
    below = processes.descendants(server.pid)
    return [pid for pid in below if processes.arguments(pid)[:1] == ["sleep"]]


def test_two_servers_do_not_share_their_state(stand_in: Callable[..., tuple[Server, StandIn]], launch) -> None:
    server, agent = stand_in()
    second = launch(agent=agent.executable)
    assert second.process.wait(20) == 1
    assert f"Another server (process {server.pid}) uses STATE_DIR" in second.output()
    assert server.get("/readyz")[0] == 200
    server.kill()
    # The kernel releases the lock of a killed process.
    launch(agent=agent.executable).ready()
