"""Collects page errors: a refused request, an exception or a page wider than the screen fails the test."""

import re

from playwright.sync_api import ConsoleMessage, Error, Page

# Runs on the page: lists elements that would need horizontal scrolling.
_OVERFLOW = "() => [document.scrollingElement.scrollWidth, innerWidth]"


class Watch:
    def __init__(self) -> None:
        self._pages: list[Page] = []
        self._complaints: list[str] = []
        self._expected: list[str] = []

    def follow(self, page: Page) -> None:
        self._pages.append(page)
        page.on("console", self._console)
        page.on("pageerror", self._page_error)

    def leave(self, page: Page) -> None:
        """Stops watching a page that continues in another test."""
        self._pages.remove(page)
        page.remove_listener("console", self._console)
        page.remove_listener("pageerror", self._page_error)

    def expect(self, pattern: str) -> None:
        """Expects a message that the browser writes about a network or response that the test has broken."""
        self._expected.append(pattern)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._complaints.append(f"console: {message.text} ({message.location.get('url', '')})")

    def _page_error(self, error: Error) -> None:
        self._complaints.append(f"page error: {error}")

    def measure(self) -> None:
        for page in self._pages:
            if not page.is_closed() and page.url.startswith("http"):
                width, room = page.evaluate(_OVERFLOW)
                if width > room:
                    self._complaints.append(f"{width} px of content on a screen of {room} px")

    def check(self) -> None:
        left = [text for text in self._complaints if not any(re.search(one, text) for one in self._expected)]
        assert not left, "\n".join(left)
