"""What people do every day: copy, send links to places, search, save a conversation."""

import re
from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from driving.chat import Chat
from harness.client import Client
from harness.server import Server
from test_threads import earlier, row, show_list

TURNS = 14


@pytest.fixture
def client(server: Server) -> Iterator[Client]:
    client = server.connect()
    yield client
    client.close()


def copied(here: Chat, name: str) -> str:
    button = here.find(name).last
    button.scroll_into_view_if_needed()
    if not here.screen.touch:
        button.hover()
    here.press(button)
    expect(button).to_have_class(re.compile("done"))
    return here.page.evaluate("navigator.clipboard.readText()")


def test_copy(server: Server, chat: Callable[..., Chat]) -> None:
    here = chat(server, permissions=["clipboard-read", "clipboard-write"])
    command = "printf 'one\\ntwo\\n'; sleep 1.1"
    here.play({"command": command}, {"text": "It says:\n\n```sh\nls -l\n```\n\n**Done.**"})
    here.prompt.asks(command).approve()
    here.ended()
    assert copied(here, "copy-command") == command
    assert copied(here, "copy-output") == "one\ntwo\n"
    assert copied(here, "copy-code") == "ls -l"
    assert copied(here, "copy-answer") == "It says:\n\n```sh\nls -l\n```\n\n**Done.**"
    here.picture("copied")


def test_a_link_to_a_place(server: Server, client: Client, chat: Callable[..., Chat]) -> None:
    thread = earlier(client, *(f"answer number {number}. " + "long " * 300 for number in range(TURNS)))
    here = chat(server, thread, permissions=["clipboard-read", "clipboard-write"])
    expect(here.find("turn-end")).to_have_count(10)
    here.press(here.find("older"))
    expect(here.find("turn-end")).to_have_count(TURNS)
    button = here.find("copy-link").nth(1)
    button.scroll_into_view_if_needed()
    here.press(button)
    link = here.page.evaluate("navigator.clipboard.readText()")
    assert re.search(r"/#/threads/[^/]+/turns/[^/]+$", link), link
    colleague = chat(server, connected=False)
    colleague.page.goto("about:blank")
    colleague.page.goto(link)
    place = colleague.page.locator(".turn", has_text="answer number 1.")
    expect(place).to_be_in_viewport()
    assert colleague.thread == thread
    colleague.picture("place")


def test_search_finds_the_place(server: Server, client: Client, chat: Callable[..., Chat]) -> None:
    answers = [f"answer number {number}. " + "long " * 300 for number in range(TURNS)]
    word = f"volcano{uuid4().hex[:8]}"
    answers[2] = f"The {word} erupted. {answers[2]}"
    thread = earlier(client, *answers)
    earlier(client, "about something else")
    here = chat(server)
    show_list(here)
    here.find("thread-search").fill(word)
    expect(row(here, thread).locator('[data-test="snippet"]')).to_contain_text(word)
    expect(here.find("thread")).to_have_count(1)
    here.picture("search")
    here.press(row(here, thread).locator('[data-test="thread-open"]'))
    expect(here.page.locator(".turn", has_text=f"The {word} erupted.").last).to_be_in_viewport()


def test_save_as_markdown(server: Server, chat: Callable[..., Chat]) -> None:
    here = chat(server)
    here.play({"command": "echo '```'; sleep 1.1"}, {"command": "rm -rf /nothing"}, {"text": "**Done.**"})
    here.prompt.asks("echo '```'; sleep 1.1").approve()
    here.prompt.asks("rm -rf /nothing").decline("never")
    here.ended()
    show_list(here)
    here.press(row(here, here.thread).locator('[data-test="thread-menu"]'))
    with here.page.expect_download() as waiting:
        here.press(row(here, here.thread).locator('[data-test="save-markdown"]'))
    assert waiting.value.suggested_filename.endswith(".md")
    text = waiting.value.path().read_text()
    assert f"#/threads/{here.thread}" in text
    print(text)
    assert "````sh\necho '```'; sleep 1.1\n````" in text
    assert re.search(r"- Approved by local user at 20\S+Z\n- Exit 0", text)
    assert re.search(r"```sh\nrm -rf /nothing\n```\n\n- Declined by local user at 20\S+Z: “never”\n- Not run", text)
    assert text.rstrip().splitlines()[-1].startswith("_Done")
    assert "**Done.**" in text
