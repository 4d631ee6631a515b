"""A running command: its output appears at once, Stop ends it, and the person can add a message."""

import json
import re
from collections.abc import Callable

from playwright.sync_api import expect

from driving.chat import Chat
from driving.gates import Held
from harness import processes
from harness.conversation import script
from harness.model import Model
from harness.server import Server
from harness.waiting import wait_until


def test_output_comes_while_it_runs(server: Server, kept_chat: Callable[..., Chat]) -> None:
    here = kept_chat(server)
    held = Held(server.place.workspace)
    here.play({"command": held.command, "timeoutMilliseconds": 30_000}, {"text": "done"})
    here.prompt.asks(held.command).approve()
    output = here.commands.locator('[data-test="output"]')
    expect(output).to_contain_text("begun")
    expect(here.commands).to_have_attribute("data-state", "running")
    expect(output).not_to_contain_text("finished")
    expect(here.find("exit-code")).to_have_count(0)
    here.picture("running")
    held.release()
    expect(output).to_contain_text("finished")
    here.ended()
    expect(here.find("exit-code")).to_have_text("Exit 0")


def test_stop_ends_the_command(server: Server, kept_chat: Callable[..., Chat]) -> None:
    here = kept_chat(server)
    nap = "sleep 71.25"
    here.play({"command": f"{nap}; echo never"}, {"text": "never said"})
    here.prompt.shown().approve()
    wait_until("the command runs", lambda: _running(server, nap), 10)
    here.press(here.find("stop"))
    here.ended("interrupted")
    wait_until("the command's processes are gone", lambda: not _running(server, nap), 10)
    expect(here.find("stop")).to_be_hidden()
    expect(here.commands).not_to_have_attribute("data-state", "running")
    expect(here.find("left-running")).to_have_count(0)
    expect(here.answers).to_have_count(0)


def test_a_failing_command(server: Server, kept_chat: Callable[..., Chat]) -> None:
    here = kept_chat(server)
    here.play({"command": "sleep 1.2; echo trouble >&2; exit 7"}, {"text": "it failed"})
    here.prompt.shown().approve()
    here.ended()
    expect(here.find("exit-code")).to_have_text("Exit 7")
    expect(here.commands).to_have_attribute("data-state", "failed")
    expect(here.find("output")).to_contain_text("trouble")
    # The command's duration.
    expect(here.find("duration")).to_have_text(re.compile(r"^[1-9](\.\d)? s$"))


def test_a_message_while_a_turn_runs(server: Server, model: Model, kept_chat: Callable[..., Chat]) -> None:
    here = kept_chat(server)
    held = Held(server.place.workspace)
    here.play({"command": held.command, "timeoutMilliseconds": 30_000}, {"text": "the first plan"})
    here.prompt.asks(held.command).approve()
    expect(here.find("output")).to_contain_text("begun")
    steer = script({"text": "the changed plan"})
    here.say(steer)
    expect(here.find("pending-message")).to_contain_text("The agent reads this at its next step.")
    held.release()
    here.ended()
    # One turn, in which the agent read both messages.
    expect(here.answers.last).to_have_text("the changed plan")
    expect(here.find("item-user")).to_have_count(2)
    expect(here.find("pending-message")).to_have_count(0)
    assert any(
        held.command[-20:] in text and "the changed plan" in text
        for text in (json.dumps(request["body"].get("input")) for request in model.requests())
    )


def _running(server: Server, command: str) -> list[int]:
    return [pid for pid in processes.find(server.pid, *command.split()) if processes.arguments(pid) == command.split()]
