"""The record of a conversation, as a person reads it on the page."""

from collections.abc import Callable

from playwright.sync_api import expect

from driving.chat import Chat
from driving.gates import Marker
from harness.server import Server


def test_who_asked_what_ran_who_allowed_it_what_came_of_it(server: Server, kept_chat: Callable[..., Chat]) -> None:
    here = kept_chat(server)
    marker, refused = Marker(server.place.workspace), Marker(server.place.workspace)
    hidden = f"{refused.command} # \u202e<img src=x onerror=window.hacked=1>"
    here.play({"command": marker.command}, {"command": hidden}, {"text": "done"})
    here.prompt.asks(marker.command).approve()
    here.prompt.shown().decline("not today")
    here.ended()

    here.press(here.find("record-open"))
    commands = here.page.locator('[data-test="record-entry"][data-kind="command"]')
    expect(commands).to_have_count(2)
    # Newest first.
    expect(commands.nth(0)).to_contain_text("Declined by local user (admin)")
    expect(commands.nth(0)).to_contain_text("not today")
    expect(commands.nth(0).locator('[data-test="hidden-warning"]')).to_contain_text("bidirectional control")
    assert "\u202e" not in commands.nth(0).inner_text()
    expect(commands.nth(1)).to_contain_text(marker.path.name)
    expect(commands.nth(1)).to_contain_text("Approved by local user (admin) after")
    expect(commands.nth(1)).to_contain_text("Exit 0 in")
    expect(here.page.locator('[data-test="record-entry"][data-kind="turn.started"]')).to_have_count(1)
    assert here.page.evaluate("window.hacked") is None
    here.press(commands.nth(1).locator("summary"))
    expect(commands.nth(1).locator("pre").last).to_contain_text('"kind": "item.completed"')
    here.picture("record")

    here.find("record-search").fill("not today")
    expect(commands).to_have_count(1)
    here.find("record-search").fill("nothing of this kind")
    expect(here.find("record-note")).to_have_text("Nothing found.")
    here.page.keyboard.press("Escape")
    here.page.keyboard.press("Escape")
    expect(here.find("record")).to_be_hidden()
    expect(here.answers.last).to_be_visible()


def test_a_question_is_not_covered_by_the_record(server: Server, chat: Callable[..., Chat]) -> None:
    here = chat(server)
    here.play({"text": "begun"})
    here.ended()
    other = chat(server, here.thread)
    here.press(here.find("record-open"))
    expect(here.find("record")).to_be_visible()
    marker = Marker(server.place.workspace)
    other.play({"command": marker.command}, {"text": "done"})
    here.prompt.asks(marker.command).approve()
    other.ended(turns=2)
    assert marker.exists
