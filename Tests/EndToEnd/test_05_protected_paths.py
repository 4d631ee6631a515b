"""Row 5: the server's own files stay protected when a file is replaced or a directory above it is writable."""

import hashlib
import json
import os
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from harness import paths, program, wrappers
from harness.client import RpcError
from harness.conversation import Conversation
from harness.model import Model
from harness.place import Place
from harness.server import Server
from harness.waiting import wait_until

SECRET = "SECRET-THAT-NO-COMMAND-MAY-READ"


# MARK: A file that is replaced while a command runs


def read_until(path: Path, go: Path) -> str:
    """A command that reads a file in a loop until `go` exists, and once more."""
    return (
        f"touch {go}.begun; until [ -e {go} ]; do cat {path} 2>/dev/null; sleep 0.05; done; cat {path} 2>/dev/null; echo over"
    )


@pytest.mark.parametrize("mode", ["shared", "isolated"])
@pytest.mark.parametrize("how", ["renamed-over", "removed-and-written", "made-while-it-runs"])
@pytest.mark.parametrize("name", ["auth.json", ".env", "token"])
def test_it_stays_closed(
    place: Place, launch: Callable[..., Server], talk, shape: str, mode: str, how: str, name: str
) -> None:
    directory = {"auth.json": place.codex_home, ".env": place.cwd, "token": place.state}[name]
    file = directory / ("another" if name == "token" else name)
    if how != "made-while-it-runs":
        directory.mkdir(exist_ok=True)
        file.write_text("old" if name != ".env" else "SOMETHING=old\n")
        file.chmod(0o644)
    server = launch(mode).ready()
    go = place.workspace / "go"
    conversation = talk(server, shape)
    conversation.play({"command": read_until(file, go)}, {"text": "done"})
    conversation.decide(conversation.approval(), "accept")
    wait_until("it runs", Path(f"{go}.begun").exists)
    text = SECRET if name != ".env" else f"SOMETHING={SECRET}\n"
    if how == "renamed-over":
        fresh = directory / "fresh"
        fresh.write_text(text)
        fresh.chmod(0o644)
        fresh.rename(file)
    else:
        file.unlink(missing_ok=True)
        file.write_text(text)
        file.chmod(0o644)
    if os.getuid() == 0:
        os.chown(file, 64737, 64737)
    go.write_text("")
    conversation.ended()
    assert "over" in conversation.output()
    assert SECRET not in conversation.output()


# MARK: A directory above the files


@pytest.fixture
def home(place: Place, model: Model) -> Path:
    """A person who runs the server for themselves: everything is theirs, below one directory."""
    home = place.root / "home"
    (home / "src").mkdir(parents=True)
    shutil.move(place.codex_home, home / ".codex")
    place.codex_home = home / ".codex"
    place.state = home / ".local/state/sre-agent"
    place.state.mkdir(parents=True)
    return home


@pytest.fixture
def own(place: Place, home: Path, launch: Callable[..., Server]) -> Callable[..., Server]:
    """A server whose agent runs as a separate user."""

    def launched(mode: str = "shared", **environment: str) -> Server:
        options: dict = {"environment": {"HOME": str(home), **environment}}
        if os.getuid() == 0:
            options["executable"] = wrappers.of_own_user(place)
        return launch(mode, **options).ready()

    return launched


@pytest.mark.parametrize("mode", ["shared", "isolated"])
def test_no_thread_may_write_above_it(
    place: Place, home: Path, launch: Callable[..., Server], talk, mode: str
) -> None:
    """The local user may work in any other directory. Server and agent run as one user, as root if the tests do."""
    user = {"AGENT_USER": "root"} if os.getuid() == 0 else {}
    server = launch(mode, environment={"HOME": str(home), **user}).ready()
    for directory in (home, home / ".local", home / ".local/state", place.state, place.codex_home, place.root):
        with pytest.raises(RpcError, match="the server's own") as error:
            talk(server, cwd=str(directory))
        assert "readOnly" in str(error.value)
        with pytest.raises(RpcError, match="the server's own|is outside WORKSPACE"):
            talk(server, runtimeWorkspaceRoots=[str(directory)])
    # Threads beside it and read-only threads are allowed; writing is then refused.
    talk(server, cwd=str(home / "src")).run({"command": "true"}, {"text": "done"})
    reading = talk(server, cwd=str(home), sandbox="readOnly")
    reading.run({"command": "true"}, {"text": "done"})
    with pytest.raises(RpcError, match="the server's own"):
        reading.say("hi", sandboxPolicy={"type": "workspaceWrite"})
    with pytest.raises(RpcError, match="the server's own"):
        reading.say("hi", cwd=str(home), sandboxPolicy={"type": "workspaceWrite"})


def test_the_workspace_may_not_lie_above_it(place: Place, home: Path) -> None:
    environment = {"WORKSPACE": str(home), "STATE_DIR": str(place.state), "CODEX_HOME": str(place.codex_home)}
    if os.getuid() == 0:
        environment["AGENT_USER"] = "root"
    result = program.run(place, **environment)
    assert result.returncode == 64
    assert result.stderr.splitlines()[-1].startswith(f"WORKSPACE: {home} must not contain the server's own ")


def test_it_may_not_lie_where_every_command_writes(place: Place) -> None:
    result = program.run(place, STATE_DIR="/tmp/sre-agent-test-state", AGENT_USER="root" if os.getuid() == 0 else None)
    assert result.returncode == 64
    assert "below /tmp, where every command may write" in result.stderr
    shutil.rmtree("/tmp/sre-agent-test-state", ignore_errors=True)


@pytest.mark.parametrize("mode", ["shared", "isolated"])
def test_full_access_takes_nothing_away(
    place: Place, home: Path, own: Callable[..., Server], talk, mode: str, shape: str
) -> None:
    """A command may write everything except the server's files, and cannot rename a directory above them."""
    server = own(mode, ALLOW_FULL_ACCESS="1")
    token = place.token
    planted = {"version": 1, "tokens": [
        {"id": "aabbccddeeff", "name": "evil", "role": "admin", "createdAt": 1,
         "sha256": hashlib.sha256(b"attacker-token-0123456789abcdef").hexdigest()}
    ]}  # fmt: skip
    command = "; ".join(
        [f"mv {directory} {directory}2 && echo MOVED" for directory in (home / ".local/state", home / ".local", home)]
        + [f"mv {place.state} {home}/st && echo MOVED", f"cat {place.state}/token {home}/*/state*/sre-agent/token"]
        + [f"cat {place.state}/audit.key; echo {shlex.quote(json.dumps(planted))} > {place.state}/tokens.json && echo MOVED"]
        + [f"touch {home}/elsewhere && echo WROTE"]
    )
    conversation = talk(server, shape, token=token, sandbox="dangerFullAccess")
    conversation.run({"command": f"{command}; true"}, {"text": "done"})
    assert "WROTE" in conversation.output()
    assert "MOVED" not in conversation.output()
    assert token not in conversation.output() and "PRIVATE KEY" not in conversation.output()
    again = talk(server, shape, token=token, sandbox="dangerFullAccess")
    again.run({"command": f"cat {place.state}/token; true"}, {"text": "done"})
    assert token not in again.output()


@pytest.mark.parametrize("mode", ["shared", "isolated"])
def test_the_gates_program_stays_what_it_is(place: Place, launch: Callable[..., Server], talk, mode: str) -> None:
    """codex runs the gate program before each call, outside the sandbox."""
    executable, _ = paths.copy_of_server(place.root / "checkout" / "bin")
    environment = {"AGENT_USER": "root", "ALLOW_FULL_ACCESS": "1"} if os.getuid() == 0 else {"ALLOW_FULL_ACCESS": "1"}
    server = launch(mode, executable=executable, environment=environment).ready()
    for directory in (place.root / "checkout", place.root / "checkout/bin"):
        with pytest.raises(RpcError, match="the gate's program|the server's program"):
            talk(server, cwd=str(directory))


def test_codexs_configuration_is_not_planted(
    place: Place, launch: Callable[..., Server], talk: Callable[..., Conversation]
) -> None:
    """After the next start, it would count as the administrator's configuration."""
    server = launch().ready()
    with pytest.raises(RpcError, match="the server's own"):
        talk(server, cwd=str(place.root))
    with pytest.raises(RpcError, match="lies in the server's own CODEX_HOME"):
        talk(server, cwd=str(place.codex_home))
    conversation = talk(server)
    conversation.run({"command": f"cat {place.codex_home}/config.toml; echo x >> {place.codex_home}/config.toml; true"}, {"text": "d"})
    assert "base_url" not in conversation.output()
    assert "x" not in place.config().splitlines()


@pytest.mark.parametrize("mode", ["shared", "isolated"])
@pytest.mark.parametrize("key", ["STATE_DIR", "CONFIG", "CODEX_HOME"])
def test_links_work(place: Place, launch: Callable[..., Server], talk, shape: str, mode: str, key: str) -> None:
    """Such links used to make every thread fail, with a remedy about user namespaces."""
    linked = place.root / "linked"
    rules = place.root / "rules.yaml"
    rules.write_text("# nothing\n")
    rules.chmod(0o644)
    place.state.mkdir(exist_ok=True)
    target = {"STATE_DIR": place.state, "CONFIG": rules, "CODEX_HOME": place.codex_home}[key]
    linked.symlink_to(target)
    server = launch(mode, environment={key: str(linked)}).ready()
    conversation = talk(server, shape)
    conversation.run({"command": f"cat {linked}/token {linked}/config.toml {linked}; echo ran; true"}, {"text": "done"})
    assert "ran" in conversation.output()
    assert "# nothing" not in conversation.output() and "base_url" not in conversation.output()
    assert place.token not in conversation.output()


def test_doctor_says_so_too(place: Place, home: Path) -> None:
    user = {"AGENT_USER": "root"} if os.getuid() == 0 else {}
    paths_of = {"STATE_DIR": str(place.state), "CODEX_HOME": str(place.codex_home)}
    result = program.run(place, "doctor", WORKSPACE=str(home), **paths_of, **user)
    assert result.returncode == 1
    assert f"WORKSPACE: {home} must not contain the server's own" in result.stdout + result.stderr
    # A missing home directory is not a sandbox failure.
    fresh = program.run(place, "doctor", CODEX_HOME=str(place.root / "fresh"), **user)
    assert "The sandbox cannot work" not in fresh.stdout


# MARK: .env beside the workspace


def test_env_beside_the_workspace_is_named_at_the_start(place: Place, launch: Callable[..., Server]) -> None:
    """In the default layout of a checkout, the server can protect the file's content but not its name."""
    place.cwd = place.root
    place.write_env("LOG_LEVEL=info\n")
    assert ".env lies beside what commands need" in launch("shared").ready().output()


def test_env_of_its_own_directory_is_not_named(place: Place, launch: Callable[..., Server]) -> None:
    place.write_env("LOG_LEVEL=info\n")
    assert ".env lies beside" not in launch("shared").ready().output()
