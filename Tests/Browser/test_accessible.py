"""Every screen is checked with axe, and a question can be read at 200 % zoom."""

from collections.abc import Callable
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Page, expect

from driving.chat import Chat
from driving.roles import open_menu
from harness.server import Server

_AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text()
_RULES = "() => axe.run({ resultTypes: ['violations'] }).then(found => found.violations.map(one => [one.id, one.nodes.map(node => node.html.slice(0, 200))]))"


def complaints(page: Page) -> list:
    page.evaluate(_AXE)
    return page.evaluate(_RULES)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(server: Server, chat: Callable[..., Chat], scheme: str) -> None:
    here = chat(server, color_scheme=scheme)
    assert complaints(here.page) == [], "empty"
    here.picture(f"empty-{scheme}")
    open_menu(here)
    expect(here.find("threads")).to_be_in_viewport()
    assert complaints(here.page) == [], "list"
    here.picture(f"list-{scheme}")
    if here.find("close-threads").is_visible():
        here.press(here.find("close-threads"))
    here.play(
        {"commands": [f"echo number {number}" for number in range(10)], "text": "Ten **questions**, `code`\n\n| a | b |\n|---|---|\n| 1 | 2 |"},
        {"command": "touch /etc/x", "escalate": True, "justification": "It is outside of the workspace."},
        {"patch": "*** Begin Patch\n*** Add File: added.txt\n+one\n+two\n*** End Patch\n"},
        {"text": "done"},
    )
    expect(here.find("prompt-count")).to_have_text("1 of 10")
    here.prompt.armed()
    assert complaints(here.page) == [], "ten questions"
    here.picture(f"ten-questions-{scheme}")
    for _ in range(10):
        here.prompt.approve()
    here.prompt.asks("touch /etc/x").approve()
    expect(here.find("outside-sandbox")).to_be_visible()
    here.prompt.armed()
    assert complaints(here.page) == [], "outside"
    here.prompt.decline()
    expect(here.prompt.find("diff")).to_be_visible()
    here.prompt.armed()
    assert complaints(here.page) == [], "diff"
    here.picture(f"diff-{scheme}")
    here.prompt.approve()
    here.ended()
    assert complaints(here.page) == [], "ended"
    here.press(here.find("record-open"))
    expect(here.find("record-entry").first).to_be_visible()
    assert complaints(here.page) == [], "record"
    here.picture(f"record-{scheme}")
    here.press(here.find("record-close"))
    here.press(here.find("disconnect"))
    assert complaints(here.page) == [], "disconnected"


def test_a_question_at_twice_the_size(server: Server, chat: Callable[..., Chat]) -> None:
    # A desk of 1280 by 800 at 200 %.
    here = chat(server, viewport={"width": 640, "height": 400})
    command = "\n".join(f"echo line {number}" for number in range(32))
    here.play({"command": command}, {"text": "done"})
    prompt = here.prompt.shown()
    # A person who writes sees what they write, too.
    here.composer.blur()
    here.picture("zoomed-question")
    room = prompt.node.locator(".prompt-body").evaluate("node => node.clientHeight")
    line = prompt.command.evaluate("node => parseFloat(getComputedStyle(node.querySelector('code')).lineHeight)")
    assert room / line >= 7, (room, line)
    for name in ("approve", "decline", "stop-turn", "approve-session"):
        expect(prompt.find(name)).to_be_in_viewport(ratio=1)
    prompt.read_to_the_end().decline()
    here.ended()
