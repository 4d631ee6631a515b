"""Records a session with codex and the scripted model."""

import json
import os
import selectors
import subprocess
import tempfile
import time
from pathlib import Path

from . import session
from .same_text import SameText

LIMIT_SECONDS = 60
# After the last awaited message, for what codex says besides. A message that comes later is recorded before the next.
QUIET_SECONDS = 0.3


class Codex:
    def __init__(self, program: Path, environment: dict[str, str], directory: Path):
        self.lines: list[str] = []
        self.unread = b""
        self.answered = 0
        self.process = subprocess.Popen(
            [program, "app-server"], env=environment, cwd=directory, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert self.process.stdout is not None
        os.set_blocking(self.process.stdout.fileno(), False)
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.process.stdout, selectors.EVENT_READ)

    def send(self, message: dict) -> None:
        assert self.process.stdin is not None
        text = json.dumps(message, separators=(",", ":"))
        self.lines.append("client " + text)
        self.process.stdin.write(text.encode() + b"\n")
        self.process.stdin.flush()

    def call(self, number: int, method: str, params: dict | None, until: tuple[str, ...]) -> dict:
        """Sends a request, and returns its answer once `until` has been heard as well. Questions are accepted."""
        self.send({"id": number, "method": method} | ({} if params is None else {"params": params}))
        answer = None
        missing = set(until)
        deadline = time.monotonic() + LIMIT_SECONDS
        while True:
            heard = self.read(deadline if answer is None or missing else time.monotonic() + QUIET_SECONDS)
            if heard is None:
                break
            self.lines.append("server " + json.dumps(heard, separators=(",", ":"), ensure_ascii=False))
            if "method" not in heard and heard.get("id") == number:
                answer = heard
                # A call that is refused is followed by nothing.
                missing = set() if "error" in heard else missing
            elif "id" in heard:
                self.send({"id": heard["id"], "result": {"decision": "accept"}})
            else:
                missing.discard(heard["method"])
        if answer is None or missing:
            raise SystemExit(f"{method}: codex did not " + ("answer" if answer is None else f"say {', '.join(missing)}"))
        return answer

    def read(self, deadline: float) -> dict | None:
        assert self.process.stdout is not None
        while b"\n" not in self.unread:
            if not self.selector.select(max(0, deadline - time.monotonic())):
                return None
            data = os.read(self.process.stdout.fileno(), 1 << 20)
            if not data:
                raise SystemExit("codex ended.")
            self.unread += data
        line, self.unread = self.unread.split(b"\n", 1)
        return json.loads(line)


def record(codex: Path, model: Path) -> str:
    """A session's messages, one a line, the sender first. The same codex gives the same text."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name).resolve()
        home, project, path = root / "codex-home", root / "project", root / "bin"
        for directory in (home, project, path):
            directory.mkdir()
        with subprocess.Popen([model], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as answering:
            assert answering.stdout is not None
            url, token = answering.stdout.readline().strip(), answering.stdout.readline().strip()
            (home / "config.toml").write_text(configuration(url, token))
            # With nothing in PATH: codex tells of programs that it looks for there, and machines differ.
            environment = {"PATH": str(path), "HOME": str(root), "CODEX_HOME": str(home), "LANG": "C.UTF-8"}
            speaker = Codex(codex, environment, project)
            try:
                play(speaker, str(project))
            finally:
                for process in (speaker.process, answering):
                    process.kill()
                    process.wait()
        return SameText({str(home): "/home/user/.codex", str(project): "/home/user/project", url: "http://model/v1",
                         token: "token", str(root): "/home/user", root.name: "user"}).of(speaker.lines)


def play(codex: Codex, project: str) -> None:
    number = 0
    for method, params, until in session.opening(project):
        answer = codex.call(number, method, params, until)
        if method == "initialize":
            codex.send({"method": "initialized"})
        number += 1
    thread = answer["result"]["thread"]["id"]
    for method, params, until in session.calls(project, thread):
        codex.call(number, method, params, until)
        number += 1


def configuration(url: str, token: str) -> str:
    return f"""model = "any-name"
model_provider = "local"
[model_providers.local]
name = "local"
base_url = {json.dumps(url)}
wire_api = "responses"
experimental_bearer_token = {json.dumps(token)}
request_max_retries = 0
stream_max_retries = 0
"""
