"""An approval on the page, and the ways to answer it."""

from typing import TYPE_CHECKING

from playwright.sync_api import Locator, expect

if TYPE_CHECKING:
    from .chat import Chat


class Prompt:
    def __init__(self, chat: "Chat"):
        self.chat = chat
        self.node = chat.find("prompt")

    def find(self, name: str) -> Locator:
        return self.node.locator(f'[data-test="{name}"]')

    @property
    def command(self) -> Locator:
        return self.find("prompt-command")

    @property
    def approve_button(self) -> Locator:
        return self.find("approve")

    @property
    def message(self) -> Locator:
        return self.find("prompt-message")

    def asks(self, command: str, timeout: float = 15_000) -> "Prompt":
        """The approval shows the whole command, character by character."""
        expect(self.command).to_be_visible(timeout=timeout)
        expect(self.command.locator("code")).to_have_text(command, use_inner_text=True, timeout=timeout)
        return self

    def shown(self, timeout: float = 15_000) -> "Prompt":
        expect(self.node).to_be_visible(timeout=timeout)
        return self

    def armed(self) -> "Prompt":
        expect(self.approve_button).to_have_attribute("aria-disabled", "false", timeout=5000)
        return self

    def read_to_the_end(self) -> "Prompt":
        """Approving requires that the end of the command has been on the screen."""
        self.node.locator(".prompt-body").evaluate("node => { node.scrollTop = node.scrollHeight; }")
        expect(self.find("read-on")).to_be_hidden()
        return self

    # MARK: Answers. They wait for an unarmed button, as a person does.

    def approve(self) -> None:
        self._answer("approve")

    def approve_for_session(self) -> None:
        self._answer("approve-session")

    def decline(self, reason: str = "") -> None:
        if reason:
            self.find("decline-reason").fill(reason)
        self._answer("decline")

    def stop(self) -> None:
        self._answer("stop-turn")

    def _answer(self, name: str) -> None:
        request = self.node.get_attribute("data-request")
        expect(self.find(name)).to_have_attribute("aria-disabled", "false", timeout=5000)
        self.chat.press(self.find(name))
        expect(self.chat.page.locator(f'[data-request="{request}"]')).to_have_count(0, timeout=10_000)
