"""A mistake in codex's configuration: the page says where it is, and never asks for a sign-in because of it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from driving import page_files
from driving.chat import PATIENCE, Chat
from harness.model import Model
from harness.place import Place
from harness.server import Server

MISTAKE = "[broken\n"


def break_it(place: Place) -> str:
    lines = len(place.config().splitlines())
    place.write_config(place.config() + MISTAKE)
    return f"{place.codex_home}/config.toml, line {lines + 1}"


@pytest.mark.parametrize("mode", ["shared", "isolated"])
def test_at_the_start(
    place: Place, model: Model, launch: Callable[..., Server], chat: Callable[..., Chat], mode: str
) -> None:
    where = break_it(place)
    server = launch(mode, environment=page_files.ENVIRONMENT).started()
    here = chat(server, connected=False)
    status = here.find("agent-status")
    expect(status).to_contain_text(where, timeout=PATIENCE)
    expect(status).to_contain_text("unclosed table")
    expect(here.find("account-signin")).to_be_hidden()
    expect(here.find("trouble")).to_have_count(0)
    here.picture(f"config-mistake-{mode}")
    place.configure(model.url, model.token)
    here.connected()
    expect(status).to_have_count(0, timeout=PATIENCE)
    here.play({"text": "Mended."})
    here.ended()


@pytest.mark.parametrize("mode", ["shared", "isolated"])
def test_while_the_page_is_open(
    place: Place, model: Model, launch: Callable[..., Server], chat: Callable[..., Chat], mode: str
) -> None:
    server = launch(mode, environment=page_files.ENVIRONMENT).ready()
    here = chat(server)
    here.play({"text": "before"})
    here.ended()
    where = break_it(place)
    refused = here.find("threads-refused")
    expect(refused).to_contain_text(where, timeout=PATIENCE)
    here.picture(f"config-mistake-later-{mode}")
    here.play({"text": "on"})
    here.ended(turns=2)
    # A client that connects now.
    late = chat(server, connected=mode == "shared")
    expect(late.find("threads-refused" if mode == "shared" else "agent-status")).to_contain_text(
        where, timeout=PATIENCE)
    expect(late.find("account-signin")).to_be_hidden()
    place.configure(model.url, model.token)
    expect(refused).to_have_count(0, timeout=PATIENCE)
    late.connected()
    late.play({"text": "Mended."})
    late.ended()
    expect(late.find("account-signin")).to_be_hidden()
