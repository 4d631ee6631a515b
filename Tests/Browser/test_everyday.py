"""What people do every day: copy, send links to places, search, save a conversation."""

import base64
import json
import re
import struct
import zlib
from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from driving.chat import Chat
from driving.lists import earlier, row, show_list
from harness.client import Client
from harness.model import Model
from harness.server import Server

TURNS = 14


@pytest.fixture
def client(server: Server) -> Iterator[Client]:
    client = server.connect()
    yield client
    client.close()


def copied(here: Chat, name: str) -> str:
    button = here.find(name).last
    button.scroll_into_view_if_needed()
    if not here.screen.touch:
        button.hover()
    here.press(button)
    expect(button).to_have_class(re.compile("done"))
    return here.page.evaluate("navigator.clipboard.readText()")


def test_copy(server: Server, chat: Callable[..., Chat]) -> None:
    here = chat(server, permissions=["clipboard-read", "clipboard-write"])
    command = "printf 'one\\ntwo\\n'; sleep 1.1"
    here.play({"command": command}, {"text": "It says:\n\n```sh\nls -l\n```\n\n**Done.**"})
    here.prompt.asks(command).approve()
    here.ended()
    assert copied(here, "copy-command") == command
    assert copied(here, "copy-output") == "one\ntwo\n"
    assert copied(here, "copy-code") == "ls -l"
    assert copied(here, "copy-answer") == "It says:\n\n```sh\nls -l\n```\n\n**Done.**"
    here.picture("copied")


def test_a_link_to_a_place(server: Server, client: Client, chat: Callable[..., Chat]) -> None:
    thread = earlier(client, *(f"answer number {number}. " + "long " * 300 for number in range(TURNS)))
    here = chat(server, thread, permissions=["clipboard-read", "clipboard-write"])
    expect(here.find("turn-end")).to_have_count(10)
    here.press(here.find("older"))
    expect(here.find("turn-end")).to_have_count(TURNS)
    button = here.find("copy-link").nth(1)
    button.scroll_into_view_if_needed()
    here.press(button)
    link = here.page.evaluate("navigator.clipboard.readText()")
    assert re.search(r"/#/threads/[^/]+/turns/[^/]+$", link), link
    colleague = chat(server, connected=False)
    colleague.page.goto("about:blank")
    colleague.page.goto(link)
    place = colleague.page.locator(".turn", has_text="answer number 1.")
    expect(place).to_be_in_viewport()
    assert colleague.thread == thread
    colleague.picture("place")


def test_search_finds_the_place(server: Server, client: Client, chat: Callable[..., Chat]) -> None:
    answers = [f"answer number {number}. " + "long " * 300 for number in range(TURNS)]
    word = f"volcano{uuid4().hex[:8]}"
    answers[2] = f"The {word} erupted. {answers[2]}"
    thread = earlier(client, *answers)
    earlier(client, "about something else")
    here = chat(server)
    show_list(here)
    here.find("thread-search").fill(word)
    expect(row(here, thread).locator('[data-test="snippet"]')).to_contain_text(word)
    expect(here.find("thread")).to_have_count(1)
    here.picture("search")
    here.press(row(here, thread).locator('[data-test="thread-open"]'))
    expect(here.page.locator(".turn", has_text=f"The {word} erupted.").last).to_be_in_viewport()


def test_save_as_markdown(server: Server, chat: Callable[..., Chat]) -> None:
    here = chat(server)
    here.play({"command": "echo '```'; sleep 1.1"}, {"command": "rm -rf /nothing"}, {"text": "**Done.**"})
    here.prompt.asks("echo '```'; sleep 1.1").approve()
    here.prompt.asks("rm -rf /nothing").decline("never")
    here.ended()
    show_list(here)
    here.press(row(here, here.thread).locator('[data-test="thread-menu"]'))
    with here.page.expect_download() as waiting:
        here.press(row(here, here.thread).locator('[data-test="save-markdown"]'))
    assert waiting.value.suggested_filename.endswith(".md")
    text = waiting.value.path().read_text()
    assert f"#/threads/{here.thread}" in text
    print(text)
    assert "````sh\necho '```'; sleep 1.1\n````" in text
    assert re.search(r"- Approved by local user at 20\S+Z\n- Exit 0", text)
    assert re.search(r"```sh\nrm -rf /nothing\n```\n\n- Declined by local user at 20\S+Z: “never”\n- Not run", text)
    assert text.rstrip().splitlines()[-1].startswith("_Done")
    assert "**Done.**" in text


def png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + b"\x20\x60\xa0" * width for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


_DROP = """(node, [name, type, base64]) => {
  const bytes = Uint8Array.from(atob(base64), one => one.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], name, { type }));
  node.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
}"""
_PASTE = """(node, text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  node.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


def test_pictures_and_files(server: Server, model: Model, chat: Callable[..., Chat]) -> None:
    here = chat(server)
    mark = uuid4().hex
    here.find("file-picker").set_input_files({"name": "graph.png", "mimeType": "image/png", "buffer": png(2000, 500)})
    expect(here.find("attachment")).to_have_text("graph.png (1568 × 392)")
    log = base64.b64encode(f"line one {mark}\nline two".encode()).decode()
    here.page.locator("main").evaluate(_DROP, ["app.log", "text/plain", log])
    here.composer.evaluate(_PASTE, "pasted line\n" * 500)
    expect(here.find("attachment")).to_have_text(["graph.png (1568 × 392)", "app.log (2 lines)", "Pasted text (501 lines)"])
    expect(here.composer).to_have_value("")
    here.page.get_by_role("button", name="Remove Pasted text").click()
    binary = base64.b64encode(b"\x7fELF\0\0").decode()
    here.page.locator("main").evaluate(_DROP, ["a.out", "application/octet-stream", binary])
    expect(here.find("attachment-refused")).to_contain_text("a.out is neither a picture nor text")
    here.picture("attached")
    here.play({"text": "I see a graph."})
    here.ended()
    expect(here.find("attachment")).to_have_count(0)
    expect(here.find("picture")).to_be_visible()
    expect(here.find("sent-file").locator("summary")).to_have_text("app.log 2 lines")
    here.press(here.find("sent-file").locator("summary"))
    expect(here.find("sent-file")).to_contain_text(f"line one {mark}")
    expect(here.find("attachment-refused")).to_be_hidden()
    sent = json.dumps([request["body"]["input"] for request in model.requests() if mark in json.dumps(request["body"].get("input"))])
    assert "data:image/png;base64," in sent
    here.picture("picture-sent")
    here.reload()
    here.ended()
    expect(here.find("picture")).to_be_visible()


def test_model_and_permissions(server: Server, model: Model, chat: Callable[..., Chat]) -> None:
    here = chat(server)
    here.press(here.find("choices"))
    chosen = here.find("choice-model")
    expect(chosen.locator("option").nth(1)).to_be_attached()
    name = chosen.locator("option").nth(1).get_attribute("value")
    chosen.select_option(name)
    here.find("choice-effort").select_option("high")
    here.find("choice-sandbox").select_option("read-only")
    expect(here.page.locator("#choice-sandbox-meaning")).to_contain_text("write nothing")
    here.picture("choices")
    here.press(here.find("choices"))
    expect(here.find("choices")).to_contain_text("high · Only read")
    mark = f"never-{uuid4().hex[:8]}"
    here.play({"command": f"touch {mark}"}, {"text": "done"})
    here.prompt.asks(f"touch {mark}").approve()
    here.ended()
    # Approved, and still nothing can be written.
    assert not (server.place.workspace / mark).exists()
    asked = [request["body"] for request in model.requests() if mark in json.dumps(request["body"].get("input"))]
    assert asked and asked[0]["model"] == name and asked[0]["reasoning"]["effort"] == "high"


def test_what_the_server_does_not_allow_is_said(server: Server, chat: Callable[..., Chat]) -> None:
    here = chat(server)
    here.press(here.find("choices"))
    here.find("choice-sandbox").select_option("danger-full-access")
    here.press(here.find("choices"))
    here.write("hello")
    here.send()
    expect(here.find("trouble")).to_contain_text("Could not start a conversation")
    expect(here.composer).to_have_value("hello")


CODE = """```sh
if true; then echo "a # b"; fi # done
```

```diff
-old
+new
```

| host | disk |
|---|---|
| db-7 | 93 % |
"""


def test_code_is_colored_and_tables_can_be_copied(server: Server, chat: Callable[..., Chat]) -> None:
    here = chat(server, permissions=["clipboard-read", "clipboard-write"])
    here.play({"text": CODE})
    here.ended()
    expect(here.page.locator(".code-keyword")).to_have_text(["if", "then", "fi"])
    expect(here.page.locator(".code-string")).to_have_text('"a # b"')
    expect(here.page.locator(".code-added")).to_have_text("+new")
    assert copied(here, "copy-table") == "host\tdisk\ndb-7\t93 %"
    here.picture("code")


def test_a_file_of_a_diff_can_be_folded(server: Server, chat: Callable[..., Chat]) -> None:
    here = chat(server)
    here.play({"patch": "*** Begin Patch\n*** Add File: folded.txt\n+one\n+two\n*** End Patch\n"}, {"text": "done"})
    here.prompt.shown().armed()
    # Not in an approval.
    expect(here.prompt.node.locator("details.diff")).to_have_count(0)
    here.prompt.approve()
    here.ended()
    changes = here.find("item-changes")
    expect(changes.locator(".diff-line").first).to_be_visible()
    here.press(changes.locator("summary"))
    expect(changes.locator(".diff-line").first).to_be_hidden()


def test_how_much_the_conversation_takes(server: Server, chat: Callable[..., Chat]) -> None:
    here = chat(server)
    here.play({"text": "done"})
    here.ended()
    here.press(here.find("choices"))
    expect(here.find("usage")).to_have_text(re.compile(r"^This conversation takes \d+ % of the model’s memory \([\d,]+ of [\d,]+ tokens\)\.$"))
    here.press(here.find("compact"))
    here.ended(turns=2)
    expect(here.find("item-other")).to_contain_text("Summarised the conversation to make room")


def test_continue_in_a_copy(server: Server, client: Client, chat: Callable[..., Chat]) -> None:
    thread = earlier(client, "the first answer")
    here = chat(server)
    show_list(here)
    here.press(row(here, thread).locator('[data-test="thread-menu"]'))
    here.press(row(here, thread).locator('[data-test="fork"]'))
    expect(here.answers).to_have_text("the first answer")
    assert here.thread != thread
    if here.find("close-threads").is_visible():
        here.press(here.find("close-threads"))
    here.play({"text": "another way"})
    here.ended(turns=2)
    expect(here.answers).to_have_text(["the first answer", "another way"])


def test_the_record_is_beside_the_conversation_on_a_desk(server: Server, chat: Callable[..., Chat]) -> None:
    here = chat(server)
    here.play({"text": "the answer"})
    here.ended()
    here.press(here.find("record-open"))
    expect(here.find("record-entry").first).to_be_visible()
    assert here.transcript.evaluate("node => node.inert") == here.screen.touch
    if not here.screen.touch:
        beside, left = here.find("record").bounding_box(), here.answers.bounding_box()
        assert beside and left and left["x"] + left["width"] <= beside["x"]
    here.picture("record-beside")


def test_recent_directories_are_offered(server: Server, client: Client, chat: Callable[..., Chat]) -> None:
    earlier(client, "an answer")
    here = chat(server)
    expect(here.page.locator("#recent-directories option").first).to_have_attribute("value", str(server.place.workspace))


def test_files_stay_with_their_conversation(server: Server, client: Client, chat: Callable[..., Chat]) -> None:
    thread = earlier(client, "the first answer")
    here = chat(server)
    here.find("file-picker").set_input_files({"name": "notes.txt", "mimeType": "text/plain", "buffer": b"one"})
    expect(here.find("attachment")).to_have_count(1)
    show_list(here)
    here.press(row(here, thread).locator('[data-test="thread-open"]'))
    expect(here.answers).to_have_text("the first answer")
    expect(here.find("attachment")).to_have_count(0)
    here.page.go_back()
    expect(here.find("attachment")).to_have_text("notes.txt (1 line)")
