"""The main walk in Firefox: write, send, read the question, approve, read the output, stop."""

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest

from driving.chat import hook
from driving.firefox import Firefox
from harness.conversation import script
from harness.server import Server

ARTIFACTS = Path(__file__).resolve().parents[2] / "artifacts" / "browser"
APPROVABLE = f"document.querySelector('{hook('approve')}')?.getAttribute('aria-disabled') === 'false'"


def text(name: str) -> str:
    return f"[...document.querySelectorAll('{hook(name)}')].map((node) => node.innerText).join('\\n')"


@pytest.fixture
def firefox(run_directory: Path) -> Iterator[Firefox]:
    firefox = Firefox(run_directory)
    yield firefox
    firefox.close()


def test_the_main_walk(server: Server, firefox: Firefox) -> None:
    firefox.open(server.url + "/")
    firefox.wait("the page is connected", f"{text('state')} === 'Connected'")
    firefox.wait("the caret is in the message field", f"document.activeElement?.dataset.test === {'composer'!r}")
    firefox.type(script({"text": "I **look**.", "command": "echo seen; sleep 0.1"}, {"text": "It is done."}))
    firefox.click(hook("send"))
    firefox.wait("the question is there", f"{text('prompt-command')}.includes('echo seen; sleep 0.1')")
    firefox.wait("it can be answered", APPROVABLE)
    ARTIFACTS.mkdir(parents=True, exist_ok=True)
    (ARTIFACTS / "question-firefox.png").write_bytes(base64.b64decode(firefox.picture()))
    firefox.click(hook("approve"))
    firefox.wait("the output is there", f"{text('output')}.includes('seen')")
    firefox.wait("the turn is over", f"document.querySelector('{hook('turn-end')}')?.dataset.status === 'completed'")
    assert firefox.evaluate("document.querySelector('[data-test=\"item-agent\"] strong').textContent") == "look"

    firefox.click(hook("composer"))
    firefox.type(script({"command": "sleep 600"}, {"text": "never said"}))
    firefox.click(hook("send"))
    firefox.wait("the question is there", f"{text('prompt-command')}.includes('sleep 600')")
    firefox.wait("it can be answered", APPROVABLE)
    firefox.click(hook("approve"))
    firefox.wait("the command runs", "document.querySelector('[data-test=\"item-command\"][data-state=\"running\"]') !== null")
    firefox.click(hook("stop"))
    firefox.wait("the turn is stopped", f"[...document.querySelectorAll('{hook('turn-end')}')].at(-1)?.dataset.status === 'interrupted'")
