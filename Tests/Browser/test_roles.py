"""What the page offers each role. Tests/EndToEnd tests that the server enforces the roles."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from driving.chat import Chat
from driving.gates import Marker
from driving.roles import ELSEWHERE, open_menu, sign_in
from driving.screens import Screen
from driving.shots import Shots
from driving.watch import Watch
from harness.server import Server


@pytest.fixture
def person(
    server: Server,
    new_page: Callable[..., Page],
    screen: Screen,
    shots: Shots,
    watch: Watch,
    token: Callable[[Server, str, str], str],
) -> Callable[..., Chat]:
    """A person with a role, signed in on their own device."""
    watch.expect("status of 401")

    def come(name: str, role: str, thread: str | None = None) -> Chat:
        here = Chat(new_page(extra_http_headers=ELSEWHERE), screen, shots)
        return sign_in(here, server, token(server, name, role), thread)

    return come


def test_a_viewer_watches_and_an_approver_decides(
    server: Server, chat: Callable[..., Chat], person: Callable[..., Chat]
) -> None:
    first = chat(server)
    marker = Marker(server.place.workspace)
    first.play({"command": marker.command}, {"text": "done"})
    first.prompt.asks(marker.command)

    viewer = person("vera", "viewer", first.thread)
    operator = person("otto", "operator", first.thread)
    approver = person("alice", "approver", first.thread)
    for watching in (viewer, operator):
        watching.prompt.asks(marker.command)
        expect(watching.find("needs-role")).to_have_text("Approving needs the role approver.")
        for name in ("approve", "approve-session", "decline", "stop-turn"):
            expect(watching.find(name)).to_have_count(0)
    expect(viewer.composer).to_be_hidden()
    expect(viewer.find("stop")).to_be_hidden()
    expect(viewer.find("watching")).to_contain_text("You are signed in as viewer")
    expect(operator.composer).to_be_visible()
    expect(operator.find("stop")).to_be_visible()
    # The shortcut is disabled like the button.
    for watching in (viewer, operator):
        watching.page.wait_for_timeout(1200)
        watching.page.keyboard.press("Alt+KeyY")
    expect(approver.prompt.node).to_have_attribute("data-phase", "open")
    viewer.picture("role-viewer")

    approver.press(approver.find("add-note"))
    approver.find("note").fill("seen with the team")
    approver.prompt.approve()
    first.ended()
    assert marker.exists
    expect(viewer.find("decision")).to_contain_text("Approved by alice")
    open_menu(viewer)
    expect(viewer.find("person")).to_have_text("You are vera viewer")
    expect(viewer.find("new-thread")).to_be_hidden()
    viewer.press(viewer.find("thread-menu").first)
    expect(viewer.find("save-markdown")).to_be_visible()
    for name in ("rename", "archive", "fork"):
        expect(viewer.find(name)).to_have_count(0)


def test_a_revoked_token_ends_the_sign_in(
    server: Server, person: Callable[..., Chat], revoke: Callable[[Server, str], None], watch: Watch
) -> None:
    watch.expect("status of 401")
    here = person("mallory", "operator")
    revoke(server, "mallory")
    expect(here.find("signin")).to_be_visible()
    expect(here.find("signin-reason")).to_contain_text("Your sign-in ended")
    expect(here.page.locator("nav.threads")).to_be_hidden()
