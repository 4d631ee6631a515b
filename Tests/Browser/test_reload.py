"""The page is loaded anew in the middle of a turn, and the turn carries on."""

from collections.abc import Callable

from playwright.sync_api import expect

from driving.chat import Chat
from driving.gates import Held, Marker
from harness.server import Server


def test_while_a_question_waits(server: Server, chat: Callable[..., Chat]) -> None:
    here = chat(server)
    marker = Marker(server.place.workspace)
    here.play({"text": "I look first.", "command": marker.command}, {"text": "All is **well**."})
    here.prompt.asks(marker.command)
    thread = here.thread

    here.reload()
    here.prompt.asks(marker.command)
    assert here.thread == thread
    assert not marker.exists
    here.prompt.approve()
    here.ended()
    assert marker.exists

    # Nothing is missing, nothing stands twice; and after one more reload from codex's own records.
    for _ in range(2):
        expect(here.find("item-user")).to_have_count(1)
        expect(here.answers).to_have_text(["I look first.", "All is well."])
        expect(here.commands).to_have_count(1)
        expect(here.find("exit-code")).to_have_text("Exit 0")
        expect(here.find("turn-end")).to_have_count(1)
        here.reload()


def test_while_output_streams(server: Server, chat: Callable[..., Chat]) -> None:
    here = chat(server)
    held = Held(server.place.workspace)
    here.play({"command": held.command, "timeoutMilliseconds": 40_000}, {"text": "All done."})
    here.prompt.asks(held.command).approve()
    expect(here.find("output")).to_contain_text("begun")

    here.reload()
    expect(here.find("working")).to_be_visible()
    expect(here.find("stop")).to_be_visible()
    held.release()
    here.ended()
    expect(here.commands).to_have_count(1)
    expect(here.find("output")).to_contain_text("begun")
    expect(here.find("output")).to_contain_text("finished")
    expect(here.answers.last).to_have_text("All done.")
