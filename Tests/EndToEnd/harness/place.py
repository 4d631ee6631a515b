"""The directories of one server: its CODEX_HOME, workspace, state and working directory."""

import itertools
import json
from pathlib import Path

_numbers = itertools.count(1)


class Place:
    def __init__(self, run_directory: Path):
        # Short names, because the server's sockets are below `state`.
        self.root = run_directory / str(next(_numbers))
        self.codex_home = self.root / "h"
        self.workspace = self.root / "w"
        self.state = self.root / "s"
        self.cwd = self.root / "c"
        self.person = self.root / "p"
        # Belongs to the server that was started here last.
        self.server_pid = 0
        for directory in (self.codex_home, self.workspace, self.cwd, self.person):
            directory.mkdir(parents=True)

    @property
    def token(self) -> str:
        return (self.state / "token").read_text().strip()

    @property
    def gate(self) -> Path:
        """The gate's socket. It exists once the server is ready, and a restart creates another one."""
        return self.run / "gate"

    @property
    def run(self) -> Path:
        """The directory of the server's sockets. It is not below `state` if the agent runs as another user."""
        [path] = [*self.state.glob("run/*"), *Path("/run/sre-agent").glob(str(self.server_pid))]
        return path

    def configure(self, model_url: str, model_token: str, more: str = "") -> None:
        """Writes codex's configuration. `more` is appended: only tables, or keys of the last table."""
        head, _, tables = more.partition("[")
        self.write_config(
            f"""
model = "any-name"
model_provider = "local"
{head}
[model_providers.local]
name = "local"
base_url = {json.dumps(model_url)}
wire_api = "responses"
experimental_bearer_token = {json.dumps(model_token)}
request_max_retries = 0
stream_max_retries = 0
"""
            + (f"[{tables}" if tables else "")
        )

    def write_config(self, text: str) -> None:
        (self.codex_home / "config.toml").write_text(text)

    def write_env(self, text: str) -> None:
        """The server refuses a file that other users may change."""
        path = self.cwd / ".env"
        path.write_text(text)
        path.chmod(0o644)

    def config(self) -> str:
        return (self.codex_home / "config.toml").read_text()

    def outside(self, name: str) -> Path:
        """A path beside the workspace, which no sandboxed command may write."""
        directory = self.root / "o"
        directory.mkdir(exist_ok=True)
        return directory / name
