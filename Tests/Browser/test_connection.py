"""Connection status: always visible, recovers by itself, and typed text is never lost."""

from collections.abc import Callable

from playwright.sync_api import expect

from driving import page_files
from driving.chat import PATIENCE, Chat
from driving.watch import Watch
from harness.server import Server


def test_disconnect_and_connect(server: Server, kept_chat: Callable[..., Chat]) -> None:
    here = kept_chat(server)
    here.play({"text": "before"})
    here.ended()
    here.press(here.find("disconnect"))
    expect(here.find("state")).to_have_text("Disconnected")
    expect(here.find("disconnect")).to_be_hidden()
    here.write("kept")
    expect(here.find("send")).to_be_disabled()
    here.press(here.find("connect"))
    here.connected()
    expect(here.composer).to_have_value("kept")
    expect(here.find("send")).to_be_enabled()
    here.play({"text": "after"})
    here.ended(turns=2)
    expect(here.answers).to_have_text(["before", "after"])


def test_a_question_waits_while_the_page_is_away(server: Server, kept_chat: Callable[..., Chat]) -> None:
    here = kept_chat(server)
    here.play({"command": "echo waited"}, {"text": "done"})
    here.prompt.asks("echo waited")
    here.press(here.find("disconnect"))
    expect(here.find("approve")).to_have_attribute("aria-disabled", "true")
    here.press(here.find("connect"))
    here.connected()
    here.prompt.asks("echo waited").approve()
    here.ended()
    expect(here.answers).to_have_text("done")


def test_server_restarts(launch: Callable[..., Server], chat: Callable[..., Chat], watch: Watch) -> None:
    # The browser logs each failed attempt.
    watch.expect("ERR_CONNECTION_REFUSED|WebSocket connection to")
    server = launch(environment=page_files.ENVIRONMENT).ready()
    here = chat(server)
    here.play({"text": "before"})
    here.ended()
    here.write("a long thought")

    server.stop()
    expect(here.find("state")).to_have_text("Reconnecting", timeout=PATIENCE)
    expect(here.find("reconnecting")).to_contain_text("What you typed is kept")
    expect(here.find("send")).to_be_disabled()
    here.picture("reconnecting")

    launch(environment={**page_files.ENVIRONMENT, "PORT": str(server.port)}).ready()
    expect(here.find("state")).to_have_text("Connected", timeout=40_000)
    expect(here.find("reconnecting")).to_have_count(0)
    expect(here.composer).to_have_value("a long thought")
    expect(here.answers).to_have_text("before")
    here.play({"text": "after"})
    here.ended(turns=2)
    expect(here.answers).to_have_text(["before", "after"])
