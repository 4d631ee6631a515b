"""Row 5: a link replaces a directory while a person decides, or between two turns. A command runs in the shown
directory, and its sandbox opens no other one."""

import os
import shlex
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from harness import paths, wrappers
from harness.client import Client, RpcError
from harness.conversation import Conversation
from harness.model import Model
from harness.place import Place
from harness.server import Server
from harness.waiting import wait_until

OUTSIDE = {"escalate": True, "justification": "a test"}
ELSEWHERE = "its directory is another one than the one that was shown"
OTHER_ROOT = "which is not, or is no longer, a directory that this thread may write to"


@pytest.fixture
def room(place: Place, model: Model) -> Place:
    """Every thread may write everywhere, and the directories above the workspace are worth attacking."""
    for directory in (place.root, place.workspace, place.cwd):
        directory.chmod(0o777)
    (place.workspace / "b").mkdir()
    (place.root / "o").mkdir()
    return place


def replace(path: Path, target: str) -> None:
    """Replaces a directory with a link, as an approved command of a thread in a parent directory does."""
    path.rename(path.with_name(f"{path.name}.old"))
    path.symlink_to(target)


def written(place: Place) -> set[str]:
    """The files that commands have written outside the workspace."""
    found = [*place.root.iterdir(), *(place.root / "o").iterdir()]
    return {path.name for path in found} - {"h", "w", "s", "c", "p", "o", "server.log", "own-user"}


def stopped(client: Client, reason: str) -> None:
    client.wait(
        lambda message: message.get("method") == "sre/alarm" and reason in message["params"]["message"], 20, reason
    )


@pytest.mark.parametrize("how", ["directory", "link"])
def test_a_threads_directory(
    room: Place, launch: Callable[..., Server], talk, mode: str, shape: str, how: str
) -> None:
    directory = room.workspace / "b"
    if how == "link":
        directory.rename(room.workspace / "b0")
        directory.symlink_to("b0")
    server = launch(mode).ready()
    working = talk(server, shape, cwd=str(directory))
    other = talk(server, shape, cwd=str(room.workspace))
    working.play({"command": "echo one"}, {"command": "pwd -P; touch escaped; mv c c2"}, {"text": "done"})
    working.decide(working.approval(), "accept")
    asked = working.approval()
    assert asked.params["cwd"] == str(directory)
    other.run({"command": "ln -sfn .. b" if how == "link" else "mv b b.old && ln -s .. b"}, {"text": "done"})
    assert os.readlink(directory) == ".."
    working.decide(asked, "accept")
    working.ended()
    stopped(working.client, ELSEWHERE)
    assert written(room) == set()
    with pytest.raises(RpcError, match="lies above the server's own"):
        working.say("hi")
    if mode == "shared":
        # Opening the thread again does not move it.
        again = Conversation.resume(talk(server, shape).client, working.thread)
        with pytest.raises(RpcError, match="lies above the server's own"):
            again.say("hi")


def test_while_it_is_replaced_again_and_again(room: Place, launch: Callable[..., Server], talk, mode: str) -> None:
    """Whatever bubblewrap finds there at the moment when it looks."""
    server = launch(mode).ready()
    swap = (
        "import ctypes, os\n"
        "libc = ctypes.CDLL(None)\n"
        "os.symlink('..', 'l')\n"
        "open('begun', 'w').close()\n"
        "while not os.path.exists('go'):\n"
        "    libc.syscall(316, -100, b'b', -100, b'l', 2) if os.uname().machine == 'x86_64'"
        " else libc.syscall(276, -100, b'b', -100, b'l', 2)\n"
    )
    other = talk(server, cwd=str(room.workspace))
    working = talk(server, cwd=str(room.workspace / "b"))
    other.play({"command": shlex.join([paths.SYSTEM_PYTHON, "-c", swap])}, {"text": "done"})
    other.decide(other.approval(), "accept")
    wait_until("it is being replaced", (room.workspace / "begun").exists)
    kept_out = ran = 0
    for number in range(20):
        deadline = time.monotonic() + 20
        while True:
            try:
                working.play({"command": f"touch ran{number}; touch {room.root}/escaped{number}"}, {"text": "done"})
                break
            except RpcError:
                assert time.monotonic() < deadline
        if working.asked_or_ended():
            working.decide(working.approval(), "accept")
            working.ended()
        # bubblewrap creates these as mount points and leaves them behind when it is stopped.
        assert written(room) <= {".git", ".agents", ".codex", ".aws"}
        here = [room.workspace / name / f"ran{number}" for name in ("b", "l")]
        ran += any(path.exists() for path in here)
        kept_out += not any(path.exists() for path in here)
    (room.workspace / "go").touch()
    other.ended()
    assert not any(any((room.root / name).iterdir()) for name in written(room))
    assert ran + kept_out == 20 and kept_out > 0


def test_the_directory_of_one_call(room: Place, launch: Callable[..., Server], talk, shape: str) -> None:
    (room.workspace / "b/sub").mkdir()
    working = talk(launch("shared").ready(), shape, cwd=str(room.workspace / "b"))
    command = {"command": "pwd -P; touch /tmp/$$; ls", "workdir": str(room.workspace / "b/sub")}
    working.play(command, {"text": "done"})
    asked = working.approval()
    replace(room.workspace / "b/sub", "../../o")
    working.decide(asked, "accept")
    working.ended()
    stopped(working.client, ELSEWHERE)


def with_two_roots(room: Place, client: Client, shape: str) -> tuple[list[str], Conversation]:
    """A thread in the second of two directories, which may write both."""
    (room.workspace / "c").mkdir()
    roots = [str(room.workspace / "b"), str(room.workspace / "c")]
    return roots, Conversation.start(client, shape, cwd=roots[1], runtimeWorkspaceRoots=roots)


def test_another_directory_that_it_may_write(
    room: Place, launch: Callable[..., Server], clients, mode: str, shape: str
) -> None:
    roots, working = with_two_roots(room, clients(launch(mode).ready(), experimental=True), shape)
    working.run({"command": f"touch {roots[0]}/in {roots[1]}/in"}, {"text": "done"})
    assert all(Path(root, "in").exists() for root in roots)
    working.play({"command": f"touch {room.root}/escaped"}, {"text": "done"})
    asked = working.approval()
    replace(room.workspace / "b", "..")
    working.decide(asked, "accept")
    working.ended()
    stopped(working.client, OTHER_ROOT)
    assert written(room) == set()


def test_a_patch(room: Place, launch: Callable[..., Server], talk, mode: str, shape: str) -> None:
    """The patch helper runs in the same sandbox, and writes to where the path leads by then."""
    working = talk(launch(mode).ready(), shape, cwd=str(room.workspace / "b"))
    working.play({"patch": "*** Begin Patch\n*** Add File: new.txt\n+x\n*** End Patch"}, {"text": "done"})
    asked = working.approval()
    replace(room.workspace / "b", "../o")
    working.decide(asked, "accept")
    working.ended()
    working.client.notification("sre/alarm", stopped=True)
    assert written(room) == set()


def test_a_patch_beside_a_replaced_directory(
    room: Place, launch: Callable[..., Server], clients, mode: str, shape: str
) -> None:
    """The patch's target is the shown one, but its helper could still write more."""
    _, working = with_two_roots(room, clients(launch(mode).ready(), experimental=True), shape)
    working.play({"patch": "*** Begin Patch\n*** Add File: new.txt\n+x\n*** End Patch"}, {"text": "done"})
    asked = working.approval()
    replace(room.workspace / "b", "..")
    working.decide(asked, "accept")
    working.ended()
    stopped(working.client, OTHER_ROOT)
    assert not (room.workspace / "c/new.txt").exists()


def test_outside_the_sandbox(room: Place, launch: Callable[..., Server], talk, mode: str, shape: str) -> None:
    working = talk(launch(mode).ready(), shape, cwd=str(room.workspace / "b"))
    working.run({"command": "touch first", **OUTSIDE}, {"text": "done"}, decisions=("accept", "accept"))
    assert (room.workspace / "b/first").exists()
    working.play({"command": "touch trace", **OUTSIDE}, {"text": "done"})
    working.decide(working.approval(), "accept")
    asked = working.approval()
    replace(room.workspace / "b", "../o")
    working.decide(asked, "accept")
    working.ended()
    stopped(working.client, ELSEWHERE)
    assert written(room) == set()


def test_by_hand(room: Place, launch: Callable[..., Server], clients) -> None:
    """Commands that an admin starts also run in the thread's directory."""
    client = clients(launch("shared").ready())
    thread = Conversation.start(client, cwd=str(room.workspace / "b")).thread
    client.request("thread/shellCommand", {"threadId": thread, "command": "touch first"})
    wait_until("it runs", (room.workspace / "b/first").exists)
    replace(room.workspace / "b", "../o")
    with pytest.raises(RpcError, match="leads to .*/o now"):
        client.request("thread/shellCommand", {"threadId": thread, "command": "touch trace"})
    assert written(room) == set()


def test_a_server_and_an_agent_of_one_user(room: Place, launch: Callable[..., Server], talk, mode: str) -> None:
    """A process inspects other processes of the same user in another user namespace."""
    options = {"executable": wrappers.of_own_user(room)} if os.getuid() == 0 else {}
    server = launch(mode, **options).ready()
    working = talk(server, token=room.token, cwd=str(room.workspace / "b"))
    patch = {"patch": "*** Begin Patch\n*** Add File: patched\n+x\n*** End Patch"}
    working.run({"command": "touch one"}, patch, {"text": "done"}, decisions=("accept", "accept"))
    assert {path.name for path in (room.workspace / "b").iterdir()} == {"one", "patched"}
    working.play({"command": "touch escaped"}, {"text": "done"})
    asked = working.approval()
    replace(room.workspace / "b", "../o")
    working.decide(asked, "accept")
    working.ended()
    stopped(working.client, ELSEWHERE)
    assert written(room) == set()


def test_a_standing_approval_is_for_one_directory(room: Place, launch: Callable[..., Server], talk, shape: str) -> None:
    for name in ("one", "two"):
        (room.workspace / name).mkdir()
    link = room.workspace / "link"
    link.symlink_to("one")
    working = talk(launch("shared").ready(), shape, cwd=str(room.workspace))
    step = {"command": "touch trace", "workdir": str(link)}
    working.run(step, {"text": "done"}, decisions=("acceptForSession",))
    assert (room.workspace / "one/trace").exists()
    working.play(step, {"text": "done"})
    working.ended()
    link.unlink()
    link.symlink_to("two")
    working.play(step, {"text": "done"})
    working.decide(working.approval(), "decline")
    working.ended()
    assert not (room.workspace / "two/trace").exists()


def test_what_goes_on_working(room: Place, launch: Callable[..., Server], talk, mode: str, shape: str) -> None:
    """Links that people create themselves, and a directory that is created again."""
    link = room.workspace / "link"
    link.symlink_to(room.workspace / "b")
    (room.workspace / "other").mkdir()
    working = talk(launch(mode).ready(), shape, cwd=str(link))
    patch = {"patch": "*** Begin Patch\n*** Add File: patched\n+x\n*** End Patch"}
    working.run({"command": "touch one"}, patch, {"text": "done"}, decisions=("accept", "accept"))
    assert {path.name for path in (room.workspace / "b").iterdir()} == {"one", "patched"}
    shutil.rmtree(room.workspace / "b")
    (room.workspace / "b").mkdir()
    working.run({"command": "touch two"}, {"text": "done"})
    assert (room.workspace / "b/two").exists()
    # A client that moves a link passes the new directory.
    link.unlink()
    link.symlink_to("other")
    with pytest.raises(RpcError, match="leads to .*/other now"):
        working.say("hi")
    working.run({"command": "touch three"}, {"text": "done"}, cwd=str(link))
    assert (room.workspace / "other/three").exists()
    working.run({"command": "touch four"}, {"text": "done"})
    assert (room.workspace / "other/four").exists()


def test_a_restart_forgets_no_place(room: Place, launch: Callable[..., Server], talk, clients, mode: str) -> None:
    """Opening a thread again moves nothing, even after a server restart."""
    directory = room.workspace / "b"
    directory.chmod(0o777)
    server = launch(mode).ready()
    conversation = talk(server, cwd=str(directory))
    conversation.run({"command": "touch first"}, {"text": "done"})
    conversation.client.close()
    server.stop()
    replace(directory, str(room.root / "o"))
    (room.root / "o").chmod(0o777)
    client = clients(launch(mode).ready())
    again = Conversation.resume(client, conversation.thread)
    with pytest.raises(RpcError, match="name it again"):
        again.play({"command": "touch escaped"}, {"text": "done"})
    again.play({"command": "touch meant"}, {"text": "done"}, cwd=str(directory))
    again.decide(again.approval(), "accept")
    again.ended()
    assert written(room) == {"meant"}
