"""Row 3: a repository can name programs in its own git configuration, and codex runs git in every directory that it
opens. None of these programs runs before a person has approved a command."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from harness import paths
from harness.client import Client, RpcError
from harness.conversation import Conversation
from harness.git import committed, git
from harness.place import Place
from harness.server import Server


@dataclass
class Trap:
    """A directory with traps, and an outside directory in which each program that runs unasked leaves its name."""

    directory: Path
    traces: Path

    def sprung(self) -> list[str]:
        return sorted(path.name for path in self.traces.iterdir())


def program(traces: Path, name: str, output: str = "") -> str:
    """A program that records its name when it runs."""
    path = traces.parent / f"{traces.name}-programs" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\necho \"$0 $*\" >> {traces}/{name}\n{output}\n")
    path.chmod(0o755)
    return str(path)


def set_traps(directory: Path, traces: Path, config: Path | None = None) -> None:
    """`config` is the file from which git reads this repository's configuration."""
    config = config or directory / ".git" / "config"
    names = "clean process fsmonitor ssh diff textconv alias pager editor credential gpg".split()
    run = {name: program(traces, name, "exit 1" if name == "process" else "cat") for name in names}
    hooks = traces.parent / f"{traces.name}-programs" / "hooks"
    hooks.mkdir(exist_ok=True)
    for hook in ("post-index-change", "reference-transaction", "post-checkout", "fsmonitor-watchman", "pre-auto-gc"):
        (hooks / hook).write_text(f"#!/bin/sh\necho >> {traces}/hook-{hook}\n")
        (hooks / hook).chmod(0o755)
    with config.open("a") as file:
        file.write(f"""
[core]
    fsmonitor = {run["fsmonitor"]}
    sshCommand = {run["ssh"]}
    hooksPath = {hooks}
    pager = {run["pager"]}
    editor = {run["editor"]}
[filter "cleaned"]
    clean = {run["clean"]}
[filter "processed"]
    process = {run["process"]}
    required = false
[diff]
    external = {run["diff"]}
[diff "text"]
    textconv = {run["textconv"]}
[alias]
    status = !{run["alias"]}
    rev-parse = !{run["alias"]}
    st = !{run["alias"]}
[credential]
    helper = {run["credential"]}
[gpg]
    program = {run["gpg"]}
[remote "origin"]
    url = ssh://nobody@127.0.0.1:9/nothing
    fetch = +refs/heads/*:refs/remotes/origin/*
[branch "main"]
    remote = origin
    merge = refs/heads/main
""")
    (directory / ".gitattributes").write_text("file.txt filter=cleaned diff=text\nother.txt filter=processed\n")
    # Changed with the same length, so that git must read the content to notice.
    (directory / "file.txt").write_text("two\n")
    (directory / "other.txt").write_text("two\n")


def repository(root: Path, traces: Path) -> Path:
    directory = committed(root / "repository", "file.txt")
    (directory / "other.txt").write_text("one\n")
    git(directory, "add", "other.txt")
    git(directory, "commit", "-q", "-m", "second")
    set_traps(directory, traces)
    return directory


def below_a_repository(root: Path, traces: Path) -> Path:
    below = repository(root, traces) / "a" / "b"
    below.mkdir(parents=True)
    return below


def submodule(root: Path, traces: Path) -> Path:
    """Its `.git` is a file that names another directory."""
    origin, parent = committed(root / "origin", "file.txt"), committed(root / "parent", "file.txt")
    git(parent, "submodule", "add", "-q", str(origin), "module")
    directory = parent / "module"
    assert (directory / ".git").is_file()
    set_traps(directory, traces, parent / ".git" / "modules" / "module" / "config")
    return directory


def around_a_submodule(root: Path, traces: Path) -> Path:
    """`git status` inspects the submodule."""
    return submodule(root, traces).parent


def worktree(root: Path, traces: Path) -> Path:
    main = committed(root / "main", "file.txt")
    git(main, "worktree", "add", "-q", str(root / "tree"))
    set_traps(root / "tree", traces, main / ".git" / "config")
    return root / "tree"


def in_a_bare_repository(root: Path, traces: Path) -> Path:
    """A directory that looks like a `.git` directory, as another repository may contain it."""
    directory = committed(root / "outer", "file.txt") / "bare"
    git(directory.parent, "init", "-q", "--bare", str(directory))
    set_traps(directory, traces, directory / "config")
    return directory


KINDS = [repository, below_a_repository, submodule, around_a_submodule, worktree, in_a_bare_repository]


@pytest.fixture
def traces() -> Iterator[Path]:
    """A directory that every user can write."""
    directory = paths.fresh_directory("/tmp")
    yield directory
    shutil.rmtree(directory)
    shutil.rmtree(f"{directory}-programs", ignore_errors=True)


@pytest.fixture(params=KINDS, ids=lambda kind: kind.__name__)
def trap(request: pytest.FixtureRequest, server: Server, traces: Path) -> Trap:
    root = paths.fresh_directory(server.place.workspace)
    return Trap(request.param(root, traces), traces)


@pytest.fixture
def one_trap(server: Server, traces: Path) -> Trap:
    return Trap(repository(paths.fresh_directory(server.place.workspace), traces), traces)


def alarms(client: Client) -> list[dict]:
    return client.find(lambda message: message.get("method") == "sre/alarm")


def assert_works(conversation: Conversation, trap: Trap, **params: object) -> None:
    """Turns still work, no program of the repository has run, and there is no alarm."""
    conversation.play({"text": "done"}, **params)
    assert conversation.ended()["status"] == "completed"
    assert trap.sprung() == []
    assert alarms(conversation.client) == []


def test_started_there(server: Server, shape: str, talk, trap: Trap) -> None:
    conversation = talk(server, shape, cwd=str(trap.directory))
    assert_works(conversation, trap)
    assert_works(conversation, trap)


def test_a_command_that_is_declined(server: Server, talk, one_trap: Trap) -> None:
    conversation = talk(server, cwd=str(one_trap.directory))
    conversation.play({"command": "git status"}, {"text": "done"})
    conversation.decide(conversation.approval(), "decline")
    assert conversation.ended()["status"] == "completed"
    assert one_trap.sprung() == []


def test_moved_there(server: Server, talk, one_trap: Trap) -> None:
    conversation = talk(server)
    assert_works(conversation, one_trap, cwd=str(one_trap.directory))
    assert_works(conversation, one_trap)


def test_resumed_and_forked_there(server: Server, talk, clients: Callable[..., Client], one_trap: Trap) -> None:
    conversation = talk(server, cwd=str(one_trap.directory))
    assert_works(conversation, one_trap)
    conversation.client.close()
    client = clients(server)
    params = {"threadId": conversation.thread, "cwd": str(one_trap.directory)}
    assert_works(Conversation.resume(client, params["threadId"], cwd=params["cwd"]), one_trap)
    assert_works(Conversation(client, client.request("thread/fork", params)), one_trap)


def test_reviewed_and_shortened_there(server: Server, talk, one_trap: Trap) -> None:
    conversation = talk(server, cwd=str(one_trap.directory))
    assert_works(conversation, one_trap)
    client, thread = conversation.client, {"threadId": conversation.thread}
    for method, params in [
        ("review/start", {"target": {"type": "uncommittedChanges"}, "delivery": "inline"}),
        ("thread/compact/start", {}),
    ]:
        since = client.count
        client.request(method, {**thread, **params})
        assert client.notification("turn/completed", since=since, **thread)["turn"]["status"] == "completed"
        assert one_trap.sprung() == []
    assert_works(conversation, one_trap)


def test_reviewed_against_a_branch(server: Server, talk, one_trap: Trap) -> None:
    """codex itself asks git for the branch. git is refused, codex reports that, and the thread continues."""
    conversation = talk(server, cwd=str(one_trap.directory))
    assert_works(conversation, one_trap)
    target = {"type": "baseBranch", "branch": "main"}
    params = {"threadId": conversation.thread, "target": target, "delivery": "inline"}
    conversation.client.request("review/start", params)
    conversation.client.notification("error", threadId=conversation.thread)
    # codex attributes that error to the next turn, although the turn does all its steps.
    conversation.play({"text": "went on"})
    conversation.ended()
    assert [item["text"] for item in conversation.items("agentMessage")] == ["went on"]
    assert one_trap.sprung() == []
    assert alarms(conversation.client) == []


def test_the_difference_to_its_origin(server: Server, clients: Callable[..., Client], trap: Trap) -> None:
    """codex would ask the origin and inspect each changed file. It is told that git is missing."""
    client = clients(server)
    with pytest.raises(RpcError):
        client.request("gitDiffToRemote", {"cwd": str(trap.directory)})
    assert trap.sprung() == []
    assert alarms(client) == []


def test_its_own_programs_in_path(server: Server, talk, traces: Path) -> None:
    """Not even if codex searched a directory of the repository for git."""
    directory = paths.fresh_directory(server.place.workspace)
    for name in ("git", "lsb_release", "getconf", "bash", "codex", "sre-agent-gate", "bwrap"):
        shutil.copy(program(traces, name), directory / name)
    conversation = talk(server, cwd=str(directory))
    assert_works(conversation, Trap(directory, traces))


# MARK: The person's own files


PROFILES = (".bashrc", ".bash_profile", ".profile", ".bash_login", ".zshrc", ".zshenv", ".inputrc", ".bash_aliases")


def test_profiles_run_with_approved_commands_alone(
    place: Place, launch: Callable[..., Server], talk, traces: Path, mode: str, shape: str
) -> None:
    """A command runs in a login shell, which reads the profiles in the sandbox. No other program reads them."""
    for name in PROFILES:
        (place.person / name).write_text(f"echo $$ $PPID >> {traces}/{name.strip('.')}\n")
    server = launch(mode).ready()
    directory = committed(place.workspace / "repository", "file.txt")
    conversation = talk(server, shape, cwd=str(directory))
    conversation.run({"command": "true"}, {"text": "done"}, decisions=("decline",))
    conversation.client.request("thread/fork", {"threadId": conversation.thread})
    trap = Trap(directory, traces)
    assert trap.sprung() == []
    conversation.run({"command": "echo \"in $HOME\""}, {"text": "done"})
    assert conversation.output() == f"in {place.person}\n"
    assert trap.sprung() == ["bash_profile"]
    # Once, in the sandbox's own pid namespace.
    [line] = (traces / "bash_profile").read_text().splitlines()
    assert int(line.split()[0]) < 100
    assert alarms(conversation.client) == []
