"""A newcomer's first session, with the demo model: ask, see the command, approve it, read the answer."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from driving.chat import Chat
from harness.server import Server

QUESTION = "Check disk usage on localhost"
COMMAND = "df -hP -x tmpfs -x devtmpfs -x squashfs"


def test_question_command_approval_answer(demo: Server, chat: Callable[..., Chat]) -> None:
    here = chat(demo)
    expect(here.find("demo-mark")).to_be_visible()
    here.composer.press_sequentially(QUESTION)
    here.send()

    prompt = here.prompt.asks(COMMAND)
    expect(prompt.find("prompt-cwd")).to_have_text(str(demo.place.workspace.resolve()))
    expect(here.find("item-user")).to_contain_text(QUESTION)
    expect(here.commands).to_have_attribute("data-state", "waiting")
    expect(here.find("output")).to_be_hidden()
    here.picture("approval")

    prompt.approve()
    block = here.commands
    expect(block.locator('[data-test="output"]')).to_contain_text("Mounted on")
    expect(block.locator('[data-test="exit-code"]')).to_have_text("Exit 0")
    expect(block.locator('[data-test="duration"]')).to_have_text(re.compile(r"^\d+(\.\d)? (ms|s)$"))
    expect(block.locator('[data-test="decision"]')).to_have_text(re.compile("^Approved by you"))

    here.ended()
    # Rendered, not raw Markdown: the demo label in bold, names as code.
    answer = here.answers.last
    expect(answer.locator("strong").first).to_have_text(re.compile("Demo model"))
    expect(answer.locator("code").first).to_be_visible()
    expect(answer).not_to_contain_text("**")
    expect(answer).to_contain_text("%")
    here.picture("answer")


def test_what_it_does_not_understand(demo: Server, kept_chat: Callable[..., Chat]) -> None:
    here = kept_chat(demo)
    here.say("Sing a song")
    here.ended()
    expect(here.answers.locator("li").first).to_be_visible()
    expect(here.find("prompt")).to_have_count(0)
