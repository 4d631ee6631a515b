"""A command's output: everything that codex kept can be reached, and what it did not keep is marked."""

from collections.abc import Callable

from playwright.sync_api import expect

from driving.chat import Chat
from harness.server import Server

_LONGEST_TASK = """() => { window.longest = 0;
  new PerformanceObserver(list => { for (const one of list.getEntries()) window.longest = Math.max(window.longest, one.duration); })
    .observe({ entryTypes: ["longtask"] }); }"""


def ran(here: Chat, command: str) -> None:
    here.play({"command": command, "timeoutMilliseconds": 20_000}, {"text": "done"})
    here.prompt.asks(command).approve()
    here.ended()


def test_every_line_can_be_reached(server: Server, kept_chat: Callable[..., Chat]) -> None:
    here = kept_chat(server)
    ran(here, "seq 1 20000")
    here.page.evaluate(_LONGEST_TASK)
    expect(here.find("show-all")).to_have_text("Show all 20,000 lines")
    here.press(here.find("show-all"))
    output = here.find("output")
    expect(output).to_contain_text("20000")
    # Few of them are in the document.
    assert output.locator(".line").count() < 300
    for target, text in ((0.0, "1\n2\n3\n"), (0.5, "10000\n"), (1.0, "19999\n20000\n")):
        output.evaluate("(node, part) => { node.scrollTop = part * node.scrollHeight; }", target)
        expect(output).to_contain_text(text, use_inner_text=True)
    output.evaluate("node => { node.scrollTop = 0; }")
    here.picture("output-whole")
    output.focus()
    here.page.keyboard.press("End")
    expect(output).to_contain_text("20000")
    here.press(here.find("show-all"))
    assert here.find("output").locator(".line").count() == 14
    # A bound for a busy machine; parsing all lines takes a tenth of it.
    assert here.page.evaluate("window.longest") < 1500


def test_what_codex_did_not_keep_is_marked(server: Server, chat: Callable[..., Chat]) -> None:
    here = chat(server)
    ran(here, "seq 1 20000")
    here.reload()
    here.ended()
    expect(here.find("output-note")).to_contain_text("Only the first and the last 32 kilobytes were kept.")
    expect(here.find("show-all")).to_contain_text("lines that were kept")
    here.press(here.find("show-all"))
    here.press(here.find("to-gap"))
    expect(here.find("output-gap")).to_contain_text("The middle is missing here")
    expect(here.find("output-gap")).to_be_in_viewport()
    here.picture("output-gap")


def test_a_page_that_watched_keeps_more_than_codex(server: Server, chat: Callable[..., Chat]) -> None:
    here = chat(server)
    ran(here, "seq 1 20000")
    here.press(here.find("disconnect"))
    here.page.evaluate("() => { location.hash = ''; }")
    here.press(here.find("connect"))
    here.connected()
    here.page.go_back()
    expect(here.find("show-all")).to_have_text("Show all 20,000 lines")
    expect(here.find("output-note")).to_be_hidden()


def test_a_line_that_only_looks_like_a_gap(server: Server, kept_chat: Callable[..., Chat]) -> None:
    here = kept_chat(server)
    ran(here, "echo '... 1234 bytes omitted ...'")
    expect(here.find("output")).to_contain_text("... 1234 bytes omitted ...")
    expect(here.find("output-gap")).to_have_count(0)


def test_progress_as_in_a_terminal(server: Server, kept_chat: Callable[..., Chat]) -> None:
    here = kept_chat(server)
    ran(here, r"printf -- '------\rHel\nabc\b\bX\n\033]8;;https://example.com\033\\link\033]8;;\033\\\n\033]0;title\007end\n'; sleep 1.2")
    expect(here.find("output")).to_have_text("Hel---\naXc\nlink\nend\n", use_inner_text=True)
