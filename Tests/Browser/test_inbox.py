"""All that waits, in one place; and several questions answered in one go."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from driving.chat import Chat, hook
from driving.gates import Marker
from driving.roles import open_menu
from harness.client import Client
from harness.conversation import Conversation
from harness.server import Server


@pytest.fixture
def client(server: Server) -> Iterator[Client]:
    client = server.connect()
    yield client
    client.close()


def test_everything_that_waits(server: Server, client: Client, chat: Callable[..., Chat]) -> None:
    markers = [Marker(server.place.workspace) for _ in range(2)]
    conversations = []
    for marker in markers:
        conversations.append(Conversation.start(client))
        conversations[-1].play({"command": marker.command}, {"text": "done"})
        conversations[-1].approval()
    outside = Conversation.start(client)
    outside.play({"command": "touch /etc/x", "escalate": True, "justification": "It is outside."}, {"text": "done"})
    outside.decide(outside.approval(), "accept")
    outside.approval()

    here = chat(server)
    open_menu(here)
    expect(here.find("inbox")).to_contain_text("3")
    here.press(here.find("inbox"))
    assert here.page.url.endswith("/#/inbox")
    rows = here.find("inbox-row")
    expect(rows).to_have_count(3)
    # The gravest first, then the oldest.
    expect(rows.nth(0)).to_contain_text("Grave")
    expect(rows.nth(1)).to_contain_text(markers[0].path.name)
    expect(here.prompt.find("outside-sandbox")).to_be_visible()
    here.prompt.armed()
    here.picture("inbox")
    here.prompt.decline()
    expect(rows).to_have_count(2)
    # Answered from here, in any order.
    here.press(rows.nth(1).locator(hook("inbox-choose")))
    here.prompt.asks(markers[1].command).approve()
    here.prompt.asks(markers[0].command).decline("not now")
    expect(here.find("inbox-view")).to_contain_text("Nothing waits for an answer.")
    for conversation in (*conversations, outside):
        conversation.ended()
    assert markers[1].exists and not markers[0].exists

    # What begins to wait while one looks comes at once.
    late = Conversation.start(client)
    late.play({"command": "echo late"}, {"text": "done"})
    late.approval()
    here.prompt.asks("echo late")
    here.press(here.find("inbox-open"))
    assert here.thread == late.thread
    here.prompt.asks("echo late").decline()
    late.ended()
    here.page.go_back()
    expect(here.find("inbox-view")).to_be_visible()


def test_several_questions_in_one_go(server: Server, chat: Callable[..., Chat]) -> None:
    here = chat(server)
    markers = [Marker(server.place.workspace, "x" * 300) for _ in range(6)]
    here.play({"commands": [marker.command for marker in markers]}, {"text": "done"})
    expect(here.find("prompt-count")).to_have_text("1 of 6")
    here.press(here.find("answer-together"))
    batch = here.find("batch")
    expect(batch.locator(hook("batch-part"))).to_have_count(6)
    for marker in markers:
        expect(batch).to_contain_text(marker.path.name)
    here.picture("together")
    approve = here.find("approve-all")
    # None can be approved before all have been seen.
    expect(here.find("decline-all")).to_have_attribute("aria-disabled", "false", timeout=5000)
    expect(approve).to_have_attribute("aria-disabled", "true")
    approve.evaluate("node => node.click()")
    expect(batch).to_be_visible()
    body = batch.locator(".prompt-body")
    for _ in range(60):
        if body.evaluate("node => { node.scrollTop += node.clientHeight / 2; return node.scrollTop + node.clientHeight >= node.scrollHeight - 2; }"):
            break
        here.page.wait_for_function("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))")
    expect(approve).to_have_attribute("aria-disabled", "false", timeout=5000)
    here.press(approve)
    here.no_prompt()
    here.ended()
    assert all(marker.exists for marker in markers)
    # Each has its own decision.
    expect(here.find("decision")).to_have_count(6)
    expect(here.find("decision").first).to_have_text(re.compile("^Approved by you"))


def test_one_by_one_again(server: Server, chat: Callable[..., Chat]) -> None:
    here = chat(server)
    here.play({"commands": ["echo one", "echo two", "echo three"]}, {"text": "done"})
    expect(here.find("prompt-count")).to_have_text("1 of 3")
    here.press(here.find("answer-together"))
    expect(here.find("batch-part")).to_have_count(3)
    here.press(here.find("one-by-one"))
    expect(here.find("prompt-count")).to_have_text("1 of 3")
    here.press(here.find("answer-together"))
    # The field of the single question has the same name, until it is replaced.
    expect(here.find("batch-part")).to_have_count(3)
    here.find("batch").locator("[data-test=decline-reason]").fill("use the replica")
    expect(here.find("decline-all")).to_have_attribute("aria-disabled", "false", timeout=5000)
    here.press(here.find("decline-all"))
    here.ended()
    expect(here.find("decision")).to_have_count(3)
    expect(here.find("decision").last).to_contain_text("“use the replica”")
