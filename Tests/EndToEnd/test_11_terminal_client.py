"""Row 11: the official terminal client works through the server, including approvals."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from harness import paths
from harness.conversation import script
from harness.model import Model
from harness.place import Place
from harness.server import Server
from harness.terminal import Terminal

ASKS = "Would you like to run the following command?"
# Split in the script, because the script's text is on the screen too.
ANSWER, PIECES = "The answer is forty-two", ["The answer", " is forty", "-two"]


@pytest.fixture
def remote(run_directory: Path, model: Model) -> Iterator[Callable[[Server], Terminal]]:
    """`codex --remote` with its own CODEX_HOME, ready for a message."""
    opened: list[Terminal] = []

    def connected(server: Server) -> Terminal:
        place = Place(run_directory)
        place.configure(
            model.url,
            model.token,
            f'check_for_update_on_startup = false\n[projects.{json.dumps(str(place.cwd))}]\ntrust_level = "trusted"\n',
        )
        terminal = Terminal(
            place.root,
            [str(paths.codex()), "--remote", f"ws://127.0.0.1:{server.port}"],
            # The client must not check for updates on the internet.
            {"CODEX_HOME": str(place.codex_home), "HOME": str(place.person), "HTTPS_PROXY": "http://127.0.0.1:9"},
            place.cwd,
        )
        opened.append(terminal)
        terminal.wait("›", timeout=40)
        return terminal

    yield connected
    for terminal in opened:
        terminal.stop()


def send(terminal: Terminal, text: str) -> None:
    terminal.paste(text)
    terminal.wait(text[:40])
    terminal.key("Enter")


def ask(terminal: Terminal, marker: Path) -> None:
    """Sends a message that makes the agent run `touch`; waits for the approval."""
    send(terminal, script({"command": f"touch {marker.name}"}, {"text": PIECES}))
    screen = terminal.wait(ASKS, f"$ touch {marker.name}", timeout=30)
    assert ANSWER not in screen
    assert not marker.exists()


def test_approve(server: Server, remote: Callable[[Server], Terminal]) -> None:
    terminal = remote(server)
    marker = server.place.workspace / f"approved-{server.mode}"
    ask(terminal, marker)
    terminal.key("y")
    terminal.wait(ANSWER, timeout=30)
    assert ASKS not in terminal.screen()
    assert marker.exists()


def test_command_is_shown_as_it_is(shared: Server, remote: Callable[[Server], Terminal]) -> None:
    """The client splits the command and quotes it anew, unless it comes in codex's own form."""
    terminal = remote(shared)
    command = "echo one && echo two > shown; cat shown | wc -l"
    send(terminal, script({"command": command}, {"text": PIECES}))
    terminal.wait(ASKS, f"$ {command}", timeout=30)


@pytest.mark.parametrize(("key", "then"), [("d", ANSWER), ("Escape", "interrupted")])
def test_decline_and_go_on(server: Server, remote: Callable[[Server], Terminal], key: str, then: str) -> None:
    terminal = remote(server)
    declined = server.place.workspace / f"declined-{server.mode}-{key}"
    ask(terminal, declined)
    terminal.key(key)
    terminal.wait_gone(ASKS)
    terminal.wait(then)
    # The session continues, and the declined command has not run meanwhile.
    approved = server.place.workspace / f"approved-later-{server.mode}-{key}"
    send(terminal, script({"command": f"touch {approved.name}"}, {"text": ["Another", " answer"]}))
    terminal.wait(ASKS, f"$ touch {approved.name}", timeout=30)
    terminal.key("y")
    terminal.wait("Another answer", timeout=30)
    assert approved.exists()
    assert not declined.exists()


def test_stop_while_it_asks_nothing(server: Server, remote: Callable[[Server], Terminal]) -> None:
    terminal = remote(server)
    send(terminal, script({"hang": True}))
    terminal.wait("esc to interrupt", timeout=30)
    terminal.key("Escape")
    terminal.wait("interrupted")


def test_demo(place: Place, launch: Callable[..., Server], remote: Callable[[Server], Terminal]) -> None:
    place.write_config("")
    server = launch(arguments=("--demo",)).ready()
    terminal = remote(server)
    send(terminal, "Check disk usage on localhost")
    terminal.wait(ASKS, "$ df ", timeout=30)
    terminal.key("y")
    terminal.wait("Demo model:", "is the fullest file system", timeout=30)


def test_answer_from_another_client(shared: Server, clients, remote: Callable[[Server], Terminal]) -> None:
    """The person answers on the phone, and the terminal's approval disappears."""
    terminal = remote(shared)
    marker = shared.place.workspace / "approved-elsewhere"
    ask(terminal, marker)
    client = clients(shared)
    [waiting] = [
        one for one in json.loads(shared.get("/api/v1/sre/approvals")[1])["data"] if marker.name in str(one["params"])
    ]
    client.request("thread/resume", {"threadId": waiting["threadId"], "excludeTurns": True})
    question = client.question("item/commandExecution/requestApproval", threadId=waiting["threadId"])
    client.answer(question["id"], {"decision": "accept"})
    terminal.wait_gone(ASKS)
    terminal.wait(ANSWER, timeout=30)
    assert marker.exists()
