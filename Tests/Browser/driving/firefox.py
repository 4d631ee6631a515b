"""Firefox over WebDriver BiDi, which it speaks itself: no driver program is needed. Only what the walk takes."""

import itertools
import json
import os
import subprocess
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from websockets.sync.client import connect

from harness import processes
from harness.waiting import wait_until

BINARY = os.environ.get("FIREFOX_BIN", "/usr/bin/firefox-esr")
_PORT_FILE = "WebDriverBiDiServer.json"


class Firefox:
    def __init__(self, directory: Path):
        self._home = tempfile.mkdtemp(prefix="firefox-", dir=directory)
        profile = Path(self._home, "profile")
        profile.mkdir()
        self.process = subprocess.Popen(
            [BINARY, "--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0", "about:blank"],
            env={**os.environ, "HOME": self._home, "MOZ_HEADLESS_WIDTH": "1280", "MOZ_HEADLESS_HEIGHT": "800"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        processes.register(self.process.pid)
        port = wait_until("Firefox names its port", lambda: _port(profile / _PORT_FILE), 40)
        self._closing = ExitStack()
        self._socket = self._closing.enter_context(
            connect(f"ws://127.0.0.1:{port}/session", max_size=None, proxy=None, compression=None)
        )
        self._ids = itertools.count(1)
        self._send("session.new", capabilities={})
        self._context = self._send("browsingContext.getTree")["contexts"][0]["context"]

    def open(self, url: str) -> None:
        self._send("browsingContext.navigate", context=self._context, url=url, wait="interactive")

    def evaluate(self, expression: str) -> Any:
        """The value of an expression that is a string, a number or a boolean."""
        answer = self._send(
            "script.evaluate", expression=expression, target={"context": self._context}, awaitPromise=True, userActivation=True
        )
        assert answer["type"] == "success", answer
        return answer["result"].get("value")

    def wait(self, what: str, expression: str, timeout: float = 20) -> None:
        wait_until(what, lambda: self.evaluate(expression), timeout)

    def type(self, text: str) -> None:
        """Presses the keys of a text, in whatever has the focus."""
        keys = [{"type": kind, "value": key} for key in text for kind in ("keyDown", "keyUp")]
        self._act({"type": "key", "id": "keys", "actions": keys})

    def click(self, selector: str) -> None:
        """Moves the mouse to the middle of an element and presses its button."""
        find = f"(() => {{ const box = document.querySelector({json.dumps(selector)}).getBoundingClientRect(); return AXIS; }})()"
        x, y = (int(self.evaluate(find.replace("AXIS", axis))) for axis in ("box.x + box.width / 2", "box.y + box.height / 2"))
        moves = [{"type": "pointerMove", "x": x, "y": y}, {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}]
        self._act({"type": "pointer", "id": "mouse", "actions": moves})

    def picture(self) -> str:
        """A screenshot, as Base64 of a PNG."""
        return self._send("browsingContext.captureScreenshot", context=self._context)["data"]

    def close(self) -> None:
        try:
            self._send("browser.close")
            self.process.wait(10)
        finally:
            self._closing.close()
            self.process.kill()
            self.process.wait()
            processes.forget(self.process.pid)

    def _act(self, source: dict) -> None:
        self._send("input.performActions", context=self._context, actions=[source])

    def _send(self, method: str, **params: Any) -> dict:
        request = next(self._ids)
        self._socket.send(json.dumps({"id": request, "method": method, "params": params}))
        while True:
            message = json.loads(self._socket.recv(timeout=30))
            if message.get("id") == request:
                assert message["type"] == "success", message
                return message["result"]


def _port(path: Path) -> int | None:
    try:
        return json.loads(path.read_text())["ws_port"]
    except (FileNotFoundError, json.JSONDecodeError):
        return None
