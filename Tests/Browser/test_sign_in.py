"""A person who is not the local user signs in with the server's token."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from driving.chat import Chat
from driving.line import Line
from driving.screens import Screen
from driving.shots import Shots
from driving.watch import Watch
from harness.server import Server
from harness.waiting import stays

# As if through a proxy: not the local user.
ELSEWHERE = {"X-Forwarded-For": "203.0.113.9"}


@pytest.fixture
def stranger(server: Server, new_page: Callable[..., Page], screen: Screen, shots: Shots, watch: Watch) -> Chat:
    watch.expect("status of 401")
    here = Chat(new_page(extra_http_headers=ELSEWHERE), screen, shots)
    here.open(server.url)
    expect(here.find("signin")).to_be_visible(timeout=20_000)
    return here


def test_wrong_token_says_so(stranger: Chat) -> None:
    expect(stranger.find("state")).to_have_text("Sign in")
    expect(stranger.composer).to_be_hidden()
    expect(stranger.find("signin-token")).to_be_focused()
    stranger.find("signin-token").fill("not the token")
    stranger.press(stranger.find("signin-submit"))
    expect(stranger.find("signin-error")).to_be_visible()
    expect(stranger.find("signin-error")).to_contain_text("not valid")
    assert not stranger.page.context.cookies()
    stranger.picture("sign-in")


def test_right_token_opens_everything(server: Server, stranger: Chat) -> None:
    stranger.find("signin-token").fill(server.place.token)
    stranger.find("signin-token").press("Enter")
    stranger.connected()
    expect(stranger.find("signin")).to_be_hidden()
    [cookie] = stranger.page.context.cookies()
    assert cookie["httpOnly"] and cookie["sameSite"] == "Strict"
    within_reach = stranger.page.evaluate("document.cookie + JSON.stringify([localStorage, sessionStorage])")
    assert server.place.token not in within_reach

    # The WebSocket works too.
    stranger.play({"command": "echo signed in"}, {"text": "done"})
    stranger.prompt.asks("echo signed in").approve()
    stranger.ended()
    expect(stranger.find("output")).to_contain_text("signed in")

    # The browser sends the cookie to other ports too. Alone it opens nothing; the page key stays with this origin.
    key = stranger.page.evaluate("localStorage.getItem('sre-agent-page-key')")
    assert key and key not in cookie["value"]

    # The sign-in lasts until the person signs out.
    stranger.reload()
    if stranger.find("menu").is_visible():
        stranger.press(stranger.find("menu"))
    stranger.press(stranger.find("signout"))
    expect(stranger.find("signin")).to_be_visible()
    assert not stranger.page.context.cookies()
    assert stranger.page.evaluate("localStorage.length") == 0
    # Nothing of the conversation is left beside the form.
    expect(stranger.page.locator("h1")).to_have_text("SRE Agent")
    expect(stranger.page.locator("header :is(button, .state):visible")).to_have_count(0)
    expect(stranger.page.locator(".path:visible")).to_have_count(0)
    expect(stranger.page).to_have_title("Sign in · SRE Agent")


def test_cookie_without_the_page_key(server: Server, stranger: Chat) -> None:
    """With only the cookie, as the server on another port of this host receives it."""
    stranger.find("signin-token").fill(server.place.token)
    stranger.find("signin-token").press("Enter")
    stranger.connected()
    stranger.page.evaluate("localStorage.clear()")
    stranger.page.reload()
    expect(stranger.find("signin")).to_be_visible(timeout=20_000)
    assert stranger.page.context.cookies()
    stranger.find("signin-token").fill(server.place.token)
    stranger.find("signin-token").press("Enter")
    stranger.connected()


def test_no_longer_allowed_after_a_cut(
    server: Server, line: Callable[..., Line], new_page: Callable[..., Page], screen: Screen, shots: Shots, watch: Watch
) -> None:
    watch.expect("status of 401|WebSocket connection to|ERR_|Failed to load resource")
    network = line(server)
    here = Chat(new_page(extra_http_headers=ELSEWHERE), screen, shots)
    here.open(network.url)
    here.find("signin-token").fill(server.place.token)
    here.find("signin-token").press("Enter")
    here.connected()
    here.play({"text": "before"})
    here.ended()
    here.write("half a thought")
    here.page.context.clear_cookies()
    sockets = network.sockets()
    network.cut()
    expect(here.find("signin")).to_be_visible()
    # Retrying would be pointless and would fill the server's log.
    stays("no socket is tried", lambda: network.sockets() == sockets, 2.5)
    here.find("signin-token").fill(server.place.token)
    here.find("signin-token").press("Enter")
    here.connected()
    expect(here.composer).to_have_value("half a thought")
    expect(here.answers).to_have_text("before")
