"""Text arrives in pieces, and the page scrolls along only while the person is at the end."""

from collections.abc import Callable

from playwright.sync_api import expect

from driving.chat import Chat
from harness.server import Server
from harness.waiting import wait_until

PARAGRAPHS = [f"Paragraph {number} of the report, long enough to take some room.\n\n" for number in range(90)]

_NOTE_LENGTHS = """node => {
  window.seenLengths = [];
  new MutationObserver(() => {
    const length = document.querySelector('[data-test="item-agent"]')?.textContent.length ?? 0;
    if (length > 0 && window.seenLengths.at(-1) !== length) window.seenLengths.push(length);
  }).observe(node, { childList: true, subtree: true, characterData: true });
}"""
_FROM_END = "node => node.scrollHeight - node.scrollTop - node.clientHeight"


def test_text_in_pieces(server: Server, kept_chat: Callable[..., Chat]) -> None:
    here = kept_chat(server)
    here.transcript.evaluate(_NOTE_LENGTHS)
    pieces = ["Some **bold", "** words, ", "then `co", "de`, ", "then the ", "end."]
    here.play({"text": pieces, "delayMilliseconds": 120})
    here.ended()
    lengths = here.page.evaluate("window.seenLengths")
    assert len(lengths) >= 4, lengths
    expect(here.answers.locator("strong")).to_have_text("bold")
    expect(here.answers.locator("code")).to_have_text("code")
    expect(here.answers).to_contain_text("Some bold words, then code, then the end.")


def test_follows_the_end_only_from_near_it(server: Server, chat: Callable[..., Chat]) -> None:
    here = chat(server)
    here.play({"text": PARAGRAPHS, "delayMilliseconds": 40})
    expect(here.answers).to_contain_text("Paragraph 30 ")
    here.picture("streaming")
    # At the end: the page scrolls along.
    assert here.transcript.evaluate(_FROM_END) < 120
    expect(here.find("jump-latest")).to_be_hidden()

    # Scrolled up: the read text stays in place while more text arrives below.
    here.transcript.evaluate("node => { node.scrollTop = 0; }")
    expect(here.find("jump-latest")).to_be_visible()
    before = here.answers.inner_text()
    wait_until("more text has come", lambda: len(here.answers.inner_text()) > len(before) + 200, 10)
    assert here.transcript.evaluate("node => node.scrollTop") == 0

    # Back at the end.
    here.press(here.find("jump-latest"))
    here.ended()
    expect(here.answers).to_contain_text("Paragraph 89 ")
    wait_until("the end is in sight", lambda: here.transcript.evaluate(_FROM_END) < 120, 5)
