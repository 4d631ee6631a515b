"""Keys: Enter sends and never approves; approving needs its own key, pressed anew for each approval."""

from collections.abc import Callable

from playwright.sync_api import expect

from driving.chat import Chat
from driving.gates import Marker
from harness.server import Server


def test_enter_never_approves(server: Server, kept_chat: Callable[..., Chat]) -> None:
    here = kept_chat(server)
    marker = Marker(server.place.workspace)
    here.play({"command": marker.command}, {"text": "done"})
    prompt = here.prompt.asks(marker.command).armed()
    for target in (prompt.approve_button, prompt.find("approve-session"), prompt.node.locator("h2"), here.composer):
        target.focus()
        here.page.keyboard.press("Enter")
    prompt.approve_button.focus()
    for _ in range(30):
        here.page.keyboard.down("Enter")  # held down, so it repeats
    here.page.keyboard.up("Enter")
    # This is the first answer that counts: no earlier key press counted.
    prompt.decline()
    here.ended()
    assert not marker.exists
    expect(here.find("decision")).to_have_count(1)
    expect(here.find("decision")).to_contain_text("Declined by you")


def test_a_held_key_answers_at_most_one_question(server: Server, kept_chat: Callable[..., Chat]) -> None:
    here = kept_chat(server)
    markers = [Marker(server.place.workspace) for _ in range(20)]
    here.play(*({"command": marker.command} for marker in markers), {"text": "done"})
    here.prompt.asks(markers[0].command).armed()
    keyboard = here.page.keyboard
    keyboard.down("Alt")
    keyboard.down("KeyY")
    second = here.prompt.asks(markers[1].command)
    # Held down past the moment from which a key press counts.
    second.armed()
    for _ in range(40):
        keyboard.down("KeyY")
    keyboard.up("KeyY")
    keyboard.up("Alt")

    # The same with the space bar on the focused button.
    second.approve_button.focus()
    for _ in range(40):
        keyboard.down("Space")
    expect(second.command).to_contain_text(markers[1].command)
    here.press(second.find("stop-turn"))
    here.ended("interrupted")
    keyboard.up("Space")
    assert [marker.exists for marker in markers] == [True] + [False] * 19


def test_a_key_pressed_too_early_does_not_count(server: Server, chat: Callable[..., Chat]) -> None:
    here = chat(server)
    marker = Marker(server.place.workspace)
    # Keys that a person who is typing hits at the moment when the approval appears.
    here.page.evaluate(
        """() => new MutationObserver(() => {
          const button = document.querySelector('[data-test="approve"]');
          if (!button || window.tooEarly) return;
          window.tooEarly = true;
          button.click();
          document.dispatchEvent(new KeyboardEvent("keydown", { code: "KeyY", key: "y", altKey: true, bubbles: true }));
        }).observe(document.body, { childList: true, subtree: true })"""
    )
    here.play({"command": marker.command}, {"text": "done"})
    prompt = here.prompt.asks(marker.command).armed()
    assert here.page.evaluate("window.tooEarly")
    expect(prompt.node).to_have_attribute("data-phase", "open")
    assert not marker.exists
    prompt.decline()
    here.ended()
    assert not marker.exists


def test_deliberate_keys(server: Server, kept_chat: Callable[..., Chat]) -> None:
    here = kept_chat(server)
    first, second, third, fourth = (Marker(server.place.workspace) for _ in range(4))
    here.play(*({"command": one.command} for one in (first, second, third, fourth)), {"text": "never said"})
    here.prompt.asks(first.command).armed()
    here.page.keyboard.press("Alt+KeyY")
    here.prompt.asks(second.command).armed()
    here.page.keyboard.press("Alt+KeyN")
    prompt = here.prompt.asks(third.command).armed()
    prompt.approve_button.focus()
    here.page.keyboard.press("Space")
    here.prompt.asks(fourth.command).armed()
    here.page.keyboard.press("Alt+KeyX")
    here.ended("interrupted")
    assert [one.exists for one in (first, second, third, fourth)] == [True, False, True, False]
