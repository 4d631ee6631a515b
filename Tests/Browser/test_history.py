"""A conversation that one opens tells the same story as one that was watched; other people's messages have their names."""

import os
import re
import signal
from collections.abc import Callable

from playwright.sync_api import expect

from driving import page_files
from driving.chat import PATIENCE, Chat
from driving.gates import Held, Marker
from driving.roles import ELSEWHERE, sign_in
from driving.watch import Watch
from harness.server import Server

BROKEN = "ERR_CONNECTION_REFUSED|WebSocket connection to|ERR_|Failed to load resource"


def test_decisions_outlast_a_reload(server: Server, chat: Callable[..., Chat]) -> None:
    here = chat(server)
    declined, stopped = Marker(server.place.workspace), Marker(server.place.workspace)
    patch = "*** Begin Patch\n*** Add File: never.txt\n+one\n*** End Patch\n"
    here.play(
        {"text": "First I look.", "command": "echo looked"}, {"text": "Now I write.", "command": declined.command},
        {"patch": patch}, {"text": "understood"},
    )
    here.prompt.asks("echo looked").approve()
    here.prompt.asks(declined.command).decline("not on db-7")
    expect(here.prompt.find("diff")).to_be_visible()
    here.prompt.decline()
    here.ended()
    story = ("user", "agent", "command", "agent", "command", "changes", "agent")
    here.stands(*story)
    here.play({"command": stopped.command}, {"text": "never said"})
    here.prompt.asks(stopped.command).stop()
    here.ended("interrupted", turns=2)
    here.reload()
    here.ended("interrupted", turns=2)
    here.stands(*story, "user", "command")
    expect(here.commands.nth(0)).to_contain_text("Approved by you")
    expect(here.commands.nth(1)).to_contain_text(declined.path.name)
    expect(here.commands.nth(1)).to_contain_text("Declined by you")
    expect(here.commands.nth(1)).to_contain_text("“not on db-7”")
    expect(here.commands.nth(1)).to_contain_text("Not run")
    expect(here.find("item-changes")).to_contain_text("Not applied")
    expect(here.find("item-changes")).to_contain_text("never.txt")
    expect(here.commands.nth(2)).to_contain_text("Stopped by you")
    here.picture("history-reloaded")


def test_what_ran_when_the_server_was_killed(
    launch: Callable[..., Server], chat: Callable[..., Chat], watch: Watch
) -> None:
    watch.expect(BROKEN)
    server = launch(environment=page_files.ENVIRONMENT).ready()
    here = chat(server)
    held = Held(server.place.workspace)
    here.play({"command": held.command, "timeoutMilliseconds": 30_000}, {"text": "never said"})
    here.prompt.asks(held.command).approve()
    expect(here.find("output")).to_contain_text("begun")
    os.kill(server.pid, signal.SIGKILL)
    server.process.wait(10)
    launch(environment={**page_files.ENVIRONMENT, "PORT": str(server.port)}).ready()
    expect(here.find("state")).to_have_text("Connected", timeout=40_000)
    other = chat(server, here.thread)
    for page in (here, other):
        page.ended("interrupted")
        expect(page.commands).to_have_attribute("data-state", "lost", timeout=PATIENCE)
        expect(page.find("outcome-unknown")).to_have_text("Outcome unknown")
        expect(page.commands).to_contain_text("Approved by you")
        expect(page.find("turn-end")).to_contain_text("Broken off: the server restarted")
    other.picture("history-killed")


def test_each_message_has_its_author(
    server: Server, chat: Callable[..., Chat], token: Callable[[Server, str, str], str], watch: Watch
) -> None:
    watch.expect("401")
    here = chat(server)
    here.play({"text": "the first answer"})
    here.ended()
    ada = sign_in(chat(server, connected=False, extra_http_headers=ELSEWHERE), server, token(server, "ada", "operator"), here.thread)
    ada.ended()
    expect(ada.find("author")).to_have_text("local user")
    ada.play({"text": "the second answer"})
    for page in (here, ada):
        page.ended(turns=2)
    expect(here.find("author")).to_have_text(["You", "ada"])
    expect(ada.find("author")).to_have_text(["local user", "You"])
    here.picture("authors")
    here.reload()
    here.ended(turns=2)
    expect(here.find("author")).to_have_text(["You", re.compile("^ada$")])
