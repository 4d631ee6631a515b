"""The page is reloaded in the middle of a turn, and the turn continues."""

import json
from collections.abc import Callable

from playwright.sync_api import Page, WebSocketRoute, expect

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

    # No item is missing or shown twice, also after another reload from codex's own history.
    for _ in range(2):
        expect(here.find("item-user")).to_have_count(1)
        expect(here.answers).to_have_text(["I look first.", "All is well."])
        here.stands("user", "agent", "command", "agent")
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
    here.stands("user", "command", "agent")
    expect(here.find("output")).to_contain_text("begun")
    expect(here.find("output")).to_contain_text("finished")
    expect(here.answers.last).to_have_text("All done.")


def test_what_streams_in_before_the_history_stands_behind_it(
    server: Server, chat: Callable[..., Chat], new_page: Callable[..., Page]
) -> None:
    page = new_page()
    page.route_web_socket("**/socket*", _history_after("outputDelta"))
    here = chat(server, page=page)
    held = Held(server.place.workspace)
    here.play({"command": held.command, "timeoutMilliseconds": 40_000}, {"text": "All done."})
    here.prompt.asks(held.command).approve()
    expect(here.find("output")).to_contain_text("begun")
    here.reload()
    here.stands("user", "command")
    held.release()
    here.ended()
    here.stands("user", "command", "agent")


def _history_after(word: str) -> Callable[[WebSocketRoute], None]:
    """Holds back the response with the turns until a message with this word has arrived."""

    def route(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        asked: set[int] = set()
        held: list[str] = []

        def up(text: str) -> None:
            message = json.loads(text)
            if message.get("method") == "thread/turns/list":
                asked.add(message["id"])
            server.send(text)

        def down(text: str) -> None:
            message = json.loads(text)
            if "method" not in message and message.get("id") in asked:
                asked.discard(message["id"])
                held.append(text)
                return
            socket.send(text)
            if word in text:
                while held:
                    socket.send(held.pop(0))

        socket.on_message(up)
        server.on_message(down)

    return route
