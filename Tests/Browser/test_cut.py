"""The network breaks while the agent works, and the page continues as if nothing had happened."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from driving.chat import PATIENCE, Chat
from driving.gates import Held, Marker
from driving.line import Line
from driving.watch import Watch
from harness.server import Server
from harness.waiting import wait_until

# The browser logs each broken connection.
BROKEN = "WebSocket connection to|ERR_|Failed to load resource"
# A page tells its server which frames it has received, so it need not reload history.
LOADS = ("initialize", "thread/resume", "thread/turns/list", "thread/list", "account/read")


def _loads(chat: Chat) -> list[str]:
    """The page's requests since `listen`."""
    return [method for method in chat.page.evaluate("() => window.__asked") if method in LOADS]


def _listen(chat: Chat) -> None:
    chat.page.evaluate(
        """() => { window.__asked = []; const send = WebSocket.prototype.send;
        WebSocket.prototype.send = function (text) { window.__asked.push(JSON.parse(text).method); return send.call(this, text); }; }"""
    )


def _frames(page: Page) -> list[str]:
    """The frames that the page receives from its session from now on, over all its sockets."""
    frames: list[str] = []

    def got(frame: str | bytes) -> None:
        assert isinstance(frame, str)
        if '"sre/session"' not in frame:
            frames.append(frame)

    page.on("websocket", lambda socket: socket.on("framereceived", got))
    return frames


def test_in_the_middle_of_a_turn(
    server: Server,
    line: Callable[..., Line],
    chat: Callable[..., Chat],
    watch: Watch,
    new_page: Callable[..., Page],
) -> None:
    watch.expect(BROKEN)
    network = line(server)
    page = new_page()
    frames = _frames(page)
    here = chat(network, page=page)
    held = Held(server.place.workspace)
    here.play({"text": "I look.", "command": held.command, "timeoutMilliseconds": 40_000}, {"text": "All **done**."})
    here.prompt.asks(held.command).approve()
    expect(here.find("output")).to_contain_text("begun")
    here.write("typed meanwhile")
    _listen(here)

    for _ in range(3):
        before = network.sockets()
        network.cut()
        wait_until("the page is back", lambda: network.sockets() > before)
        here.connected()
    network.down()
    expect(here.find("state")).to_have_text("Reconnecting")
    # The turn continues and ends while no socket is connected.
    held.release()
    wait_until("the turn has ended", lambda: _is_idle(server, here.thread), 20)
    expect(here.find("working")).to_be_visible()
    network.up()

    here.ended()
    here.stands("user", "agent", "command", "agent")
    expect(here.answers).to_have_text(["I look.", "All done."])
    expect(here.find("exit-code")).to_have_text("Exit 0")
    lines = here.find("output").inner_text().split()
    assert lines.count("finished") == 1 and set(lines) == {"begun", "finished"}, lines
    expect(here.composer).to_have_value("typed meanwhile")
    expect(here.find("reconnecting")).to_have_count(0)
    assert _loads(here) == []
    here.write("")
    here.play({"text": "And on."})
    here.ended(turns=2)

    # The server's own replay buffer: the page has received all of it, in order and without duplicates.
    other = server.connect(f"?session={network.resumed()[0]}&after=0", initialize=False)
    wait_until("the whole session", lambda: other.count > len(frames))
    assert other.raw[1 : len(frames) + 1] == frames
    other.close()


def test_a_question_that_waits_through_a_cut(
    server: Server, line: Callable[..., Line], chat: Callable[..., Chat], watch: Watch
) -> None:
    watch.expect(BROKEN)
    network = line(server)
    here = chat(network)
    marker = Marker(server.place.workspace)
    here.play({"command": marker.command}, {"text": "done"})
    request = here.prompt.asks(marker.command).armed().node.get_attribute("data-request")
    _listen(here)
    network.down()
    expect(here.prompt.approve_button).to_have_attribute("aria-disabled", "true")
    expect(here.prompt.message).to_have_text("Not connected. You can answer when the connection is back.")
    here.picture("question-while-lost")
    network.up()
    here.connected()
    assert here.prompt.node.get_attribute("data-request") == request
    here.prompt.asks(marker.command).approve()
    here.ended()
    assert marker.exists
    assert _loads(here) == []


def test_an_answer_that_is_lost_is_asked_for_again(
    server: Server, line: Callable[..., Line], chat: Callable[..., Chat], watch: Watch
) -> None:
    watch.expect(BROKEN)
    network = line(server)
    here = chat(network)
    marker = Marker(server.place.workspace)
    here.play({"command": marker.command}, {"text": "done"})
    here.prompt.asks(marker.command).armed()
    network.fall_silent()
    here.press(here.prompt.approve_button)
    expect(here.prompt.message).to_have_text("Sending your answer…")
    network.speak_again()
    expect(here.prompt.message).to_contain_text("Your answer did not arrive", timeout=PATIENCE)
    assert not marker.exists
    here.picture("answer-lost")
    here.prompt.approve()
    here.ended()
    assert marker.exists


def test_a_message_that_is_lost_says_so(
    server: Server, line: Callable[..., Line], chat: Callable[..., Chat], watch: Watch
) -> None:
    watch.expect(BROKEN)
    network = line(server)
    here = chat(network)
    here.play({"text": "one"})
    here.ended()
    network.fall_silent()
    here.play({"text": "two"})
    expect(here.find("pending-message")).to_contain_text("Sending…")
    network.speak_again()
    here.connected()
    again = here.find("send-again")
    expect(again).to_be_visible(timeout=PATIENCE)
    expect(here.find("pending-message")).to_contain_text("no answer came when it was back")
    here.picture("message-lost")
    here.press(again)
    here.ended(turns=2)
    expect(here.answers).to_have_text(["one", "two"])
    expect(here.find("pending-message")).to_have_count(0)


def test_a_line_that_dies_without_a_word(
    server: Server, line: Callable[..., Line], chat: Callable[..., Chat], watch: Watch, new_page: Callable[..., Page]
) -> None:
    watch.expect(BROKEN)
    network = line(server)
    page = new_page()
    page.clock.install()
    here = chat(network, page=page)
    here.play({"text": "one"})
    here.ended()
    network.fall_silent()
    before = network.sockets()
    # No turn runs and no person acts.
    page.clock.run_for(8000)
    page.clock.run_for(3500)
    expect(here.find("state")).to_have_text(re.compile(r"^Nothing heard for 1\d s$"))
    here.picture("checking")
    page.clock.run_for(10_000)
    expect(here.find("state")).to_have_text("Reconnecting")
    network.speak_again()
    page.clock.run_for(3000)
    here.connected()
    assert network.sockets() > before
    here.play({"text": "two"})
    here.ended(turns=2)


def test_the_countdown(server: Server, line: Callable[..., Line], chat: Callable[..., Chat], watch: Watch) -> None:
    watch.expect(BROKEN)
    network = line(server)
    here = chat(network)
    here.write("a long thought")
    network.down()
    banner = here.find("reconnecting")
    # The retry delays grow until a person has time to read and press the button.
    expect(banner).to_contain_text(re.compile(r"Next try in ([6-9]|1\d) s"), timeout=60_000)
    expect(banner).to_contain_text("What you typed is kept")
    expect(here.find("send")).to_be_disabled()
    network.up()
    here.press(banner.get_by_role("button", name="Try now"))
    here.connected()
    expect(banner).to_have_count(0)
    expect(here.composer).to_have_value("a long thought")
    expect(here.find("send")).to_be_enabled()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_lost_looks(
    server: Server, line: Callable[..., Line], chat: Callable[..., Chat], watch: Watch, scheme: str
) -> None:
    watch.expect(BROKEN)
    network = line(server)
    here = chat(network, color_scheme=scheme)
    here.play({"text": "The disk is at **93 %**; I would look at `/var/log` next."})
    here.ended()
    here.write("Yes, and")
    network.down()
    expect(here.find("reconnecting")).to_contain_text(re.compile(r"Next try in \d s"), timeout=PATIENCE)
    here.picture(f"lost-{scheme}")


def _is_idle(server: Server, thread: str) -> bool:
    client = server.connect()
    try:
        turns = client.request("thread/turns/list", {"threadId": thread, "limit": 1})["data"]
        return bool(turns) and turns[0]["status"] != "inProgress"
    finally:
        client.close()
