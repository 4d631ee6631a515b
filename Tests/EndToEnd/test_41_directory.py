"""Row 8, the directory of a thread: the one that was checked is the one that codex works in, and stays it."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from harness.client import RpcError
from harness.conversation import COMMAND, Conversation
from harness.people import invite
from harness.place import Place
from harness.server import Server


@pytest.fixture
def link(place: Place) -> Iterator[Path]:
    """What a harmless command may have left in the temporary directory: a link deep into the workspace."""
    deep = place.workspace / "a" / "b" / "c"
    deep.mkdir(parents=True)
    (place.workspace / "etc").mkdir()
    link = Path(f"/tmp/e2e-link-{os.getpid()}")
    link.unlink(missing_ok=True)
    link.symlink_to(deep)
    yield link
    link.unlink()


def test_codex_reads_a_path_as_the_server_does(
    place: Place, launch: Callable[..., Server], clients, link: Path
) -> None:
    """The kernel follows a link before `..`, codex takes `..` away first: what leads into the workspace for the one
    is `/etc` for the other."""
    worker = invite(place, "operator")
    server = launch().ready()
    client = clients(server, token=worker.secret)
    place.outside("x").parent.mkdir(exist_ok=True)
    (place.workspace / "o").mkdir()
    work = place.workspace
    for cwd in (f"{link}/../../../etc", f"{link}/..", f"{work}\0/../../o", f"{work}\0"):
        try:
            opened = client.request("thread/start", {"cwd": cwd})["cwd"]
        except RpcError as refused:
            assert "cwd" in refused.message
            continue
        assert Path(opened).is_relative_to(work) and Path(opened).is_dir(), (cwd, opened)
    thread = client.request("thread/start", {})["threadId"]
    for cwd in (f"{link}/../../../etc", f"{work}\0/../../o"):
        # What comes back names no directory; so it must be refused, or reach codex as it was checked.
        try:
            client.request("thread/settings/update", {"threadId": thread, "cwd": cwd})
        except RpcError as refused:
            assert "cwd" in refused.message
            continue
        conversation = Conversation(client, {"thread": {"id": thread}})
        conversation.run({"command": "pwd"}, {"text": "done"})
        assert Path(conversation.output().strip()).is_relative_to(work)


@pytest.mark.parametrize("end", ["removed", "moved"])
def test_what_runs_when_the_directory_is_gone_raises_the_alarm(
    place: Place, launch: Callable[..., Server], clients, end: str
) -> None:
    """codex starts the gate's hook in the thread's directory, and goes on without it where that cannot be: the alarm is
    the last defence, and stops the turn."""
    server = launch().ready()
    directory, elsewhere = place.workspace / "gone", place.workspace / "elsewhere"
    directory.mkdir()
    elsewhere.mkdir()
    conversation = Conversation.start(clients(server), cwd=str(directory))
    marker = Path(f"/tmp/e2e-ran-{os.getpid()}-{end}")
    conversation.play(
        {"command": "true"}, {"command": f"touch {marker}", "workdir": str(elsewhere)}, {"text": "done"}
    )
    first = conversation.approval()
    # As a command of another thread could do, which somebody has approved without seeing any harm.
    directory.rmdir() if end == "removed" else directory.rename(place.workspace / "elsewhere" / "moved")
    conversation.answered(first)
    conversation.client.answer(first.id, {"decision": "accept"})
    try:
        conversation.client.wait(
            lambda message: message.get("method") == "sre/alarm"
            or (message.get("method") == COMMAND and message["id"] != first.id),
            20,
            "another question, or the alarm",
        )
    finally:
        server.stop()
        marker.unlink(missing_ok=True)
