"""Writing, and keyboard focus."""

import json
from collections.abc import Callable

from playwright.sync_api import Page, WebSocketRoute, expect

from driving.chat import Chat
from harness.conversation import script
from harness.server import Server


def test_shift_enter_breaks_the_line(server: Server, kept_chat: Callable[..., Chat]) -> None:
    here = kept_chat(server)
    here.composer.press_sequentially("one")
    here.composer.press("Shift+Enter")
    here.composer.press_sequentially("two")
    expect(here.composer).to_have_value("one\ntwo")
    expect(here.find("item-user")).to_have_count(0)
    here.send()
    expect(here.composer).to_have_value("")
    expect(here.find("item-user").locator(".user-text")).to_have_text("one\ntwo", use_inner_text=True)
    here.ended()


# An input method's Enter chooses a word. Safari sends it after the composition, marked only by its key code.
_CHOOSE = "node => node.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', keyCode: 229, bubbles: true, cancelable: true }))"


def test_enter_on_a_touch_device_and_in_an_input_method(server: Server, kept_chat: Callable[..., Chat]) -> None:
    here = kept_chat(server)
    here.composer.press_sequentially("one")
    here.composer.evaluate(_CHOOSE)
    expect(here.composer).to_have_value("one")
    if here.screen.touch:
        expect(here.composer).to_have_attribute("enterkeyhint", "enter")
        here.composer.press("Enter")
        here.composer.press_sequentially("two")
        expect(here.composer).to_have_value("one\ntwo")
        # A keyboard that is connected to the device can send.
        here.composer.press("Control+Enter")
    else:
        here.composer.press("Enter")
    expect(here.composer).to_have_value("")
    expect(here.find("item-user")).to_have_count(1)
    here.ended()


def test_nothing_is_sent_by_an_empty_message(server: Server, kept_chat: Callable[..., Chat]) -> None:
    here = kept_chat(server)
    here.composer.press("Control+Enter")
    here.composer.press_sequentially("   ")
    here.composer.press("Control+Enter")
    expect(here.find("send")).to_be_disabled()
    expect(here.find("empty")).to_be_visible()


def test_focus_goes_with_the_person(server: Server, chat: Callable[..., Chat]) -> None:
    here = chat(server)
    # On a phone the keyboard would cover half of the page, so the page does not focus the input by itself.
    if here.screen.touch:
        expect(here.composer).not_to_be_focused()
    else:
        expect(here.composer).to_be_focused()
    here.play({"command": "echo first"}, {"command": "echo second"}, {"text": "done"})
    here.prompt.asks("echo first")
    if not here.screen.touch:
        expect(here.prompt.node.locator("h2")).to_be_focused()
    else:
        expect(here.composer).to_be_focused()

    # A person who is typing keeps the focus.
    here.composer.focus()
    here.composer.press_sequentially("and then ")
    here.prompt.armed()
    here.page.keyboard.press("Alt+KeyY")
    here.prompt.asks("echo second")
    expect(here.composer).to_be_focused()
    here.composer.press_sequentially("this")
    expect(here.composer).to_have_value("and then this")
    here.prompt.approve()
    here.ended()


def test_focus_comes_back_after_the_answer(server: Server, chat: Callable[..., Chat]) -> None:
    here = chat(server)
    here.play({"command": "echo first"}, {"text": "done"})
    here.prompt.asks("echo first").approve()
    here.ended()
    if here.screen.touch:
        expect(here.composer).not_to_be_focused()
    else:
        expect(here.composer).to_be_focused()


def test_what_is_written_while_a_conversation_loads(
    server: Server, chat: Callable[..., Chat], new_page: Callable[..., Page]
) -> None:
    """The page does not send text into a conversation that is not shown yet. It keeps the text and says why."""
    here = chat(server)
    here.play({"text": "begun"})
    here.ended()
    page = new_page()
    history = _Held("thread/turns/list")
    page.route_web_socket("**/socket*", history.route)
    other = chat(server, here.thread, page=page)
    text = script({"text": "went on"})
    other.write(text)
    other.composer.press("Control+Enter")
    expect(other.page.locator("#composer-hint")).to_have_text("Loading the conversation first.")
    expect(other.find("send")).to_be_disabled()
    expect(other.composer).to_have_value(text)
    history.release()
    expect(other.find("send")).to_be_enabled()
    other.composer.press("Control+Enter")
    other.ended(turns=2)
    expect(other.answers.last).to_have_text("went on")


class _Held:
    """Holds back responses to this method until they are released."""

    def __init__(self, method: str):
        self._method = method
        self._waiting: list[Callable[[], None]] | None = []

    def release(self) -> None:
        waiting, self._waiting = self._waiting or [], None
        for send in waiting:
            send()

    def route(self, socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        asked: set[int] = set()

        def up(text: str) -> None:
            message = json.loads(text)
            if message.get("method") == self._method:
                asked.add(message["id"])
            server.send(text)

        def down(text: str) -> None:
            message = json.loads(text)
            if self._waiting is not None and "method" not in message and message.get("id") in asked:
                self._waiting.append(lambda: socket.send(text))
            else:
                socket.send(text)

        socket.on_message(up)
        server.on_message(down)
