"""One connection of the stand-in: it answers as codex would, and plays the messages that a test requests."""

import asyncio
import json
import os
import signal
import sys
import time
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

from . import gate
from .history import History

Send = Callable[[str], Awaitable[None]]


def new_thread_id() -> str:
    """A UUID of version 7, as codex makes them: the server reads the thread's age from it."""
    digits = f"{time.time_ns() // 1_000_000:012x}7{uuid.uuid4().hex[13:]}"
    return str(uuid.UUID(digits))


class Agent:
    """State that all connections share."""

    def __init__(self, arguments: list[str]):
        self.arguments = arguments
        self.fault = os.environ.get("STAND_IN_HOOKS", "")
        self.peers: list[Peer] = []
        self.connections = 0
        # The threads' directories: a class attribute, so that every connection knows every thread.
        self.threads: dict[str, str] = {}
        self.history = History()

    def log(self, event: str, **members: Any) -> None:
        with open(os.environ["STAND_IN_LOG"], "a", encoding="utf-8") as file:
            file.write(json.dumps({"event": event, "pid": os.getpid(), **members}) + "\n")


class Peer:
    def __init__(self, agent: Agent, send: Send, close: Callable[[], Awaitable[None]] | None = None):
        self.agent = agent
        self.send_text = send
        self.close = close
        agent.connections += 1
        self.number = agent.connections
        agent.peers.append(self)
        self.streaming = True
        # The client's responses, by request id.
        self.answers: dict[Any, asyncio.Event] = {}

    async def send(self, message: Any) -> None:
        # Tests send numbers beyond a double, which cannot go back into JSON.
        await self.send_text(json.dumps(message).replace("Infinity", "null"))

    async def received(self, text: str) -> None:
        self.agent.log("received", connection=self.number, text=text if len(text) < 100_000 else f"{len(text)} long")
        message = json.loads(text)
        if message.get("method") == "standIn/stop":
            self.streaming = False
        if "method" not in message and "id" in message:
            self.answer_to(message["id"]).set()
        if "method" not in message or "id" not in message:
            return
        method, params, request = message["method"], message.get("params") or {}, message["id"]
        if method == "standIn/play":
            # Not awaited: a script may be long, and its requests are answered over this connection.
            self.playing = asyncio.create_task(self.play(request, params["steps"]))
        elif method == "standIn/reply":
            await self.send_text(params["raw"].replace("$ID", json.dumps(request)))
        elif method != "standIn/silence":
            await self.send({"id": request, "result": await self.answer(method, params)})

    def answer_to(self, request: Any) -> asyncio.Event:
        return self.answers.setdefault(request, asyncio.Event())

    async def answer(self, method: str, params: dict[str, Any]) -> Any:
        match method:
            case "initialize":
                return {"userAgent": "stand-in/1", "platformFamily": "unix", "platformOs": "linux"}
            case "hooks/list":
                return gate.listing(self.agent.arguments, params.get("cwds") or [os.getcwd()], self.agent.fault)
            case "thread/start":
                return await self.opened(new_thread_id(), params)
            case "thread/resume" | "thread/fork" | "thread/read":
                thread = params["threadId"]
                cwd = self.agent.threads.get(thread, os.getcwd())
                return await self.opened(thread, {**params, "cwd": cwd})
            case "thread/list":
                return self.agent.history.listed()
            case "thread/turns/list":
                return self.agent.history.page(params["threadId"], params.get("cursor"), params.get("limit") or 25)
            case "account/read":
                return {"account": None, "requiresOpenaiAuth": False}
            case "model/list":
                return {"data": [], "echo": params}
            case "turn/start":
                return {"turn": {"id": str(uuid.uuid4()), "items": [], "status": "inProgress", "error": None}}
            case "turn/interrupt":
                return {}
            case _:
                return {"echo": params}

    async def opened(self, thread: str, params: dict[str, Any]) -> dict[str, Any]:
        cwd = params.get("cwd") or os.getcwd()
        self.agent.threads[thread] = cwd
        return {
            "thread": {"id": thread, "cwd": cwd, "turns": [], "status": {"type": "idle"}},
            "cwd": cwd,
            "approvalPolicy": params.get("approvalPolicy"),
            "sandbox": {"type": "workspaceWrite", "networkAccess": False},
            "activePermissionProfile": {"id": (params.get("config") or {}).get("default_permissions")},
            **self.agent.history.resumed(thread, cwd),
        }

    async def play(self, request: Any, steps: list[dict[str, Any]]) -> None:
        for step in steps:
            (kind, value), *rest = step.items()
            assert not rest, step
            match kind:
                case "send":
                    await self.send(value)
                case "raw":
                    await self.send_text(value)
                case "half":
                    # Over stdio only: an incomplete line.
                    sys.stdout.write(value)
                    sys.stdout.flush()
                case "deaf":
                    # Over stdio only: the process stops reading but keeps running.
                    os.close(0)
                case "stderr":
                    await asyncio.to_thread(self.flood, **value)
                case "toAll":
                    for peer in self.agent.peers:
                        await peer.send(value)
                case "fill":
                    await self.send({"method": "standIn/filler", "params": {"text": "x" * value}})
                case "history":
                    self.agent.history.read(value)
                case "note":
                    self.agent.log("note", text=value)
                case "stream":
                    await self.stream(**value)
                case "pause":
                    await asyncio.sleep(value)
                case "hook":
                    self.agent.log("hook", **await asyncio.to_thread(gate.run, self.agent.arguments, value))
                case "answered":
                    await self.answer_to(value).wait()
                case "killServer":
                    os.kill(os.getppid(), value)
                case "close":
                    # Over a socket only: closes this connection while the agent keeps running.
                    assert self.close
                    await self.close()
                    return
                case "exit":
                    os._exit(value)
                case "kill":
                    os.kill(os.getpid(), signal.SIGKILL)
                case _:
                    raise ValueError(f"unknown step {kind}")
        await self.send({"id": request, "result": {"played": len(steps)}})

    @staticmethod
    def flood(size: int, line: int) -> None:
        """Writes `size` bytes to stderr, in lines of the given length."""
        piece = b"e" * (line - 1) + b"\n"
        piece *= max(1, 65_536 // line)
        while size > 0:
            size -= os.write(2, piece[: min(size, 65_536)])

    async def stream(self, size: int, lines: int | None = None, pause: float = 0) -> None:
        """Sends numbered lines as fast as the server reads them, each once: `lines` of them, or until `standIn/stop`.
        Pauses for `pause` after every 64 lines."""
        end = ',"text":"' + "x" * size + '"}}'
        number = 0
        while self.streaming and number != lines:
            await self.send_text('{"method":"standIn/line","params":{"number":' + str(number) + end)
            number += 1
            # `send_text` may return without yielding, and this connection must also read.
            if number % 64 == 0:
                await asyncio.sleep(pause)
        self.streaming = True
        await self.send({"method": "standIn/streamed", "params": {"lines": number}})
