"""File changes: shown as a readable diff, applied only after approval."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from driving.chat import Chat
from harness.server import Server

BEFORE = 10 * "above\n" + "alpha\nbeta\ngamma\n"


@pytest.fixture
def notes(server: Server) -> Path:
    path = server.place.workspace / "notes.txt"
    path.write_text(BEFORE)
    return path


PATCH = "\n".join(
    [
        "*** Begin Patch",
        "*** Update File: notes.txt",
        "@@",
        " alpha",
        "-beta",
        "+BETA <b>bold</b>",
        " gamma",
        "*** Add File: more.txt",
        "+first line",
        "+second line",
        "*** End Patch",
    ]
)


def test_diff_is_shown_and_made(server: Server, kept_chat: Callable[..., Chat], notes: Path) -> None:
    (server.place.workspace / "more.txt").unlink(missing_ok=True)
    here = kept_chat(server)
    here.play({"patch": PATCH}, {"text": "changed"})
    prompt = here.prompt.shown()
    diff = prompt.find("diff")
    expect(diff).to_contain_text("notes.txt")
    expect(diff).to_contain_text("more.txt")
    expect(diff.locator(".diff-line.removed .content")).to_have_text(["beta"])
    expect(diff.locator(".diff-line.added .content")).to_have_text(["BETA <b>bold</b>", "first line", "second line"])
    # Not by colour alone.
    expect(diff.locator(".diff-line.added .sign")).to_have_text(["+", "+", "+"])
    expect(diff.locator(".diff-line.removed .sign")).to_have_text(["−"])
    # The patch names no line numbers; the file has them.
    expect(diff.locator(".diff-line.removed .number")).to_have_text(["12"])
    expect(diff.locator(".diff-line.added .number")).to_have_text(["12", "1", "2"])
    assert notes.read_text() == BEFORE
    here.picture("diff")

    prompt.read_to_the_end().approve()
    here.ended()
    assert notes.read_text() == BEFORE.replace("beta", "BETA <b>bold</b>")
    assert (server.place.workspace / "more.txt").read_text() == "first line\nsecond line\n"
    expect(here.find("item-changes")).to_have_count(1)
    expect(here.find("item-changes")).to_contain_text("Applied")


def test_declined_change_is_not_made(server: Server, kept_chat: Callable[..., Chat], notes: Path) -> None:
    (server.place.workspace / "more.txt").unlink(missing_ok=True)
    here = kept_chat(server)
    here.play({"patch": PATCH}, {"text": "left alone"})
    here.prompt.shown().decline("not this file")
    here.ended()
    assert notes.read_text() == BEFORE
    assert not (server.place.workspace / "more.txt").exists()
    expect(here.find("item-changes")).to_contain_text("Not applied")
    expect(here.answers.last).to_have_text("left alone")


def test_diff_after_a_reload(server: Server, chat: Callable[..., Chat], notes: Path) -> None:
    here = chat(server)
    here.play({"patch": PATCH.replace("more.txt", "again.txt")}, {"text": "changed"})
    here.prompt.shown()
    here.reload()
    expect(here.prompt.shown().find("diff")).to_contain_text("BETA <b>bold</b>")
    here.prompt.read_to_the_end().approve()
    here.ended()
    assert "BETA" in notes.read_text()

