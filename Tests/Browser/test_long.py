"""Long conversations and long answers keep the page quick. The bounds are CPU time: a busy machine makes tasks late, but
not much longer."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from driving import page_files
from driving.chat import Chat
from driving.long import Told
from driving.screens import DESK, Screen
from driving.tasks import tasks_of
from harness.place import Place
from harness.server import Server

# Milliseconds. The goal is half of it, and a quiet machine takes a quarter.
LONGEST_TASK, LONGEST_STREAMING_TASK, OPENING = 400, 200, 2000

_SCROLL = """async (item) => {
    const scroller = document.querySelector('[data-test="transcript"]');
    for (let frames = 0; frames < 500; frames += 1) {
        scroller.scrollTop = TARGET;
        await new Promise((done) => requestAnimationFrame(done));
        if (document.querySelector(`[data-item="${item}"]`)) return true;
    }
    return false;
}"""
_TO_TOP, _TO_BOTTOM = _SCROLL.replace("TARGET", "0"), _SCROLL.replace("TARGET", "scroller.scrollHeight")


_COMPLETE = """async () => {
    while (!document.querySelector('[data-item="answer"] > .copy:not([hidden])')) await new Promise((done) => requestAnimationFrame(done));
}"""


def drawn(page: Page) -> int:
    return page.locator(".turn-items > *").count()


@pytest.fixture
def tell(stand_in: Callable, place: Place) -> Iterator[Callable[..., tuple[Server, Told]]]:
    server, _ = stand_in(environment=page_files.ENVIRONMENT)
    client = server.connect()
    yield lambda *items: (server, Told(client, place, *items))
    client.close()


def test_two_thousand_items(tell: Callable, chat: Callable[..., Chat], browser: Browser, screen: Screen) -> None:
    server, told = tell(100, *[200] * 10)
    here = chat(server)
    with tasks_of(browser, here.page) as opening:
        here.page.evaluate("thread => { location.hash = `#/threads/${thread}`; }", told.id)
        expect(here.page.locator('[data-item="10-199"]')).to_be_in_viewport()
        expect(here.find("turn-end").last).to_be_in_viewport()
    print(screen.name, "opening:", opening)
    assert opening.longest < LONGEST_TASK and opening.total < OPENING, opening

    with tasks_of(browser, here.page) as back:
        assert here.page.evaluate(_TO_TOP, "1-0")
    print(screen.name, "back:", back)
    assert drawn(here.page) < 500
    assert back.longest < LONGEST_TASK, back

    with tasks_of(browser, here.page) as older:
        here.press(here.find("older"))
        assert here.page.evaluate(_TO_TOP, "0-0")
    print(screen.name, "older:", older)
    assert older.longest < LONGEST_TASK, older
    expect(here.find("older")).to_be_hidden()

    # And forward again, by hand and at once.
    assert here.page.evaluate(_TO_BOTTOM, "2-0")
    here.press(here.find("jump-latest"))
    expect(here.page.locator('[data-item="10-199"]')).to_be_in_viewport()
    with tasks_of(browser, here.page) as live:
        told.answers("It is the **pool**. " * 50, 50, 0.02)
        expect(here.answers.last).to_contain_text("It is the pool.")
        expect(here.find("working")).to_have_count(0)
    print(screen.name, "live:", live)
    assert live.longest < LONGEST_TASK, live
    assert drawn(here.page) < 500


def test_reading_stays_in_place_while_older_items_come(tell: Callable, chat: Callable[..., Chat]) -> None:
    server, told = tell(300)
    here = chat(server, told.id)
    expect(here.page.locator('[data-item="0-299"]')).to_be_in_viewport()
    before = drawn(here.page)
    found = here.page.evaluate(
        """async () => {
            const scroller = document.querySelector('[data-test="transcript"]');
            const frame = () => new Promise((done) => requestAnimationFrame(done));
            scroller.scrollTop = 100;
            const item = [...document.querySelectorAll('.turn-items > *')].find((node) => node.getBoundingClientRect().bottom > 200);
            const tops = [];
            for (let frames = 0; frames < 10; frames += 1) {
                await frame();
                tops.push(Math.round(item.getBoundingClientRect().top));
            }
            return tops;
        }"""
    )
    assert drawn(here.page) > before
    assert max(found) - min(found) <= 1, found


def test_a_link_leads_to_a_turn_far_back(tell: Callable, chat: Callable[..., Chat]) -> None:
    server, told = tell(*[60] * 8)
    here = chat(server, f"{told.id}")
    expect(here.page.locator('[data-item="7-59"]')).to_be_in_viewport()
    here.page.evaluate("thread => { location.hash = `#/threads/${thread}/turns/turn-2`; }", told.id)
    expect(here.page.locator('[data-item="2-0"]')).to_be_in_viewport()
    expect(here.find("state")).to_be_in_viewport()


PARAGRAPHS = "".join(f"Paragraph {n} of the **report** about `web-{n}`: {'many words ' * 12}\n\n" for n in range(400))
CODE = "```sh\n" + "".join(f"echo 'line {n}' | grep -v {n} # a comment\n" for n in range(9000))
LIST = "".join(f"- entry {n} with **bold** and `code`, and some more words\n" for n in range(4000))
TABLE = "| host | open | state |\n|---|---|---|\n" + "".join(f"| host-{n} | {n} | `ok {n}` |\n" for n in range(9000))
SIZE = 200_000
ANSWERS = {
    "report": (PARAGRAPHS[:60_000] + "\n\n" + LIST[:30_000] + "\n" + CODE[:60_000] + "\n```\n\n" + TABLE[:40_000]).ljust(SIZE, "."),
    "code": CODE[: SIZE + 10_000],
    "list": LIST[:SIZE],
    "table": TABLE[:SIZE],
}


@pytest.mark.parametrize("screen", [DESK], ids=["desk"])
@pytest.mark.parametrize("kind", ANSWERS)
def test_a_long_answer(tell: Callable, chat: Callable[..., Chat], browser: Browser, screen: Screen, kind: str) -> None:
    text = ANSWERS[kind]
    assert len(text) >= SIZE - 100
    server, told = tell(5, 5)
    here = chat(server, told.id)
    expect(here.page.locator('[data-item="1-4"]')).to_be_visible()
    with tasks_of(browser, here.page) as streaming:
        told.answers(text, 400, 0.005)
        # A locator would add its own work to the page's.
        here.page.evaluate(_COMPLETE)
    print(screen.name, kind, streaming)
    assert streaming.longest < LONGEST_STREAMING_TASK, streaming
