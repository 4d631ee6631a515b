"""Two people in one conversation: both see the approval, one answers, the other sees who did."""

from collections.abc import Callable

from playwright.sync_api import Page, WebSocketRoute, expect

from driving.chat import Chat
from driving.gates import Marker
from harness.server import Server


def test_the_other_sees_who_decided(server: Server, chat: Callable[..., Chat]) -> None:
    first = chat(server)
    marker = Marker(server.place.workspace)
    first.play({"command": marker.command}, {"text": "done"})
    first.prompt.asks(marker.command)
    second = chat(server, first.thread)
    second.prompt.asks(marker.command)

    first.prompt.approve()
    # The approval stays visible: it shows its outcome and only offers Close.
    over = second.prompt
    expect(over.message).to_have_text("Approved by local user.")
    expect(over.approve_button).to_have_count(0)
    second.picture("decided-elsewhere")
    second.press(over.find("prompt-close"))
    second.no_prompt()
    first.ended()
    second.ended()
    for device in (first, second):
        device.stands("user", "command", "agent")
    assert marker.exists
    expect(first.find("decision")).to_contain_text("Approved by you")
    expect(second.find("decision")).to_contain_text("Approved by local user")
    expect(second.answers.last).to_have_text("done")


def test_what_has_ended_never_covers_what_waits(server: Server, chat: Callable[..., Chat]) -> None:
    first = chat(server)
    one, two = Marker(server.place.workspace), Marker(server.place.workspace)
    first.play({"commands": [one.command, two.command]}, {"text": "done"})
    expect(first.find("prompt-count")).to_have_text("1 of 2")
    second = chat(server, first.thread)
    expect(second.find("prompt-count")).to_have_text("1 of 2")
    shown = second.prompt.command.inner_text()
    left = two if one.path.name in shown else one

    first.prompt.approve()
    second.prompt.asks(left.command)
    expect(second.find("prompt-count")).to_have_count(0)
    expect(second.find("dock-ended")).to_contain_text("Approved by local user.")
    expect(second.find("decision")).to_contain_text("Approved by local user")
    second.prompt.armed()
    second.picture("another-ended")
    second.prompt.approve()
    second.no_prompt()
    first.ended()
    assert one.exists and two.exists


def test_an_answer_that_comes_too_late(server: Server, chat: Callable[..., Chat], new_page: Callable[..., Page]) -> None:
    first = chat(server)
    marker = Marker(server.place.workspace)
    first.play({"command": marker.command}, {"text": "done"})
    first.prompt.asks(marker.command)

    # The second device does not learn in time that the approval is over.
    page = new_page()
    page.route_web_socket("**/socket*", _deaf_to("serverRequest/resolved"))
    second = chat(server, first.thread, page=page)
    second.prompt.asks(marker.command).armed()
    first.prompt.decline("not now")
    first.ended()

    second.press(second.prompt.approve_button)
    expect(second.prompt.message).to_contain_text("local user")
    expect(second.prompt.approve_button).to_have_count(0)
    second.picture("too-late")
    assert not marker.exists
    second.press(second.prompt.find("prompt-close"))
    second.no_prompt()


def _deaf_to(method: str) -> Callable[[WebSocketRoute], None]:
    def route(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        server.on_message(lambda text: None if f'"{method}"' in text else socket.send(text))

    return route
