"""The page opens quickly on a bad line: few requests, few bytes, and nothing twice."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import CDPSession, Page, expect

from driving import page_files
from driving.chat import Chat
from harness.server import Server

# 400 kbit/s, and 400 ms from a request to the first byte of its response.
LINE = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
# The goal is 3 s and 1 s; a busy test machine needs some of the time for itself.
COLD, WARM = 6, 4

pytestmark = pytest.mark.skipif(
    page_files.ENVIRONMENT["PAGE_DIR"] is not None, reason="PAGE_DIR serves the sources, for development"
)


class Traffic:
    """What the page loads over HTTP, on a slow line."""

    def __init__(self, page: Page):
        self._session: CDPSession = page.context.new_cdp_session(page)
        self._session.on("Network.requestWillBeSent", self._sent)
        self._session.on("Network.loadingFinished", lambda event: self._add(event["encodedDataLength"]))
        self._session.send("Network.enable")
        self._session.send("Network.emulateNetworkConditions", LINE)
        self.clear()

    def clear(self) -> None:
        self.addresses: list[str] = []
        self.bytes = 0

    def _sent(self, event: dict) -> None:
        self.addresses.append(event["request"]["url"])

    def _add(self, count: float) -> None:
        self.bytes += int(count)


def usable(chat: Chat) -> None:
    chat.composer.fill("Can be typed into")
    expect(chat.find("thread").first).to_be_attached()


def test_the_first_visit_and_the_next(
    server: Server, chat: Callable[..., Chat], new_page: Callable[..., Page], record_property
) -> None:
    before = chat(server)
    before.play({"text": "Something to list."})
    before.ended()

    page = new_page()
    traffic = Traffic(page)
    took = []
    here = Chat(page, before.screen, before.shots)
    for limit in (COLD, WARM):
        traffic.clear()
        start = time.monotonic()
        here.open(server.url)
        usable(here)
        took.append(time.monotonic() - start)
        here.connected()
        print(f"{took[-1]:.2f} s, {traffic.bytes} bytes:", *traffic.addresses, sep="\n  ")
        assert took[-1] < limit
        assert len(traffic.addresses) <= 8
        assert traffic.bytes < (80_000 if limit == COLD else 10_000)
        page.goto("about:blank")
    record_property("seconds", took)


def test_what_is_kept_and_what_is_asked_for_again(server: Server, new_page: Callable[..., Page]) -> None:
    page = new_page()
    responses: dict[str, dict[str, str]] = {}
    page.on("response", lambda response: responses.update({response.url.rsplit("/", 1)[-1]: response.headers}))
    page.goto(server.url + "/")
    expect(page.locator("[data-test=state]")).to_have_text("Connected")
    scripts = [name for name in responses if name.endswith((".js", ".css"))]
    assert len(scripts) == 2
    for name in scripts:
        assert responses[name]["cache-control"] == "public, max-age=31536000, immutable"
        assert responses[name]["content-encoding"] in ("br", "gzip") and responses[name]["vary"] == "Accept-Encoding"
    index = responses[""]
    assert index["cache-control"] == "no-cache" and index["etag"] and index["content-encoding"] in ("br", "gzip")
    assert "default-src 'none'" in index["content-security-policy"]
    assert responses["info"]["cache-control"] == "no-store" and "content-encoding" not in responses["info"]
