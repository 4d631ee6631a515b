"""Row 3: patches are shown before they are applied, exactly and in both ways in which models send them."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.client import Client
from harness.conversation import COMMAND, PATCH, Conversation
from harness.model import Model
from harness.server import Server

# The shape of tool calls and the way of the patch. A model without the patch tool sends no `tool` patch.
WAYS = [("classic", "heredoc"), ("code", "heredoc"), ("code", "tool")]


@pytest.fixture(params=WAYS, ids=lambda way: "-".join(way))
def way(request: pytest.FixtureRequest) -> tuple[str, str]:
    return request.param


def patch(*lines: str) -> str:
    return "\n".join(["*** Begin Patch", *lines, "*** End Patch"])


@pytest.fixture
def project(server: Server, request: pytest.FixtureRequest) -> Path:
    directory = server.place.root / f"patches-{abs(hash(request.node.name))}"
    directory.mkdir()
    return directory


def started(client: Client, item: str) -> list[int]:
    """The positions of the item's `item/started` among all messages."""
    return [
        index
        for index, message in enumerate(client.messages)
        if message.get("method") == "item/started" and message["params"]["item"]["id"] == item
    ]


def test_new_file(server: Server, talk, way: tuple[str, str], project: Path) -> None:
    shape, via = way
    conversation = talk(server, shape, cwd=str(project))
    conversation.play({"patch": patch("*** Add File: new.txt", "+one", "+two"), "via": via}, {"text": "done"})
    approval = conversation.approval()
    assert approval.method == PATCH
    assert approval.asks == "command"
    # The item precedes the approval, so every client can show the diff with it.
    messages = conversation.client.messages
    [first] = started(conversation.client, approval.item)
    assert first < next(index for index, message in enumerate(messages) if message.get("id") == approval.id)
    item = messages[first]["params"]["item"]
    assert item["type"] == "fileChange"
    assert item["status"] == "inProgress"
    assert item["changes"] == [
        {"path": str(project / "new.txt"), "kind": {"type": "add"}, "diff": "one\ntwo\n"}
    ]
    assert not (project / "new.txt").exists()

    conversation.decide(approval, "accept")
    conversation.ended()
    assert (project / "new.txt").read_text() == "one\ntwo\n"
    done = conversation.item(approval.item)
    assert done["status"] == "completed"
    # The server showed the same changes that codex reports.
    assert done["changes"] == item["changes"]
    # The server drops codex's own item/started. Mutation check: forwarding it gave two.
    assert len(started(conversation.client, approval.item)) == 1
    assert len(conversation.approvals()) == 1


def test_changed_moved_and_deleted_files(server: Server, talk, way: tuple[str, str], project: Path) -> None:
    shape, via = way
    (project / "keep.txt").write_text("a\nb\nc\n")
    (project / "move.txt").write_text("m\n")
    (project / "drop.txt").write_text("d\n")
    text = patch(
        "*** Update File: keep.txt", "@@", " a", "-b", "+B", " c",
        "*** Update File: move.txt", "*** Move to: moved.txt", "@@", "-m", "+M",
        "*** Delete File: drop.txt",
    )  # fmt: skip
    conversation = talk(server, shape, cwd=str(project))
    conversation.play({"patch": text, "via": via}, {"text": "done"})
    approval = conversation.approval()
    [first] = started(conversation.client, approval.item)
    changes = {
        Path(change["path"]).name: change
        for change in conversation.client.messages[first]["params"]["item"]["changes"]
    }
    assert changes["keep.txt"]["kind"]["type"] == "update"
    assert changes["keep.txt"]["kind"].get("move_path") is None
    assert "-b\n+B" in changes["keep.txt"]["diff"]
    assert changes["keep.txt"]["sre"] == {"hunks": [[1, 1]]}
    assert changes["move.txt"]["kind"]["type"] == "update"
    assert changes["move.txt"]["kind"]["move_path"].endswith("moved.txt")
    assert changes["drop.txt"]["kind"] == {"type": "delete"}
    # The deleted lines.
    assert changes["drop.txt"]["diff"] == "d\n"
    conversation.decide(approval, "accept")
    conversation.ended()
    [dropped] = [c for c in conversation.item(approval.item)["changes"] if c["path"].endswith("drop.txt")]
    assert dropped["diff"] == "d\n"
    # The same changes that codex reports when it applies the patch.
    done = {Path(change["path"]).name: change["kind"] for change in conversation.item(approval.item)["changes"]}
    assert {name: change["kind"] for name, change in changes.items()} == done
    assert (project / "keep.txt").read_text() == "a\nB\nc\n"
    assert (project / "moved.txt").read_text() == "M\n"
    assert not (project / "move.txt").exists() and not (project / "drop.txt").exists()


def test_what_is_deleted_and_cannot_be_shown(server: Server, talk, way: tuple[str, str], project: Path) -> None:
    shape, via = way
    secret = server.place.state / "secret"
    secret.write_text("not for anybody's eyes")
    secret.chmod(0o644)
    (project / "binary").write_bytes(b"a\0b")
    (project / "long").write_text("x" * (3 << 20))
    os.mkfifo(project / "pipe")
    (project / "link").symlink_to(secret)
    names = ["binary", "long", "pipe", "link", "nothing"]
    conversation = talk(server, shape, cwd=str(project))
    lines = [f"*** Delete File: {name}" for name in names] + [f"*** Delete File: {secret}"]
    conversation.play({"patch": patch(*lines), "via": via}, {"text": "done"})
    approval = conversation.approval()
    [first] = started(conversation.client, approval.item)
    changes = conversation.client.messages[first]["params"]["item"]["changes"]
    assert [change["diff"] for change in changes] == [""] * 6
    assert [change["sre"]["hidden"] for change in changes] == [
        {"why": "binary", "bytes": 3},
        {"why": "tooLong", "bytes": 3 << 20},
        *[{"why": "unreadable"}] * 4,
    ]
    conversation.decide(approval, "decline")
    conversation.ended()


def test_a_file_that_stands_there_is_shown_to_go(server: Server, talk, way: tuple[str, str], project: Path) -> None:
    shape, via = way
    (project / "there.txt").write_text("old\n")
    (project / "moving.txt").write_text("m\n")
    (project / "target.txt").write_text("goes\n")
    conversation = talk(server, shape, cwd=str(project))
    text = patch(
        "*** Add File: there.txt", "+new", "*** Update File: moving.txt", "*** Move to: target.txt", "@@", "-m", "+M"
    )
    conversation.play({"patch": text, "via": via}, {"text": "done"})
    approval = conversation.approval()
    [first] = started(conversation.client, approval.item)
    changes = conversation.client.messages[first]["params"]["item"]["changes"]
    assert [change["sre"]["replaces"] for change in changes] == ["old\n", "goes\n"]
    conversation.decide(approval, "accept")
    conversation.ended()
    assert (project / "there.txt").read_text() == "new\n" and (project / "target.txt").read_text() == "M\n"


def test_where_a_link_leads_is_shown(server: Server, talk, way: tuple[str, str], project: Path) -> None:
    shape, via = way
    (project / "Makefile").write_text("all:\n")
    (project / "Makefile").chmod(0o666)
    (project / "notes.md").symlink_to("Makefile")
    conversation = talk(server, shape, cwd=str(project))
    conversation.play({"patch": patch("*** Add File: notes.md", "+evil:"), "via": via}, {"text": "done"})
    approval = conversation.approval()
    [first] = started(conversation.client, approval.item)
    [change] = conversation.client.messages[first]["params"]["item"]["changes"]
    assert change["sre"] == {"replaces": "all:\n", "leadsTo": str(project / "Makefile")}
    conversation.decide(approval, "accept")
    conversation.ended()
    assert (project / "Makefile").read_text() == "evil:\n"


def test_a_link_that_comes_after_the_question(server: Server, talk, way: tuple[str, str], project: Path) -> None:
    """A person approves a new file, and a command that still runs puts a link in its place."""
    shape, via = way
    (project / "Makefile").write_text("all:\n")
    (project / "Makefile").chmod(0o666)
    conversation = talk(server, shape, cwd=str(project))
    conversation.play({"patch": patch("*** Add File: notes.md", "+evil:"), "via": via}, {"text": "done"})
    approval = conversation.approval()
    (project / "notes.md").symlink_to("Makefile")
    conversation.decide(approval, "accept")
    conversation.client.notification("sre/alarm", stopped=True)
    conversation.ended()
    assert (project / "Makefile").read_text() == "all:\n"


def test_declined(server: Server, talk, way: tuple[str, str], project: Path, model: Model) -> None:
    shape, via = way
    conversation = talk(server, shape, cwd=str(project))
    conversation.play({"patch": patch("*** Add File: no.txt", "+x"), "via": via}, {"text": "went on"})
    approval = conversation.approval()
    conversation.decide(approval, "decline", reason="not this file")
    assert conversation.ended()["status"] == "completed"
    assert not (project / "no.txt").exists()
    # The shown item is also completed, or it would look as if it still ran.
    assert conversation.item(approval.item)["status"] == "declined"
    model.wait_for_output("no.txt", "not this file")


@pytest.mark.parametrize(
    "command",
    [
        "apply_patch <<'EOF'\n{patch}\nEOF\ntouch also",
        "touch also && apply_patch <<'EOF'\n{patch}\nEOF",
        "apply_patch <<'EOF' && touch also\n{patch}\nEOF",
        "apply_patch <<EOF\n{patch}\nEOF",
        "cat <<'EOF' | tee also\n{patch}\nEOF",
    ],
)
def test_whatever_might_do_more_is_shown_as_a_command(server: Server, talk, project: Path, command: str) -> None:
    command = command.replace("{patch}", patch("*** Add File: new.txt", "+one"))
    conversation = talk(server, cwd=str(project))
    conversation.play({"command": command}, {"text": "done"})
    approval = conversation.approval()
    assert approval.method == COMMAND
    assert approval.command == command
    conversation.decide(approval, "decline")
    conversation.ended()
    assert list(project.iterdir()) == []


def test_patch_in_a_subdirectory(server: Server, talk, project: Path) -> None:
    """codex recognises this as a patch too and reports a file change."""
    (project / "sub").mkdir()
    command = "cd sub && apply_patch <<'EOF'\n" + patch("*** Add File: new.txt", "+one") + "\nEOF"
    conversation = talk(server, cwd=str(project))
    conversation.play({"command": command}, {"text": "done"})
    approval = conversation.approval()
    assert not (project / "sub" / "new.txt").exists()
    conversation.decide(approval, "accept")
    assert conversation.ended()["status"] == "completed"
    assert (project / "sub" / "new.txt").read_text() == "one\n"
    assert not conversation.client.find(lambda message: message.get("method") == "sre/alarm")


@pytest.mark.parametrize("text", ["*** Begin Patch\nnonsense\n*** End Patch", "no patch at all"])
def test_what_cannot_be_read_is_shown_as_it_is(server: Server, talk, project: Path, text: str) -> None:
    conversation = talk(server, "code", cwd=str(project))
    conversation.play({"patch": text, "via": "tool"}, {"text": "done"})
    approval = conversation.approval()
    assert approval.method == COMMAND
    assert text in approval.command
    conversation.decide(approval, "accept")
    conversation.ended()
    assert list(project.iterdir()) == []


def test_late_subscriber_sees_the_diff(shared: Server, clients: Callable[..., Client], talk) -> None:
    directory = shared.place.root / "late-diff"
    directory.mkdir()
    conversation = talk(shared, cwd=str(directory))
    conversation.say("hello")
    conversation.ended()
    conversation.play({"patch": patch("*** Add File: new.txt", "+one")}, {"text": "done"})
    asked = conversation.approval()
    late = Conversation.resume(clients(shared), conversation.thread, excludeTurns=True)
    assert late.approval().id == asked.id
    [place] = started(late.client, asked.item)
    assert late.client.messages[place]["params"]["item"]["changes"][0]["diff"] == "one\n"
    late.decide(asked, "accept")
    late.client.notification("turn/completed", threadId=conversation.thread)
    assert len(started(late.client, asked.item)) == 1


def test_outside_the_workspace_is_another_question(server: Server, talk, project: Path) -> None:
    outside = server.place.outside(f"{project.name}.txt")
    conversation = talk(server, cwd=str(project))
    conversation.play({"patch": patch(f"*** Add File: {outside}", "+x")}, {"text": "done"})
    first = conversation.approval()
    assert (first.method, first.asks) == (PATCH, "command")
    conversation.decide(first, "accept")
    second = conversation.approval()
    assert (second.method, second.asks) == (PATCH, "outsideSandbox")
    assert not outside.exists()
    conversation.decide(second, "decline")
    conversation.ended()
    assert not outside.exists()


def test_a_patch_may_leave_the_sandbox_when_both_questions_say_so(server: Server, talk, project: Path) -> None:
    outside = server.place.outside(f"{project.name}-both.txt")
    outside.parent.chmod(0o777)
    conversation = talk(server, cwd=str(project))
    conversation.play({"patch": patch(f"*** Add File: {outside}", "+x")}, {"text": "done"})
    for _ in range(2):
        conversation.decide(conversation.approval(), "accept")
    assert conversation.ended()["status"] == "completed"
    assert outside.read_text() == "x\n"
    assert not conversation.client.find(lambda message: message.get("method") == "sre/alarm")


def test_a_patch_leaves_the_sandbox_once_whatever_the_answer(server: Server, talk, project: Path) -> None:
    """codex would remember "for this session", and not ask about the file's next contents."""
    outside = server.place.outside(f"{project.name}-again.txt")
    outside.parent.chmod(0o777)
    conversation = talk(server, cwd=str(project))
    for lines in ([f"*** Add File: {outside}", "+x"], [f"*** Update File: {outside}", "@@", "-x", "+y"]):
        conversation.play({"patch": patch(*lines)}, {"text": "done"})
        conversation.decide(conversation.approval(), "accept")
        # Mutation check: the second patch was not asked about, and the kernel's gate stopped its writing.
        asked = conversation.approval()
        assert asked.asks == "outsideSandbox"
        conversation.decide(asked, "acceptForSession")
        assert conversation.ended()["status"] == "completed"
    assert outside.read_text() == "y\n"
    assert not conversation.client.find(lambda message: message.get("method") == "sre/alarm")
