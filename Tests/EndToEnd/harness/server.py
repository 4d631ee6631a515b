"""The server as a real process."""

import os
import re
import signal
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

from . import paths, processes
from .client import Client
from .place import Place
from .waiting import wait_until

SOCKET = "/api/v1/sre/socket"


class Server:
    """Starts a server, waits for it, and stops it with no processes left."""

    def __init__(
        self,
        place: Place,
        mode: str = "shared",
        environment: dict[str, str | None] | None = None,
        arguments: tuple[str, ...] = (),
        executable: Path | None = None,
        agent: Path | None = None,
    ):
        self.place = place
        self.mode = mode
        self.log = place.root / "server.log"
        self._log_start = self.log.stat().st_size if self.log.exists() else 0
        variables: dict[str, str | None] = {
            "PATH": os.environ["PATH"],
            "HOME": str(place.person),
            "LANG": "C.UTF-8",
            "HOST": "127.0.0.1",
            "PORT": "0",
            "CODEX_BIN": str(agent or paths.codex()),
            "CODEX_HOME": str(place.codex_home),
            "AGENT_MODE": mode,
            "WORKSPACE": str(place.workspace),
            "STATE_DIR": str(place.state),
            "LOG_LEVEL": "debug",
            # Turns that tests leave running must not delay the suite.
            "DRAIN_TIMEOUT": "1",
            **paths.passed_on(),
        }
        if agent is not None:
            # The scripted agent is not codex, so the gate does not apply to it.
            variables["AGENT_IS_NOT_CODEX"] = "1"
        if agent is not None and os.getuid() == 0:
            # The scripted agent runs in the tests' own Python, which another user may not be able to read.
            variables["AGENT_USER"] = "root"
        variables.update(environment or {})
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [executable or paths.sre_agent(), *arguments],
                cwd=place.cwd,
                env={key: value for key, value in variables.items() if value is not None},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                umask=0o022,
            )
        place.server_pid = self.process.pid
        processes.register(self.process.pid)
        self.port = 0

    # MARK: Starting

    def started(self, timeout: float = 30) -> "Server":
        """Waits until the server listens; the agent may not be ready yet."""

        def probe() -> int | None:
            if self.process.poll() is not None:
                raise AssertionError(f"the server ended with {self.process.returncode}:\n{self.output()[-4000:]}")
            found = re.search(r"https?://\S*?:(\d+)", self.output())
            return int(found[1]) if found else None

        self.port = wait_until("the server prints its URL", probe, timeout)
        return self

    def ready(self, timeout: float = 40) -> "Server":
        self.started(timeout)
        try:
            wait_until("/readyz is 200", lambda: self.get("/readyz")[0] == 200, timeout, 0.05)
        except AssertionError as error:
            raise AssertionError(f"{error}: {self.get('/readyz')}\n{self.output()[-4000:]}") from None
        return self

    def output(self) -> str:
        """Everything this process has printed on standard output and standard error."""
        with self.log.open("rb") as log:
            log.seek(self._log_start)
            return log.read().decode(errors="replace")

    # MARK: Requests

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def get(self, path: str, headers: dict[str, str] | None = None) -> tuple[int, str]:
        request = urllib.request.Request(self.url + path, headers=headers or {})
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except (urllib.error.URLError, ConnectionError, TimeoutError) as error:
            return 0, str(error)

    def connect(self, query: str = "", token: str | None = None, initialize: bool = True, **options) -> Client:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        client = Client(f"ws://127.0.0.1:{self.port}{SOCKET}{query}", headers)
        if initialize:
            client.initialize(**options)
        return client

    # MARK: Stopping

    @property
    def pid(self) -> int:
        return self.process.pid

    def agents(self) -> list[int]:
        """The agent processes in service, without short-lived ones that only answer a query."""
        return [pid for pid in processes.find(self.pid, "app-server")]

    def stop(self, timeout: float = 15) -> int:
        """Stops the server and requires that it exits with code 0 and leaves no processes."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"SIGTERM did not end the server:\n{self.output()[-4000:]}") from None
        processes.forget(self.pid)
        return code

    def kill(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(10)
        processes.forget(self.pid)
