"""Light and dark, narrow and wide. (Every test also checks that nothing is wider than the screen.)"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from driving.chat import Chat
from harness.server import Server

# The WCAG 2 contrast of a text with the nearest painted background behind it.
_CONTRAST = """node => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true });
  const rgb = (color) => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1); return [...canvas.getImageData(0, 0, 1, 1).data]; };
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  let behind = node;
  while (behind && rgb(getComputedStyle(behind).backgroundColor)[3] < 255) behind = behind.parentElement;
  const [a, b] = [light(rgb(getComputedStyle(node).color)), light(rgb(getComputedStyle(behind ?? document.body).backgroundColor))];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_question_in_light_and_dark(server: Server, chat: Callable[..., Chat], scheme: str) -> None:
    here = chat(server, color_scheme=scheme)
    dark = scheme == "dark"
    here.play(
        {"text": "I look at the **disks** first.", "command": "df -hP / && du -xh --max-depth=1 /var/log | sort -h"},
        {"command": "touch /etc/x", "escalate": True, "justification": "It is outside of the workspace."},
        {"text": "done"},
    )
    prompt = here.prompt.shown().armed()
    here.picture(f"question-{scheme}")
    background = here.page.evaluate("getComputedStyle(document.body).backgroundColor")
    levels = [int(value) for value in background.strip("rgba()").split(",")[:3]]
    assert (max(levels) < 80) if dark else (min(levels) > 175), background
    _readable(prompt.command.locator("code"), prompt.node.locator("h2"), here.answers.first)
    _readable(*(prompt.find(name) for name in BUTTONS))
    prompt.approve()
    here.prompt.asks("touch /etc/x").approve()
    expect(here.find("outside-sandbox")).to_be_visible()
    here.prompt.armed()
    here.picture(f"outside-{scheme}")
    _readable(here.find("outside-sandbox"), here.prompt.approve_button)
    here.prompt.decline()
    here.ended()


BUTTONS = ("approve", "decline", "stop-turn", "approve-session")


def test_buttons_are_large_enough_for_a_thumb(server: Server, kept_chat: Callable[..., Chat]) -> None:
    here = kept_chat(server)
    here.play({"command": "echo hello"}, {"text": "done"})
    prompt = here.prompt.asks("echo hello").armed()
    boxes = {}
    for name in BUTTONS:
        box = boxes[name] = prompt.find(name).bounding_box()
        assert box and box["height"] >= 44 and box["width"] >= 44, (name, box)
        assert box["y"] + box["height"] <= here.screen.height, f"{name} is below the screen"
    approve, decline = boxes["approve"], boxes["decline"]
    assert approve["x"] >= decline["x"] + decline["width"] + 6 or decline["x"] >= approve["x"] + approve["width"] + 6
    for name in ("stop", "send", "composer"):
        box = here.find(name).bounding_box()
        assert box and box["height"] >= 44, (name, box)
    prompt.decline()
    here.ended()


def test_wide_content_stays_on_the_screen(server: Server, kept_chat: Callable[..., Chat]) -> None:
    here = kept_chat(server)
    table = "| " + " | ".join(f"column {n}" for n in range(12)) + " |\n" + "|---" * 12 + "|\n" + "| value " * 12 + "|\n"
    here.play({"text": f"{'w' * 300}\n\n```\n{'c' * 400}\n```\n\n{table}", "command": "echo " + "o" * 500}, {"text": "done"})
    here.prompt.shown()
    width, room = here.page.evaluate("[document.scrollingElement.scrollWidth, innerWidth]")
    assert width <= room
    here.prompt.read_to_the_end().approve()
    here.ended()
    here.picture("wide")


def _readable(*texts: Locator) -> None:
    for text in texts:
        # Armed buttons fade in.
        text.evaluate("node => Promise.all(node.getAnimations({ subtree: true }).map(one => one.finished.catch(() => {})))")
        contrast = text.evaluate(_CONTRAST)
        assert contrast >= 4.5, (text, contrast)
