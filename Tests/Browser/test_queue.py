"""Messages for after the turn, beside those that the agent reads at its next step."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from driving.chat import Chat
from harness.conversation import script
from harness.server import Server


def later(here: Chat, text: str, *, by_key: bool = False) -> None:
    here.write(text)
    expect(here.find("send-later")).to_be_enabled()
    if by_key:
        here.composer.press("Alt+Enter")
    else:
        here.press(here.find("send-later"))
    expect(here.composer).to_have_value("")


def test_it_is_sent_when_the_agent_is_done(
    server: Server, chat: Callable[..., Chat], new_page: Callable[..., Page]
) -> None:
    here = chat(server)
    here.play({"command": "echo first"}, {"text": "one"})
    here.prompt.asks("echo first")
    first, second = script({"text": "two"}), script({"text": "three"})
    later(here, first)
    later(here, second, by_key=True)
    queued = here.find("queued").locator(".queue-text")
    expect(queued).to_have_text([first, second])
    here.picture("queue")
    # codex keeps it: after a reload, and for whoever else follows the conversation.
    here.reload()
    expect(queued).to_have_text([first, second])
    other = chat(server, here.thread, page=new_page())
    expect(other.find("queued").locator(".queue-text")).to_have_text([first, second])
    here.prompt.asks("echo first").approve()
    here.ended(turns=3)
    expect(here.answers).to_have_text(["one", "two", "three"])
    expect(here.find("queued")).to_have_count(0)
    expect(other.find("queued")).to_have_count(0)
    expect(here.find("item-user").locator(".who")).to_have_text(["You"] * 3)


def test_it_can_be_changed_and_removed(server: Server, chat: Callable[..., Chat]) -> None:
    here = chat(server)
    here.play({"command": "echo first"}, {"text": "one"})
    here.prompt.asks("echo first")
    later(here, "remove me")
    later(here, "change me")
    if here.screen.touch:
        # The question has the room of a phone.
        expect(here.find("queue-panel")).to_be_hidden()
        here.prompt.approve()
        here.ended(turns=3)
        return
    here.press(here.page.get_by_role("button", name="Remove: remove me"))
    expect(here.find("queued")).to_have_count(1)
    here.write("and this")
    here.press(here.page.get_by_role("button", name="Take back to change it: change me"))
    expect(here.composer).to_have_value("change me\nand this")
    expect(here.composer).to_be_focused()
    expect(here.find("queue-panel")).to_be_hidden()
    here.write("")
    here.prompt.approve()
    here.ended()


def test_what_waits_when_the_agent_is_stopped_is_sent_by_hand(server: Server, chat: Callable[..., Chat]) -> None:
    here = chat(server)
    here.play({"command": "echo first"}, {"text": "one"})
    here.prompt.asks("echo first")
    later(here, script({"text": "two"}))
    here.press(here.find("stop"))
    here.ended("interrupted")
    here.press(here.find("prompt-close"))
    expect(here.find("queue-panel")).to_contain_text("Not sent: 1 message, because the agent was stopped.")
    here.picture("queue-held")
    here.press(here.find("queue-send"))
    expect(here.answers).to_have_text(["two"])
    expect(here.find("queue-panel")).to_be_hidden()


def test_without_a_running_turn_there_is_no_later(server: Server, kept_chat: Callable[..., Chat]) -> None:
    here = kept_chat(server)
    here.write("hello")
    expect(here.find("send-later")).to_be_hidden()
    here.play({"text": "one"})
    here.ended()
    here.write("hello")
    expect(here.find("send-later")).to_be_hidden()
