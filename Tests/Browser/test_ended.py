"""A turn that ends early: nothing on the page looks as if it still went on, and the page says what happened."""

import json
from collections.abc import Callable

from playwright.sync_api import Page, WebSocketRoute, expect

from driving import page_files
from driving.chat import PATIENCE, Chat
from driving.gates import Held, Marker
from driving.watch import Watch
from harness.server import Server

BROKEN = "ERR_CONNECTION_REFUSED|WebSocket connection to|ERR_"
# A caret, drawn after the last block of a text that is being written.
_CARET = "node => getComputedStyle(node.querySelector('.prose').lastElementChild, '::after').content !== 'none'"


def test_the_caret_goes_with_the_turn(server: Server, kept_chat: Callable[..., Chat]) -> None:
    here = kept_chat(server)
    here.play({"text": "I begin to write", "hang": True})
    message = here.find("item-agent")
    expect(message).to_contain_text("I begin to write")
    assert message.evaluate(_CARET)
    here.press(here.find("stop"))
    here.ended("interrupted")
    expect(message).to_contain_text("I begin to write")
    assert not message.evaluate(_CARET)


class _Injected:
    """Adds messages to those of the server."""

    def __init__(self, page: Page):
        self._sockets: list[WebSocketRoute] = []
        page.route_web_socket("**/socket*", self._route)

    def _route(self, socket: WebSocketRoute) -> None:
        self._sockets.append(socket)
        server = socket.connect_to_server()
        server.on_message(lambda text: socket.send(text))

    def notify(self, method: str, params: dict) -> None:
        self._sockets[-1].send(json.dumps({"method": method, "params": params}))


def test_an_item_that_codex_never_completes(
    server: Server, chat: Callable[..., Chat], new_page: Callable[..., Page]
) -> None:
    page = new_page()
    injected = _Injected(page)
    here = chat(server, page=page)
    here.play({"text": "before"})
    here.ended()
    turn = {"id": "later", "items": [], "status": "inProgress", "startedAt": None}
    place = {"threadId": here.thread, "turnId": "later"}
    kinds = [
        {"type": "contextCompaction", "id": "compaction"},
        {"type": "webSearch", "id": "search", "query": "disks"},
        {"type": "reasoning", "id": "thought", "summary": [], "content": []},
    ]
    injected.notify("turn/started", {"threadId": here.thread, "turn": turn})
    for item in kinds:
        injected.notify("item/started", {**place, "item": item})
    others = here.find("item-other")
    expect(others).to_have_text(["Summarising the conversation to make roomRunning", "Searched the web: disksRunning"])
    failed = {**turn, "status": "failed", "error": {"message": "the stream ended"}}
    injected.notify("turn/completed", {"threadId": here.thread, "turn": failed})
    expect(here.find("turn-end").last).to_have_attribute("data-status", "failed")
    expect(others).to_have_text([
        "Summarising the conversation to make roomNot finished: the agent stopped first",
        "Searched the web: disksNot finished: the agent stopped first",
    ])
    expect(here.page.locator(".chip.run, .writing")).to_have_count(0)


def test_the_server_restarts_while_a_question_waits(
    launch: Callable[..., Server], chat: Callable[..., Chat], watch: Watch
) -> None:
    watch.expect(BROKEN)
    server = launch(environment={**page_files.ENVIRONMENT, "DRAIN_TIMEOUT": "1"}).ready()
    here = chat(server)
    marker = Marker(server.place.workspace)
    here.play({"command": marker.command}, {"text": "never said"})
    here.prompt.asks(marker.command)
    server.stop()
    expect(here.find("state")).to_have_text("Reconnecting", timeout=PATIENCE)
    launch(environment={**page_files.ENVIRONMENT, "PORT": str(server.port)}).ready()
    expect(here.find("state")).to_have_text("Connected", timeout=40_000)
    here.no_prompt()
    here.ended("interrupted")
    expect(here.commands).to_have_attribute("data-state", "declined")
    expect(here.commands).to_contain_text("Not run")
    expect(here.commands).to_contain_text("the server restarted")
    expect(here.find("turn-end")).to_contain_text("Broken off: the server restarted")
    expect(here.find("turn-end")).not_to_contain_text("1 command")
    here.picture("restarted-at-a-question")
    assert not marker.exists


def test_people_are_told_that_the_server_is_about_to_stop(
    launch: Callable[..., Server], chat: Callable[..., Chat], watch: Watch
) -> None:
    watch.expect(BROKEN)
    server = launch(environment={**page_files.ENVIRONMENT, "DRAIN_TIMEOUT": "30"}).ready()
    here = chat(server)
    held = Held(server.place.workspace)
    here.play({"command": held.command, "timeoutMilliseconds": 30_000}, {"text": "done"})
    here.prompt.asks(held.command).approve()
    expect(here.find("output")).to_contain_text("begun")
    server.process.terminate()
    expect(here.find("server-stopping")).to_contain_text("The server is about to stop")
    here.picture("stopping")
    held.release()
    here.ended()
    expect(here.find("state")).to_have_text("Reconnecting", timeout=PATIENCE)
    expect(here.find("server-stopping")).to_have_count(0)
    assert server.process.wait(20) == 0
