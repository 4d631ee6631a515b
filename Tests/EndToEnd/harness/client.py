"""A JSON-RPC test client over a WebSocket. It keeps every received message, in order and unchanged."""

import itertools
import json
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from ssl import SSLContext
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

Predicate = Callable[[dict], bool]


class RpcError(Exception):
    def __init__(self, error: dict):
        super().__init__(f"{error.get('code')}: {error.get('message')}")
        self.code: int = error.get("code", 0)
        self.message: str = error.get("message", "")
        self.data: Any = error.get("data")


class Client:
    def __init__(self, url: str, headers: dict[str, str] | None = None, tls: SSLContext | None = None, **more: Any):
        self._closing = ExitStack()
        self._socket = self._closing.enter_context(
            connect(
                url,
                additional_headers=headers,
                ssl=tls,
                max_size=None,
                compression=None,
                proxy=None,
                open_timeout=20,
                **more,
            )
        )
        self._prepare()
        threading.Thread(target=self._read, daemon=True).start()

    def _prepare(self) -> None:
        self._changed = threading.Condition()
        self._ids = itertools.count(1)
        self.raw: list[str] = []
        self.messages: list[dict] = []
        self.close_code: int | None = None
        self.close_reason = ""

    def _read(self) -> None:
        try:
            for text in self._socket:
                message = json.loads(text)
                with self._changed:
                    self.raw.append(text if isinstance(text, str) else text.decode())
                    self.messages.append(message)
                    self._changed.notify_all()
        except ConnectionClosed:
            pass
        with self._changed:
            self.close_code = self._socket.protocol.close_code or 1006
            self.close_reason = self._socket.protocol.close_reason or ""
            self._changed.notify_all()

    # MARK: Sending

    def send_text(self, text: str) -> None:
        self._socket.send(text)

    def send_bytes(self, data: bytes) -> None:
        self._socket.send(data)

    def send_fragments(self, fragments: list[str]) -> None:
        self._socket.send(fragments)

    def send(self, message: Any) -> None:
        self.send_text(json.dumps(message))

    def notify(self, method: str, params: Any = None) -> None:
        self.send({"method": method, "params": params})

    def post(self, method: str, params: Any = None) -> int:
        """Sends a request without waiting for its response."""
        request_id = next(self._ids)
        self.send({"id": request_id, "method": method, "params": {} if params is None else params})
        return request_id

    def request(self, method: str, params: Any = None, timeout: float = 30) -> Any:
        return self.result(self.post(method, params), timeout, method)

    def result(self, request_id: Any, timeout: float = 30, what: str = "") -> Any:
        answer = self.response(request_id, timeout, what)
        if "error" in answer:
            raise RpcError(answer["error"])
        return answer["result"]

    def response(self, request_id: Any, timeout: float = 30, what: str = "") -> dict:
        return self.wait(
            lambda message: "method" not in message and message.get("id") == request_id,
            timeout,
            f"the answer to {what or request_id}",
        )

    def initialize(self, experimental: bool = False, **members: Any) -> dict:
        params = {"clientInfo": {"name": "e2e", "title": "End-to-end tests", "version": "1"}, **members}
        if experimental:
            params["capabilities"] = {"experimentalApi": True}
        result = self.request("initialize", params)
        self.notify("initialized")
        return result

    def answer(self, request_id: Any, result: Any) -> None:
        self.send({"id": request_id, "result": result})

    # MARK: Receiving

    @property
    def count(self) -> int:
        """The number of messages received so far, usable as the `since` of a later wait."""
        with self._changed:
            return len(self.messages)

    def find(self, predicate: Predicate, since: int = 0) -> list[dict]:
        with self._changed:
            return [message for message in self.messages[since:] if predicate(message)]

    def wait(self, predicate: Predicate, timeout: float = 20, what: str = "a message", since: int = 0) -> dict:
        """Returns the first matching message, including messages already received."""
        deadline = time.monotonic() + timeout
        seen = since
        with self._changed:
            while True:
                for message in self.messages[seen:]:
                    if predicate(message):
                        return message
                seen = len(self.messages)
                left = deadline - time.monotonic()
                if left <= 0 or self.close_code is not None:
                    raise AssertionError(f"{self._missing(what, timeout)}\n{self._tail()}")
                self._changed.wait(left)

    def notification(self, method: str, timeout: float = 20, since: int = 0, **members: Any) -> dict:
        """Returns the params of the first notification whose members have these values."""

        def fits(message: dict) -> bool:
            params = message.get("params") or {}
            return (
                message.get("method") == method
                and "id" not in message
                and all(params.get(key) == value for key, value in members.items())
            )

        return self.wait(fits, timeout, f"notification {method} {members or ''}", since).get("params") or {}

    def question(self, method: str | None = None, timeout: float = 20, since: int = 0, **members: Any) -> dict:
        """Returns a server request."""

        def fits(message: dict) -> bool:
            params = message.get("params") or {}
            return (
                "method" in message
                and "id" in message
                and (method is None or message["method"] == method)
                and all(params.get(key) == value for key, value in members.items())
            )

        return self.wait(fits, timeout, f"request {method or ''} {members or ''}", since)

    def wait_closed(self, timeout: float = 10) -> int:
        with self._changed:
            assert self._changed.wait_for(lambda: self.close_code is not None, timeout), "the socket is still open"
            assert self.close_code is not None
            return self.close_code

    def close(self) -> None:
        self._closing.close()

    # MARK: Failure messages

    def _missing(self, what: str, timeout: float) -> str:
        if self.close_code is not None:
            return f"the socket was closed ({self.close_code} {self.close_reason}) while waiting for {what}"
        return f"not within {timeout} s: {what}"

    def _tail(self) -> str:
        lines = [text[:300] for text in self.raw[-25:]]
        return "\n".join([f"the last {len(lines)} of {len(self.raw)} messages:", *lines])
