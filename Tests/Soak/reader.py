"""Reads a journal again: what this view proves on its own, and what it has seen."""

import json
from collections.abc import Callable
from pathlib import Path

from turns import Planned, command_in, token_in
from views import Answer, Request, TurnSeen, View


class Reader:
    def __init__(self, path: Path, planned: dict[str, Planned]):
        self.view = View(path.name)
        self._planned = planned
        self._order = 0
        self._socket = 0
        # Counted since the last gap.
        self._pending: list[Answer] = []
        self._running: dict[str, TurnSeen] = {}
        self._texts: dict[str, list[str]] = {}
        self._seen: set[tuple[str, str]] = set()
        with path.open(encoding="utf-8") as file:
            for line in file:
                kind, _, *values = json.loads(line)
                self._order += 1
                handler: Callable[..., None] | None = getattr(self, f"_{kind.replace(' ', '_')}", None)
                if handler:
                    handler(*values)

    # MARK: Client events

    def _open(self, about: dict) -> None:
        self.view.mode = about["mode"]

    def _end(self, why: str) -> None:
        self.view.ending = why

    def _sent(self, request: int, method: str) -> None:
        self.view.requests[request] = Request(method, self._order, self._socket)

    def _answer(self, question: str, word: str) -> None:
        answer = Answer(question, word, self._order, self._socket)
        self.view.answers.append(answer)
        self._pending.append(answer)

    def _sure(self) -> None:
        for one in [*self.view.requests.values(), *self._pending]:
            one.sure = one.sure or one.socket == self._socket

    def _back(self, how: str, position: int, following: int) -> None:
        self._socket += 1
        self.view.resumes += 1
        if position != self.view.frames + sum(self.view.gaps):
            self.view.faults.append(f"came back at {position} with {self.view.frames} frames, {self.view.gaps}")
        if how != "gap":
            return
        if following <= position:
            self.view.faults.append(f"a gap that goes from {position} to {following}")
        self.view.gaps.append(following - position)
        for request in self.view.requests.values():
            request.gap = request.gap or not request.responses
        self.view.unheard |= self.view.questions.keys() - self.view.decisions.keys()
        self._pending.clear()
        self._running.clear()
        self._texts.clear()
        self._seen.clear()

    # MARK: Received messages

    def _frame(self, position: int, message: dict) -> None:
        if position != self.view.frames + sum(self.view.gaps):
            self.view.faults.append(f"a frame at {position} after {self.view.frames} frames, {self.view.gaps}")
        self.view.frames += 1
        if "method" not in message:
            self._response(message)
        elif "id" in message:
            self.view.questions[message["id"]] = command_in(message["params"].get("command") or "")
        else:
            self._notification(message["method"], message.get("params") or {}, "emittedAtMs" in message)

    def _response(self, message: dict) -> None:
        request = self.view.requests.get(message["id"])
        if request is None:
            self.view.faults.append(f"an answer to no request: {message['id']}")
            return
        request.responses += 1
        request.sure = True
        for answer in self._pending:
            if answer.order < request.order and (answer.sure or answer.socket == request.socket):
                answer.firm = True
        self._pending = [answer for answer in self._pending if not answer.firm]

    def _notification(self, method: str, params: dict, by_agent: bool) -> None:
        turn = params.get("turnId") or (params.get("turn") or {}).get("id")
        if turn in self._running and by_agent and not method.startswith("sre/"):
            self._running[turn].digest.update(json.dumps([method, params]).encode())
        match method:
            case "turn/started":
                self._once(method, turn)
                self._running[turn] = TurnSeen()
            case "turn/completed":
                self._once(method, turn)
                if seen := self._running.pop(turn, None):
                    seen.status = params["turn"]["status"]
                    self.view.turns[turn] = seen
            case "item/started":
                self._item_started(params["item"], turn)
            case "item/agentMessage/delta":
                if params["itemId"] in self._texts:
                    self._texts[params["itemId"]].append(params["delta"])
            case "item/completed":
                self._item_completed(params["item"], turn)
            case "serverRequest/resolved":
                self.view.decisions.setdefault(params["requestId"], []).append(params["sre"]["decision"])
            case "sre/answerRejected":
                self.view.rejections[params["requestId"]] += 1
            case "sre/alarm" | "sre/agentFault":
                self.view.faults.append(f"{method}: {params}")

    def _once(self, method: str, name: str) -> None:
        if (method, name) in self._seen:
            self.view.faults.append(f"{method} twice: {name}")
        self._seen.add((method, name))

    def _item_started(self, item: dict, turn: str) -> None:
        self._once("item/started", item["id"])
        if item["type"] == "userMessage" and turn in self._running:
            self._running[turn].token = token_in(item["content"][0]["text"])
        elif item["type"] == "agentMessage":
            self._texts[item["id"]] = []

    def _item_completed(self, item: dict, turn: str) -> None:
        self._once("item/completed", item["id"])
        if item["type"] == "agentMessage" and item["id"] in self._texts:
            self.view.messages += 1
            text = "".join(self._texts.pop(item["id"]))
            if text != item["text"]:
                lengths = f"{len(text)} for a message of {len(item['text'])}"
                self.view.faults.append(f"deltas of {lengths}: {item['text'][:40]}")
            if turn in self._running:
                self._running[turn].texts.append(text)
        elif item["type"] == "commandExecution" and (name := command_in(item["command"])):
            planned = self._planned[name.partition("c")[0]]
            whole = (item.get("aggregatedOutput") or "") == planned.outputs[name]
            self.view.commands[name] = (item["status"], whole)
