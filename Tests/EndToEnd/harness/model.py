"""The scripted model as a process, and the requests that codex sent to it."""

import json
import subprocess
import urllib.request
from pathlib import Path

from . import paths, processes
from .waiting import wait_until

# codex uses classic function calls for unknown names. For this name it uses code mode: commands nested in JavaScript.
MODELS = {"classic": "any-name", "code": "gpt-6.1-sol"}


class Model:
    def __init__(self, directory: Path, token: str | None = None):
        log = directory / "model.log"
        arguments = [paths.scripted_model()] + (["--token", token] if token else [])
        with log.open("w") as errors:
            self.process = subprocess.Popen(
                arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, text=True
            )
        processes.register(self.process.pid)
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().strip()
        assert self.url.startswith("http://127.0.0.1:"), f"the model did not start: {log.read_text()}"
        self.token = token or self.process.stdout.readline().strip()

    def stop(self) -> None:
        self.process.kill()
        self.process.wait(5)
        processes.forget(self.process.pid)

    def requests(self) -> list[dict]:
        """The last 100 requests, each `{"headers", "body"}`."""
        request = urllib.request.Request(
            self.url.removesuffix("/v1") + "/requests", headers={"Authorization": f"Bearer {self.token}"}
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)["data"]

    def tool_outputs(self, marker: str) -> list[str]:
        """The tool outputs sent to the model, in conversations that contain `marker`."""
        texts = []
        for request in self.requests():
            items = request["body"].get("input", [])
            if marker not in json.dumps(items):
                continue
            texts += [json.dumps(item.get("output")) for item in items if item.get("type", "").endswith("_output")]
        return texts

    def wait_for_output(self, marker: str, *words: str, timeout: float = 15) -> str:
        def probe() -> str | None:
            outputs = self.tool_outputs(marker)
            return next((text for text in outputs if all(word in text for word in words)), None)

        try:
            return wait_until("", probe, timeout, 0.1)
        except AssertionError:
            raise AssertionError(f"the agent was never told {words}; it was told {self.tool_outputs(marker)}") from None
