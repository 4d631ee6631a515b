"""A link that signs in another device, once."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from driving.chat import Chat
from driving.roles import ELSEWHERE, open_menu
from driving.screens import Screen
from driving.shots import Shots
from driving.watch import Watch
from harness.server import Server


def test_a_link_works_once(
    server: Server, chat: Callable[..., Chat], new_page: Callable[..., Page], screen: Screen, shots: Shots, watch: Watch
) -> None:
    watch.expect("status of 401")
    here = chat(server)
    open_menu(here)
    here.press(here.find("device-link"))
    expect(here.find("device-left")).to_have_text(re.compile(r"0:\d\d|1:00"))
    link = here.find("device-address").input_value()
    here.picture("device-link")

    first = Chat(new_page(extra_http_headers=ELSEWHERE), screen, shots)
    first.page.goto(link, wait_until="commit")
    first.connected()
    assert "ticket" not in first.page.url
    assert "ticket" not in first.page.evaluate("JSON.stringify([localStorage, sessionStorage, document.cookie])")
    [cookie] = first.page.context.cookies()
    assert cookie["httpOnly"] and cookie["sameSite"] == "Strict"

    second = Chat(new_page(extra_http_headers=ELSEWHERE), screen, shots)
    second.page.goto(link, wait_until="commit")
    expect(second.find("signin-reason")).to_contain_text("This link has been used or is older than a minute")
    assert "ticket" not in second.page.url
    assert not second.page.context.cookies()
    # A link also works in an open page, which the browser does not reload.
    here.press(here.find("device-close"))
    expect(here.find("device-address")).to_have_count(0)
    open_menu(here)
    here.press(here.find("device-link"))
    expect(here.find("device-address")).not_to_have_value(link)
    second.page.goto(here.find("device-address").input_value(), wait_until="commit")
    second.connected()
    assert "ticket" not in second.page.url
    # No log contains the ticket.
    for ticket in (link.split("#ticket=")[1],):
        assert ticket not in server.output()


def test_the_other_device_opens_what_is_open_here(
    server: Server, chat: Callable[..., Chat], new_page: Callable[..., Page], screen: Screen, shots: Shots
) -> None:
    here = chat(server, color_scheme="dark")
    here.play({"text": "the answer"})
    here.ended()
    open_menu(here)
    here.press(here.find("device-link"))
    code = here.find("qr")
    expect(code).to_have_attribute("aria-label", "The link as a QR code, for the other device’s camera")
    # Dark on light, whatever the page's colors are.
    assert code.evaluate("node => [getComputedStyle(node).backgroundColor, getComputedStyle(node).fill]") == [
        "rgb(255, 255, 255)",
        "rgb(0, 0, 0)",
    ]
    here.picture("device-qr")
    link = here.find("device-address").input_value()
    other = Chat(new_page(extra_http_headers=ELSEWHERE), screen, shots)
    other.page.goto(link, wait_until="commit")
    other.connected()
    expect(other.answers).to_have_text("the answer")
    assert other.thread == here.thread and "ticket" not in other.page.url
