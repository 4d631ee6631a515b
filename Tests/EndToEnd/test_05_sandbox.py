"""Row 5: what approved commands can reach. With real commands, repeated, in both shapes of tool calls."""

import json
import shlex
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from harness import paths
from harness.client import Client, RpcError
from harness.conversation import Conversation
from harness.place import Place
from harness.server import Server

SECRET = "SECRET-THAT-NO-COMMAND-MAY-READ"


@pytest.fixture(scope="module", params=["shared", "isolated"])
def guarded(request: pytest.FixtureRequest, run_directory: Path, model) -> Iterator[Server]:
    """A server with secrets in all places that must be unreadable."""
    place = Place(run_directory)
    place.configure(model.url, model.token)
    place.write_env(f"SOMETHING={SECRET}\n")
    (place.codex_home / "auth.json").write_text(json.dumps({"OPENAI_API_KEY": SECRET}))
    server = Server(place, request.param).ready()
    (place.state / "more").mkdir()
    (place.state / "more" / "secret").write_text(SECRET)
    yield server
    server.stop()


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """A TCP port on loopback that records connections."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0)
        yield listening


def connected(listening: socket.socket) -> bool:
    try:
        listening.accept()[0].close()
    except BlockingIOError:
        return False
    return True


def approved(conversation: Conversation, command: str) -> str:
    """Runs a command that the person approves; returns its output.

    The command always exits with 0: codex reports no item for a short command that failed because of the sandbox."""
    conversation.play({"command": f"{command}\ntrue"}, {"text": "done"})
    conversation.decide(conversation.approval(), "accept")
    assert conversation.ended()["status"] == "completed"
    return conversation.output()


def test_the_workspace_can_be_read_and_written(guarded: Server, talk, shape: str) -> None:
    conversation = talk(guarded, shape)
    assert approved(conversation, f"echo in > in-{shape}; cat in-{shape}") == "in\n"
    temporary = approved(conversation, "f=$(mktemp); echo tmp > $f; cat $f; rm $f")
    assert temporary == "tmp\n"


# A policy of codex's own lets an approved command out of the sandbox in half of the attempts, hence the repetitions.
@pytest.mark.parametrize("attempt", range(4))
def test_nothing_else_can_be_written(guarded: Server, talk, shape: str, attempt: int) -> None:
    conversation = talk(guarded, shape)
    outside = guarded.place.outside(f"{shape}-{attempt}")
    approved(conversation, "ls")
    for path in (outside, guarded.place.codex_home / "planted", guarded.place.state / "planted", Path("/etc/planted")):
        said = approved(conversation, f"touch {path} && echo WRITTEN")
        assert "WRITTEN" not in said
        assert not path.exists()
    assert len(conversation.approvals()) == 5


def test_own_configuration_of_a_project_cannot_be_written(guarded: Server, talk, shape: str) -> None:
    """A planted file would run with more rights the next time codex starts there."""
    directory = guarded.place.root / f"project-{shape}"
    (directory / ".git" / "hooks").mkdir(parents=True)
    (directory / ".codex").mkdir()
    conversation = talk(guarded, shape, cwd=str(directory))
    said = approved(conversation, "touch .git/hooks/planted .codex/planted; touch fine && echo FINE")
    assert "FINE" in said
    assert not (directory / ".git" / "hooks" / "planted").exists()
    assert not (directory / ".codex" / "planted").exists()


@pytest.mark.parametrize("sandbox", [None, "workspaceWrite", "workspace-write", "readOnly", "read-only"])
def test_secrets_cannot_be_read(guarded: Server, talk, shape: str, sandbox: str | None) -> None:
    """Observed: passing `sandbox` on to codex unchanged loses the denials."""
    conversation = talk(guarded, shape, sandbox=sandbox)
    place = guarded.place
    paths = [place.cwd / ".env", place.codex_home / "auth.json", place.state / "token", place.state / "more" / "secret"]
    said = approved(conversation, "; ".join(f"cat {path} && echo READ" for path in paths))
    assert said.count("Permission denied") == len(paths), said
    assert "READ" not in said and SECRET not in said and place.token not in said
    ways = [
        f"cd {place.cwd}; cat ./.env",
        f"ln -sf {place.state} /tmp/link-$$; cat /tmp/link-$$/token",
        f"cat /proc/1/root{place.state}/token",
        f"cat < {place.state}/token",
        f"mv {place.state}/token /tmp/moved; cat /tmp/moved",
        f"ls -R {place.state}",
        "cat /proc/*/environ | tr '\\0' '\\n' | grep -i -e token -e secret -e api_key",
    ]
    said = approved(conversation, "; ".join(f"({way})" for way in ways))
    assert SECRET not in said and place.token not in said, said


def test_secrets_stay_unreadable_when_a_thread_is_opened_again(
    guarded: Server, talk, clients: Callable[..., Client]
) -> None:
    conversation = talk(guarded)
    conversation.say("hello")
    conversation.ended()
    conversation.client.close()
    again = Conversation.resume(clients(guarded), conversation.thread, sandbox="workspace-write")
    said = approved(again, f"cat {guarded.place.state}/token {guarded.place.cwd}/.env")
    assert said.count("Permission denied") == 2, said
    fork = Conversation(again.client, again.client.request("thread/fork", {"threadId": conversation.thread}))
    said = approved(fork, f"cat {guarded.place.state}/token {guarded.place.cwd}/.env")
    assert said.count("Permission denied") == 2, said


@pytest.mark.parametrize("sandbox", ["readOnly", "read-only"])
def test_read_only(guarded: Server, talk, shape: str, sandbox: str) -> None:
    conversation = talk(guarded, shape, sandbox=sandbox)
    marker = guarded.place.workspace / f"read-only-{conversation.thread}"
    said = approved(conversation, f"touch {marker} && echo WRITTEN; touch /tmp/{marker.name} && echo WRITTEN; ls -d /etc")
    assert "WRITTEN" not in said
    assert "/etc" in said
    assert not marker.exists()


@pytest.mark.parametrize(
    "policy", ["readOnly", {"type": "readOnly"}, {"type": "readOnly", "networkAccess": False}], ids=str
)
def test_read_only_for_a_turn(guarded: Server, talk, policy: object) -> None:
    conversation = talk(guarded)
    marker = guarded.place.workspace / f"read-only-{conversation.thread}"
    conversation.play(
        {"command": f"touch {marker}; cat {guarded.place.state}/token"}, {"text": "done"}, sandboxPolicy=policy
    )
    conversation.decide(conversation.approval(), "accept")
    conversation.ended()
    assert not marker.exists()
    assert guarded.place.token not in conversation.output()


@pytest.mark.parametrize(
    "policy",
    [
        {"type": "dangerFullAccess"},
        {"type": "externalSandbox"},
        {"type": "workspaceWrite", "networkAccess": True},
        {"type": "workspaceWrite", "writableRoots": ["/etc"]},
        {"type": "readOnly", "networkAccess": True},
        "dangerFullAccess",
    ],
    ids=str,
)
def test_a_turn_cannot_widen_the_sandbox(guarded: Server, talk, policy: object) -> None:
    conversation = talk(guarded)
    with pytest.raises(RpcError) as caught:
        conversation.play({"command": "true"}, sandboxPolicy=policy)
    assert caught.value.code in (-32003, -32602)
    with pytest.raises(RpcError):
        conversation.client.request("thread/settings/update", {"threadId": conversation.thread, "sandboxPolicy": policy})


def test_network_cannot_be_reached(guarded: Server, talk, shape: str, listener: socket.socket) -> None:
    conversation = talk(guarded, shape)
    port = listener.getsockname()[1]
    said = approved(
        conversation,
        f"(exec 3<>/dev/tcp/127.0.0.1/{port}) && echo CONNECTED; "
        f"(exec 3<>/dev/tcp/127.0.0.1/{guarded.port}) && echo CONNECTED; "
        f"(echo x > /dev/udp/127.0.0.1/{port}) && echo SENT; echo end",
    )
    assert "CONNECTED" not in said and "SENT" not in said and "end" in said
    assert not connected(listener)


def test_sockets_of_the_server_cannot_be_reached(guarded: Server, talk, shape: str) -> None:
    """A command that could reach the gate, or the agent as a client, could approve itself."""
    sockets = [path for path in guarded.place.run.rglob("*") if path.is_socket()]
    assert "gate" in [path.name for path in sockets]
    with socket.socket(socket.AF_UNIX) as own:
        # Not a secret socket: unix sockets as such are out of reach.
        path = guarded.place.workspace / f"sock-{shape}"
        own.bind(str(path))
        own.listen()
        program = (
            "import socket, sys\n"
            "for path in sys.argv[1:]:\n"
            "    try:\n"
            "        socket.socket(socket.AF_UNIX).connect(path)\n"
            "        print('CONNECTED', path)\n"
            "    except OSError as error:\n"
            "        print('refused', error.errno)\n"
        )
        words = [paths.SYSTEM_PYTHON, "-c", program, *map(str, [*sockets, path])]
        said = approved(talk(guarded, shape), shlex.join(words))
    assert "CONNECTED" not in said
    assert said.count("refused") == len(sockets) + 1, said


def test_environment_of_commands(guarded: Server, talk, shape: str) -> None:
    said = approved(talk(guarded, shape), "env")
    names = {line.partition("=")[0] for line in said.splitlines()}
    assert {"PATH", "HOME"} <= names
    assert not {name for name in names if "KEY" in name or "SECRET" in name or name in ("CODEX_HOME", "STATE_DIR")}
    assert guarded.place.token not in said
