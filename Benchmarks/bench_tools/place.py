"""The directories of one server, which are removed with it."""

import os
import shutil
import tempfile
from pathlib import Path

from . import paths

# No turn starts, so no model is called: an address without a listener is enough.
CONFIGURATION = """
model = "any-name"
model_provider = "nobody"
[model_providers.nobody]
name = "nobody"
base_url = "http://127.0.0.1:9/v1"
wire_api = "responses"
experimental_bearer_token = "none"
request_max_retries = 0
stream_max_retries = 0
"""


class Place:
    def __init__(self) -> None:
        self.root = Path(tempfile.mkdtemp(dir=paths.RUN))
        self.log = self.root / "log"
        for name in ("home", "work", "person", "here"):
            (self.root / name).mkdir()
        (self.root / "home" / "config.toml").write_text(CONFIGURATION)

    def environment(self) -> dict[str, str]:
        """The environment for our server, and for codex alone."""
        return {
            "HOME": str(self.root / "person"),
            "CODEX_HOME": str(self.root / "home"),
            "WORKSPACE": str(self.root / "work"),
            "STATE_DIR": str(self.root / "s"),
            # Another user may not be able to reach these agents. A server that is not root does not switch users.
            **({"AGENT_USER": "root"} if os.getuid() == 0 else {}),
        }

    @property
    def directory(self) -> Path:
        return self.root / "here"

    def remove(self) -> None:
        shutil.rmtree(self.root, ignore_errors=True)
