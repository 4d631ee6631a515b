"""The page's session: taken over by another page, resumed with a gap, ended; and a running command whose agent died."""

import os
import re
import signal
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from driving import page_files
from driving.chat import PATIENCE, Chat
from driving.gates import Held, Marker
from driving.line import Line
from driving.watch import Watch
from harness.server import Server
from harness.waiting import stays, wait_until

BROKEN = "WebSocket connection to|ERR_|Failed to load resource"


def _known_session(network: Line, here: Chat) -> tuple[str, int]:
    """A page names its session only when it reconnects."""
    before = network.sockets()
    network.cut()
    wait_until("the page is back", lambda: network.sockets() > before)
    here.connected()
    return network.resumed()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_taken_over(
    server: Server, line: Callable[..., Line], chat: Callable[..., Chat], watch: Watch, scheme: str
) -> None:
    watch.expect(BROKEN)
    network = line(server)
    here = chat(network, color_scheme=scheme)
    marker = Marker(server.place.workspace)
    here.play({"text": "I look."}, {"text": "no"})
    here.ended()
    here.write("half a thought")
    # As in a browser that has duplicated a tab.
    session, after = _known_session(network, here)
    other = server.connect(f"?session={session}&after={after}", initialize=False)
    assert other.notification("sre/session")["resume"] == "ok"

    expect(here.find("state")).to_have_text("Opened elsewhere")
    banner = here.find("taken")
    expect(banner).to_contain_text("This page was opened elsewhere, too.")
    expect(here.composer).to_have_value("half a thought")
    expect(here.find("send")).to_be_disabled()
    here.picture(f"taken-{scheme}")
    # Two pages must not fight over the session, not even if a person looks at this one or the network changes.
    sockets = network.sockets()
    here.page.evaluate("() => { dispatchEvent(new Event('online')); document.dispatchEvent(new Event('visibilitychange')); }")
    stays("the session is left to the other", lambda: network.sockets() == sockets, 2)

    here.press(banner.get_by_role("button", name="Continue here"))
    here.connected()
    assert other.wait_closed() == 4001
    expect(banner).to_have_count(0)
    expect(here.composer).to_have_value("half a thought")
    here.play({"command": marker.command}, {"text": "done"})
    here.prompt.asks(marker.command).approve()
    here.ended(turns=2)
    assert marker.exists


def test_away_for_too_long(
    launch: Callable[..., Server], line: Callable[..., Line], chat: Callable[..., Chat], watch: Watch
) -> None:
    """The server keeps only a few frames: the page loads the missing part, and pending approvals can be answered."""
    watch.expect(BROKEN)
    server = launch(environment={**page_files.ENVIRONMENT, "REPLAY_FRAMES": "5"}).ready()
    network = line(server)
    here = chat(network)
    held, marker = Held(server.place.workspace), Marker(server.place.workspace)
    here.play(
        {"text": "I look.", "command": held.command, "timeoutMilliseconds": 40_000},
        {"text": "Now this.", "command": marker.command},
        {"text": "All done."},
    )
    here.prompt.asks(held.command).approve()
    expect(here.find("output")).to_contain_text("begun")
    here.write("typed meanwhile")
    network.down()
    expect(here.find("state")).to_have_text("Reconnecting")
    held.release()
    wait_until("the second question", lambda: marker.path.name in server.get("/api/v1/sre/approvals")[1], 30)
    network.up()

    here.connected()
    expect(here.find("trouble")).to_contain_text("This conversation was loaded again", timeout=PATIENCE)
    here.picture("gap")
    here.prompt.asks(marker.command).approve()
    here.ended()
    assert marker.exists
    here.stands("user", "agent", "command", "agent", "command", "agent")
    expect(here.answers).to_have_text(["I look.", "Now this.", "All done."])
    expect(here.composer).to_have_value("typed meanwhile")


def test_the_session_has_ended(
    server: Server, line: Callable[..., Line], chat: Callable[..., Chat], watch: Watch
) -> None:
    watch.expect(BROKEN)
    network = line(server)
    here = chat(network)
    marker = Marker(server.place.workspace)
    here.play({"text": "before", "command": marker.command}, {"text": "after"})
    here.prompt.asks(marker.command)
    here.write("typed meanwhile")
    session, _ = _known_session(network, here)
    network.end_session()
    before = network.sockets()
    network.cut()
    wait_until("the page is back", lambda: network.sockets() > before)
    here.connected()
    expect(here.composer).to_have_value("typed meanwhile")
    here.prompt.asks(marker.command).approve()
    here.ended()
    assert marker.exists
    here.stands("user", "agent", "command", "agent")
    expect(here.answers).to_have_text(["before", "after"])
    assert _known_session(network, here)[0] != session


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_agent_dies_while_a_command_runs(
    launch: Callable[..., Server], chat: Callable[..., Chat], scheme: str
) -> None:
    server = launch(environment=page_files.ENVIRONMENT).ready()
    here = chat(server, color_scheme=scheme)
    held = Held(server.place.workspace)
    here.play({"text": "I look.", "command": held.command, "timeoutMilliseconds": 40_000}, {"text": "never said"})
    here.prompt.asks(held.command).approve()
    expect(here.find("output")).to_contain_text("begun")
    [agent] = server.agents()
    os.kill(agent, signal.SIGKILL)

    here.ended("interrupted")
    expect(here.find("outcome-unknown")).to_have_text("Outcome unknown")
    expect(here.find("unknown-reason")).to_contain_text(re.compile("outcome is unknown.*before you run it again"))
    expect(here.find("turn-end")).to_contain_text("the agent ended")
    expect(here.find("agent-status")).to_have_count(0, timeout=PATIENCE)
    here.picture(f"unknown-{scheme}")
    here.stands("user", "agent", "command")
    held.release()

    # And for a page that is opened later.
    here.reload()
    expect(here.find("outcome-unknown")).to_have_count(1)
    expect(here.commands).to_contain_text("begun")
    here.picture(f"unknown-reloaded-{scheme}")
