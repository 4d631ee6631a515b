"""The agent's other requests: questions, a tool's form, permissions, and requests that the page does not know.

codex itself sends the first three, with features that are off by default; the stand-in sends the last one."""

import json
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from driving import page_files
from driving.asked import WHY, ask, config
from driving.chat import Chat
from driving.forms import ELICITATION, PERMISSIONS, QUESTIONS, Form
from driving.screens import Screen
from driving.settle import settle
from harness.model import Model
from harness.place import Place
from harness.server import Server
from harness.stand_in import StandIn


@pytest.fixture
def asking(_session_servers, run_directory, model: Model) -> Iterator[Server]:
    """A server whose codex may send every kind of request."""

    def start() -> Server:
        place = Place(run_directory)
        place.configure(model.url, model.token, config())
        return Server(place, environment=page_files.ENVIRONMENT)

    server = _session_servers("asking", start)
    yield server
    settle(server)


@pytest.fixture
def granting(place: Place, launch: Callable[..., Server], model: Model) -> Server:
    """Like `asking`, for one test: once a command has network access, a local connection proves nothing."""
    place.configure(model.url, model.token, config())
    return launch(environment=page_files.ENVIRONMENT).ready()


@pytest.fixture
def scheme(screen: Screen) -> str:
    return "light" if screen.touch else "dark"


def over_elsewhere(elsewhere: Chat) -> None:
    """The form says who answered, only offers to close it, and then disappears."""
    expect(elsewhere.prompt.message).to_contain_text("local user")
    expect(elsewhere.prompt.approve_button).to_have_count(0)
    expect(elsewhere.prompt.find("decline")).to_have_count(0)
    elsewhere.press(elsewhere.prompt.find("prompt-close"))
    elsewhere.no_prompt()


def test_questions(asking: Server, chat: Callable[..., Chat], scheme: str, model: Model) -> None:
    here = chat(asking, color_scheme=scheme)
    form, mark = ask(here, QUESTIONS)
    elsewhere = chat(asking, here.thread)
    Form(elsewhere).of_kind(QUESTIONS)
    expect(form.node.locator("h2")).to_have_text("The agent asks you 2 questions")
    expect(form.find("question").first).to_contain_text("Live traffic; read-only commands only")
    expect(form.approve_button).to_have_attribute("aria-disabled", "true")
    form.begin()
    form.tab_to(form.find("question-option").first)
    form.keys("ArrowDown")
    form.write(form.find("question-text").last, "since Monday")
    form.enter_does_nothing()
    here.picture(f"form-questions-{scheme}")
    form.press_by_key("approve")
    here.ended()
    over_elsewhere(elsewhere)
    output = model.wait_for_output(mark, "Staging", "since Monday")
    assert "Production" not in output


def test_a_tools_form(asking: Server, chat: Callable[..., Chat], scheme: str, model: Model) -> None:
    here = chat(asking, color_scheme=scheme)
    form, mark = ask(here, ELICITATION)
    elsewhere = chat(asking, here.thread)
    Form(elsewhere).of_kind(ELICITATION)
    expect(form.node.locator(".agents-words figcaption")).to_have_text("The tool server desk says")
    expect(form.node.locator(".agents-words blockquote")).to_have_text("Who takes over, and when?")
    expect(form.node.locator("label", has_text="Minutes")).to_have_text("Minutes (optional, 1 to 60)")
    # codex sorts the fields by name.
    level, minutes, name, _note, page = form.find("elicitation-field").all()
    form.begin()
    form.tab_to(level)
    form.keys("h")
    form.write(minutes, "90")
    form.write(name, "Ada")
    form.tab_to(page)
    form.keys("Space")
    # Ninety minutes exceed the tool's maximum: the value is neither sent nor omitted.
    expect(form.approve_button).to_have_attribute("aria-disabled", "true")
    form.begin()
    form.tab_to(minutes)
    form.keys("Control+A", "3", "0")
    form.enter_does_nothing()
    here.picture(f"form-tool-{scheme}")
    form.press_by_key("approve")
    here.ended()
    over_elsewhere(elsewhere)
    output = json.loads(model.wait_for_output(mark, "the person said"))[-1]["text"]
    content = {"name": "Ada", "minutes": 30, "level": "high", "page": True}
    assert json.loads(output.removeprefix("the person said ")) == {"action": "accept", "content": content}


@pytest.mark.parametrize("name, scope", [("approve", "turn"), ("approve-session", "session")])
def test_permissions(
    granting: Server, chat: Callable[..., Chat], scheme: str, model: Model, name: str, scope: str
) -> None:
    here = chat(granting, color_scheme=scheme)
    form, mark = ask(here, PERMISSIONS)
    elsewhere = chat(granting, here.thread)
    Form(elsewhere).of_kind(PERMISSIONS)
    expect(form.find("permissions").locator("li")).to_have_text(
        ["Network any host", "Read /var/log/nginx", f"Write /etc/nginx-{mark}"]
    )
    expect(form.find("agent-reason")).to_have_text(f"The agent says{WHY}")
    here.picture(f"form-permissions-{scheme}")
    form.read_to_the_end().enter_does_nothing()
    form.press_by_key(name)
    here.ended()
    over_elsewhere(elsewhere)
    output = json.loads(json.loads(model.wait_for_output(mark, "scope")))
    granted = {"network": {"enabled": True}, "file_system": {"read": ["/var/log/nginx"], "write": [f"/etc/nginx-{mark}"]}}
    assert output == {"permissions": granted, "scope": scope}


@pytest.mark.parametrize(
    "kind, told",
    [(QUESTIONS, '{"answers":{'), (ELICITATION, '"action": "decline"'), (PERMISSIONS, '"network":null,"file_system":null')],
)
def test_declined(asking: Server, kept_chat: Callable[..., Chat], model: Model, kind: str, told: str) -> None:
    here = kept_chat(asking)
    form, mark = ask(here, kind)
    form.press_by_key("decline")
    here.ended()
    expect(here.answers.last).to_have_text("thank you")
    output = model.wait_for_output(mark)
    assert told in output.replace("\\", ""), output
    assert not any(word in output for word in ("Production", "1 hour", "accept", "/etc/nginx"))


def test_what_the_page_does_not_know(place: Place, launch, chat: Callable[..., Chat], scheme: str) -> None:
    agent = StandIn(place.root)
    server = launch(agent=agent.executable, environment=page_files.ENVIRONMENT).ready()
    here = chat(server, color_scheme=scheme)
    here.say("hello")
    elsewhere = chat(server, here.thread)
    params = {"threadId": here.thread, "colour": "red", "deploy": {"to": "production", "hosts": ["web-1", "web-2"]}}
    question = {"id": 41, "method": "item/tool/somethingNew", "params": params}
    server.connect().request("standIn/play", {"steps": [{"toAll": question}]})
    form, there = (Form(one).of_kind("item/tool/somethingNew") for one in (here, elsewhere))
    expect(form.node).to_contain_text("item/tool/somethingNew")
    assert json.loads(form.find("raw-request").inner_text()) == params
    expect(there.find("raw-request")).to_be_visible()
    expect(form.approve_button).to_have_count(0)
    form.enter_does_nothing()
    here.picture(f"form-unknown-{scheme}")
    form.press_by_key("decline")
    over_elsewhere(elsewhere)
    answer = json.loads(agent.wait_received('"id":41', "error"))
    assert answer["error"] == {"code": -32000, "message": "Declined by the person at the page."}


def test_a_tool_call_can_be_read(asking: Server, kept_chat: Callable[..., Chat]) -> None:
    """Before the answer, its parts; after it, who allowed it and what it returned."""
    here = kept_chat(asking)
    schema = {"type": "object", "properties": {"name": {"type": "string", "title": "On call"}}, "required": ["name"]}
    call = {"message": "Who takes over?\nIt is urgent.", "requestedSchema": schema, "labels": ["disk", "db-7"]}
    here.play({"tool": {"name": "ask", "namespace": "mcp__desk", "arguments": call}}, {"text": "thank you"})
    prompt = here.prompt.shown()
    expect(prompt.node.locator("h2")).to_have_text("Call this tool?")
    expect(prompt.find("tool-name")).to_have_text("desk · ask")
    expect(prompt.node.locator("dt").first).to_have_text("message")
    expect(prompt.node.locator("dd").first).to_have_text("Who takes over?\nIt is urgent.", use_inner_text=True)
    expect(prompt.find("prompt-cwd")).to_have_count(0)
    prompt.read_to_the_end()
    here.picture("tool-question")
    prompt.approve()
    form = Form(here).of_kind(ELICITATION)
    form.find("elicitation-field").first.fill("Ada")
    form._answer("approve")
    here.ended()
    done = here.find("item-call")
    expect(done.locator('[data-test="tool-name"]')).to_have_text("desk · ask")
    expect(done.locator('[data-test="decision"]')).to_contain_text("Approved by you")
    expect(done.locator('[data-test="call-result"]')).to_contain_text('the person said {"action": "accept"')
    here.picture("tool-called")


def test_a_declined_tool_call_stays_readable(asking: Server, kept_chat: Callable[..., Chat]) -> None:
    here = kept_chat(asking)
    call = {"message": "Who takes over?", "requestedSchema": {"type": "object", "properties": {}}}
    here.play({"tool": {"name": "ask", "namespace": "mcp__desk", "arguments": call}}, {"text": "understood"})
    here.prompt.shown().read_to_the_end().decline()
    here.ended()
    expect(here.find("item-call")).to_contain_text("Not called")
    expect(here.find("item-call").locator('[data-test="decision"]')).to_contain_text("Declined by you")
