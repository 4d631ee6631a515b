"""Whoever looks elsewhere is told that a question waits."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

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


def test_notifications_are_set_up(server: Server, chat: Callable[..., Chat]) -> None:
    here = chat(server)
    here.page.context.grant_permissions(["notifications"])
    registered = "navigator.serviceWorker.getRegistration('/page/').then(found => Boolean(found))"
    assert not here.page.evaluate(registered)
    if here.find("menu").is_visible():
        here.press(here.find("menu"))
    here.press(here.find("notify"))
    expect(here.find("notify")).to_be_hidden()
    here.page.wait_for_function(f"() => {registered}", timeout=10_000)
