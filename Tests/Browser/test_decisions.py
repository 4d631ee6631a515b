"""The effect of each answer to "may this command run?"."""

from collections.abc import Callable

from playwright.sync_api import expect

from driving.chat import Chat
from driving.gates import Marker
from harness.model import Model
from harness.server import Server


def test_decline_with_a_reason_reaches_the_model(server: Server, model: Model, kept_chat: Callable[..., Chat]) -> None:
    here = kept_chat(server)
    marker = Marker(server.place.workspace)
    reason = f"use the read replica instead of {marker.path.name}"
    here.play({"command": marker.command}, {"text": "understood"})
    here.prompt.asks(marker.command).decline(reason)

    # The turn continues.
    expect(here.answers.last).to_contain_text("understood")
    here.ended()
    model.wait_for_output(marker.path.name, reason)
    assert not marker.exists
    expect(here.commands).to_have_attribute("data-state", "declined")
    expect(here.commands).to_contain_text("Not run")
    expect(here.find("decision")).to_contain_text("Declined by you")
    expect(here.find("decision")).to_contain_text(reason)


def test_approval_for_the_session_is_for_this_command_only(server: Server, kept_chat: Callable[..., Chat]) -> None:
    here = kept_chat(server)
    same, other = "echo same; echo once >> counted", Marker(server.place.workspace)
    counted = server.place.workspace / "counted"
    counted.unlink(missing_ok=True)
    here.play({"command": same}, {"command": same}, {"command": other.command}, {"text": "done"})
    here.prompt.asks(same).approve_for_session()
    # Asked once, run twice; the next approval is about the other command.
    here.prompt.asks(other.command)
    expect(here.commands.nth(1)).to_have_attribute("data-state", "done")
    assert counted.read_text() == "once\nonce\n"
    assert not other.exists
    here.prompt.approve()
    here.ended()
    assert other.exists
    expect(here.find("decision").first).to_contain_text("Approved for this session by you")


def test_stop_the_turn_at_the_question(server: Server, kept_chat: Callable[..., Chat]) -> None:
    here = kept_chat(server)
    marker = Marker(server.place.workspace)
    here.play({"command": marker.command}, {"text": "never said"})
    here.prompt.asks(marker.command).stop()
    here.ended("interrupted")
    assert not marker.exists
    expect(here.commands).to_have_attribute("data-state", "declined")
    expect(here.answers).to_have_count(0)
    # The conversation is still usable.
    here.play({"text": "still here"})
    here.ended(turns=2)
    expect(here.answers.last).to_have_text("still here")
