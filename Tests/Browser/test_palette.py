"""The list of actions, the list of keys, and what one typed before."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from driving.chat import Chat
from driving.gates import Marker
from harness.client import Client
from harness.conversation import Conversation, script
from harness.server import Server


@pytest.fixture
def client(server: Server) -> Iterator[Client]:
    client = server.connect()
    yield client
    client.close()


def open_actions(here: Chat) -> None:
    if here.screen.touch:
        here.press(here.find("menu"))
        here.press(here.find("palette-open"))
    else:
        here.page.keyboard.press("Control+KeyK")
    expect(here.find("palette-field")).to_be_focused()


def test_actions_and_conversations_by_a_few_letters(
    server: Server, kept_chat: Callable[..., Chat], client: Client
) -> None:
    named = Conversation.start(client)
    named.run({"text": "the earlier answer"}, decisions=())
    named.client.request("thread/name/set", {"threadId": named.thread, "name": "Zebra disks"})
    here = kept_chat(server)
    here.play({"text": "the answer"})
    here.ended()
    open_actions(here)
    rows = here.find("palette-row")
    expect(rows.first).to_have_attribute("aria-selected", "true")
    here.picture("palette")
    here.page.emulate_media(color_scheme="dark")
    here.picture("palette-dark")
    here.page.emulate_media(color_scheme="light")
    here.find("palette-field").fill("shortc")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("Keyboard shortcuts")
    here.page.keyboard.press("Enter")
    expect(here.find("shortcuts")).to_contain_text("Approve")
    expect(here.find("shortcuts-close")).to_be_focused()
    here.picture("shortcuts")
    here.press(here.find("shortcuts-close"))
    expect(here.find("shortcuts")).to_be_hidden()
    open_actions(here)
    here.find("palette-field").fill("zeb")
    expect(rows.first).to_contain_text("Zebra disks")
    here.press(rows.first)
    expect(here.answers).to_have_text("the earlier answer")
    assert here.thread == named.thread


def test_arrows_choose_and_escape_goes_back(server: Server, kept_chat: Callable[..., Chat]) -> None:
    here = kept_chat(server)
    if here.screen.touch:
        pytest.skip("keys")
    here.composer.focus()
    here.page.keyboard.press("Control+KeyK")
    field, rows = here.find("palette-field"), here.find("palette-row")
    here.page.keyboard.press("ArrowDown")
    expect(rows.nth(1)).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", rows.nth(1).get_attribute("id") or "")
    here.page.keyboard.press("ArrowUp")
    here.page.keyboard.press("ArrowUp")
    expect(rows.last).to_have_attribute("aria-selected", "true")
    here.page.keyboard.press("Escape")
    expect(here.find("palette")).to_be_hidden()
    expect(here.composer).to_be_focused()
    here.page.keyboard.press("Control+KeyK")
    here.page.keyboard.press("Control+KeyK")
    expect(here.find("palette")).to_be_hidden()
    # A question mark is text in a field, and a key elsewhere.
    here.composer.press_sequentially("why?")
    expect(here.composer).to_have_value("why?")
    here.find("transcript").focus()
    here.page.keyboard.press("?")
    expect(here.find("shortcuts")).to_be_visible()
    here.page.keyboard.press("Escape")
    expect(here.find("shortcuts")).to_be_hidden()


def test_no_key_answers_a_question_behind_the_list(server: Server, kept_chat: Callable[..., Chat]) -> None:
    here = kept_chat(server)
    marker = Marker(server.place.workspace)
    here.play({"command": marker.command}, {"text": "done"})
    prompt = here.prompt.asks(marker.command).armed()
    here.page.keyboard.press("Control+KeyK")
    expect(here.find("palette-field")).to_be_focused()
    here.page.keyboard.press("Alt+KeyY")
    # The focus may also be nowhere.
    here.find("palette-field").evaluate("node => node.blur()")
    here.page.keyboard.press("Alt+KeyY")
    expect(prompt.node).to_have_attribute("data-phase", "open")
    here.page.keyboard.press("Escape")
    expect(here.find("palette")).to_be_hidden()
    assert not marker.exists
    prompt.decline()
    here.ended()
    assert not marker.exists


def test_what_is_behind_the_list_does_not_count_as_read(
    server: Server, kept_chat: Callable[..., Chat], client: Client
) -> None:
    here = kept_chat(server)
    here.play({"text": "one"})
    here.ended()
    conversation = Conversation.resume(client, here.thread)
    here.page.keyboard.press("Control+KeyK")
    expect(here.find("palette-field")).to_be_focused()
    conversation.play({"command": "echo behind"}, {"text": "two"})
    prompt = here.prompt.asks("echo behind")
    expect(prompt.find("read-on")).to_be_visible()
    # Longer than a question takes until presses count.
    here.page.wait_for_function(
        "start => performance.now() > start + 1500", arg=here.page.evaluate("performance.now()")
    )
    expect(prompt.approve_button).to_have_attribute("aria-disabled", "true")
    expect(prompt.find("read-on")).to_be_visible()
    here.page.keyboard.press("Escape")
    prompt.armed()
    expect(prompt.find("read-on")).to_be_hidden()
    prompt.decline()
    here.ended(turns=2)


def test_what_is_not_found_is_searched_in_all_conversations(
    server: Server, kept_chat: Callable[..., Chat], client: Client
) -> None:
    conversation = Conversation.start(client)
    conversation.run({"text": "the walrus was full"}, decisions=())
    here = kept_chat(server)
    open_actions(here)
    here.find("palette-field").fill("walrus")
    found = here.find("palette-row").last
    expect(found).to_have_text("Search all conversations for “walrus”")
    here.press(found)
    expect(here.find("thread-search")).to_have_value("walrus")
    expect(here.find("snippet").first).to_contain_text("walrus")
    # The page serves other tests too.
    here.find("thread-search").fill("")
    if here.screen.touch:
        here.press(here.find("close-threads"))


def test_arrow_up_brings_back_what_one_wrote(server: Server, chat: Callable[..., Chat]) -> None:
    here = chat(server)
    first, second = script({"text": "one"}), script({"text": "two"})
    for turns, text in enumerate((first, second), 1):
        here.say(text)
        here.ended(turns=turns)
    here.reload()
    here.ended(turns=2)
    here.composer.press("ArrowUp")
    expect(here.composer).to_have_value(second)
    here.composer.press("ArrowUp")
    expect(here.composer).to_have_value(first)
    here.composer.press("ArrowDown")
    here.composer.press("ArrowDown")
    expect(here.composer).to_have_value("")
    here.write("mine")
    here.composer.press("ArrowUp")
    expect(here.composer).to_have_value("mine")
