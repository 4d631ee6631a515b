"""Every screen is checked with axe, and a question can be read at 200 % zoom."""

from collections.abc import Callable
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Page, expect

from driving import page_files
from driving.chat import Chat
from driving.screens import Screen
from driving.tour import Tour
from driving.watch import Watch
from harness.server import Server

SCREENS = (Screen("390x844", 390, 844, True), Screen("1280x800", 1280, 800, False))

_AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text()
_RULES = "() => axe.run({ resultTypes: ['violations'] }).then(found => found.violations.map(one => [one.id, one.nodes.map(node => node.html.slice(0, 200))]))"


def complaints(page: Page) -> list:
    page.evaluate(_AXE)
    return page.evaluate(_RULES)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_axe_finds_nothing(
    server: Server, launch: Callable[..., Server], line: Callable, chat: Callable[..., Chat], screen: Screen, scheme: str, watch: Watch
) -> None:
    """Also makes a picture of each screen in artifacts/browser, for people."""
    watch.expect("ERR_|WebSocket connection to|401")
    fresh = launch(environment=page_files.ENVIRONMENT).ready()
    tour = Tour(chat, server, fresh, line(server), {"color_scheme": scheme})
    found = {}
    for name, here in tour.screens():
        here.picture(f"{name}-{scheme}")
        if broken := complaints(here.page):
            found[name] = broken
    assert found == {}


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
