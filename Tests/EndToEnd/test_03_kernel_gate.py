"""Row 3: beneath the hook the kernel asks the server about each program, so there is no set of processes whose death
lets a command run, or a patch be made."""

import json
import os
import shlex
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from harness import processes
from harness.conversation import Approval, Conversation
from harness.model import Model
from harness.place import Place
from harness.record import Record
from harness.server import Server
from harness.waiting import wait_until

NOBODY_DECIDED = "stopped before anybody decided"
STOPPED = "A program was stopped before it started"


@dataclass
class Asked:
    """A question that waits, and the processes that wait with it."""

    server: Server
    conversation: Conversation
    approval: Approval
    hook: int
    shell: int
    verifier: int
    # What exists only when it was done.
    traces: list[Path]

    def assert_no_trace(self) -> None:
        assert not [path for path in self.traces if path.exists()]


def verifiers(server: Server) -> set[int]:
    return {pid for pid in processes.descendants(server.pid) if processes.arguments(pid)[1:2] == ["witness"]}


def hook_of(server: Server, conversation: Conversation) -> int:
    """The gate's program that waits in this thread's directory, without the shell around it."""

    def probe() -> list[int]:
        return [
            pid
            for pid in processes.descendants(server.pid)
            if processes.arguments(pid)[1:2] == ["hook"] and processes.directory(pid) == conversation.cwd
        ]

    [pid] = wait_until("a gate process waits", probe)
    return pid


@pytest.fixture
def ask(talk, clients) -> Iterator[Callable[..., Asked]]:
    """Asks about a step in a thread of its own, and waits until it is asked."""
    traces: list[Path] = []

    def asked(server: Server, shape: str, step: Callable[[Path, Path], dict]) -> Asked:
        directory = Path(tempfile.mkdtemp(dir=server.place.workspace))
        others = verifiers(server)
        conversation = talk(server, shape, cwd=str(directory))
        inside, beside = directory / "trace", Path(f"/tmp/e2e-trace-{conversation.thread}")
        traces.append(beside)
        conversation.play(step(inside, beside), {"text": "went on"})
        approval = conversation.approval()
        [verifier] = verifiers(server) - others
        hook = hook_of(server, conversation)
        shell = processes.parent(hook)
        assert processes.arguments(shell)[:2] == ["/bin/bash", "-c"]
        return Asked(server, conversation, approval, hook, shell, verifier, [inside, beside])

    yield asked
    for path in traces:
        path.unlink(missing_ok=True)


def touch(inside: Path, beside: Path) -> dict:
    return {"command": f"touch {inside} {beside}"}


def add_files(inside: Path, beside: Path) -> dict:
    lines = ["*** Begin Patch", f"*** Add File: {inside}", "+x", f"*** Add File: {beside}", "+x", "*** End Patch"]
    return {"patch": "\n".join(lines)}


def add_files_by_tool(inside: Path, beside: Path) -> dict:
    return add_files(inside, beside) | {"via": "tool"}


def killed(*pids: int, number: signal.Signals = signal.SIGKILL) -> None:
    for pid in pids:
        os.kill(pid, number)
    wait_until(f"{pids} have ended", lambda: not any(map(processes.is_alive, pids)))


def alarm_of(asked: Asked, **members: object) -> dict:
    """The alarm, which everybody hears and which is recorded."""
    alarm = asked.conversation.client.notification("sre/alarm", **members)
    rows = Record(asked.server.place)

    def is_recorded() -> bool:
        told = [row["details"] for row in rows.rows("alarm")]
        return any(alarm["message"].startswith(one["message"]) and one.get("stopped") == alarm.get("stopped") for one in told)

    wait_until("the alarm is recorded", is_recorded)
    return alarm


def assert_over(asked: Asked) -> None:
    """Nothing was done, the question is over, and an answer that comes now changes nothing."""
    assert asked.conversation.ended()["status"] in ("interrupted", "completed")
    asked.assert_no_trace()
    client = asked.conversation.client
    client.notification("serverRequest/resolved", requestId=asked.approval.id)
    client.answer(asked.approval.id, {"decision": "accept"})
    client.notification("sre/answerRejected", requestId=asked.approval.id)
    asked.assert_no_trace()


def assert_told(asked: Asked, model: Model, why: str) -> None:
    """It did not get as far as the kernel: the agent is told why, and goes on."""
    assert asked.conversation.ended()["status"] == "completed"
    model.wait_for_output(asked.conversation.thread, why)
    assert not asked.conversation.client.find(lambda message: message.get("method") == "sre/alarm")
    asked.assert_no_trace()


# MARK: One process


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
@pytest.mark.parametrize(("process", "why"), [("shell", NOBODY_DECIDED), ("hook", "did not answer")])
def test_hook_killed(
    shared: Server, shape: str, ask, model: Model, process: str, why: str, number: signal.Signals
) -> None:
    asked = ask(shared, shape, touch)
    killed(getattr(asked, process), number=number)
    assert_told(asked, model, why)


@pytest.mark.parametrize("decision", ["accept", "decline"])
def test_verifier_killed(server: Server, shape: str, ask, decision: str) -> None:
    """The hook alone is enough."""
    asked = ask(server, shape, touch)
    killed(asked.verifier)
    asked.assert_no_trace()
    asked.conversation.decide(asked.approval, decision)
    assert asked.conversation.ended()["status"] == "completed"
    assert [path.exists() for path in asked.traces] == [decision == "accept"] * 2
    assert not asked.conversation.client.find(lambda message: message.get("method") == "sre/alarm")


# MARK: All that the gate has started for the call


def hook_first(asked: Asked) -> None:
    killed(asked.shell)
    killed(asked.verifier)


def verifier_first(asked: Asked) -> None:
    killed(asked.verifier)
    killed(asked.shell)


def all_of_the_gate_killed(asked: Asked, order: Callable[[Asked], None]) -> None:
    # It is to say nothing of what becomes of the hook.
    os.kill(asked.verifier, signal.SIGSTOP)
    order(asked)


@pytest.fixture(params=[hook_first, verifier_first], ids=lambda order: order.__name__)
def order(request: pytest.FixtureRequest) -> Callable[[Asked], None]:
    return request.param


def test_hook_and_verifier_killed(server: Server, shape: str, ask, order: Callable[[Asked], None]) -> None:
    """Without the kernel's gate codex runs the command then."""
    asked = ask(server, shape, touch)
    all_of_the_gate_killed(asked, order)
    alarm = alarm_of(asked, stopped=True, threadId=asked.conversation.thread)
    assert alarm["message"].startswith(STOPPED)
    assert_over(asked)
    assert "a program was stopped before it started" in asked.server.output()


def test_the_alarm_says_what_was_stopped(shared: Server, ask) -> None:
    """And not only that it was to run in a sandbox, whose description is long."""
    asked = ask(shared, "classic", touch)
    all_of_the_gate_killed(asked, hook_first)
    assert f"touch {asked.traces[0]}" in alarm_of(asked, stopped=True)["message"]


WAYS = [("classic", add_files), ("code", add_files), ("code", add_files_by_tool)]


@pytest.mark.parametrize(("shape", "step"), WAYS, ids=["classic-heredoc", "code-heredoc", "code-tool"])
def test_no_patch_without_hook_and_verifier(
    server: Server, ask, shape: str, step: Callable[[Path, Path], dict], order: Callable[[Asked], None]
) -> None:
    """The alarm comes either from the kernel or from codex's own word that it begins, whichever is first."""
    asked = ask(server, shape, step)
    all_of_the_gate_killed(asked, order)
    alarm_of(asked)
    assert_over(asked)


def test_no_second_patch_beside_an_approved_one(server: Server, shape: str, talk) -> None:
    """While one patch of a thread is being made, another of the same thread is not, whose hook was killed meanwhile."""
    directory = Path(tempfile.mkdtemp(dir=server.place.workspace))
    others = verifiers(server)
    conversation = talk(server, shape, cwd=str(directory))
    # codex asks about them at the same time, in any order.
    conversation.play({"commands": [heredoc(directory / name) for name in ("one", "two")]}, {"text": "went on"})
    first, second = next_approval(conversation), next_approval(conversation)
    [verifier] = verifiers(server) - others
    os.kill(verifier, signal.SIGSTOP)
    shells = hook_shells(server, directory)
    assert len(shells) == 2
    conversation.decide(first, "accept")
    [left] = wait_until("the approved hook has ended", lambda: one_left(shells))
    killed(left, verifier)
    conversation.ended()
    assert {path.name for path in directory.iterdir()} <= {file_of(conversation, first)}


def heredoc(path: Path) -> str:
    return f"apply_patch <<'EOF'\n*** Begin Patch\n*** Add File: {path}\n+x\n*** End Patch\nEOF"


def hook_shells(server: Server, directory: Path) -> set[int]:
    return {
        pid
        for pid in processes.find(server.pid, " hook ")
        if processes.arguments(pid)[:2] == ["/bin/bash", "-c"] and processes.directory(pid) == directory
    }


def one_left(pids: set[int]) -> set[int]:
    left = set(filter(processes.is_alive, pids))
    return left if len(left) == 1 else set()


def next_approval(conversation: Conversation) -> Approval:
    approval = conversation.approval()
    conversation.answered(approval)
    return approval


def file_of(conversation: Conversation, approval: Approval) -> str:
    """The file that a question about a patch is about."""
    started = conversation.client.wait(
        lambda message: message.get("method") == "item/started" and message["params"]["item"]["id"] == approval.item
    )
    [change] = started["params"]["item"]["changes"]
    return Path(change["path"]).name


# MARK: codex and the server


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_codex_killed(place: Place, launch: Callable[..., Server], ask, mode: str, number: signal.Signals) -> None:
    """Asked to end, codex first waits for its turns: so the gate's own processes go too."""
    server = launch(mode).ready()
    asked = ask(server, "classic", touch)
    agents = server.agents()
    os.kill(asked.verifier, signal.SIGSTOP)
    for pid in agents:
        os.kill(pid, number)
    for pid in (asked.shell, asked.verifier):
        if processes.is_alive(pid):
            os.kill(pid, signal.SIGKILL)
    wait_until("codex has ended", lambda: not any(map(processes.is_alive, agents)))
    waiting = {asked.shell, asked.hook, asked.verifier}
    wait_until("what waited for the answer has ended", lambda: not any(map(processes.is_alive, waiting)))
    asked.conversation.client.notification("serverRequest/resolved", requestId=asked.approval.id)
    server.stop()
    processes.assert_no_orphans()
    asked.assert_no_trace()


@pytest.mark.parametrize("also", ["nothing", "hook", "hook and verifier"])
def test_server_killed(place: Place, launch: Callable[..., Server], ask, mode: str, shape: str, also: str) -> None:
    """Nobody answers the kernel any more: nothing starts."""
    server = launch(mode).ready()
    asked = ask(server, shape, touch)
    below = processes.descendants(server.pid)
    # codex must not notice the server's end before the hook's.
    agents = server.agents()
    for pid in agents:
        os.kill(pid, signal.SIGSTOP)
    server.kill()
    for pid in {"nothing": [], "hook": [asked.shell], "hook and verifier": [asked.shell, asked.verifier]}[also]:
        os.kill(pid, signal.SIGKILL)
    for pid in agents:
        os.kill(pid, signal.SIGCONT)
    wait_until("all that the server had started ends", lambda: not any(map(processes.is_alive, below)))
    processes.assert_no_orphans()
    asked.assert_no_trace()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_everything_at_once(
    place: Place, launch: Callable[..., Server], ask, mode: str, shape: str, number: signal.Signals
) -> None:
    """As systemd does with KillMode=control-group."""
    server = launch(mode).ready()
    asked = ask(server, shape, touch)
    everything = [server.pid, *processes.descendants(server.pid)]
    for pid in everything:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            # Its parent has ended it already.
            continue
    if number == signal.SIGTERM:
        assert server.stop() == 0
    else:
        server.kill()
    wait_until("everything has ended", lambda: not any(map(processes.is_alive, everything)))
    processes.assert_no_orphans()
    asked.assert_no_trace()


# MARK: What is approved


def approved(conversation: Conversation, command: str, escalate: bool = False) -> str:
    """What a command prints that is approved, twice when it leaves the sandbox."""
    step = {"command": command}
    if escalate:
        step |= {"escalate": True, "justification": "a test"}
    conversation.run(step, {"text": "done"}, decisions=("accept",) * (1 + escalate))
    assert not conversation.client.find(lambda message: message.get("method") == "sre/alarm")
    return conversation.output()


@pytest.mark.parametrize("escalate", [False, True], ids=["inside", "outside"])
def test_an_approved_command_starts_what_it_likes(server: Server, shape: str, talk, escalate: bool) -> None:
    """What codex itself must not start is no other matter for the command than anything else is."""
    conversation = talk(server, shape)
    command = "git --version; getconf LONG_BIT; printf 'b\\na\\n' | sort | tr -d '\\n'; echo; (sh -c 'env true && echo deep')"
    said = approved(conversation, command, escalate)
    assert [line.split()[0] for line in said.splitlines()] == ["git", "64", "ab", "deep"]


def test_many_programs(server: Server, talk) -> None:
    conversation = talk(server)
    assert approved(conversation, "for i in $(seq 200); do /bin/true || exit 1; done; echo all").strip() == "all"


# Calls of the system by number, which libc does not offer or does otherwise.
CALLS = """
import ctypes, errno, os, platform, sys
libc = ctypes.CDLL(None, use_errno=True)
number = {"x86_64": 56, "aarch64": 220}[platform.machine()]
CLONE_PARENT, SIGCHLD = 0x8000, 17

def attempt(what, *arguments):
    result = libc.syscall(*[ctypes.c_long(one) for one in arguments])
    if result == 0 and what == "clone":
        os._exit(0)
    print(what, "done" if result >= 0 else errno.errorcode[ctypes.get_errno()], flush=True)

attempt("clone", number, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0)
attempt("clone3", 435, 0, 0)
attempt("pidfd_getfd", 438, os.pidfd_open(os.getpid()), 0, 0)
if len(sys.argv) > 1:
    os.execv(sys.executable, [sys.executable, "-c", "print('went on')"])
"""


@pytest.mark.parametrize("escalate", [False, True], ids=["inside", "outside"])
def test_ways_around_are_closed(server: Server, talk, escalate: bool) -> None:
    """A child of codex's is judged as codex's own: none may be made from below. And nobody takes the kernel's questions
    out of the server."""
    conversation = talk(server)
    said = approved(conversation, shlex.join([sys.executable, "-c", CALLS, "more"]), escalate)
    assert said.split("\n")[:4] == ["clone EPERM", "clone3 ENOSYS", "pidfd_getfd EPERM", "went on"]


# Waits for a file, without starting anything, and then tries to start something.
DAEMON = """
import os, sys, time
go, result = sys.argv[1:]
def say(text):
    with open(result, "a") as file:
        file.write(text + "\\n")
say("here")
while not os.path.exists(go):
    time.sleep(0.01)
try:
    os.execv("/bin/sh", ["sh", "-c", f"echo started >> {result}"])
except OSError as error:
    say(f"refused {error.errno}")
"""


def escalated(conversation: Conversation, command: str) -> None:
    conversation.play({"command": f"{command} & wait", "escalate": True, "justification": "a test"}, {"text": "done"})
    conversation.decide(conversation.approval(), "accept")
    conversation.decide(conversation.approval(), "accept")


def by_a_person(conversation: Conversation, command: str) -> None:
    """Has no sandbox around it, and so really stays."""
    command = f"setsid --fork {command} < /dev/null > /dev/null 2>&1"
    conversation.client.request("thread/shellCommand", {"threadId": conversation.thread, "command": command})


@pytest.mark.parametrize("end", ["in order", "killed"])
@pytest.mark.parametrize("begin", [escalated, by_a_person])
def test_what_an_approved_command_leaves_behind_starts_nothing_later(
    place: Place, launch: Callable[..., Server], talk, mode: str, begin: Callable[[Conversation, str], None], end: str
) -> None:
    """Whether it lives on or not: nothing tells whose it is, but for the filter that it keeps."""
    server = launch(mode).ready()
    conversation = talk(server)
    go, result = place.outside("go"), place.outside("result")
    begin(conversation, shlex.join(["env", "-i", sys.executable, "-c", DAEMON, str(go), str(result)]))
    wait_until("it is there", lambda: result.exists() and result.read_text())
    left = {pid for pid in processes.descendants(os.getpid()) if str(result) in processes.command_line(pid)}
    assert left
    server.stop() if end == "in order" else server.kill()
    go.touch()

    def is_over() -> bool:
        return "refused" in result.read_text() or not any(map(processes.is_alive, left))

    wait_until("it is gone or was refused", is_over)
    assert "started" not in result.read_text()
