"""The page as a person sees it."""

import re
from urllib.parse import quote, unquote

from playwright.sync_api import Locator, Page, expect

from harness.conversation import script
from harness.waiting import wait_until

from .prompt import Prompt
from .screens import Screen
from .shots import Shots

# The longest time that any step here may take; most take milliseconds.
PATIENCE = 20_000


def hook(name: str) -> str:
    return f'[data-test="{name}"]'


class Chat:
    def __init__(self, page: Page, screen: Screen, shots: Shots):
        self.page = page
        self.screen = screen
        self.shots = shots

    def find(self, name: str) -> Locator:
        return self.page.locator(hook(name))

    def press(self, target: Locator) -> None:
        """Taps or clicks, depending on the device."""
        target.tap() if self.screen.touch else target.click()

    def picture(self, name: str) -> None:
        self.shots.take(self.page, name)

    # MARK: Navigation

    def open(self, url: str, thread: str | None = None) -> None:
        self.page.goto(url + (f"/#/threads/{quote(thread)}" if thread else "/"), wait_until="commit")

    def connected(self) -> "Chat":
        expect(self.find("state")).to_have_text("Connected", timeout=PATIENCE)
        return self

    def begin_anew(self) -> None:
        """Opens an empty new conversation from any open one, without loading the page."""
        # On the empty page, the address stays the same, and so would an earlier test's text.
        self.write("")
        self.page.evaluate("() => { sessionStorage.clear(); location.hash = ''; }")
        expect(self.find("empty")).to_be_visible()
        expect(self.composer).to_have_value("")

    def reload(self) -> "Chat":
        self.page.reload(wait_until="commit")
        return self.connected()

    @property
    def thread(self) -> str:
        """The open conversation's thread id, from the URL."""
        expect(self.page).to_have_url(re.compile("#/threads/"), timeout=PATIENCE)
        return unquote(self.page.url.split("#/threads/")[1])

    # MARK: Writing

    @property
    def composer(self) -> Locator:
        return self.find("composer")

    def write(self, text: str) -> None:
        self.composer.fill(text)

    def say(self, text: str) -> None:
        """Sends when the page is ready: while a conversation loads, the page keeps the text and says so."""
        self.write(text)
        expect(self.find("send")).to_be_enabled(timeout=PATIENCE)
        self.send()
        expect(self.composer).to_have_value("", timeout=PATIENCE)

    def send(self) -> None:
        """On a touch device, Enter breaks the line."""
        self.press(self.find("send")) if self.screen.touch else self.composer.press("Enter")

    def play(self, *steps: dict) -> None:
        """Sends a script for the scripted model. Steps: see Sources/ScriptedModel/Script."""
        self.say(script(*steps))

    # MARK: Reading

    @property
    def prompt(self) -> Prompt:
        return Prompt(self)

    def no_prompt(self) -> None:
        expect(self.find("prompt")).to_have_count(0, timeout=PATIENCE)

    @property
    def transcript(self) -> Locator:
        return self.find("transcript")

    @property
    def commands(self) -> Locator:
        return self.find("item-command")

    @property
    def answers(self) -> Locator:
        """The agent's messages, without the page's own remarks."""
        return self.page.locator(f"{hook('item-agent')} .prose")

    def stands(self, *kinds: str) -> None:
        """Waits for these item kinds in the conversation, from top to bottom."""
        names = "nodes => nodes.map(node => node.dataset.test.replace('item-', ''))"
        found: list[str] = []

        def probe() -> bool:
            found[:] = self.page.locator('.turn-items > [data-test^="item-"]').evaluate_all(names)
            return found == list(kinds)

        try:
            wait_until("", probe, 10)
        except AssertionError:
            raise AssertionError(f"not {kinds}, but {found}") from None

    def ended(self, status: str = "completed", turns: int = 1) -> "Chat":
        """Waits until so many turns are over, the last one with this status."""
        ends = self.find("turn-end")
        expect(ends).to_have_count(turns, timeout=PATIENCE * 2)
        expect(ends.last).to_have_attribute("data-status", status, timeout=PATIENCE)
        return self
