"""Leaving the sandbox needs a second approval with a stronger warning."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from driving.chat import Chat
from driving.gates import Marker
from harness.server import Server

WHY = "The port list of the host is outside of my sandbox."


def test_two_questions_that_look_different(server: Server, kept_chat: Callable[..., Chat]) -> None:
    here = kept_chat(server)
    marker = Marker(server.place.outside("x").parent)
    here.play({"command": marker.command, "escalate": True, "justification": WHY}, {"text": "done"})

    first = here.prompt.asks(marker.command)
    expect(first.find("outside-sandbox")).to_have_count(0)
    plain = _look(first.node)
    _promises_nothing(first.node)
    request = first.node.get_attribute("data-request")
    first.approve()

    expect(here.page.locator(f'[data-request="{request}"]')).to_have_count(0)
    # This approval is codex's own, and also shows the shell command around the command.
    second = here.prompt
    expect(second.command).to_contain_text(marker.command)
    assert not marker.exists, "it has run before the second question was answered"
    expect(second.find("outside-sandbox")).to_contain_text("OUTSIDE the sandbox")
    expect(second.find("agent-reason")).to_contain_text("The agent says")
    expect(second.find("agent-reason")).to_contain_text(WHY)
    expect(second.approve_button).to_contain_text(re.compile("outside( the)? sandbox"))
    assert _look(second.node) != plain
    _promises_nothing(second.node)
    second.armed()
    here.picture("outside")

    second.approve()
    here.ended()
    assert marker.exists
    decisions = here.find("decision")
    expect(decisions).to_have_count(2)
    expect(decisions.last).to_contain_text("outside the sandbox")


def test_declined_outside_runs_nowhere(server: Server, kept_chat: Callable[..., Chat]) -> None:
    here = kept_chat(server)
    marker = Marker(server.place.outside("x").parent)
    here.play({"command": marker.command, "escalate": True, "justification": WHY}, {"text": "fine"})
    here.prompt.asks(marker.command).approve()
    expect(here.find("outside-sandbox")).to_be_visible()
    here.prompt.decline()
    here.ended()
    assert not marker.exists
    expect(here.answers.last).to_have_text("fine")


def _look(node) -> list[str]:
    """The colours of the frame and the button, which a person sees without reading."""
    return node.evaluate(
        """node => [getComputedStyle(node).borderTopColor,
        getComputedStyle(node.querySelector('[data-test="approve"]')).backgroundColor]"""
    )


def _promises_nothing(node) -> None:
    expect(node).not_to_contain_text(re.compile(r"\bsandboxed\b|\binside the sandbox\b|\bsafe", re.IGNORECASE))
