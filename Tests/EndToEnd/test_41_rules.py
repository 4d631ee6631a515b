"""Approval rules, with the real codex: an allowed command runs unasked and is recorded, a denied one does not run, and
every unclear one is asked."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from harness import paths, people, program
from harness.client import RpcError
from harness.conversation import Conversation
from harness.people import Person, invite
from harness.place import Place
from harness.server import Server
from harness.stand_in import StandIn
from harness.waiting import wait_until

pytestmark = pytest.mark.usefixtures("private_files")

EXAMPLE = paths.REPOSITORY / "sre-agent.example.yaml"
MORE = """
  - name: greetings of operators
    decision: allow
    programs: [echo]
    operands: any
    roles: [operator]

  - name: lists below here
    decision: allow
    programs: [ls]
    directories: [HERE]

  - name: no uptime today
    decision: ask
    programs: [uptime]

  - name: never by hand
    decision: deny
    programs: [fdisk]
"""
WORKERS = ("operator", "approver")


def rules(place: Place) -> str:
    return EXAMPLE.read_text() + MORE.replace("HERE", str(place.workspace))


@pytest.fixture(scope="module", params=["shared", "isolated"])
def ruled(request: pytest.FixtureRequest, private_files: None, run_directory: Path, model) -> Iterator[Server]:
    place = Place(run_directory)
    place.configure(model.url, model.token)
    config = place.root / "sre-agent.yaml"
    config.write_text(rules(place))
    server = Server(place, request.param, environment={"CONFIG": str(config)}).ready()
    yield server
    assert server.stop() == 0


@pytest.fixture(scope="module")
def crowd(ruled: Server) -> dict[str, Person]:
    crowd = {role: invite(ruled.place, role) for role in WORKERS}
    wait_until("they are known", lambda: all(people.info(ruled, **person.bearer) for person in crowd.values()))
    return crowd


@pytest.fixture
def begin(ruled: Server, crowd: dict[str, Person], clients, shape: str) -> Callable[..., Conversation]:
    def begun(role: str = "operator", **params) -> Conversation:
        return Conversation.start(clients(ruled, token=crowd[role].secret), shape, **params)

    return begun


def recorded(server: Server, thread: str, kind: str) -> list[dict]:
    rows = json.loads(server.get(f"/api/v1/sre/audit?thread={thread}")[1])["data"]
    return [row for row in rows if row["kind"] == kind]


def played(conversation: Conversation, command: str, **params) -> bool:
    """Whether the turn with this command asks for an approval before it ends."""
    conversation.play({"command": command, **params}, {"text": "done"})
    return conversation.asked_or_ended()


# MARK: Allowed


def test_allowed_unasked_and_recorded(ruled: Server, begin) -> None:
    conversation = begin()
    assert not played(conversation, "df -h")
    assert conversation.ended()["status"] == "completed"
    assert not conversation.approvals()
    [item] = conversation.items("commandExecution")
    assert item["exitCode"] == 0 and "Filesystem" in conversation.output()
    told = conversation.client.notification("sre/decidedByRule", threadId=conversation.thread)
    assert told["decision"] == "allow" and told["rule"] == "disk space" and told["command"] == "df -h"
    assert told["itemId"] == item["id"] and told["turnId"]
    [row] = wait_until("it is recorded", lambda: recorded(ruled, conversation.thread, "decision.rule"), 5)
    assert row["details"]["rule"] == "disk space" and row["details"]["decision"] == "accept"
    assert row["itemId"] == item["id"]
    # The outcome is recorded too, as for every command.
    [outcome] = wait_until("its outcome too", lambda: recorded(ruled, conversation.thread, "item.completed"), 5)
    assert outcome["details"]["exitCode"] == 0
    assert not recorded(ruled, conversation.thread, "question.asked")
    # A decision by a rule does not raise an alarm.
    assert not conversation.client.find(lambda message: message.get("method") == "sre/alarm")


@pytest.mark.parametrize(
    ("command", "rule"),
    [
        ("df -h | sort -k 5 | head -n 3", "disk space, sort, first or last lines"),
        ("free -m && df -P /", "memory, disk space"),
        ("echo hello; id", "greetings of operators, who am I"),
        ("ps aux | grep -c bash || true", None),
        ("ls", "lists below here"),
    ],
)
def test_each_command_of_a_script_must_be_allowed(begin, command: str, rule: str | None) -> None:
    conversation = begin()
    asked = played(conversation, command)
    # No rule covers `true`.
    assert asked == (rule is None)
    if rule:
        told = conversation.client.notification("sre/decidedByRule", threadId=conversation.thread)
        assert sorted(told["rule"].split(", ")) == sorted(rule.split(", "))
        assert conversation.ended()["status"] == "completed"
    else:
        assert not conversation.client.find(lambda message: message.get("method") == "sre/decidedByRule")


def test_every_subscriber_is_told(ruled: Server, begin, clients) -> None:
    if ruled.mode == "isolated":
        # In isolated mode a thread has one subscriber.
        return
    conversation = begin()
    conversation.run({"text": "hello"}, decisions=())
    other = Conversation.resume(clients(ruled), conversation.thread)
    assert not played(conversation, "df -h")
    conversation.ended()
    told = other.client.notification("sre/decidedByRule", threadId=conversation.thread)
    assert told == conversation.client.notification("sre/decidedByRule", threadId=conversation.thread)


# MARK: Asked

HOSTILE = [
    # Contains more than the allowed command.
    "df -h; touch {marker}",
    "df -h && touch {marker}",
    "df -h | tee {marker}",
    "df -h & touch {marker}",
    "df -h\ntouch {marker}",
    "df -h\r\ntouch {marker}",
    "df -h |& touch {marker}",
    "! df -h",
    "(df -h)",
    "{{ df -h; }}",
    "if true; then df; fi",
    "while df; do touch {marker}; break; done",
    "f() {{ touch {marker}; }}; f",
    "df() {{ touch {marker}; }}; df",
    "alias df='touch {marker}'\ndf",
    # The executed text differs from the written one.
    "df $(touch {marker})",
    "df `touch {marker}`",
    "df \"$(touch {marker})\"",
    "df <(touch {marker})",
    "df ${{x:=$(touch {marker})}}",
    "$0 -c 'touch {marker}'",
    "eval df",
    "df $HOME",
    "df ~root",
    "df *",
    "df {{a,b}}",
    "df $'\\x2d\\x2doutput'",
    # Redirected away from the person.
    "df > {marker}",
    "df >> {marker}",
    "df 2> {marker}",
    "df &> {marker}",
    "df < /etc/passwd",
    "df <<< x",
    "df << E\nx\nE",
    # Through another environment or another program.
    "PATH=. df",
    "LD_PRELOAD=./x.so df",
    "env df -h",
    "sudo df -h",
    "command df -h",
    "exec df -h",
    "nice df",
    "time df",
    "timeout 1 df",
    "xargs df",
    "bash -c 'df -h'",
    "./df -h",
    "/bin/df -h",
    "../df",
    # Options with further effects.
    "df --output=source",
    "df -h --output",
    "sort -o {marker}",
    "sort --output={marker}",
    "sort --compress-program=touch",
    "find . -exec touch {marker} ;",
    "find . -delete",
    "journalctl --vacuum-time=1s",
    "date -s 2020-01-01",
    "hostname other",
    "systemctl restart ssh",
    "systemctl --failed stop ssh",
    "kubectl delete pod x",
    "kubectl get secrets",
    "kubectl -n x exec y -- id",
    "ip link set lo down",
    "grep -r x /etc",
    "ps e",
    # Invisible characters.
    "df\u00a0-h",
    "df -h\u200b",
    "df\u2028touch {marker}",
    "ｄf -h",
    "df -h\x0b",
    "df -h \x1b[2K",
    "df -h #\ttouch",
    "df -h \\\n -i",
    "",
    " ",
]


PARTS = 10


@pytest.mark.parametrize("part", range(PARTS))
def test_whatever_is_not_clear_is_asked(ruled: Server, clients, crowd, part: int) -> None:
    client = clients(ruled, token=crowd["approver"].secret)
    # The rules are the same in both modes.
    scripts = HOSTILE[part::PARTS] if ruled.mode == "shared" else HOSTILE[part : part + 1]
    for script in scripts:
        conversation = Conversation.start(client)
        marker = ruled.place.workspace / f"marker-{conversation.thread}"
        command = script.format(marker=marker.name)
        if played(conversation, command):
            conversation.decide(conversation.approval(), "decline")
            conversation.ended()
        else:
            # codex refuses an empty script by itself; then no command has run either.
            assert not command.strip() and not conversation.items("commandExecution"), script
        assert not client.find(lambda message: message.get("method") in ("sre/decidedByRule", "sre/alarm")), script
        assert not marker.exists(), script


def test_rules_for_a_role(begin, ruled: Server, clients) -> None:
    assert not played(begin("operator"), "echo hello")
    approver = begin("approver")
    assert played(approver, "echo hello")
    approver.decide(approver.approval(), "decline")


def test_rules_for_a_directory(ruled: Server, clients) -> None:
    """A thread of the local user, who may use any directory."""
    elsewhere = ruled.place.root / "elsewhere"
    elsewhere.mkdir(exist_ok=True)
    for cwd, asks in [(ruled.place.workspace, False), (elsewhere, True)]:
        conversation = Conversation.start(clients(ruled), cwd=str(cwd))
        assert played(conversation, "ls") is asks
        if asks:
            conversation.decide(conversation.approval(), "decline")
        conversation.ended()
    # The call's own directory counts, not the thread's.
    conversation = Conversation.start(clients(ruled))
    assert played(conversation, "ls", workdir=str(elsewhere))
    conversation.decide(conversation.approval(), "decline")


def test_asking_beats_allowing(begin) -> None:
    conversation = begin("approver")
    assert played(conversation, "uptime")
    conversation.decide(conversation.approval(), "decline")
    assert played(conversation, "df -h && uptime")
    conversation.decide(conversation.approval(), "decline")


@pytest.mark.parametrize("params", [{"tty": True}, {"escalate": True, "justification": "please"}], ids=str)
def test_what_stands_beside_the_text_is_asked(begin, params: dict) -> None:
    """A terminal or an escalation makes the call mean more than its text."""
    conversation = begin("approver")
    assert played(conversation, "df -h", **params)
    conversation.decide(conversation.approval(), "decline")
    conversation.ended()
    assert not conversation.client.find(lambda message: message.get("method") == "sre/decidedByRule")


# MARK: Denied


@pytest.mark.parametrize(
    "command", ["fdisk -l", "df -h; fdisk -l", "/sbin/fdisk -l", "sudo fdisk", "mkfs.ext4 x", "fdisk > out"]
)
def test_denied_unasked_and_recorded(ruled: Server, begin, command: str) -> None:
    conversation = begin("approver")
    asked = played(conversation, command)
    if asked:
        # A script that cannot be analysed is asked, not denied.
        assert ">" in command
        conversation.decide(conversation.approval(), "decline")
        conversation.ended()
        return
    # The turn continues, so that the agent can try something else.
    assert conversation.ended()["status"] == "completed"
    assert not conversation.approvals()
    told = conversation.client.notification("sre/decidedByRule", threadId=conversation.thread)
    assert told["decision"] == "deny" and told["command"] == command
    [row] = wait_until("it is recorded", lambda: recorded(ruled, conversation.thread, "decision.rule"), 5)
    assert row["details"]["decision"] == "decline" and row["details"]["rule"] == told["rule"]
    assert not [item for item in conversation.items("commandExecution") if item.get("exitCode") == 0]


def test_denied_in_a_thread_that_asks_nothing(ruled: Server, clients) -> None:
    """The local user may have such a thread; a rule that denies or asks takes precedence."""
    conversation = Conversation.start(clients(ruled), approvalPolicy="never")
    assert not played(conversation, "fdisk -l")
    conversation.ended()
    told = conversation.client.notification("sre/decidedByRule", threadId=conversation.thread)
    assert told["decision"] == "deny"
    assert played(conversation, "uptime")
    conversation.decide(conversation.approval(), "decline")


# MARK: The file


@pytest.fixture
def config(place: Place) -> Path:
    return place.root / "sre-agent.yaml"


def test_without_rules_everything_asks(place: Place, launch: Callable[..., Server], clients, config: Path) -> None:
    config.write_text("rules: []\n")
    server = launch(environment={"CONFIG": str(config)}).ready()
    conversation = Conversation.start(clients(server))
    assert played(conversation, "df -h")
    conversation.decide(conversation.approval(), "decline")


def test_reloaded_on_change(place: Place, launch: Callable[..., Server], clients, config: Path) -> None:
    """Also for open threads and sockets. A faulty file leaves the previous rules in force. Each reload is recorded."""
    config.write_text("rules: []\n")
    server = launch(environment={"CONFIG": str(config)}).ready()
    conversation = Conversation.start(clients(server))
    assert played(conversation, "df -h")
    conversation.decide(conversation.approval(), "decline")
    conversation.ended()

    def changes() -> list[dict]:
        rows = json.loads(server.get("/api/v1/sre/audit")[1])["data"]
        return [row for row in rows if row["kind"] == "configuration.changed"]

    def write(text: str) -> dict:
        before = len(changes())
        new = config.with_suffix(".new")
        new.write_text(text)
        new.replace(config)
        return wait_until("the change is recorded", lambda: changes() if len(changes()) > before else None, 5)[0]

    allowed = write("rules:\n  - {name: disks, decision: allow, programs: [df], options: [-h]}\n")
    assert "error" not in allowed["details"]
    assert not played(conversation, "df -h")
    conversation.ended()
    refused = write("rules:\n  - name: all\n    decision: allow\n    programs: [df]\n    option: [-h]\n")
    assert "5" in refused["details"]["error"] and "option" in refused["details"]["error"]
    assert not played(conversation, "df -h")
    conversation.ended()
    assert played(conversation, "df -h -i")
    conversation.decide(conversation.approval(), "decline")
    conversation.ended()
    write("rules: []\n")
    assert played(conversation, "df -h")
    conversation.decide(conversation.approval(), "decline")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("rule: []", ("1", "rule")),
        ("rules:\n  - name: a\n    decision: maybe\n    programs: [df]", ("3", "decision")),
        ("rules:\n  - name: a\n    decision: allow", ("2", "programs")),
        ("rules:\n  - name: a\n    decision: allow\n    programs: [/bin/df]", ("4", "programs")),
        ("rules:\n  - &a {name: a, decision: allow, programs: [df]}\n  - *a", ("2",)),
        ("floor:\n  operator: {approvalPolicy: sometimes}", ("2", "approvalPolicy")),
        ("floor:\n  operator:\n    roots: [/does/not/exist]", ("3", "roots")),
        ("floor:\n  root: {}", ("2", "root")),
        ("roles:\n  operator: fs/remove", ("2", "operator")),
        ("roles: {viewer: [thread/delete], admin: [thread/delete]}", ("thread/delete",)),
        ("rules: []\nrules: []", ("2", "rules")),
        ("floor: {operator: {network: yes}}", ("network",)),
        ("a: [", ("1",)),
        ("\x00", ()),
    ],
)
def test_faults_name_line_and_key(place: Place, config: Path, text: str, words: tuple[str, ...]) -> None:
    config.write_text(text)
    result = program.run(place, CONFIG=str(config))
    assert result.returncode != 0 and "http" not in result.stdout
    for word in ("sre-agent.yaml", *words):
        assert word in result.stderr, result.stderr


def test_file_must_be_there(place: Place, config: Path) -> None:
    result = program.run(place, CONFIG=str(config))
    assert result.returncode != 0 and "sre-agent.yaml" in result.stderr


def test_file_out_of_the_agents_reach(place: Place, launch: Callable[..., Server]) -> None:
    """Write access to the file would grant every right."""
    inside = place.workspace / "sre-agent.yaml"
    inside.write_text("rules: []\n")
    result = program.run(place, CONFIG=str(inside))
    assert result.returncode == 64 and "WORKSPACE" in result.stderr
    link = place.root / "linked.yaml"
    link.symlink_to(inside)
    agent = StandIn(place.root).executable
    with pytest.raises(AssertionError, match="the server ended with") as ended:
        launch(agent=agent, environment={"CONFIG": str(link)}).started()
    assert "WORKSPACE" in str(ended.value)


def test_example_changes_nothing_but_rules(ruled: Server, crowd, clients) -> None:
    client = clients(ruled, token=crowd["approver"].secret)
    for method, params in [("thread/delete", {}), ("fs/remove", {})]:
        with pytest.raises(RpcError, match="admin"):
            client.request(method, params)
    with pytest.raises(RpcError, match="approvalPolicy"):
        client.request("thread/start", {"approvalPolicy": "never"})


FLOORS = """
roles:
  approver: [thread/delete]
  operator: [fs/readFile]
floor:
  operator: {sandbox: readOnly, roots: [ELSEWHERE]}
  approver: {approvalPolicy: never, sessionApprovals: false}
  local: {approvalPolicy: onRequest}
"""


def test_roles_and_floor_of_the_file(place: Place, stand_in, clients, config: Path) -> None:
    elsewhere = place.outside("x").parent
    config.write_text(FLOORS.replace("ELSEWHERE", str(elsewhere)))
    crowd = {role: invite(place, role) for role in ("viewer", *WORKERS)}
    server, agent = stand_in(environment={"CONFIG": str(config)})
    operator, approver, viewer = (
        clients(server, token=crowd[role].secret) for role in ("operator", "approver", "viewer")
    )
    assert approver.request("thread/delete", {"mark": "deleted"})
    agent.wait_received("deleted")
    assert operator.request("fs/readFile", {"mark": "read"})
    for client, method, needed in [
        (operator, "thread/delete", "approver"),
        (viewer, "fs/readFile", "operator"),
        (approver, "fs/remove", "admin"),
    ]:
        with pytest.raises(RpcError) as caught:
            client.request(method, {"mark": "none of it"})
        assert caught.value.data == {"method": method, "roleNeeded": needed}
    there = {"cwd": str(elsewhere)}
    for params in ({"sandbox": "workspaceWrite", **there}, {"sandbox": "readOnly"}, there):
        with pytest.raises(RpcError):
            operator.request("thread/start", {"mark": "none of it", **params})
    assert operator.request("thread/start", {"sandbox": "readOnly", "cwd": str(elsewhere)})
    assert approver.request("thread/start", {"approvalPolicy": "never"})
    with pytest.raises(RpcError, match="approvalPolicy"):
        clients(server).request("thread/start", {"mark": "none of it", "approvalPolicy": "never"})
    assert not [text for text in agent.received() if "none of it" in text]
    assert people.info(server, **crowd["approver"].bearer)["sessionApprovals"] is False
    # A reload also applies to open sockets.
    new = config.with_suffix(".new")
    new.write_text("roles: {}\n")
    new.replace(config)
    wait_until("it is in force", lambda: people.info(server, **crowd["approver"].bearer)["sessionApprovals"], 3)
    with pytest.raises(RpcError) as caught:
        approver.request("thread/delete", {"mark": "too late"})
    assert caught.value.data["roleNeeded"] == "admin"
    with pytest.raises(RpcError, match="approvalPolicy"):
        approver.request("thread/start", {"approvalPolicy": "never", "mark": "too late"})
    assert not [text for text in agent.received() if "too late" in text]
