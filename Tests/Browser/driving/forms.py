"""A form request, filled in by keyboard only."""

from playwright.sync_api import Locator, expect

from .prompt import Prompt

QUESTIONS = "item/tool/requestUserInput"
PERMISSIONS = "item/permissions/requestApproval"
ELICITATION = "mcpServer/elicitation/request"

_REACHABLE = ":is(button, input, select, a, [tabindex]):visible"


class Form(Prompt):
    def of_kind(self, method: str) -> "Form":
        expect(self.node).to_have_attribute("data-method", method, timeout=15_000)
        return self

    def past_the_gate(self, tool: str) -> "Form":
        """Approves the agent's tool call, which is asked before the tool shows its form."""
        expect(self.find("tool-name")).to_have_text(tool, timeout=15_000)
        self.read_to_the_end().approve()
        return self

    def begin(self) -> None:
        """Focuses the form's title; the Tab key reaches everything else from there."""
        self.node.locator("h2").focus()

    def tab_to(self, target: Locator) -> None:
        for _ in range(20):
            if target.evaluate("node => node === document.activeElement"):
                return
            self.chat.page.keyboard.press("Tab")
        raise AssertionError(f"the Tab key does not lead to {target}")

    def keys(self, *keys: str) -> None:
        for key in keys:
            self.chat.page.keyboard.press(key)

    def write(self, target: Locator, text: str) -> None:
        self.tab_to(target)
        self.chat.page.keyboard.type(text)

    def enter_does_nothing(self) -> None:
        """Presses Enter on each focusable element. If Enter sent the form, the form would be gone or in flight."""
        expect(self.node.locator('.answer[aria-disabled="true"]')).to_have_count(0, timeout=5000)
        for target in self.node.locator(_REACHABLE).all():
            target.focus()
            self.keys("Enter")
        self.chat.composer.focus()
        self.keys("Enter")
        expect(self.node).to_have_attribute("data-phase", "open")

    def press_by_key(self, name: str) -> None:
        request = self.node.get_attribute("data-request")
        expect(self.find(name)).to_have_attribute("aria-disabled", "false", timeout=5000)
        self.begin()
        self.tab_to(self.find(name))
        self.keys("Space")
        expect(self.chat.page.locator(f'[data-request="{request}"]')).to_have_count(0, timeout=10_000)
