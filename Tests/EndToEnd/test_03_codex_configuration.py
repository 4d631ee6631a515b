"""Row 3: no key of codex's configuration answers in place of a person, widens a sandbox or starts an unlisted program
(docs/codex-configuration.md)."""

import json
import os
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from harness import wrappers
from harness.client import Client, RpcError
from harness.codex_config import hook, managed, trust_hooks
from harness.conversation import PATCH, Conversation
from harness.model import Model
from harness.place import Place
from harness.record import Record
from harness.server import Server
from harness.waiting import wait_until

ALLOW = {"hookSpecificOutput": {"hookEventName": "PermissionRequest", "decision": {"behavior": "allow"}}}
ANSWERS = hook("PermissionRequest", f"echo {shlex.quote(json.dumps(ALLOW))}")
needs_root = pytest.mark.skipif(os.getuid() != 0, reason="only root can put a file in /etc/codex for one server")


def without_kernel_gate(place: Place) -> dict:
    return {"executable": wrappers.below_listener(place), "environment": {"ALLOW_WITHOUT_KERNEL_GATE": "1"}}


def escalates(conversation: Conversation, outside: Path) -> None:
    """Both approvals arrive, and a decline of the second one counts."""
    conversation.play(
        {"command": f"touch {outside}", "escalate": True, "justification": "a test"}, {"text": "done"}
    )
    conversation.decide(conversation.approval(), "accept")
    second = conversation.approval()
    assert second.asks == "outsideSandbox"
    conversation.decide(second, "decline")
    conversation.ended()
    assert not outside.exists()


# MARK: The user's own configuration file


@pytest.mark.parametrize("mode", ["shared", "isolated"])
def test_a_hook_that_answers_is_off(
    place: Place, launch: Callable[..., Server], talk, model: Model, mode: str, shape: str
) -> None:
    trust_hooks(place, model, ANSWERS)
    server = launch(mode).ready()
    conversation = talk(server, shape)
    escalates(conversation, place.outside("escaped"))
    outside = place.outside("patched")
    conversation.play({"patch": f"*** Begin Patch\n*** Add File: {outside}\n+x\n*** End Patch"}, {"text": "done"})
    first = conversation.approval()
    assert first.method == PATCH
    conversation.decide(first, "accept")
    second = conversation.approval()
    assert second.method == PATCH and second.asks == "outsideSandbox"
    conversation.decide(second, "decline")
    conversation.ended()
    assert not outside.exists()
    assert "disabled, because only the gate's hooks run here" in server.output()
    [row] = Record(place).rows("agent.started")
    assert "permission_request:0:0" in str(row["details"]["programs"])


def test_a_hook_that_answers_is_off_without_the_kernels_gate(
    place: Place, launch: Callable[..., Server], talk, model: Model
) -> None:
    trust_hooks(place, model, ANSWERS)
    escalates(talk(launch(**without_kernel_gate(place)).ready()), place.outside("escaped"))


def test_one_that_is_added_later_closes_new_threads(
    place: Place, launch: Callable[..., Server], talk, model: Model
) -> None:
    server = launch().ready()
    talk(server)
    trust_hooks(place, model, ANSWERS)
    with pytest.raises(RpcError, match=r"a hook for permissionRequest in .*config\.toml could answer") as error:
        talk(server)
    assert "Remove it" in str(error.value)


@pytest.mark.parametrize("event", ["SessionStart", "UserPromptSubmit", "PostToolUse", "Stop", "PreToolUse"])
def test_other_hooks_of_the_users_are_off(
    place: Place, launch: Callable[..., Server], talk, model: Model, event: str
) -> None:
    """They would run in the thread's directory, outside the sandbox."""
    marker = place.workspace / "ran"
    trust_hooks(place, model, hook(event, f"/usr/bin/touch {marker}"))
    server = launch().ready()
    conversation = talk(server)
    conversation.run({"command": "true"}, {"text": "done"})
    assert not marker.exists()
    assert "disabled, because only the gate's hooks run here" in server.output()
    assert not conversation.client.find(lambda message: message.get("method") == "sre/alarm")


@pytest.mark.parametrize("feature", ["shell_snapshot", "shell_snapshot_v2", "deferred_executor", "login_shell_package_path"])
@pytest.mark.parametrize("gated", [True, False], ids=["gate", "no-gate"])
def test_features_that_start_login_shells_are_off(
    place: Place, launch: Callable[..., Server], talk, model: Model, feature: str, gated: bool
) -> None:
    marker = place.outside("profile-ran")
    marker.parent.chmod(0o777)
    for home in (place.person, place.codex_home):
        for name in (".profile", ".bash_profile", ".bashrc"):
            (home / name).write_text(f"{{ echo x >> {marker}; }} 2>/dev/null\n")
    place.configure(model.url, model.token, f"[features]\n{feature} = true\n")
    server = launch(**({} if gated else without_kernel_gate(place))).ready()
    conversation = talk(server)
    conversation.run({"command": "echo ran"}, {"text": "done"})
    assert conversation.output().strip() == "ran"
    assert not marker.exists()
    assert not conversation.client.find(lambda message: message.get("method") == "sre/alarm")


def test_files_that_a_shell_reads_before_its_script(
    place: Place, launch: Callable[..., Server], talk, model: Model
) -> None:
    """Set in codex's configuration and in the server's own environment; the latter also reached the gate's hook."""
    marker = place.workspace / "sourced"
    early = place.workspace / "early"
    early.write_text(f": > {marker}\n")
    place.configure(
        model.url, model.token, f'[shell_environment_policy.set]\nBASH_ENV = "{early}"\nENV = "{early}"\nOWN = "kept"\n'
    )
    server = launch(environment={"BASH_ENV": str(early), "ENV": str(early)}).ready()
    conversation = talk(server)
    conversation.run({"command": "bash -c 'echo $OWN'; sh -c true"}, {"text": "done"})
    assert conversation.output().strip() == "kept"
    assert not marker.exists()


@pytest.mark.parametrize("line", ["BASH_ENV=./early", "SHELLOPTS=xtrace", "LD_LIBRARY_PATH=/x:"])
def test_variables_in_codexs_own_env_file(place: Place, launch: Callable[..., Server], talk, line: str) -> None:
    """codex reads the file itself. The hook's shell starts in the thread's directory, outside the sandbox."""
    marker = place.workspace / "sourced"
    (place.workspace / "early").write_text(f": > {marker}\n")
    (place.codex_home / ".env").write_text(f"{line}\n")
    conversation = talk(launch().ready(), "classic")
    conversation.play({"command": "true"}, {"text": "done"})
    alarm = conversation.client.notification("sre/alarm")
    assert f"{line.partition('=')[0]} would make it run other code" in alarm["message"]
    assert not marker.exists()


def test_the_linkers_lists_without_the_working_directory(place: Place, launch: Callable[..., Server], talk) -> None:
    """As by `export LD_LIBRARY_PATH=/x:$LD_LIBRARY_PATH`."""
    library = place.workspace / "libtinfo.so.6"
    library.write_bytes(b"no library")
    conversation = talk(launch(environment={"LD_LIBRARY_PATH": f"{place.root}:", "SHELLOPTS": "xtrace"}).ready())
    conversation.run({"command": "echo fine"}, {"text": "done"})
    assert conversation.output().strip() == "fine"


def test_codexs_databases_stay_in_its_home(place: Place, launch: Callable[..., Server], talk, model: Model) -> None:
    elsewhere = place.outside("db")
    elsewhere.mkdir()
    elsewhere.chmod(0o777)
    more = f'sqlite_home = "{elsewhere}"\nlog_dir = "{elsewhere}"\n'
    place.write_config(more + place.config())
    variables = {"CODEX_SQLITE_HOME": str(elsewhere), "CODEX_ROLLOUT_TRACE_ROOT": str(elsewhere)}
    talk(launch(environment=variables).ready()).run({"text": "done"}, decisions=())
    assert not list(elsewhere.iterdir())


# MARK: Managed configuration, which overrides the command line


@needs_root
@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("managed_config.toml", "[features]\nunified_exec_tty = true\n", "features.unified_exec_tty is on"),
        ("requirements.toml", "[features]\nunified_exec_tty = true\n", "features.unified_exec_tty is on"),
        ("requirements.toml", "[features]\nshell_snapshot = true\n", "features.shell_snapshot is on"),
        ("managed_config.toml", '[shell_environment_policy]\ninherit = "all"\n', "sets shell_environment_policy.inherit"),
        ("managed_config.toml", 'sandbox_mode = "danger-full-access"\n', "sets sandbox_mode"),
        ("managed_config.toml", '[mcp_servers.m]\ncommand = "/bin/true"\n', "sets mcp_servers.m.command"),
        ("managed_config.toml", ANSWERS, "permissionRequest|sets hooks"),
        ("config.toml", ANSWERS, "a hook for permissionRequest"),
        ("requirements.toml", 'allowed_approvals_reviewers = ["auto_review"]\n', 'approvalsReviewer "auto_review"'),
        ("requirements.toml", "[experimental_network]\nenabled = true\n", "set experimental_network"),
        ("requirements.toml", 'allowed_approval_policies = ["never"]\n', 'approvalPolicy "never"'),
    ],
    ids=lambda value: value.split("\n")[0][:30] if isinstance(value, str) else None,
)
def test_a_managed_key_closes_threads_and_is_named(
    place: Place, launch: Callable[..., Server], clients: Callable[..., Client], name: str, text: str, says: str
) -> None:
    server = launch(executable=managed(place, name, text)).started()
    client = clients(server)

    def refused() -> str | None:
        try:
            client.request("thread/start", {})
        except RpcError as error:
            return None if "not running" in str(error) else str(error)
        raise AssertionError("the thread was opened")

    refusal = wait_until("the agent has an answer", refused, 30)
    assert any(part in refusal for part in says.split("|")), refusal
    assert "/etc/codex" in refusal
    # Nor indirectly, through a thread that the agent opened.
    for thread in client.request("thread/loaded/list", {}).get("data", []):
        with pytest.raises(RpcError):
            client.request("turn/start", {"threadId": thread, "input": [{"type": "text", "text": "hi"}]})
