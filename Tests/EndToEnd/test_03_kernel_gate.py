"""Row 3: below the hook, the kernel asks the server about each program. Killing any set of processes therefore does not
let a command run or a patch apply."""

import contextlib
import json
import os
import shlex
import signal
import threading
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from harness import paths, processes
from harness.conversation import Approval, Conversation, script
from harness.gate import hook_of, verifiers
from harness.model import Model
from harness.place import Place
from harness.record import Record
from harness.server import Server
from harness.waiting import wait_until

NOBODY_DECIDED = "stopped before a decision was made"
STOPPED = "A program was stopped before it started"


@dataclass
class Asked:
    """A pending approval and the processes that wait for it."""

    server: Server
    conversation: Conversation
    approval: Approval
    hook: int
    shell: int
    verifier: int
    # Files that exist only if the step was carried out.
    traces: list[Path]

    def assert_no_trace(self) -> None:
        assert not [path for path in self.traces if path.exists()]


def is_bash(pid: int) -> bool:
    """codex uses the first bash in PATH for a user without an entry in /etc/passwd."""
    return processes.arguments(pid)[:2] in (["/bin/bash", "-c"], ["/usr/bin/bash", "-c"])


@pytest.fixture
def ask(talk, clients) -> Iterator[Callable[..., Asked]]:
    """Runs a step in its own thread and waits for the approval."""
    traces: list[Path] = []

    def asked(server: Server, shape: str, step: Callable[[Path, Path], dict]) -> Asked:
        directory = paths.fresh_directory(server.place.workspace)
        others = verifiers(server)
        conversation = talk(server, shape, cwd=str(directory))
        inside, beside = directory / "trace", Path(f"/tmp/e2e-trace-{conversation.thread}")
        traces.append(beside)
        conversation.play(step(inside, beside), {"text": "went on"})
        approval = conversation.approval()
        [verifier] = verifiers(server) - others
        hook = hook_of(server, conversation)
        shell = processes.parent(hook)
        assert is_bash(shell)
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
    """The alarm, which every client receives and the record contains."""
    alarm = asked.conversation.client.notification("sre/alarm", **members)

    def is_it(row: dict) -> bool:
        details = row["details"]
        return alarm["message"].startswith(details["message"]) and details.get("stopped") == alarm.get("stopped")

    record = Record(asked.server.place)
    wait_until("the alarm is recorded", lambda: any(map(is_it, record.rows("alarm"))))
    return alarm


def assert_over(asked: Asked) -> None:
    """The step was not carried out, the approval is over, and a late answer changes nothing."""
    assert asked.conversation.ended()["status"] in ("interrupted", "completed")
    asked.assert_no_trace()
    client = asked.conversation.client
    client.notification("serverRequest/resolved", requestId=asked.approval.id)
    client.answer(asked.approval.id, {"decision": "accept"})
    client.notification("sre/answerRejected", requestId=asked.approval.id)
    asked.assert_no_trace()


def assert_told(asked: Asked, model: Model, why: str) -> None:
    """The step did not reach the kernel gate: the agent is told why, and the turn continues."""
    assert asked.conversation.ended()["status"] == "completed"
    model.wait_for_output(asked.conversation.thread, why)
    assert not asked.conversation.client.find(lambda message: message.get("method") == "sre/alarm")
    asked.assert_no_trace()


# MARK: A single process


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


# MARK: All gate processes of a call


def hook_first(asked: Asked) -> None:
    killed(asked.shell)
    killed(asked.verifier)


def verifier_first(asked: Asked) -> None:
    killed(asked.verifier)
    killed(asked.shell)


def all_of_the_gate_killed(asked: Asked, order: Callable[[Asked], None]) -> None:
    # Stopped first, so that it cannot report what happens to the hook.
    os.kill(asked.verifier, signal.SIGSTOP)
    order(asked)


@pytest.fixture(params=[hook_first, verifier_first], ids=lambda order: order.__name__)
def order(request: pytest.FixtureRequest) -> Callable[[Asked], None]:
    return request.param


def test_hook_and_verifier_killed(server: Server, shape: str, ask, order: Callable[[Asked], None]) -> None:
    """Without the kernel gate, codex then runs the command."""
    asked = ask(server, shape, touch)
    all_of_the_gate_killed(asked, order)
    alarm = alarm_of(asked, stopped=True, threadId=asked.conversation.thread)
    assert alarm["message"].startswith(STOPPED)
    assert_over(asked)
    assert "a program was stopped before it started" in asked.server.output()


@pytest.mark.parametrize("level", ["info", "debug", "trace"])
def test_the_log_masks_what_was_stopped(launch: Callable[..., Server], ask, level: str) -> None:
    """The log line is an error, so it appears at every log level."""
    server = launch("shared", environment={"LOG_LEVEL": level}).ready()
    secret = "Sw0rdf1sh" + "2x"
    asked = ask(server, "classic", lambda inside, _: {"command": f"mysql -p{secret} || touch {inside}"})
    all_of_the_gate_killed(asked, hook_first)
    asked.conversation.client.notification("sre/alarm", stopped=True, threadId=asked.conversation.thread)
    assert_over(asked)
    wait_until("it is logged", lambda: "mysql -p[masked:hmac-sha256:" in server.output())
    assert secret not in server.output()


def test_the_alarm_says_what_was_stopped(shared: Server, ask) -> None:
    """The alarm names the command, not only the sandbox launcher with its long arguments."""
    asked = ask(shared, "classic", touch)
    all_of_the_gate_killed(asked, hook_first)
    assert f"touch {asked.traces[0]}" in alarm_of(asked, stopped=True)["message"]


WAYS = [("classic", add_files), ("code", add_files), ("code", add_files_by_tool)]


@pytest.mark.parametrize(("shape", "step"), WAYS, ids=["classic-heredoc", "code-heredoc", "code-tool"])
def test_no_patch_without_hook_and_verifier(
    server: Server, ask, shape: str, step: Callable[[Path, Path], dict], order: Callable[[Asked], None]
) -> None:
    """The alarm comes from the kernel gate or from codex's `item/started`, whichever is first."""
    asked = ask(server, shape, step)
    all_of_the_gate_killed(asked, order)
    alarm_of(asked)
    assert_over(asked)


def test_no_second_patch_beside_an_approved_one(server: Server, shape: str, talk) -> None:
    """While codex applies one patch of a thread, it does not apply a second one whose hook was killed meanwhile."""
    directory = paths.fresh_directory(server.place.workspace)
    others = verifiers(server)
    conversation = talk(server, shape, cwd=str(directory))
    # codex asks about both at the same time, in any order.
    conversation.play({"commands": [heredoc(directory / name) for name in ("one", "two")]}, {"text": "went on"})
    first, _second = next_approval(conversation), next_approval(conversation)
    [verifier] = verifiers(server) - others
    os.kill(verifier, signal.SIGSTOP)
    shells = hook_shells(server, directory)
    assert len(shells) == 2
    conversation.decide(first, "accept")
    [left] = wait_until("the approved hook has ended", lambda: one_left(shells))
    killed(left, verifier)
    conversation.ended()
    assert {path.name for path in directory.iterdir()} <= {file_of(conversation, first)}


def heredoc_of(*lines: str) -> str:
    return "\n".join(["apply_patch <<'EOF'", "*** Begin Patch", *lines, "*** End Patch", "EOF"])


def heredoc(path: Path) -> str:
    return heredoc_of(f"*** Add File: {path}", "+x")


def hook_shells(server: Server, directory: Path) -> set[int]:
    return {
        pid
        for pid in processes.find(server.pid, " hook ")
        if is_bash(pid) and processes.directory(pid) == directory
    }


def one_left(pids: set[int]) -> set[int]:
    left = set(filter(processes.is_alive, pids))
    return left if len(left) == 1 else set()


def next_approval(conversation: Conversation) -> Approval:
    approval = conversation.approval()
    conversation.answered(approval)
    return approval


def file_of(conversation: Conversation, approval: Approval) -> str:
    """The file that a patch approval is about."""
    started = conversation.client.wait(
        lambda message: message.get("method") == "item/started" and message["params"]["item"]["id"] == approval.item
    )
    [change] = started["params"]["item"]["changes"]
    return Path(change["path"]).name


# MARK: A model that chooses its call ids freely


class WilfulModel:
    """Sends the calls it is given, one by one. The scripted model never uses a call id twice."""

    def __init__(self) -> None:
        self.answers: list[list[dict]] = []
        model = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                items = model.answers.pop(0) if model.answers else [WilfulModel.words("done")]
                response = {"id": f"resp_{uuid.uuid4().hex}", "status": "completed"}
                usage = {"input_tokens": 1, "output_tokens": 1, "total_tokens": 2}
                events = [{"type": "response.created", "response": response}]
                events += [{"type": "response.output_item.done", "item": item} for item in items]
                events += [{"type": "response.completed", "response": {**response, "usage": usage}}]
                body = "".join(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n" for event in events).encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    @staticmethod
    def words(text: str) -> dict:
        content = [{"type": "output_text", "text": text}]
        return {"type": "message", "id": f"msg_{uuid.uuid4().hex}", "role": "assistant", "content": content}

    @staticmethod
    def call(command: str, **arguments: object) -> dict:
        """Always uses the same call id."""
        text = json.dumps({"cmd": command, **arguments})
        return {"type": "function_call", "name": "exec_command", "call_id": "the-one-name", "arguments": text}


@pytest.fixture
def wilful() -> Iterator[WilfulModel]:
    model = WilfulModel()
    yield model
    model.stop()


@pytest.fixture
def second_call(
    place: Place, launch: Callable[..., Server], talk, wilful: WilfulModel, mode: str
) -> Callable[..., Conversation]:
    """In one thread: a first call gets its decision, then the gate of a second call is killed while its approval
    waits."""

    def played(directory: Path, first: dict, decide: Callable[[Conversation], None], second: dict) -> Conversation:
        place.configure(wilful.url, "x")
        server = launch(mode).ready()
        others = verifiers(server)
        wilful.answers = [[first], [wilful.words("done")]]
        conversation = talk(server, cwd=str(directory))
        conversation.say("first")
        decide(conversation)
        conversation.client.notification("turn/completed", threadId=conversation.thread)
        wilful.answers = [[second], [wilful.words("done")]]
        conversation.say("second")
        asked = conversation.approval()
        [verifier] = verifiers(server) - others
        hook = hook_of(server, conversation)
        all_of_the_gate_killed(
            Asked(server, conversation, asked, hook, processes.parent(hook), verifier, []), hook_first
        )
        assert conversation.ended()["status"] in ("completed", "interrupted")
        return conversation

    return played


def accept(conversation: Conversation) -> None:
    conversation.decide(conversation.approval(), "accept")


def test_a_name_that_an_approved_command_had(place: Place, second_call) -> None:
    """The grant was used, so no second start under this call id is allowed."""
    command = WilfulModel.call("echo x >> trace")
    conversation = second_call(place.workspace, command, accept, command)
    assert (place.workspace / "trace").read_text() == "x\n"
    conversation.client.notification("sre/alarm", stopped=True)


@pytest.mark.parametrize("second", ["add", "update", "delete"])
def test_a_name_that_an_approved_patch_had(place: Place, second_call, second: str) -> None:
    """Only the kernel gate catches this one: its call id was approved."""
    old, new = place.workspace / "old", place.workspace / "new"
    patches = {
        "add": [f"*** Add File: {new}", "+x"],
        "update": [f"*** Update File: {old}", "@@", "-one", "+two"],
        "delete": [f"*** Delete File: {old}"],
    }
    first = WilfulModel.call(heredoc_of(f"*** Add File: {old}", "+one"))
    conversation = second_call(place.workspace, first, accept, WilfulModel.call(heredoc_of(*patches[second])))
    assert old.read_text() == "one\n"
    assert not new.exists()
    conversation.client.notification("sre/alarm", stopped=True)


def declined_outside(conversation: Conversation) -> None:
    accept(conversation)
    conversation.decide(conversation.approval(), "decline")


def test_a_name_whose_grant_was_not_used(place: Place, second_call) -> None:
    """The command was allowed inside the sandbox but not outside, so it has not run. It does not run later either."""
    outside = {"sandbox_permissions": "require_escalated", "justification": "a test"}
    first, second = WilfulModel.call("touch trace", **outside), WilfulModel.call("touch trace")
    second_call(place.workspace, first, declined_outside, second)
    assert not (place.workspace / "trace").exists()


def test_a_name_whose_turn_was_stopped(place: Place, second_call) -> None:
    """The command was approved, but its turn was interrupted before it began."""

    def stopped(conversation: Conversation) -> None:
        asked = conversation.approval()
        [shell] = [
            pid
            for pid in processes.find(os.getpid(), " hook ")
            if is_bash(pid) and processes.directory(pid) == place.workspace
        ]
        os.kill(shell, signal.SIGSTOP)
        conversation.decide(asked, "accept")
        conversation.stop(asked.params["turnId"])

    call = WilfulModel.call("touch trace")
    second_call(place.workspace, call, stopped, call)
    assert not (place.workspace / "trace").exists()


# MARK: Killing codex or the server


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_codex_killed(place: Place, launch: Callable[..., Server], ask, mode: str, number: signal.Signals) -> None:
    """On SIGTERM, codex first waits for its turns; the gate's own processes get the signal too."""
    server = launch(mode).ready()
    asked = ask(server, "classic", touch)
    agents = server.agents()
    os.kill(asked.verifier, signal.SIGSTOP)
    for pid in agents:
        os.kill(pid, number)
    for pid in (asked.shell, asked.verifier):
        # codex may have killed it already.
        with contextlib.suppress(ProcessLookupError):
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
    """The kernel gate gets no answers any more, so no program starts."""
    server = launch(mode).ready()
    asked = ask(server, shape, touch)
    below = processes.descendants(server.pid)
    # codex must not notice the server's end before the hook's end.
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
            # Its parent has already killed it.
            continue
    if number == signal.SIGTERM:
        assert server.stop() == 0
    else:
        server.kill()
    wait_until("everything has ended", lambda: not any(map(processes.is_alive, everything)))
    processes.assert_no_orphans()
    asked.assert_no_trace()


# MARK: Approved commands


def approved(conversation: Conversation, command: str, escalate: bool = False) -> str:
    """Returns the output of an approved command; it is approved twice if it leaves the sandbox."""
    step = {"command": command}
    if escalate:
        step |= {"escalate": True, "justification": "a test"}
    conversation.run(step, {"text": "done"}, decisions=("accept",) * (1 + escalate))
    assert not conversation.client.find(lambda message: message.get("method") == "sre/alarm")
    return conversation.output()


@pytest.mark.parametrize("escalate", [False, True], ids=["inside", "outside"])
def test_an_approved_command_starts_what_it_likes(server: Server, shape: str, talk, escalate: bool) -> None:
    """An approved command may start any program, including those that codex itself must not start."""
    conversation = talk(server, shape)
    pipeline = "printf 'b\\na\\n' | sort | tr -d '\\n'"
    command = f"git --version; getconf LONG_BIT; {pipeline}; echo; (sh -c 'env true && echo deep')"
    said = approved(conversation, command, escalate)
    assert [line.split()[0] for line in said.splitlines()] == ["git", "64", "ab", "deep"]


def test_many_programs(server: Server, talk) -> None:
    conversation = talk(server)
    assert approved(conversation, "for i in $(seq 200); do /bin/true || exit 1; done; echo all").strip() == "all"


def test_a_command_in_a_review(server: Server, shape: str, talk) -> None:
    """codex runs a review in its own thread. It names that thread in the programs it starts, but not to the hook."""
    conversation = talk(server, shape)
    conversation.say("hello")
    conversation.ended()
    marker = server.place.workspace / f"reviewed-{conversation.thread}"
    target = {"type": "custom", "instructions": script({"command": f"touch {marker}"}, {"text": "done"})}
    since = conversation.client.count
    conversation.client.request(
        "review/start", {"threadId": conversation.thread, "target": target, "delivery": "inline"}
    )
    asked = conversation.approval()
    assert not marker.exists()
    conversation.decide(asked, "accept")
    conversation.client.notification("turn/completed", since=since, threadId=conversation.thread)
    assert marker.exists()
    assert not conversation.client.find(lambda message: message.get("method") == "sre/alarm")


# System calls by number, which libc does not offer or wraps differently.
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
    """The gate judges a child of codex like codex, so a command must not be able to create one. Other processes cannot
    take the kernel's notifications from the server."""
    conversation = talk(server)
    said = approved(conversation, shlex.join([paths.SYSTEM_PYTHON, "-c", CALLS, "more"]), escalate)
    assert said.split("\n")[:4] == ["clone EPERM", "clone3 ENOSYS", "pidfd_getfd EPERM", "went on"]


# Waits for a file without starting a program, then tries to start one.
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
    """A person's own command has no sandbox, so the daemon really survives."""
    command = f"setsid --fork {command} < /dev/null > /dev/null 2>&1"
    conversation.client.request("thread/shellCommand", {"threadId": conversation.thread, "command": command})


@pytest.mark.parametrize("end", ["in order", "killed"])
@pytest.mark.parametrize("begin", [escalated, by_a_person])
def test_what_an_approved_command_leaves_behind_starts_nothing_later(
    place: Place, launch: Callable[..., Server], talk, mode: str, begin: Callable[[Conversation, str], None], end: str
) -> None:
    """Whether or not the daemon survives. Only the seccomp filter that it keeps still identifies it."""
    server = launch(mode).ready()
    conversation = talk(server)
    go, result = place.outside("go"), place.outside("result")
    begin(conversation, shlex.join(["env", "-i", paths.SYSTEM_PYTHON, "-c", DAEMON, str(go), str(result)]))
    wait_until("it is there", lambda: result.exists() and result.read_text())
    left = {pid for pid in processes.descendants(os.getpid()) if str(result) in processes.command_line(pid)}
    assert left
    server.stop() if end == "in order" else server.kill()
    go.touch()

    def is_over() -> bool:
        return "refused" in result.read_text() or not any(map(processes.is_alive, left))

    wait_until("it is gone or was refused", is_over)
    assert "started" not in result.read_text()


# MARK: codex's own socket


def sockets_of(pid: int) -> list[str]:
    """The unix sockets on which a process listens, and those in the server's own directory."""
    inodes = {os.readlink(link) for link in Path(f"/proc/{pid}/fd").iterdir() if link.is_symlink()}
    rows = [row.split() for row in Path("/proc/net/unix").read_text().splitlines()[1:]]
    return [row[7] for row in rows if len(row) > 7 and f"socket:[{row[6]}]" in inodes]


CONNECT = """
import glob, socket, sys
for path in sys.argv[1:] + glob.glob(sys.argv[1] + "/*") + glob.glob(sys.argv[1] + "/agent/*"):
    try:
        socket.socket(socket.AF_UNIX).connect(path)
        print("CONNECTED", path)
    except OSError as error:
        print(path, error)
"""


@pytest.mark.parametrize("wide", [False, True], ids=["with-the-network", "outside"])
def test_codexs_socket_is_not_found(place: Place, launch: Callable[..., Server], talk, shape: str, wide: bool) -> None:
    """A process that speaks to codex as the server does can make it write files and can answer its approvals."""
    server = launch("shared", environment={"ALLOW_FULL_ACCESS": "1"}).ready()
    [agent] = server.agents()
    names = sockets_of(agent)
    assert names and not [name for name in names if Path(name).exists()]
    conversation = talk(server, shape, **({} if wide else {"sandbox": "dangerFullAccess"}))
    (place.workspace / "connect.py").write_text(CONNECT)
    words = [paths.SYSTEM_PYTHON, str(place.workspace / "connect.py"), str(place.run), *names]
    step = {"command": f"{shlex.join(map(str, words))}; true"}
    if wide:
        step |= {"escalate": True, "justification": "a test"}
    conversation.run(step, {"text": "done"}, decisions=("accept", "accept") if wide else ("accept",))
    assert names[0] in conversation.output()
    assert "CONNECTED" not in conversation.output().replace(f"CONNECTED {place.run}/gate", "")
    # Other clients can still connect, and the server restarts codex after it has ended.
    Conversation.start(server.connect(token=place.token)).run({"command": "true"}, {"text": "done"})
    os.kill(agent, signal.SIGKILL)
    wait_until("another codex", lambda: set(server.agents()) - {agent})
    server.ready()
    Conversation.start(server.connect(token=place.token)).run({"command": "true"}, {"text": "done"})
