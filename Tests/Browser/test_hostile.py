"""Texts that try to act as markup or to hide their content."""

import shlex
from collections.abc import Callable

from playwright.sync_api import expect

from driving.chat import Chat
from harness.server import Server
from harness.waiting import wait_until

MARKUP = """<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>
<a href="javascript:window.hacked=1">press</a> [press me](javascript:window.hacked=1)
[data](data:text/html,<script>window.hacked=1</script>) ![pic](https://example.com/x.png)
[fine](https://example.com/ok)

| a | <b>b</b> |
|---|---|
| <svg onload=window.hacked=1> | `<i>` |
"""


def test_markup_and_links_of_the_model(server: Server, kept_chat: Callable[..., Chat]) -> None:
    here = kept_chat(server)
    here.play({"text": MARKUP})
    here.ended()
    answer = here.answers.last
    expect(answer).to_contain_text('<img src=x onerror="window.hacked=1">')
    expect(answer).to_contain_text("<script>window.hacked=1</script>")
    expect(here.page.locator("main img, main script, main b, main i, main iframe")).to_have_count(0)
    assert answer.locator("svg:not(.icon)").count() == 0
    links = answer.locator("a").evaluate_all("nodes => nodes.map(node => [node.protocol, node.rel, node.target])")
    assert links, "the https link is a link"
    for protocol, rel, target in links:
        assert protocol == "https:"
        assert "noopener" in rel and "noreferrer" in rel and target == "_blank"
    assert here.page.evaluate("window.hacked") is None


def test_hidden_characters_in_a_command(server: Server, kept_chat: Callable[..., Chat]) -> None:
    here = kept_chat(server)
    here.play({"command": "echo safe \u202etxt.exe\u202c\u200b # \u0430pt"}, {"text": "done"})
    prompt = here.prompt.shown()
    text = prompt.command.inner_text()
    assert not {"\u202e", "\u202c", "\u200b"} & set(text)
    for code in ("202E", "202C", "200B"):
        assert code in text.upper()
    expect(prompt.find("hidden-warning").first).to_contain_text("Hidden characters")
    expect(prompt.find("hidden-warning").first).to_contain_text("mixes alphabets")
    here.picture("hidden-characters")
    prompt.decline()
    here.ended()


def test_a_long_command_is_read_to_its_end(server: Server, kept_chat: Callable[..., Chat]) -> None:
    here = kept_chat(server)
    proof = server.place.workspace / f"tail-{here.screen.name}"
    # Longer than any screen, with the important part at the end.
    words = 180 if here.screen.touch else 900
    command = "echo " + "harmless-looking " * words + f"; touch {shlex.quote(str(proof))}"
    assert len(command) > 3000
    here.play({"command": command}, {"text": "done"})
    prompt = here.prompt.asks(command)
    # Declining is always possible; approving is not, neither by tapping nor by key.
    expect(prompt.find("decline")).to_have_attribute("aria-disabled", "false")
    expect(prompt.approve_button).to_have_attribute("aria-disabled", "true")
    expect(prompt.find("read-on")).to_be_visible()
    prompt.approve_button.click(force=True)
    here.page.keyboard.press("Alt+KeyY")
    expect(prompt.node).to_have_attribute("data-phase", "open")
    here.picture("long-command")

    here.press(prompt.find("read-on"))
    wait_until("it has scrolled on", lambda: prompt.node.locator(".prompt-body").evaluate("node => node.scrollTop") > 0)
    prompt.read_to_the_end()
    tail = prompt.node.locator(".tail").bounding_box()
    body = prompt.node.locator(".prompt-body").bounding_box()
    assert tail and body and tail["y"] <= body["y"] + body["height"]
    assert not proof.exists()
    prompt.approve()
    here.ended()
    assert proof.exists()


def test_colours_and_controls_in_output(server: Server, kept_chat: Callable[..., Chat]) -> None:
    here = kept_chat(server)
    command = r"printf '\033[31mred\033[0m \033[1mbold\033[0m\n\033]0;title\007plain\033[2J\n10%%\r100%%\n<b>tag</b>\n'"
    here.play({"command": command}, {"text": "done"})
    here.prompt.shown().approve()
    here.ended()
    output = here.find("output")
    for text in ("red", "bold", "plain", "100%", "<b>tag</b>"):
        expect(output).to_contain_text(text)
    assert "\x1b" not in output.inner_text() and "[31m" not in output.inner_text()
    red = output.get_by_text("red", exact=True).evaluate("node => getComputedStyle(node).color")
    assert red != output.evaluate("node => getComputedStyle(node).color")
    expect(here.page).not_to_have_title("title")
