"""Each conversation has an address: it can be sent to a colleague, and the browser's Back and Forward work."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from driving.chat import Chat
from driving.lists import earlier, row, show_list
from harness.client import Client
from harness.conversation import Conversation
from harness.server import Server


@pytest.fixture
def client(server: Server) -> Iterator[Client]:
    client = server.connect()
    yield client
    client.close()


def choose(here: Chat, thread: str) -> None:
    show_list(here)
    here.press(row(here, thread).locator('[data-test="thread-open"]'))


def test_back_and_forward(server: Server, client: Client, chat: Callable[..., Chat]) -> None:
    one, other = earlier(client, "the first answer"), earlier(client, "the other answer")
    here = chat(server)
    choose(here, one)
    expect(here.answers).to_have_text("the first answer")
    choose(here, other)
    expect(here.answers).to_have_text("the other answer")
    assert here.thread == other
    expect(here.page).to_have_title(re.compile("the other answer.* · SRE Agent$"))
    here.page.go_back()
    expect(here.answers).to_have_text("the first answer")
    assert here.thread == one
    here.page.go_forward()
    expect(here.answers).to_have_text("the other answer")
    here.page.go_back()
    expect(here.answers).to_have_text("the first answer")
    here.page.go_back()
    expect(here.find("empty")).to_be_visible()
    here.connected()


def test_a_begun_conversation_takes_the_place_of_the_empty_page(
    server: Server, client: Client, chat: Callable[..., Chat]
) -> None:
    one = earlier(client, "the first answer")
    here = chat(server, one)
    expect(here.answers).to_have_text("the first answer")
    show_list(here)
    here.press(here.find("new-thread"))
    expect(here.find("empty")).to_be_visible()
    here.play({"text": "new"})
    here.ended()
    assert here.thread != one
    here.page.go_back()
    expect(here.answers).to_have_text("the first answer")


def test_back_closes_what_covers_the_page(server: Server, client: Client, chat: Callable[..., Chat]) -> None:
    one = earlier(client, "the first answer")
    here = chat(server, one)
    expect(here.answers).to_have_text("the first answer")
    here.press(here.find("record-open"))
    expect(here.find("record")).to_be_visible()
    here.page.go_back()
    expect(here.find("record")).to_be_hidden()
    if here.find("menu").is_visible():
        here.press(here.find("menu"))
        expect(here.find("menu")).to_have_attribute("aria-expanded", "true")
        here.page.go_back()
        expect(here.find("menu")).to_have_attribute("aria-expanded", "false")
        # Closed by hand, it leaves no step behind.
        here.press(here.find("menu"))
        here.press(here.find("close-threads"))
        expect(here.find("menu")).to_have_attribute("aria-expanded", "false")
    expect(here.answers).to_have_text("the first answer")
    assert here.thread == one
    here.page.go_back()
    assert here.page.url == "about:blank"


def test_an_address_of_an_earlier_version(server: Server, client: Client, chat: Callable[..., Chat]) -> None:
    one = earlier(client, "the first answer")
    here = chat(server, connected=False)
    here.page.goto(f"{server.url}/#thread={one}")
    here.page.reload()
    expect(here.answers).to_have_text("the first answer")
    assert here.thread == one


def test_the_click_on_a_notification_opens_its_conversation(
    server: Server, client: Client, chat: Callable[..., Chat], new_page: Callable[..., Page]
) -> None:
    page = new_page()
    page.add_init_script(
        """window.told = [];
        ServiceWorkerRegistration.prototype.showNotification = async (title, { data }) => window.told.push({
          onclick: () => navigator.serviceWorker.dispatchEvent(new MessageEvent("message", { data: { open: data.thread } })) });
        window.Notification = class { static permission = "granted"; constructor(title, options) { window.told.push(this); } };
        document.hasFocus = () => false;"""
    )
    here = chat(server, page=page)
    conversation = Conversation.start(client)
    conversation.play({"command": "echo elsewhere"}, {"text": "done"})
    approval = conversation.approval()
    page.wait_for_function("() => window.told.length === 1")
    page.evaluate("() => window.told[0].onclick()")
    here.prompt.asks("echo elsewhere")
    assert here.thread == conversation.thread
    conversation.decide(approval, "decline")
    conversation.ended()
