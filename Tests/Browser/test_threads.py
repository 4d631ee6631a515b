"""Earlier conversations: find, open, rename, archive, and read back to the beginning."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from driving.chat import Chat
from driving.lists import earlier, row, show_list
from harness.client import Client
from harness.server import Server

TURNS = 13


@pytest.fixture
def client(server: Server) -> Iterator[Client]:
    client = server.connect()
    yield client
    client.close()


def test_open_an_earlier_conversation(server: Server, client: Client, chat: Callable[..., Chat]) -> None:
    one, other = earlier(client, "the first answer"), earlier(client, "the other answer")
    here = chat(server)
    show_list(here)
    here.press(row(here, one).locator('[data-test="thread-open"]'))
    expect(here.answers).to_have_text("the first answer")
    assert here.thread == one
    show_list(here)
    here.press(row(here, other).locator('[data-test="thread-open"]'))
    expect(here.answers).to_have_text("the other answer")
    # The conversation continues.
    here.play({"text": "and more"})
    here.ended(turns=2)
    expect(here.answers).to_have_text(["the other answer", "and more"])


def test_rename_and_archive(server: Server, client: Client, chat: Callable[..., Chat]) -> None:
    thread = earlier(client, "to be renamed")
    here = chat(server)
    show_list(here)
    here.press(row(here, thread).locator('[data-test="thread-menu"]'))
    here.press(row(here, thread).locator('[data-test="rename"]'))
    here.find("rename-field").fill("Disk of db-7 <b>full</b>")
    here.find("rename-field").press("Enter")
    expect(row(here, thread)).to_contain_text("Disk of db-7 <b>full</b>")
    # Enter only renames; it must not open the conversation as well.
    expect(here.find("empty")).to_be_visible()
    here.picture("threads")

    here.reload()
    show_list(here)
    expect(row(here, thread)).to_contain_text("Disk of db-7 <b>full</b>")
    here.press(row(here, thread).locator('[data-test="thread-menu"]'))
    here.press(row(here, thread).locator('[data-test="archive"]'))
    expect(row(here, thread)).to_have_count(0)

    # Not deleted: the person can unarchive it.
    here.press(here.find("archived"))
    here.press(row(here, thread).locator('[data-test="thread-open"]'))
    expect(here.answers).to_have_text("to be renamed")
    listed = client.request("thread/list", {"modelProviders": [], "limit": 50})["data"]
    assert thread in [one["id"] for one in listed]


def test_a_long_history_comes_in_pages(server: Server, client: Client, chat: Callable[..., Chat]) -> None:
    thread = earlier(client, *(f"answer number {number}." for number in range(TURNS)))
    here = chat(server, thread)
    expect(here.answers.last).to_have_text(f"answer number {TURNS - 1}.")
    expect(here.find("turn-end")).to_have_count(10)
    here.transcript.evaluate("node => { node.scrollTop = 0; }")
    first = here.answers.first
    top = first.evaluate("node => { node.dataset.mark = 'here'; return node.getBoundingClientRect().top; }")
    here.press(here.find("older"))
    expect(here.find("turn-end")).to_have_count(TURNS)
    expect(here.answers).to_have_text([f"answer number {number}." for number in range(TURNS)])
    expect(here.find("older")).to_be_hidden()
    # The text that the person reads has not moved.
    moved = here.page.locator("[data-mark]").evaluate("node => node.getBoundingClientRect().top") - top
    assert abs(moved) < 60, moved


def test_new_conversation(server: Server, client: Client, chat: Callable[..., Chat]) -> None:
    here = chat(server, earlier(client, "old"))
    expect(here.answers).to_have_text("old")
    show_list(here)
    here.press(here.find("new-thread"))
    expect(here.find("empty")).to_be_visible()
    here.play({"text": "new"})
    here.ended()
    expect(here.answers).to_have_text("new")
