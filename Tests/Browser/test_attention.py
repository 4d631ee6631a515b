"""A person who looks elsewhere is told that an approval waits."""

import json
import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from driving.chat import Chat
from harness.conversation import Conversation
from harness.server import Server


def test_title_and_icon(server: Server, kept_chat: Callable[..., Chat]) -> None:
    here = kept_chat(server)
    icon = here.page.locator('link[rel="icon"]')
    calm = icon.get_attribute("href")
    here.play({"command": "echo hello"}, {"text": "done"})
    here.prompt.asks("echo hello")
    expect(here.page).to_have_title(re.compile(r"^\(1\) Approval needed"))
    expect(icon).not_to_have_attribute("href", calm or "")
    here.prompt.approve()
    expect(here.page).not_to_have_title(re.compile("Approval needed"))
    expect(icon).to_have_attribute("href", calm or "")
    here.ended()


def test_a_question_in_another_conversation(server: Server, chat: Callable[..., Chat]) -> None:
    client = server.connect()
    conversation = Conversation.start(client)
    conversation.play({"command": "echo elsewhere"}, {"text": "done"})
    conversation.approval()
    here = chat(server)
    expect(here.find("approval-elsewhere")).to_be_visible()
    here.press(here.find("approval-elsewhere").get_by_role("button"))
    here.prompt.asks("echo elsewhere").approve()
    expect(here.find("approval-elsewhere")).to_have_count(0)
    here.ended()
    client.close()


def test_the_title_counts_what_waits_now(server: Server, chat: Callable[..., Chat]) -> None:
    client = server.connect()
    conversation = Conversation.start(client)
    conversation.play({"command": "echo elsewhere"}, {"text": "done"})
    approval = conversation.approval()
    here = chat(server)
    here.play({"command": "echo here"}, {"text": "done"})
    here.prompt.asks("echo here")
    expect(here.page).to_have_title(re.compile(r"^\(2\) Approval needed"))
    conversation.decide(approval, "decline")
    conversation.ended()
    expect(here.page).to_have_title(re.compile(r"^\(1\) Approval needed"), timeout=3000)
    here.prompt.approve()
    here.ended()
    client.close()


def test_a_conversation_that_another_client_begins_gets_its_title(server: Server, chat: Callable[..., Chat]) -> None:
    here = chat(server)
    client = server.connect()
    conversation = Conversation.start(client)
    conversation.play({"text": "Why is the disk of db-7 full?"})
    conversation.ended()
    expect(here.page.locator(f'[data-thread="{conversation.thread}"]')).to_contain_text("Why is the disk of db-7 full?")
    client.close()


def test_notifications_are_set_up(server: Server, chat: Callable[..., Chat]) -> None:
    here = chat(server)
    here.page.context.grant_permissions(["notifications"])
    registered = "navigator.serviceWorker.getRegistrations().then(all => all.some(one => one.scope.endsWith('/page/')))"
    assert not here.page.evaluate(registered)
    if here.find("menu").is_visible():
        here.press(here.find("menu"))
    here.press(here.find("notify"))
    expect(here.find("notify")).to_be_hidden()
    here.page.wait_for_function(f"() => {registered}", timeout=10_000)


def test_waiting_elsewhere_is_told_in_the_background(
    server: Server, chat: Callable[..., Chat], new_page: Callable[..., Page]
) -> None:
    page = new_page()
    page.add_init_script(
        """window.told = [];
        ServiceWorkerRegistration.prototype.showNotification = async (title, options) => window.told.push([title, options.body]);
        window.Notification = class { static permission = "granted"; constructor(title, options) { window.told.push([title, options.body]); } };
        Object.defineProperty(document, "hidden", { get: () => true });"""
    )
    page.clock.install()
    here = chat(server, page=page)
    client = server.connect()
    conversation = Conversation.start(client)
    conversation.play({"command": "echo elsewhere"}, {"text": "done"})
    approval = conversation.approval()
    # At once: the page's clock stands still.
    expect(page).to_have_title(re.compile(r"^\(1\) Approval needed"))
    expect(page.locator(f'[data-thread="{conversation.thread}"]')).to_contain_text("Waits for you")
    page.clock.run_for(41_000)
    assert [title for title, _ in page.evaluate("window.told")] == ["Approval needed"]
    assert "echo elsewhere" in json.dumps(page.evaluate("window.told"))
    conversation.decide(approval, "decline")
    conversation.ended()
    expect(page).not_to_have_title(re.compile("Approval needed"))
    here.connected()
    client.close()
