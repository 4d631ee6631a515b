"""A thread with the agent from a test's point of view: start turns, receive approvals, decide, wait for the end."""

import json
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .client import Client
from .model import MODELS

COMMAND = "item/commandExecution/requestApproval"
PATCH = "item/fileChange/requestApproval"


def script(*steps: dict) -> str:
    """A script for the scripted model. Steps: see Sources/ScriptedModel/Script."""
    return "script:" + json.dumps(steps)


def said(text: str) -> list[dict]:
    return [{"type": "text", "text": text}]


@dataclass
class Approval:
    """An approval request."""

    id: str
    method: str
    params: dict[str, Any]

    @property
    def command(self) -> str:
        """The script itself, without the shell command that codex wraps around it."""
        text = self.params["command"]
        try:
            words = shlex.split(text)
        except ValueError:
            return text
        return words[2] if len(words) == 3 and words[:2] == ["/bin/bash", "-lc"] else text

    @property
    def item(self) -> str:
        return self.params["itemId"]

    @property
    def asks(self) -> str:
        return self.params["sre"]["asks"]


class Conversation:
    def __init__(self, client: Client, result: dict):
        self.client = client
        self.result = result
        self.thread = result["thread"]["id"]
        self.cwd = Path(result["cwd"]) if "cwd" in result else None
        self._answered: set[str] = set()
        self._begun = 0

    @classmethod
    def start(cls, client: Client, shape: str = "classic", **params: Any) -> "Conversation":
        return cls(client, client.request("thread/start", {"model": MODELS[shape], **params}))

    @classmethod
    def resume(cls, client: Client, thread: str, **params: Any) -> "Conversation":
        return cls(client, client.request("thread/resume", {"threadId": thread, **params}))

    # MARK: Turns

    def say(self, text: str, **params: Any) -> str:
        """Starts a turn; returns the turn's id."""
        self._begun = self.client.count
        params = {"threadId": self.thread, "input": said(text), **params}
        return self.client.request("turn/start", params)["turn"]["id"]

    def play(self, *steps: dict, **params: Any) -> str:
        return self.say(script(*steps), **params)

    def ended(self, timeout: float = 30) -> dict:
        """Waits for the end of the last started turn."""
        params = self.client.notification("turn/completed", timeout, self._begun, threadId=self.thread)
        return params["turn"]

    def stop(self, turn: str) -> None:
        self.client.request("turn/interrupt", {"threadId": self.thread, "turnId": turn})

    # MARK: Approvals

    def approval(self, timeout: float = 20, command: str | None = None) -> Approval:
        """Returns the thread's next unanswered approval, or the next one for this command."""

        def fits(message: dict) -> bool:
            params = message.get("params") or {}
            return (
                message.get("method") in (COMMAND, PATCH)
                and message.get("id") not in self._answered
                and params.get("threadId") == self.thread
                and (command is None or Approval("", message["method"], params).command == command)
            )

        message = self.client.wait(fits, timeout, f"a question {command or ''} about {self.thread}")
        return Approval(message["id"], message["method"], message["params"])

    def asked_or_ended(self, timeout: float = 20) -> bool:
        """Whether the last started turn asks for an approval before it ends."""

        def fits(message: dict) -> bool:
            params = message.get("params") or {}
            return params.get("threadId") == self.thread and message.get("method") in (COMMAND, PATCH, "turn/completed")

        message = self.client.wait(fits, timeout, "a question or the end of the turn", self._begun)
        return message["method"] != "turn/completed"

    def approvals(self) -> list[Approval]:
        """All approvals of this thread so far."""
        found = self.client.find(
            lambda message: message.get("method") in (COMMAND, PATCH) and message["params"]["threadId"] == self.thread
        )
        return [Approval(message["id"], message["method"], message["params"]) for message in found]

    def answered(self, approval: Approval) -> None:
        """Marks an approval that was answered elsewhere, so that `approval` does not return it again."""
        self._answered.add(approval.id)

    def decide(self, approval: Approval, decision: Any, **members: Any) -> dict:
        """Answers an approval and waits until the server reports it as resolved."""
        self.answered(approval)
        self.client.answer(approval.id, {"decision": decision, **members})
        return self.client.notification("serverRequest/resolved", 20, requestId=approval.id)

    def run(self, *steps: dict, decisions: tuple[Any, ...] = ("accept",), timeout: float = 30, **params: Any) -> dict:
        """Runs a whole turn and answers its approvals in order."""
        self.play(*steps, **params)
        for decision in decisions:
            self.decide(self.approval(timeout), decision)
        return self.ended(timeout)

    # MARK: Results

    def item(self, item_id: str, timeout: float = 20) -> dict:
        """Returns the completed item."""
        message = self.client.wait(
            lambda message: message.get("method") == "item/completed" and message["params"]["item"]["id"] == item_id,
            timeout,
            f"the end of item {item_id}",
        )
        return message["params"]["item"]

    def items(self, kind: str) -> list[dict]:
        """The completed items of this kind in the last started turn."""
        found = self.client.find(
            lambda message: message.get("method") == "item/completed"
            and message["params"]["threadId"] == self.thread
            and message["params"]["item"]["type"] == kind,
            self._begun,
        )
        return [message["params"]["item"] for message in found]

    def output(self) -> str:
        """The output of the last turn's commands."""
        return "".join(item.get("aggregatedOutput") or "" for item in self.items("commandExecution"))
