"""Choosing the directory of a new conversation: recent ones, and a walk through those that one may use."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from driving.chat import Chat
from driving.watch import Watch
from harness.client import Client
from harness.conversation import Conversation
from harness.server import Server


@pytest.fixture
def client(server: Server) -> Iterator[Client]:
    client = server.connect()
    yield client
    client.close()


@pytest.fixture
def site(server: Server) -> Path:
    site = server.place.workspace / "sites" / "shop"
    (site / "logs").mkdir(parents=True, exist_ok=True)
    return site


def test_a_walk_to_a_directory(server: Server, chat: Callable[..., Chat], site: Path) -> None:
    here = chat(server)
    here.press(here.find("choose-directory"))
    rows = here.find("chooser-row")
    here.press(rows.filter(has_text="sites"))
    expect(rows).to_have_text(["shop"])
    here.press(rows.first)
    expect(here.find("chooser-path")).to_have_value(str(site))
    expect(rows).to_have_text(["logs"])
    here.press(here.find("chooser-up"))
    expect(rows).to_have_text(["shop"])
    # By keyboard: the list has the focus, and its buttons come next.
    expect(here.page.locator(".chooser-list")).to_be_focused()
    here.page.keyboard.press("Tab")
    here.page.keyboard.press("Tab")
    expect(rows.first).to_be_focused()
    here.page.keyboard.press("Enter")
    expect(here.find("chooser-path")).to_have_value(str(site))
    here.picture("chooser")
    here.press(here.find("chooser-use"))
    expect(here.find("chooser")).to_be_hidden()
    expect(here.find("cwd")).to_have_value(str(site))
    here.play({"command": "pwd"}, {"text": "done"})
    here.prompt.asks("pwd")
    expect(here.prompt.node).to_contain_text(str(site))
    here.prompt.approve()
    here.ended()


def test_what_is_not_there_and_where_nothing_can_be_written(
    server: Server, chat: Callable[..., Chat], watch: Watch
) -> None:
    watch.expect("api/v1/sre/directories")
    here = chat(server, color_scheme="dark")
    here.press(here.find("choose-directory"))
    field = here.find("chooser-path")
    expect(field).to_have_value(str(server.place.workspace))
    field.fill("/no/where")
    field.press("Enter")
    expect(here.find("chooser-error")).to_contain_text("is not a directory on the server")
    field.fill(str(server.place.state))
    here.press(here.find("chooser-go"))
    expect(here.find("chooser-error")).to_contain_text("one of the server's own directories")
    field.fill("/")
    here.press(here.find("chooser-go"))
    expect(here.find("chooser-error")).to_be_hidden()
    expect(here.find("chooser-obstacle")).to_contain_text("Commands may only read here")
    here.picture("chooser-dark")
    here.press(here.find("chooser-close"))
    expect(here.find("cwd")).to_have_value(str(server.place.workspace))


def test_recent_ones_are_one_press_away(server: Server, chat: Callable[..., Chat], client: Client, site: Path) -> None:
    Conversation.start(client, cwd=str(site)).run({"text": "an answer"}, decisions=())
    here = chat(server)
    here.press(here.find("choose-directory"))
    here.press(here.find("chooser-recent").filter(has_text=str(site)).first)
    expect(here.find("cwd")).to_have_value(str(site))
