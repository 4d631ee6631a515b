"""Row 8, the directory of a thread: codex works in the directory that was checked, and stays in it."""

import json
import os
import shutil
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from harness import paths, processes
from harness.client import Client, RpcError
from harness.conversation import COMMAND, Conversation, script
from harness.model import Model
from harness.people import invite
from harness.place import Place
from harness.server import Server


@pytest.fixture
def link(place: Place) -> Iterator[Path]:
    """A link deep into the workspace, as a harmless command may have left it in the temporary directory."""
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
    """The kernel follows a link before `..`, codex removes `..` first: a path that leads into the workspace for the
    kernel is `/etc` for codex."""
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
        # The response names no directory. The call must be refused or reach codex with the checked path.
        try:
            client.request("thread/settings/update", {"threadId": thread, "cwd": cwd})
        except RpcError as refused:
            assert "cwd" in refused.message
            continue
        conversation = Conversation(client, {"thread": {"id": thread}})
        conversation.run({"command": "pwd"}, {"text": "done"})
        assert Path(conversation.output().strip()).is_relative_to(work)


@pytest.fixture
def traces() -> Iterator[Path]:
    """A directory that every command may write, whatever its thread's directory is."""
    directory = paths.fresh_directory("/tmp")
    yield directory
    shutil.rmtree(directory)


def assert_nothing_ran_unasked(client: Client, traces: Path) -> None:
    """The alarm stops a turn so soon that a started command may leave no trace."""
    assert not list(traces.iterdir())
    assert not client.find(lambda message: message.get("method") == "sre/alarm")


@pytest.mark.parametrize("end", ["removed", "moved"])
def test_nothing_runs_when_the_directory_is_gone(
    place: Place, launch: Callable[..., Server], clients, model: Model, traces: Path, mode: str, shape: str, end: str
) -> None:
    """codex starts the gate's hook in the thread's directory, and continues without the hook if that is impossible. The
    verifier then declines."""
    server = launch(mode).ready()
    directory, elsewhere = place.workspace / "gone", place.workspace / "elsewhere"
    directory.mkdir()
    elsewhere.mkdir()
    conversation = Conversation.start(clients(server), shape, cwd=str(directory))
    conversation.play(
        {"command": "true"},
        {"command": f"touch {traces}/{conversation.thread}", "workdir": str(elsewhere)},
        {"patch": f"*** Begin Patch\n*** Add File: {traces}/patched\n+content\n*** End Patch"},
        {"text": "done"},
    )
    first = conversation.approval()
    # As an approved command of another thread could do without looking harmful.
    directory.rmdir() if end == "removed" else directory.rename(elsewhere / "moved")
    conversation.decide(first, "accept")
    assert conversation.ended()["status"] == "completed"
    assert_nothing_ran_unasked(conversation.client, traces)
    model.wait_for_output(conversation.thread, "could not ask for approval", f"{directory} no longer exists")


def test_nothing_runs_unasked_while_the_directory_comes_and_goes(
    place: Place, launch: Callable[..., Server], clients, traces: Path
) -> None:
    """Checking the directory cannot tell whether the hook could start: the directory may be back by then."""
    server = launch().ready()
    directory, away, elsewhere = (place.workspace / name for name in ("here", "away", "elsewhere"))
    directory.mkdir()
    elsewhere.mkdir()
    client = clients(server)
    conversation = Conversation.start(client, cwd=str(directory))
    stop = threading.Event()

    def move() -> None:
        while not stop.is_set():
            directory.rename(away)
            away.rename(directory)

    mover = threading.Thread(target=move)
    touches = ({"command": f"touch {traces}/{number}", "workdir": str(elsewhere)} for number in range(8))
    conversation.play(*touches, {"text": "done"})
    mover.start()
    try:
        seen: set[str] = set()

        def asked_or_over(message: dict) -> bool:
            return (message.get("method") == COMMAND and message["id"] not in seen) or (
                message.get("method") == "turn/completed"
            )

        while (message := client.wait(asked_or_over, 60, "a question, or the end"))["method"] == COMMAND:
            seen.add(message["id"])
            client.answer(message["id"], {"decision": "decline"})
    finally:
        stop.set()
        mover.join()
    assert message["params"]["turn"]["status"] == "completed"
    assert_nothing_ran_unasked(client, traces)


def test_a_sub_agent_has_a_verifier_too(
    place: Place, launch: Callable[..., Server], clients, traces: Path, shape: str
) -> None:
    server = launch().ready()
    directory, elsewhere = place.workspace / "gone", place.workspace / "elsewhere"
    directory.mkdir()
    elsewhere.mkdir()
    conversation = Conversation.start(clients(server), shape, cwd=str(directory))
    touch = {"command": f"touch {traces}/ran", "workdir": str(elsewhere)}
    task = script({"command": "true"}, touch, {"text": "task done"})
    namespace = {"classic": "multi_agent_v1", "code": "collaboration"}[shape]
    arguments = {"message": task} | ({"task_name": "task"} if shape == "code" else {})
    conversation.play(
        {"tool": {"name": "spawn_agent", "namespace": namespace, "arguments": arguments}}, {"text": "spawned"}
    )
    asked = conversation.approval()
    directory.rmdir()
    conversation.decide(asked, "accept")
    ended = conversation.client.notification("turn/completed", threadId=asked.params["sre"]["subAgentThreadId"])
    assert ended["turn"]["status"] == "completed"
    assert_nothing_ran_unasked(conversation.client, traces)


def test_the_verifier_is_not_for_the_model(shared: Server, talk, model: Model) -> None:
    conversation = talk(shared)
    conversation.run({"command": f"echo {conversation.thread}"}, {"text": "done"})
    requests = [request for request in model.requests() if conversation.thread in json.dumps(request)]
    assert requests and "sre-verifier" not in json.dumps(requests).replace("_", "-")


def test_without_its_verifier_the_gate_asks_all_the_same(place: Place, launch: Callable[..., Server], clients) -> None:
    server = launch().ready()
    conversation = Conversation.start(clients(server))
    below = processes.descendants(server.process.pid)
    verifiers = [pid for pid in below if "verifier" in processes.arguments(pid)[1:2]]
    assert verifiers
    for pid in verifiers:
        os.kill(pid, signal.SIGKILL)
    marker = place.workspace / "ran"
    conversation.play({"command": f"touch {marker}"}, {"text": "done"})
    asked = conversation.approval()
    assert not marker.exists()
    conversation.decide(asked, "decline")
    conversation.ended()
    assert not marker.exists()
