"""Row 3: an approved patch allows its own changes, each once, and no other patch. The server refuses a patch with
hidden effects without asking."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from harness import paths
from harness.client import Client
from harness.conversation import COMMAND, Conversation
from harness.gate import kill_gate, verifiers
from harness.model import Model
from harness.server import Server
from harness.waiting import wait_until

# As in test_03_patches.
WAYS = [("classic", "heredoc"), ("code", "heredoc"), ("code", "tool")]


@pytest.fixture(params=WAYS, ids=lambda way: "-".join(way))
def way(request: pytest.FixtureRequest) -> tuple[str, str]:
    return request.param


@pytest.fixture
def project(server: Server) -> Path:
    return paths.fresh_directory(server.place.workspace)


def patch(*lines: str) -> str:
    return "\n".join(["*** Begin Patch", *lines, "*** End Patch"])


def written(path: Path, text: str) -> Path:
    path.write_text(text, newline="")
    path.chmod(0o666)
    return path


def alarms(client: Client) -> list[dict]:
    return client.find(lambda message: message.get("method") == "sre/alarm")


# MARK: Another patch

BEFORE = "# a comment\nexit 0\nrm -rf /srv/data\n# the end\n"
FIRST = ["@@", "-# a comment", "+# A comment", " exit 0", " rm -rf /srv/data"]
OTHERS = {
    "moves": [" # a comment", "-exit 0", " rm -rf /srv/data", "+exit 0"],
    "deletes the context": [" # a comment", "-exit 0", " rm -rf /srv/data"],
    "repeats the context": [" # a comment", " exit 0", "+rm -rf /srv/data", " rm -rf /srv/data"],
    "makes more of it": [*FIRST[1:], "+rm -rf /srv/more"],
}


def asked_about_another(
    server: Server, client: Client, way: tuple[str, str], directory: Path, *lines: str
) -> tuple[Conversation, int]:
    """A patch approval in its own thread without a subscriber, and the thread's verifier. A subscriber's session would
    stop the turn, possibly before codex reaches the files."""
    shape, via = way
    others = verifiers(server)
    conversation = Conversation.start(client, shape, cwd=str(directory))
    [verifier] = verifiers(server) - others
    conversation.play({"patch": patch(*lines), "via": via}, {"text": "done"})
    conversation.approval()
    client.request("thread/unsubscribe", {"threadId": conversation.thread})
    return conversation, verifier


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_no_other_patch_by_a_grant_that_is_open(
    server: Server, talk, way: tuple[str, str], project: Path, other: list[str]
) -> None:
    """The first patch waits for its second approval, so its grant is still open."""
    shape, via = way
    script = written(project / "deploy.sh", BEFORE)
    outside = server.place.outside(f"{project.name}.txt")
    first = talk(server, shape, cwd=str(project))
    lines = [f"*** Update File: {script}", *FIRST, f"*** Add File: {outside}", "+x"]
    first.play({"patch": patch(*lines), "via": via}, {"text": "done"})
    first.decide(first.approval(), "accept")
    assert first.approval().asks == "outsideSandbox"
    second, verifier = asked_about_another(
        server, first.client, way, project, f"*** Update File: {script}", "@@", *other
    )
    kill_gate(server, second, verifier)
    first.client.notification("sre/alarm", stopped=True)
    assert script.read_text() == BEFORE


@pytest.mark.parametrize("leaves", [False, True], ids=["stays", "leaves"])
def test_a_patch_that_was_made_leaves_no_grant(
    shared: Server, talk, clients: Callable[..., Client], way: tuple[str, str], leaves: bool
) -> None:
    """Also if no client is there to hear that the patch is done."""
    shape, via = way
    directory = paths.fresh_directory(shared.place.workspace)
    script = written(directory / "deploy.sh", BEFORE)
    watcher = clients(shared)
    first = talk(shared, shape, cwd=str(directory))
    first.play({"patch": patch(f"*** Update File: {script}", *FIRST), "via": via}, {"text": "done"})
    first.decide(first.approval(), "accept")
    if leaves:
        first.client.close()
    after = wait_until("the patch is made", lambda: script.read_text() if "# A" in script.read_text() else "")
    # The same patch again: its line is in the file once more.
    written(script, BEFORE)
    second, verifier = asked_about_another(
        shared, clients(shared), way, directory, f"*** Update File: {script}", *FIRST
    )
    kill_gate(shared, second, verifier)
    watcher.notification("sre/alarm", stopped=True)
    assert script.read_text() == BEFORE != after


def test_a_command_that_has_a_patch_in_it_is_none(
    server: Server, talk, way: tuple[str, str], project: Path
) -> None:
    """A running command does not allow a patch."""
    lines = [f"*** Add File: {project / 'new'}", "+x"]
    first = talk(server, way[0], cwd=str(project))
    text = f"cat >ran <<'EOF'\n{patch(*lines)}\nEOF\nsleep 60"
    first.play({"command": text}, {"text": "done"})
    asked = first.approval()
    assert asked.method == COMMAND
    first.decide(asked, "accept")
    wait_until("it runs", (project / "ran").exists)
    second, verifier = asked_about_another(server, first.client, way, project, *lines)
    kill_gate(server, second, verifier)
    first.client.notification("sre/alarm", stopped=True)
    assert not (project / "new").exists()


# MARK: The patch's own changes

UPDATES = {
    "plain": ("a\nb\nc\n", [" a", "-b", "+B", " c"], "a\nB\nc\n"),
    "no end": ("a\nb", ["-b", "+B", "+C"], "a\nB\nC\n"),
    "crlf": ("a\r\nb\r\nc\r\n", [" a", "-b", "+B"], "a\r\nB\r\nc\r\n"),
    "blank context": ("a\n\nb\n\nc\n", [" a", "", "-b", "+B"], "a\n\nB\n\nc\n"),
    "white space": ("  a\n\tb\nc \n", [" a", "-b", "+B", " c"], "  a\nB\nc \n"),
    "punctuation": ("x = \u201ca\u201d \u2014 b\nend\n", [' x = "a" - b', "-end", "+END"], "x = \u201ca\u201d \u2014 b\nEND\n"),
    "mark": ("def a\n x\ndef b\n x\n", ["@@ def b", "- x", "+ y"], "def a\n x\ndef b\n y\n"),
    "end": ("x\ny\nx\n", ["-x", "+z", "*** End of File"], "x\ny\nz\n"),
    "appended": ("a\n", ["+b"], "a\nb\n"),
    "hunks": ("a\nb\nc\nd\n", ["-a", "@@", " c", "-d", "+D"], "b\nc\nD\n"),
    "emptied": ("a\n", ["-a"], ""),
}


def test_whatever_codex_makes_of_a_file(server: Server, talk, way: tuple[str, str], project: Path) -> None:
    """The server computes codex's result to the byte; otherwise it would stop codex."""
    shape, via = way
    lines = ["*** Add File: added", "+one\r", "+two", "*** Add File: empty"]
    for name, (before, hunks, _) in UPDATES.items():
        written(project / name, before)
        lines += [f"*** Update File: {name}", *(["@@"] if not hunks[0].startswith("@@") else []), *hunks]
    written(project / "move", "m\n")
    lines += ["*** Update File: move", "*** Move to: d/moved", "@@", "-m", "+M"]
    conversation = talk(server, shape, cwd=str(project))
    conversation.play({"patch": patch(*lines), "via": via}, {"text": "done"})
    conversation.decide(conversation.approval(), "accept")
    assert conversation.ended()["status"] == "completed"
    assert not alarms(conversation.client)
    assert {name: (project / name).read_bytes().decode() for name in UPDATES} == {
        name: after for name, (_, _, after) in UPDATES.items()
    }
    assert (project / "added").read_text() == "one\ntwo\n" and (project / "empty").read_text() == ""
    assert (project / "d" / "moved").read_text() == "M\n" and not (project / "move").exists()


def test_a_file_that_changes_while_it_is_asked(server: Server, talk, way: tuple[str, str], project: Path) -> None:
    """The patch changes the shown lines in the file's current content."""
    shape, via = way
    file = written(project / "a", "a\nb\n")
    conversation = talk(server, shape, cwd=str(project))
    conversation.play({"patch": patch("*** Update File: a", "@@", "-b", "+B"), "via": via}, {"text": "done"})
    asked = conversation.approval()
    written(file, "new\na\nb\n")
    conversation.decide(asked, "accept")
    assert conversation.ended()["status"] == "completed"
    assert file.read_text() == "new\na\nB\n"
    assert not alarms(conversation.client)


def test_a_directory_that_is_another_after_the_question(
    server: Server, talk, way: tuple[str, str], project: Path
) -> None:
    """A person approves a deletion, and a link that replaces the directory leads to another file."""
    shape, via = way
    (project / "d").mkdir()
    (project / "other").mkdir()
    written(project / "d" / "a", "old\n")
    precious = written(project / "other" / "a", "precious\n")
    conversation = talk(server, shape, cwd=str(project))
    conversation.play({"patch": patch("*** Delete File: d/a"), "via": via}, {"text": "done"})
    asked = conversation.approval()
    (project / "d").rename(project / "before")
    (project / "d").symlink_to("other")
    conversation.decide(asked, "accept")
    conversation.client.notification("sre/alarm", stopped=True)
    conversation.ended()
    assert precious.read_text() == "precious\n"


@pytest.mark.parametrize("change", ["add", "delete", "move"])
def test_a_file_that_nobody_was_shown_is_not_lost(
    server: Server, talk, way: tuple[str, str], project: Path, change: str
) -> None:
    """Another process writes the file between the approval request and the answer."""
    shape, via = way
    file = project / "a"
    written(project / "m", "old\n")
    if change == "delete":
        written(file, "worthless\n")
    lines = {
        "add": ["*** Add File: a", "+x"],
        "delete": ["*** Delete File: a"],
        "move": ["*** Update File: m", "*** Move to: a", "@@", "-old", "+new"],
    }[change]
    conversation = talk(server, shape, cwd=str(project))
    conversation.play({"patch": patch(*lines), "via": via}, {"text": "done"})
    asked = conversation.approval()
    if change == "delete":
        # In place, as long, and with the old time: only its change time tells.
        before = file.stat()
        file.write_text("precious!\n")
        os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    else:
        written(file, "precious!\n")
    conversation.decide(asked, "accept")
    conversation.client.notification("sre/alarm", stopped=True)
    conversation.ended()
    assert file.read_text() == "precious!\n"


# MARK: Hidden effects


@pytest.mark.parametrize("change", ["add", "twice", "move", "delete", "twice by bytes", "delete by bytes"])
def test_a_link_below_proc(server: Server, talk, way: tuple[str, str], project: Path, change: str) -> None:
    """Such a link resolves differently in each process, so the server would check another file than codex changes."""
    shape, via = way
    precious = written(project / "Makefile", "precious\n")
    written(project / "a", "old\n")
    change, *by_bytes = change.split(" by ")
    if by_bytes:
        # A name that no text can hold, and that the server would otherwise take for another.
        (project / "docs").symlink_to(os.fsdecode(b"\xff"))
        (project / os.fsdecode(b"\xff")).symlink_to(f"/proc/self/cwd{project}")
    else:
        (project / "docs").symlink_to(f"/proc/self/cwd{project}")
    lines = {
        "add": ["*** Add File: docs/Makefile", "+evil"],
        "twice": ["*** Update File: Makefile", "@@", "-precious", "+harmless", "*** Add File: docs/Makefile", "+evil"],
        "move": ["*** Update File: a", "*** Move to: docs/Makefile", "@@", "-old", "+evil"],
        "delete": ["*** Delete File: docs/Makefile"],
    }[change]
    conversation = talk(server, shape, cwd=str(project))
    conversation.play({"patch": patch(*lines), "via": via}, {"text": "done"})
    conversation.ended()
    assert not conversation.approvals()
    assert precious.read_text() == "precious\n" and (project / "a").exists()


def moved(target: str) -> list[str]:
    return ["*** Update File: a.txt", f"*** Move to: {target}", "@@", "-old", "+new"]


UNSEEN = {
    "same": (moved("a.txt"), "same file"),
    "dot": (moved("./a.txt"), "same file"),
    "dots": (moved("sub/../a.txt"), "same file"),
    "absolute": (moved("{project}/a.txt"), "same file"),
    "by a directory's link": (moved("here/a.txt"), "same file"),
    "by a link": (moved("link.txt"), "same file"),
    "by a hard link": (moved("hard.txt"), "same file"),
    "two onto one": ([*moved("c.txt"), "*** Update File: b.txt", "*** Move to: c.txt", "@@", "-x", "+y"], "twice"),
    "moved and added": ([*moved("c.txt"), "*** Add File: ./c.txt", "+gone"], "twice"),
    "changed and replaced": (
        ["*** Update File: a.txt", "@@", "-old", "+new", "*** Add File: hard.txt", "+gone"],
        "twice",
    ),
    "changed and deleted": (["*** Update File: a.txt", "@@", "-old", "+new", "*** Delete File: ./a.txt"], "twice"),
    "added and deleted": (["*** Add File: ./a.txt", "+x", "*** Delete File: a.txt"], "twice"),
    "a header among the lines": (["*** Update File: a.txt", "@@", "-old", "\t*** Delete File: b.txt"], "cannot be read"),
}


@pytest.mark.parametrize(("lines", "why"), UNSEEN.values(), ids=UNSEEN)
def test_what_would_be_done_unseen_is_refused(
    server: Server, talk, model: Model, way: tuple[str, str], project: Path, lines: list[str], why: str
) -> None:
    """The server refuses without asking a person, and tells the agent why."""
    shape, via = way
    before = "old\n" + "".join(f"precious {number}\n" for number in range(9))
    written(project / "a.txt", before)
    written(project / "b.txt", "x\n")
    os.link(project / "a.txt", project / "hard.txt")
    (project / "link.txt").symlink_to("a.txt")
    (project / "here").symlink_to(".")
    conversation = talk(server, shape, cwd=str(project))
    text = patch(*lines).replace("{project}", str(project))
    conversation.play({"patch": text, "via": via}, {"text": "went on"})
    assert not conversation.asked_or_ended()
    assert conversation.ended()["status"] == "completed"
    model.wait_for_output(project.name, why)
    assert (project / "a.txt").read_text() == before and (project / "b.txt").read_text() == "x\n"
    assert not alarms(conversation.client)
