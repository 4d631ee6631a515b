"""Row 3: a server that runs as root runs codex and its commands as another user, who cannot change kernel settings."""

import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from harness import paths, processes, wrappers
from harness.place import Place
from harness.server import Server

pytestmark = pytest.mark.skipif(os.getuid() != 0, reason="only root can give a process another user")

UNNAMED = "64737"
# The test writes the current value back, in case the write succeeds.
SETTING = Path("/proc/sys/kernel/printk_ratelimit")


@pytest.fixture(scope="module", params=["shared", "isolated"])
def server(request: pytest.FixtureRequest, run_directory: Path, model) -> Iterator[Server]:
    place = Place(run_directory)
    place.configure(model.url, model.token)
    server = Server(place, request.param).ready()
    yield server
    assert server.stop() == 0


def said(talk, server: Server, command: str, shape: str, **params) -> str:
    conversation = talk(server, shape, **params)
    conversation.run({"command": command}, {"text": "done"})
    return conversation.output()


@pytest.mark.parametrize("sandbox", ["readOnly", "workspaceWrite"])
def test_no_kernel_setting_is_changed(server: Server, talk, shape: str, sandbox: str) -> None:
    before = SETTING.read_text().strip()
    output = said(talk, server, f"id -u; echo {before} > {SETTING} && echo WRITTEN; true", shape, sandbox=sandbox)
    # The two lines come over two pipes, in either order.
    assert UNNAMED in output.splitlines()
    assert "WRITTEN" not in output and "Permission denied" in output


def test_the_agent_is_not_root(server: Server, talk) -> None:
    talk(server)
    [agent] = server.agents()
    status = Path(f"/proc/{agent}/status").read_text()
    assert f"Uid:\t{UNNAMED}\t{UNNAMED}\t{UNNAMED}\t{UNNAMED}" in status
    assert "NoNewPrivs:\t1" in status and "Groups:\t \n" in status


def test_what_it_writes_in_the_workspace_is_its_own(server: Server, talk, shape: str) -> None:
    name = f"made-{shape}"
    said(talk, server, f"touch {name}", shape)
    assert str((server.place.workspace / name).stat().st_uid) == UNNAMED


def test_the_owner_of_the_workspace(place: Place, launch: Callable[..., Server], talk) -> None:
    place.workspace.chmod(0o700)
    os.chown(place.workspace, 12_345, 12_346)
    server = launch().ready()
    assert said(talk, server, "id -u; id -g", "classic").split() == ["12345", "12346"]


def test_a_user_that_is_named(place: Place, launch: Callable[..., Server], talk) -> None:
    server = launch(environment={"AGENT_USER": "nobody"}).ready()
    assert said(talk, server, "id -un", "classic").strip() == "nobody"


def test_root_is_a_risk_that_is_named(place: Place, launch: Callable[..., Server], talk) -> None:
    server = launch(environment={"AGENT_USER": "root"}).ready()
    assert "AGENT_USER=root" in server.output() and "/proc/sys" in server.output()
    assert said(talk, server, "id -u", "classic").strip() == "0"


@pytest.mark.parametrize(("variable", "value"), [("AGENT_USER", "no such user"), ("WORKSPACE", "")])
def test_what_cannot_be_used_is_said(place: Place, variable: str, value: str) -> None:
    from harness import program

    if variable == "WORKSPACE":
        closed = place.root / "closed"
        (closed / "w").mkdir(parents=True)
        closed.chmod(0o700)
        value = str(closed / "w")
    result = program.run(place, **{variable: value})
    assert result.returncode == 64
    assert result.stderr.splitlines()[-1].startswith(f"{variable}: ")
    processes.assert_no_orphans()


@pytest.fixture
def of_its_own_user(place: Place, launch: Callable[..., Server]) -> Server:
    """A server that does not run as root, as in an installation."""
    return launch(executable=wrappers.of_own_user(place)).ready()


def test_without_root_the_gate_holds_too(of_its_own_user: Server, talk, shape: str) -> None:
    place = of_its_own_user.place
    assert said(talk, of_its_own_user, "id -u; touch approved", shape, token=place.token).strip() == "12345"
    assert (place.workspace / "approved").exists()
    conversation = talk(of_its_own_user, shape, token=place.token)
    conversation.play({"command": "touch unapproved"}, {"text": "went on"})
    conversation.approval()
    below = processes.descendants(of_its_own_user.pid)
    [hook] = [pid for pid in below if processes.arguments(pid)[1:2] == ["hook"]]
    verifiers = [pid for pid in below if processes.arguments(pid)[1:2] == ["verifier"]]
    for pid in verifiers:
        os.kill(pid, signal.SIGSTOP)
    for pid in [processes.parent(hook), *verifiers]:
        os.kill(pid, signal.SIGKILL)
    conversation.client.notification("sre/alarm", stopped=True)
    assert not (place.workspace / "unapproved").exists()


def test_without_root_nobody_takes_the_listener(of_its_own_user: Server) -> None:
    """Another process of the same user that codex did not start, such as a timer's."""
    attempt = (
        "import ctypes, os, sys\n"
        "libc = ctypes.CDLL(None, use_errno=True)\n"
        "process = libc.syscall(434, int(sys.argv[1]), 0)\n"
        "taken = [number for number in range(64) if libc.syscall(438, process, number, 0) >= 0]\n"
        "print('taken', taken, 'from', process >= 0)\n"
    )
    words = [*wrappers.AS_OWN_USER, paths.SYSTEM_PYTHON, "-c", attempt]
    result = subprocess.run([*words, str(of_its_own_user.pid)], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "taken [] from True"


def test_programs_out_of_its_reach_are_reached(place: Place, launch: Callable[..., Server], talk) -> None:
    """Programs in directories that the agent's user cannot enter, such as a checkout below /root."""
    closed = place.root / "closed"
    executable, _ = paths.copy_of_server(closed / "bin")
    closed.chmod(0o700)
    server = launch(executable=executable).ready()
    assert said(talk, server, "echo reached", "classic").strip() == "reached"
    for copy in Path("/var/lib/sre-agent/programs").glob(f"gate-*-{(closed / 'bin/sre-agent-gate').stat().st_ino}-*"):
        shutil.rmtree(copy)
