"""Every screen of the page, one after the other, for tests that look at each."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import expect

from harness.client import Client
from harness.conversation import Conversation
from harness.server import Server

from .chat import PATIENCE, Chat
from .line import Line
from .lists import show_list
from .roles import ELSEWHERE, open_menu

PARAGRAPHS = [f"Paragraph {number} of the report: the pool of `web-{number}` is **full**.\n\n" for number in range(400)]
TEN = {
    "text": "Ten **questions**, `code`\n\n| host | open |\n|---|---|\n| web-1 | 512 |\n\n```sh\nss -s | head -n 3\n```",
    "commands": [f"df -h /srv/disk-{number}" for number in range(10)],
}
OUTSIDE = {"command": "touch /etc/x", "escalate": True, "justification": "The unit file is outside of the workspace."}
PATCH = "*** Begin Patch\n*** Add File: pool.conf\n+max_connections = 512\n+idle_timeout = 30\n*** End Patch\n"


@dataclass
class Tour:
    chat: Callable[..., Chat]
    server: Server
    # A server that no one has used.
    fresh: Server
    line: Line
    # A context's options.
    options: dict[str, Any]

    def screens(self) -> Iterator[tuple[str, Chat]]:
        yield "first-visit", self.chat(self.fresh, **self.options)
        stranger = self.chat(self.server, connected=False, extra_http_headers=ELSEWHERE, **self.options)
        expect(stranger.find("signin-token")).to_be_visible()
        yield "sign-in", stranger
        client = self.server.connect()
        yield from self._work(client)
        yield from self._inbox(client)
        client.close()
        yield from self._offline()

    def _work(self, client: Client) -> Iterator[tuple[str, Chat]]:
        Conversation.start(client).run({"text": "The disk is full of cores."}, decisions=())
        here = self.chat(self.server, **self.options)
        yield "empty", here
        yield from self._dialogs(here)
        expect(here.find("choices")).to_be_visible()
        here.press(here.find("choices"))
        expect(here.find("choice-sandbox")).to_be_visible()
        yield "settings", here
        here.press(here.find("choices"))
        here.play({"text": PARAGRAPHS, "delayMilliseconds": 40})
        expect(here.answers).to_contain_text("Paragraph 20 ")
        yield "streaming", here
        here.press(here.find("stop"))
        here.ended("interrupted")
        here.begin_anew()
        here.play({"text": "I look at the **disk** first.", "command": "df -hP / && du -xh --max-depth=1 /var/log | sort -h"}, {"text": "ok"})
        here.prompt.shown().armed()
        yield "one-question", here
        here.prompt.read_to_the_end().approve()
        here.ended()
        yield "ended", here
        here.begin_anew()
        here.play(TEN, OUTSIDE, {"patch": PATCH}, {"text": "done"})
        expect(here.find("prompt-count")).to_have_text("1 of 10")
        here.prompt.armed()
        yield "ten-questions", here
        for _ in range(10):
            here.prompt.approve()
        here.prompt.asks(OUTSIDE["command"]).approve()
        expect(here.find("outside-sandbox")).to_be_visible()
        here.prompt.armed()
        yield "outside", here
        here.prompt.decline()
        expect(here.prompt.find("diff")).to_be_visible()
        here.prompt.armed()
        yield "diff", here
        here.prompt.approve()
        here.ended()
        here.press(here.find("record-open"))
        expect(here.find("record-entry").first).to_be_visible()
        yield "record", here
        here.press(here.find("record-close"))
        show_list(here)
        yield "list", here
        here.find("thread-search").fill("questions")
        expect(here.page.locator(".thread-snippet").first).to_be_visible(timeout=PATIENCE)
        yield "search", here
        if here.find("close-threads").is_visible():
            here.press(here.find("close-threads"))
        here.press(here.find("disconnect"))
        yield "disconnected", here

    def _dialogs(self, here: Chat) -> Iterator[tuple[str, Chat]]:
        for name in ("sites", "tools"):
            (self.server.place.workspace / name).mkdir(exist_ok=True)
        here.press(here.find("choose-directory"))
        expect(here.find("chooser-row").first).to_be_visible()
        yield "directories", here
        here.press(here.find("chooser-close"))
        show_list(here)
        here.press(here.find("palette-open"))
        expect(here.find("palette-row").first).to_be_visible()
        yield "actions", here
        here.find("palette-field").fill("shortcuts")
        here.page.keyboard.press("Enter")
        expect(here.find("shortcuts")).to_be_visible()
        yield "shortcuts", here
        here.press(here.find("shortcuts-close"))
        open_menu(here)
        here.press(here.find("device-link"))
        expect(here.find("qr")).to_be_visible()
        yield "other-device", here
        here.press(here.find("device-close"))
        if here.find("close-threads").is_visible():
            here.press(here.find("close-threads"))

    def _inbox(self, client: Client) -> Iterator[tuple[str, Chat]]:
        waiting = [Conversation.start(client) for _ in range(3)]
        for number, one in enumerate(waiting):
            one.play(OUTSIDE if number == 2 else {"command": f"systemctl restart web-{number}"}, {"text": "done"})
            one.approval()
        waiting[2].decide(waiting[2].approval(), "accept")
        waiting[2].approval()
        here = self.chat(self.server, **self.options)
        show_list(here)
        here.press(here.find("inbox"))
        expect(here.find("inbox-row")).to_have_count(3)
        here.prompt.armed()
        yield "inbox", here
        for left in (2, 1, 0):
            here.prompt.armed().decline()
            expect(here.find("inbox-row")).to_have_count(left)

    def _offline(self) -> Iterator[tuple[str, Chat]]:
        here = Chat(*self._page_on_line())
        here.open(self.line.url)
        here.connected()
        here.play({"text": "The pool is full."})
        here.ended()
        self.line.down()
        expect(here.find("state")).to_have_text("Reconnecting", timeout=PATIENCE)
        expect(here.find("reconnecting")).to_be_visible(timeout=PATIENCE)
        yield "offline", here

    def _page_on_line(self):
        other = self.chat(self.fresh, **self.options)
        return other.page, other.screen, other.shots
