"""The list of conversations."""

from playwright.sync_api import Locator, expect

from harness.client import Client
from harness.conversation import Conversation

from .chat import Chat


def earlier(client: Client, *answers: str) -> str:
    """An earlier conversation, held over another client."""
    conversation = Conversation.start(client)
    for answer in answers:
        conversation.run({"text": answer}, decisions=())
    return conversation.thread


def row(here: Chat, thread: str) -> Locator:
    return here.page.locator(f'[data-test="thread"][data-thread="{thread}"]')


def show_list(here: Chat) -> None:
    """On a phone a button opens the list."""
    if here.find("menu").is_visible():
        here.press(here.find("menu"))
    expect(here.find("threads")).to_be_in_viewport()
