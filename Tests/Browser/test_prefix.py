"""The page below a path of a reverse proxy: nothing in it knows where it is served."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from driving.chat import Chat
from driving.proxy import Proxy
from driving.roles import open_menu, sign_in
from driving.watch import Watch
from harness.server import Server


@pytest.fixture
def proxy(server: Server, tmp_path):
    proxy = Proxy(server, "/ops/sre", tmp_path / "nginx")
    yield proxy
    proxy.close()


def test_everything_works_below_a_path(
    server: Server, proxy: Proxy, chat: Callable[..., Chat], token: Callable[[Server, str, str], str], watch: Watch
) -> None:
    watch.expect("401")
    here = chat(proxy, connected=False)
    asked: list[str] = []
    here.page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    here.page.on("websocket", lambda socket: asked.append(urlsplit(socket.url).path))
    sign_in(here, proxy, token(server, "ada", "admin"))
    here.play({"command": "echo below"}, {"text": "done"})
    here.prompt.asks("echo below").approve()
    here.ended()
    expect(here.find("output")).to_contain_text("below")
    here.reload()
    here.ended()
    expect(here.find("decision")).to_contain_text("Approved by you")
    here.press(here.find("record-open"))
    expect(here.find("record-entry").first).to_be_visible()
    here.press(here.find("record-close"))
    here.page.context.grant_permissions(["notifications"])
    open_menu(here)
    here.press(here.find("device-link"))
    expect(here.find("device-address")).to_have_value(f"{proxy.url}/#ticket=" + here.find("device-address").input_value().split("#ticket=")[1])
    other = chat(server, connected=False)
    other.page.goto(here.find("device-address").input_value())
    other.connected()
    here.press(here.find("device-close"))
    here.press(here.find("notify"))
    here.page.wait_for_function("() => navigator.serviceWorker.getRegistration('page/').then(found => Boolean(found))")
    assert here.page.evaluate("fetch(document.querySelector('link[rel=manifest]').href).then(found => found.status)") == 200
    assert asked and all(path.startswith("/ops/sre/") for path in asked), [path for path in asked if not path.startswith("/ops/sre/")]
