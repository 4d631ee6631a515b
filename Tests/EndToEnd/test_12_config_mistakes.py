"""Row 12: the server reports a mistake in codex's configuration with file, line and message, in both modes, at start
and later, and recovers by itself once the mistake is fixed."""

import json
import os
import re
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from harness import paths
from harness.away import UNAVAILABLE, when_it_is_back
from harness.client import Client, RpcError
from harness.conversation import Conversation
from harness.place import Place
from harness.server import Server
from harness.waiting import stays, wait_until

SECRET = "hunter2-is-nobodys-business"
# The text appended to the valid file, its error message, and the faulty line among the appended ones.
MISTAKES = {
    "syntax": ("[broken\n", "unclosed table", 1),
    "value": ('[history]\npersistence = "sometimes"\n', "unknown variant `…`, expected `", 2),
    "number": ('[mcp_servers.m]\ncommand = 4815162342\n', "integer `…`, expected a string", 2),
    "type": (f'[mcp_servers.m]\ncommand = "true"\nargs = "{SECRET}"\n', "invalid type: string", 3),
}


def break_it(place: Place, kind: str = "syntax") -> tuple[str, str]:
    """Returns the text that names the position, and the message."""
    text, message, line = MISTAKES[kind]
    before = place.config()
    place.write_config(before + text)
    return f"{place.codex_home}/config.toml, line {len(before.splitlines()) + line}", message


def assert_clean(text: str) -> None:
    """No JSON of the server's own calls, no content of the file."""
    assert SECRET not in text and "4815162342" not in text and "sometimes" not in text
    assert not re.search(r'[{\[]\\?"', text.replace('{"status"', "").replace('{"jsonrpc"', "")), text


def reason(server: Server) -> str:
    status, body = server.get("/readyz")
    return json.loads(body)["reason"] if status == 503 else ""


def log_lines(server: Server, words: str) -> list[str]:
    return [line for line in server.output().splitlines() if words in line and " debug " not in line]


def doctor(place: Place) -> str:
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(place.person),
        "PORT": "0",
        "CODEX_BIN": str(paths.codex()),
        "CODEX_HOME": str(place.codex_home),
        "WORKSPACE": str(place.workspace),
        "STATE_DIR": str(place.state),
        **paths.passed_on(),
    }
    result = subprocess.run(
        [paths.sre_agent(), "doctor"], cwd=place.cwd, env=environment, capture_output=True, text=True, timeout=60
    )
    return result.stdout + result.stderr


def account(client: Client) -> dict:
    return client.request("account/read", {})


def test_at_the_start(
    place: Place, launch: Callable[..., Server], clients: Callable[..., Client], mode: str
) -> None:
    good = place.config()
    where, message = break_it(place)
    server = launch(mode).started()
    wait_until("/readyz says where", lambda: where in reason(server))
    assert message in reason(server)
    assert_clean(reason(server))
    client = clients(server, initialize=False)
    with pytest.raises(RpcError) as caught:
        client.initialize()
    assert caught.value.code == UNAVAILABLE and where in str(caught.value) and message in str(caught.value)
    assert_clean(client.notification("sre/agentStatus", state="restarting")["message"])
    assert log_lines(server, where)
    place.write_config(good)
    when_it_is_back(client.initialize)
    server.ready()
    assert account(client)["requiresOpenaiAuth"] is False
    conversation = Conversation.start(client)
    assert conversation.run({"command": "echo ran"}, {"text": "done"})["status"] == "completed"


def test_written_while_it_runs(
    place: Place, launch: Callable[..., Server], clients: Callable[..., Client], mode: str
) -> None:
    """Running threads continue; new ones are not opened, and no client is asked to sign in."""
    good = place.config()
    server = launch(mode).ready()
    worker = Conversation.start(clients(server))
    where, message = break_it(place)
    with pytest.raises(RpcError) as caught:
        worker.client.request("thread/start", {})
    assert where in str(caught.value) and message in str(caught.value) and "hook" not in str(caught.value)
    assert_clean(str(caught.value))
    wait_until("/readyz says where", lambda: where in reason(server))
    assert message in reason(server)
    wait_until("everybody is told", lambda: worker.client.find(
        lambda m: m.get("method") == "sre/threadsRefused" and where in str(m["params"]["message"])))
    assert log_lines(server, where)
    assert worker.run({"command": "echo on"}, {"text": "done"})["status"] == "completed"

    later = clients(server, initialize=False)
    if mode == "shared":
        later.initialize()
        assert account(later)["requiresOpenaiAuth"] is False
    else:
        with pytest.raises(RpcError, match="config.toml, line"):
            later.initialize()
            account(later)
    place.write_config(good)
    server.ready()
    wait_until("everybody is told", lambda: worker.client.find(
        lambda m: m.get("method") == "sre/threadsRefused" and m["params"]["message"] is None))
    if mode == "isolated":
        when_it_is_back(later.initialize)
    assert account(later)["requiresOpenaiAuth"] is False
    assert Conversation.start(later).run({"command": "echo ran"}, {"text": "done"})["status"] == "completed"


def test_agent_that_ends_then(
    place: Place, launch: Callable[..., Server], clients: Callable[..., Client], mode: str
) -> None:
    """codex would start with its defaults and ask every client to sign in."""
    good = place.config()
    server = launch(mode).ready()
    client = clients(server)
    where, _ = break_it(place)
    for agent in server.agents():
        os.kill(agent, signal.SIGKILL)
    client.notification("sre/agentStatus", 5, state="restarting")
    wait_until("/readyz says where", lambda: where in reason(server))

    def told() -> bool:
        try:
            account(client)
        except RpcError as error:
            return where in str(error)
        raise AssertionError("a codex without its configuration answers")

    wait_until("requests say where", told)
    place.write_config(good)
    assert when_it_is_back(lambda: account(client))["requiresOpenaiAuth"] is False
    server.ready()


def make_directory(path: Path) -> None:
    path.unlink()
    path.mkdir()


def make_dangling(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.parent / "nowhere.toml")


UNREADABLE = {
    "directory": (make_directory, "is not a file"),
    "dangling": (make_dangling, "nowhere.toml"),
    "latin-1": (lambda path: path.write_bytes(b'model = "\xff"\n'), "utf-8"),
    "unknown provider": (lambda path: path.write_text(f'model_provider = "{SECRET}"\n'), "Model provider `…` not found"),
}
if os.getuid() == 0:
    UNREADABLE["permissions"] = (lambda path: path.chmod(0o000), "Permission denied")


def mend(path: Path, text: str) -> None:
    if path.is_dir() and not path.is_symlink():
        path.rmdir()
    path.unlink(missing_ok=True)
    path.write_text(text)


def test_each_mistake_is_named(place: Place, launch: Callable[..., Server], mode: str) -> None:
    """One mistake after another, before the agent has ever started."""
    path = place.codex_home / "config.toml"
    good = place.config()
    break_it(place)
    server = launch(mode).started()
    for kind in MISTAKES:
        mend(path, good)
        where, message = break_it(place, kind)
        wait_until(f"/readyz says {kind}", lambda: where in reason(server) and message in reason(server))
        assert_clean(reason(server))
    for kind, (spoil, message) in UNREADABLE.items():
        mend(path, good)
        spoil(path)
        wait_until(f"/readyz says {kind}", lambda: message in reason(server))
        assert kind == "unknown provider" or str(path) in reason(server)
        assert_clean(reason(server))
    mend(path, good)
    server.ready()
    assert SECRET not in server.output()


def test_a_trusted_projects_file(place: Place, launch: Callable[..., Server], clients: Callable[..., Client]) -> None:
    """codex quotes the line of this file; clients do not receive it."""
    trusted = f'[projects."{place.workspace}"]\ntrust_level = "trusted"\n'
    place.write_config(place.config() + trusted)
    folder = place.workspace / ".codex"
    folder.mkdir()
    file = folder / "config.toml"
    file.write_text(f'model = "x"\nkey = {SECRET}\n')
    server = launch("isolated").started()
    wait_until("/readyz says where", lambda: f"{file}, line 2" in reason(server))
    assert_clean(reason(server))
    file.write_text("")
    server.ready()
    client = clients(server)
    file.write_text(f'model = "x"\nkey = {SECRET}\n')
    with pytest.raises(RpcError) as caught:
        client.request("thread/start", {})
    assert f"{file}, line 2" in str(caught.value)
    assert SECRET not in server.output()


def test_what_codex_only_warns_about(place: Place, launch: Callable[..., Server], mode: str) -> None:
    place.write_config('sandbox_mod = "read-only"\n' + place.config())
    (place.codex_home / "hooks.json").write_text('{"hooks": ')
    server = launch(mode).ready()
    [line] = log_lines(server, "`sandbox_mod` is ignored")
    assert " warning " in line
    [line] = log_lines(server, f"{place.codex_home}/hooks.json, line 1")
    assert " warning " in line


def test_doctor(place: Place) -> None:
    where, message = break_it(place, "type")
    text = doctor(place)
    [line] = [line for line in text.splitlines() if where in line]
    assert line.startswith("FAIL  configuration:") and message in line
    assert SECRET not in text


@pytest.mark.parametrize("text", ["mcp_servers = 3\n", "model = 5\n", "features = 1\n", "permissions = []\n"])
def test_a_mistake_is_not_blamed_on_the_machine(
    place: Place, launch: Callable[..., Server], mode: str, text: str
) -> None:
    """The agent's command line overrides some of it; the sandbox trial starts in the same way."""
    good = place.config()
    place.write_config(text + good)
    server = launch(mode).started()
    wait_until("it is ready or says why", lambda: server.get("/readyz")[0] == 200 or "config.toml" in reason(server))
    findings = doctor(place).splitlines()
    for words in (reason(server), *findings):
        assert "user namespaces" not in words and "sandbox cannot" not in words, words
    assert bool(reason(server)) == any(line.startswith("FAIL  configuration:") for line in findings)
    place.write_config(good)
    server.ready()


def test_a_link_to_nothing_while_it_runs(place: Place, launch: Callable[..., Server], mode: str) -> None:
    path = place.codex_home / "config.toml"
    text = place.config()
    server = launch(mode).ready()
    make_dangling(path)
    wait_until("/readyz says so", lambda: "nowhere.toml" in reason(server))
    (path.parent / "nowhere.toml").write_text(text)
    server.ready()


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give the file to another user")
def test_the_key_goes_to_nobody_while_the_file_is_unreadable(
    place: Place, launch: Callable[..., Server], clients: Callable[..., Client], mode: str
) -> None:
    """The file may name another provider, and here it does."""
    path = place.codex_home / "config.toml"
    good = place.config()
    path.unlink()
    path.mkdir()
    server = launch(
        mode, environment={"OPENAI_API_KEY": "sk-nobodys", "OPENAI_BASE_URL": "http://127.0.0.1:9"}
    ).started()
    wait_until("/readyz says so", lambda: "is not a file" in reason(server))
    mend(path, good)
    server.ready()
    conversation = Conversation.start(clients(server))
    assert conversation.run({"command": "echo ran"}, {"text": "done"})["status"] == "completed"


def test_the_log_says_that_the_agent_is_back(place: Place, launch: Callable[..., Server], mode: str) -> None:
    good = place.config()
    where, _ = break_it(place)
    server = launch(mode).started()
    wait_until("/readyz says where", lambda: where in reason(server))
    assert not log_lines(server, "agent is ready")
    place.write_config(good)
    server.ready()
    wait_until("the log says so", lambda: log_lines(server, "agent is ready"))


# MARK: Missing codex


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give the home to another user")
def test_a_home_of_somebody_else(place: Place, launch: Callable[..., Server], mode: str) -> None:
    server = launch(mode).ready()
    before = place.codex_home.stat()
    os.chown(place.codex_home, 0, 0)
    wait_until("/readyz names it", lambda: f"CODEX_HOME ({place.codex_home})" in reason(server))
    os.chown(place.codex_home, before.st_uid, before.st_gid)
    server.ready()


def movable(place: Place) -> Path:
    """The test's own copy of codex."""
    program = place.root / "codex"
    program.symlink_to(paths.codex())
    return program


@pytest.mark.parametrize("how", ["removed", "ends at once"])
def test_codex_goes_away(place: Place, launch: Callable[..., Server], clients: Callable[..., Client], how: str) -> None:
    program = movable(place)
    server = launch("isolated", environment={"CODEX_BIN": str(program)}).ready()
    worker = Conversation.start(clients(server))
    program.unlink()
    if how == "ends at once":
        program.write_text('#!/bin/sh\necho "no such luck" >&2\nexit 1\n')
        program.chmod(0o755)
    wait_until("/readyz is 503", lambda: server.get("/readyz")[0] == 503)
    assert str(program) in reason(server)
    assert worker.run({"command": "echo on"}, {"text": "done"})["status"] == "completed"
    later = clients(server, initialize=False)
    with pytest.raises(RpcError) as caught:
        later.initialize()
    assert caught.value.code == UNAVAILABLE and str(program) in str(caught.value)
    program.unlink(missing_ok=True)
    movable(place)
    server.ready()
    when_it_is_back(later.initialize)
    worker.client.notification("sre/threadsRefused", message=None)


def test_a_session_finds_it_out(place: Place, launch: Callable[..., Server], clients: Callable[..., Client]) -> None:
    """A check of the files does not show this: CODEX_BIN is a script whose codex fails."""
    fails = place.root / "fails"
    script = place.root / "a-codex"
    script.write_text(f'#!/bin/sh\n[ -e {fails} ] && {{ echo "no such luck" >&2; exit 3; }}\nexec {paths.codex()} "$@"\n')
    script.chmod(0o755)
    server = launch("isolated", environment={"CODEX_BIN": str(script)}).ready()
    fails.write_text("")
    client = clients(server, initialize=False)
    with pytest.raises(RpcError):
        client.initialize()
    wait_until("/readyz says why", lambda: "no such luck" in reason(server))
    fails.unlink()
    server.ready()


def test_nothing_is_started_while_all_is_well(place: Place, launch: Callable[..., Server]) -> None:
    starts = place.workspace / "starts"
    script = place.root / "a-codex"
    script.write_text(f'#!/bin/sh\necho "$1" >> {starts}\nexec {paths.codex()} "$@"\n')
    script.chmod(0o755)
    launch("isolated", environment={"CODEX_BIN": str(script)}).ready()
    before = starts.read_text()
    stays("nothing is started", lambda: starts.read_text() == before, 4, 0.2)
