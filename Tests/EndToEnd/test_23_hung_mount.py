"""Row 23: a file system that does not answer stops nobody's approvals but those of threads in it."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from harness.client import RpcError
from harness.conversation import Conversation
from harness.hung import HungMount
from harness.place import Place
from harness.server import Server
from harness.waiting import wait_until

pytestmark = pytest.mark.skipif(os.getuid() != 0, reason="only root can mount a file system that does not answer")


@pytest.fixture
def hang() -> Iterator[Callable[[Path], HungMount]]:
    mounts: list[HungMount] = []

    def mounted(path: Path) -> HungMount:
        path.mkdir(exist_ok=True)
        mounts.append(HungMount(path))
        return mounts[-1]

    yield mounted
    for mount in mounts:
        mount.end()


def test_new_threads(place: Place, launch: Callable[..., Server], talk, mode: str, hang) -> None:
    server = launch(mode).ready()
    working = talk(server)
    gone = hang(place.workspace / "gone")
    working.play({"command": "touch ran"}, {"text": "done"})
    asked = working.approval()
    began = time.monotonic()
    for directory in ("gone", "gone/below", "gone"):
        with pytest.raises(RpcError, match="gone"):
            talk(server, cwd=str(place.workspace / directory))
    # Mutation check: without a limit, the server answered nobody any more.
    assert time.monotonic() - began < 15
    working.decide(asked, "accept")
    assert working.ended()["status"] == "completed"
    assert (place.workspace / "ran").exists()
    assert f"{gone.path} has not answered" in server.output()
    gone.end()
    wait_until("it answers again", lambda: f"{gone.path} answers again" in server.output())
    assert talk(server, cwd=str(place.workspace)).run({"command": "true"}, {"text": "done"})["status"] == "completed"


def test_a_threads_directory(place: Place, launch: Callable[..., Server], talk, hang) -> None:
    """The thread's own calls may wait for the file system; those of others do not."""
    server = launch("shared").ready()
    (place.workspace / "b").mkdir()
    (place.workspace / "b").chmod(0o777)
    inside = talk(server, cwd=str(place.workspace / "b"))
    inside.run({"command": "true"}, {"text": "done"})
    outside = talk(server)
    gone = hang(place.workspace / "b")
    try:
        inside.say("hello")
    except RpcError as error:
        assert "/b" in str(error)
    began = time.monotonic()
    assert outside.run({"command": "touch ran"}, {"text": "done"})["status"] == "completed"
    assert time.monotonic() - began < 20
    gone.end()
    assert Conversation.start(outside.client).run({"command": "true"}, {"text": "done"})["status"] == "completed"
