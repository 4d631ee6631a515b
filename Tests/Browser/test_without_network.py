"""The page opens without the network, and is the server's own all the same."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from driving import page_files
from driving.chat import Chat
from driving.line import Line
from driving.screens import Screen
from driving.shots import Shots
from driving.watch import Watch
from harness.server import Server

pytestmark = pytest.mark.skipif(
    page_files.ENVIRONMENT["PAGE_DIR"] is not None, reason="PAGE_DIR serves the sources, for development"
)

SHELL = "navigator.serviceWorker.getRegistrations().then(all => all.find(one => new URL(one.scope).pathname === '/'))"
KEPT = """async () => {
    const kept = [];
    for (const name of await caches.keys()) for (const { url } of await (await caches.open(name)).keys()) kept.push(new URL(url).pathname);
    return kept.sort();
}"""


def kept(page: Page) -> Page:
    """Waits until the worker has its copies."""
    page.wait_for_function(f"() => {SHELL}.then(found => found?.active?.state === 'activated')")
    page.wait_for_function("() => navigator.serviceWorker.controller")
    return page


def test_it_opens_and_says_what_it_waits_for(
    server: Server, screen: Screen, shots: Shots, new_page: Callable[..., Page], line: Callable[[Server], Line], watch: Watch
) -> None:
    watch.expect("Failed to load resource: net::ERR_|WebSocket connection to .* failed")
    here = Chat(new_page(), screen, shots)
    between = line(server)
    here.open(between.url)
    here.connected()
    kept(here.page)
    between.down()
    here.page.goto("about:blank")
    here.open(between.url)
    here.composer.fill("Written without the network")
    expect(here.find("state")).to_have_text("Reconnecting")
    expect(here.find("reconnecting")).to_contain_text("The server cannot be reached.")
    here.picture("without-network")
    between.up()
    here.connected()
    expect(here.composer).to_have_value("Written without the network")


def test_it_keeps_the_page_and_no_answers(server: Server, chat: Callable[..., Chat]) -> None:
    here = chat(server)
    here.play({"text": "A secret answer."})
    here.ended()
    page = kept(here.page)
    found = page.evaluate(KEPT)
    assert [path for path in found if not path.startswith("/page/")] == ["/"]
    assert len(found) == 5 and not [path for path in found if "api" in path]
    # A page from the copies has the server's rules.
    page.reload()
    policy = page.evaluate("fetch('/').then(response => response.headers.get('content-security-policy'))")
    own = page.evaluate("performance.getEntriesByType('navigation')[0].workerStart > 0")
    assert own and "default-src 'none'" in policy
    assert page.evaluate("fetch('/api/v1/sre/info').then(response => response.headers.get('cache-control'))") == "no-store"


def test_an_upgraded_server_is_used_at_once(server: Server, chat: Callable[..., Chat]) -> None:
    """The copies are of an older page."""
    here = chat(server)
    page = kept(here.page)
    page.evaluate(
        """async () => {
            for (const name of await caches.keys()) {
                const cache = await caches.open(name);
                const old = await cache.match("/");
                const text = (await old.text()).replace("<title>", "<title>Old ");
                await cache.put("/", new Response(text, { headers: old.headers }));
            }
        }"""
    )
    requests: list[str] = []
    page.on("framenavigated", lambda frame: requests.append(frame.url))
    page.reload(wait_until="commit")
    here.connected()
    page.wait_for_function("() => !document.documentElement.outerHTML.includes('<title>Old')")
    assert page.evaluate("fetch('/').then(response => response.text())").count("<title>SRE Agent") == 1
    page.reload(wait_until="commit")
    here.connected()


def test_it_ends_with_the_bundle(launch: Callable[..., Server], place, chat: Callable[..., Chat], watch: Watch) -> None:
    """Another server at this address serves no bundle: the copies go."""
    watch.expect("ERR_CONNECTION_REFUSED|WebSocket connection to")
    from conftest import REPOSITORY

    server = launch(environment=page_files.ENVIRONMENT).ready()
    here = chat(server)
    page = kept(here.page)
    assert server.stop() == 0
    launch(environment={"PAGE_DIR": str(REPOSITORY / "Sources" / "Page" / "Web"), "PORT": str(server.port)}).ready()
    page.reload(wait_until="commit")
    here.connected()
    page.evaluate(f"() => {SHELL}.then(found => found?.update())")
    page.wait_for_function(f"() => {SHELL}.then(found => !found)")
