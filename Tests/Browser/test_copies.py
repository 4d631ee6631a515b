"""Copies of a conversation: up to a place, and before a message that is written anew. The original stays."""

import base64
import json
from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from driving.chat import Chat
from driving.lists import earlier
from harness.client import Client
from harness.conversation import script
from harness.model import Model
from harness.server import Server

# One dot.
DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.fixture
def client(server: Server) -> Iterator[Client]:
    client = server.connect()
    yield client
    client.close()


def offer(here: Chat, name: str, index: int) -> None:
    button = here.find(name).nth(index)
    if not here.screen.touch:
        button.hover()
    here.press(button)
    expect(here.find(f"{name}-go")).to_be_focused()


def test_a_copy_up_to_a_place(server: Server, kept_chat: Callable[..., Chat], client: Client) -> None:
    thread = earlier(client, "one", "two", "three")
    client.request("thread/name/set", {"threadId": thread, "name": "Full disk"})
    here = kept_chat(server)
    here.page.evaluate("thread => { location.hash = `#/threads/${thread}`; }", thread)
    here.ended(turns=3)
    offer(here, "fork-here", 1)
    expect(here.find("fork-here-offer").nth(1)).to_contain_text("the files that they changed are not undone")
    here.picture("fork-offer")
    here.press(here.find("fork-here-go"))
    expect(here.answers).to_have_text(["one", "two"])
    assert here.thread != thread
    expect(here.page.locator("h1")).to_have_text("Copy of Full disk")
    here.play({"text": "otherwise"})
    here.ended(turns=3)
    here.page.go_back()
    expect(here.answers).to_have_text(["one", "two", "three"])


def test_a_message_is_changed_and_sent_again(server: Server, chat: Callable[..., Chat], model: Model) -> None:
    here = chat(server)
    mark = uuid4().hex[:8]
    here.play({"command": f"echo kept > kept-{mark}"}, {"text": "one"})
    here.prompt.approve()
    here.ended()
    here.find("file-picker").set_input_files({"name": "graph.png", "mimeType": "image/png", "buffer": DOT})
    expect(here.find("attachment")).to_have_count(1)
    here.play({"text": f"wrong {mark}"})
    here.ended(turns=2)
    original = here.thread
    offer(here, "edit-again", 1)
    expect(here.find("edit-again-offer").nth(1)).to_contain_text("This conversation stays as it is.")
    here.picture("edit-offer")
    here.page.emulate_media(color_scheme="dark")
    here.picture("edit-offer-dark")
    here.press(here.find("edit-again-go"))
    expect(here.answers).to_have_text(["one"])
    expect(here.composer).to_have_value(script({"text": f"wrong {mark}"}))
    expect(here.find("attachment")).to_have_text("A picture")
    assert here.thread != original
    here.say(script({"text": f"right {mark}"}))
    here.ended(turns=2)
    expect(here.answers).to_have_text(["one", f"right {mark}"])
    # What the commands did is still there, and the model has forgotten the message that was changed.
    assert (server.place.workspace / f"kept-{mark}").exists()
    [asked] = [
        request["body"]["input"]
        for request in model.requests()
        if f"right {mark}" in json.dumps(request["body"]["input"])
    ]
    assert f"wrong {mark}" not in json.dumps(asked) and "data:image/png" in json.dumps(asked)
    here.page.go_back()
    expect(here.answers).to_have_text(["one", f"wrong {mark}"])


def test_the_first_message_can_be_changed_too(server: Server, chat: Callable[..., Chat]) -> None:
    here = chat(server)
    here.play({"text": "wrong"})
    here.ended()
    offer(here, "edit-again", 0)
    here.page.keyboard.press("Escape")
    expect(here.find("edit-again-offer")).to_be_hidden()
    expect(here.find("edit-again")).to_be_focused()
    offer(here, "edit-again", 0)
    here.press(here.find("edit-again-go"))
    expect(here.composer).to_have_value(script({"text": "wrong"}))
    expect(here.find("item-user")).to_have_count(0)
    here.say(script({"text": "right"}))
    here.ended()
    expect(here.answers).to_have_text("right")


def test_what_is_read_at_a_later_step_is_not_offered(server: Server, chat: Callable[..., Chat]) -> None:
    here = chat(server)
    here.play({"command": "echo waits"}, {"text": "one"})
    here.prompt.asks("echo waits")
    # Not while the turn runs.
    expect(here.find("edit-again")).to_be_hidden()
    here.say("and this")
    here.prompt.approve()
    here.ended()
    expect(here.find("item-user")).to_have_count(2)
    expect(here.find("edit-again").nth(0)).to_be_attached()
    expect(here.find("edit-again").nth(1)).to_be_hidden()
