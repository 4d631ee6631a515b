"""Row 3: the approval shows what will start: the shell, and all other members of the call beside the command text."""

from collections.abc import Callable
from pathlib import Path

import pytest

from harness import paths
from harness.conversation import Conversation
from harness.record import Record
from harness.server import Server
from harness.waiting import wait_until


@pytest.fixture
def conversation(server: Server, talk: Callable[..., Conversation], shape: str) -> Conversation:
    return talk(server, shape, cwd=str(paths.fresh_directory(server.place.workspace)))


def call(command: str, **arguments: object) -> dict:
    return {"tool": {"name": "exec_command", "arguments": {"cmd": command, **arguments}}}


def script(source: str) -> dict:
    return {"tool": {"name": "exec", "input": source}}


def alarms(conversation: Conversation) -> list[dict]:
    return conversation.client.find(lambda message: message.get("method") == "sre/alarm")


WHICH = "shopt -q login_shell 2>/dev/null && echo login; echo ${BASH_VERSION:+bash} shell"


@pytest.mark.parametrize(
    ("arguments", "shown", "shell", "ran"),
    [
        ({}, "bash -lc", None, ["login", "bash", "shell"]),
        ({"login": False}, "bash -c", {"names": ["bash"], "login": False}, ["bash", "shell"]),
        ({"shell": "sh"}, "/usr/bin/sh -lc", {"names": ["sh"], "login": True}, ["shell"]),
        ({"shell": "/bin/sh", "login": False}, "/usr/bin/sh -c", {"names": ["sh"], "login": False}, ["shell"]),
    ],
    ids=["default", "no-login", "sh", "sh-no-login"],
)
def test_the_shell_is_shown(
    server: Server, conversation: Conversation, arguments: dict, shown: str, shell: dict | None, ran: list[str]
) -> None:
    conversation.play(call(WHICH, **arguments), {"text": "done"})
    approval = conversation.approval()
    assert approval.params["command"].removeprefix("/bin/").startswith(f"{shown} '")
    assert approval.params["sre"].get("shell") == shell
    conversation.decide(approval, "accept")
    conversation.ended()
    assert conversation.output().split() == ran
    assert not alarms(conversation)
    [row] = [row for row in Record(server.place).rows("question.asked") if row["itemId"] == approval.item]
    assert row["details"]["params"]["command"] == approval.params["command"]


def test_another_shell_is_not_covered_by_a_standing_approval(conversation: Conversation) -> None:
    """In bash the command deletes nothing. dash does not know `[[`, so there the command deletes."""
    keep = Path(conversation.cwd) / ".keep"
    keep.write_text("")
    precious = Path(conversation.cwd) / "precious"
    precious.mkdir(mode=0o777)
    command = "[[ -f .keep ]] || rm -r precious"
    conversation.run(call(command), {"text": "done"}, decisions=("acceptForSession",))
    assert precious.exists()
    conversation.play(call(command), {"text": "done"})
    conversation.ended()
    asked = len(conversation.approvals())
    for arguments in ({"shell": "sh"}, {"login": False}, {"tty": True}):
        conversation.play(call(command, **arguments), {"text": "done"})
        conversation.decide(conversation.approval(), "decline")
        conversation.ended()
        asked += 1
        assert len(conversation.approvals()) == asked
    assert precious.exists()
    assert not alarms(conversation)


@pytest.mark.parametrize("computed", ["shell: s", "login: !s", "...{shell: s}", "['she' + 'll']: s"])
def test_what_a_script_computes_is_stopped(
    server: Server, talk: Callable[..., Conversation], computed: str
) -> None:
    conversation = talk(server, "code", cwd=str(paths.fresh_directory(server.place.workspace)))
    marker = Path(conversation.cwd) / "marker"
    conversation.play(
        script(f"const s = 'sh'; await tools.exec_command({{cmd: 'touch marker', {computed}}});"), {"text": "done"}
    )
    approval = conversation.approval()
    assert approval.params["command"].endswith("bash -lc 'touch marker'")
    assert "acceptForSession" not in approval.params["availableDecisions"]
    conversation.decide(approval, "accept")
    alarm = conversation.client.notification("sre/alarm", threadId=conversation.thread)
    # Stopped by the kernel gate or by codex's own report of the start, whichever is first.
    assert "another command was allowed" in alarm["message"] or "in another shell" in alarm["message"]
    conversation.ended()
    assert not marker.exists()


def test_a_command_that_codex_keeps_to_itself_is_shown(server: Server, conversation: Conversation) -> None:
    """codex reports no item for a quick command whose exit looks like a sandbox denial."""
    conversation.play({"command": "touch F1; echo 'Permission denied'; exit 1"}, {"text": "done"})
    approval = conversation.approval()
    conversation.decide(approval, "accept")
    conversation.ended()
    assert (Path(conversation.cwd) / "F1").exists()
    item = conversation.item(approval.item)
    assert "touch F1" in item["command"]
    [row] = wait_until(
        "its outcome is recorded",
        lambda: [row for row in Record(server.place).rows("item.completed") if row["itemId"] == approval.item],
    )
    assert row["details"]["status"] in ("unknown", "failed")
