"""The compared servers, and how each is started."""

import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from . import build, paths, processes
from .place import Place

PATIENCE = 30.0
SOCKET = "/api/v1/sre/socket"
OURS, OURS_PLAIN, LIMIT = "sre-agent", "sre-agent-plain", "relay"
# Raised out of reach, because one client of the benchmark sends as much as it can. All other settings are defaults.
UNLIMITED = {"MAX_FRAMES_PER_SECOND": "10000000", "MAX_BYTES_PER_SECOND": "1000000000000"}


@dataclass(frozen=True)
class Server:
    """`path` is the path of its WebSocket; `command` builds its command line from the port."""

    name: str
    title: str
    command: Callable[[int], list[str | Path]]
    path: str = "/"
    variables: dict[str, str] = field(default_factory=dict)

    @property
    def is_ours(self) -> bool:
        return self.name in (OURS, OURS_PLAIN)

    @property
    def is_peer(self) -> bool:
        return not self.is_ours and self.name != LIMIT


@dataclass(frozen=True)
class Running:
    server: Server
    port: int
    pid: int
    place: Place

    @property
    def arguments(self) -> list[str]:
        """The arguments for the load generator."""
        return ["--port", str(self.port), "--path", self.server.path, "--pid", str(self.pid)]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@contextmanager
def running(server: Server, place: Place | None = None) -> Iterator[Running]:
    """Starts the server, waits until it is ready, and stops it when the block is left."""
    own = place or Place()
    port = free_port()
    process = start(server, port, own)
    try:
        _wait(server, port, process, own)
        yield Running(server, port, process.pid, own)
    finally:
        processes.end(process)
        if place is None:
            own.remove()


def start(server: Server, port: int, place: Place) -> subprocess.Popen[bytes]:
    variables = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **place.environment(), **server.variables}
    with place.log.open("ab") as log:
        return subprocess.Popen(
            server.command(port),
            cwd=place.directory,
            env=variables | ({"HOST": "127.0.0.1", "PORT": str(port)} if server.is_ours else {}),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )


def _wait(server: Server, port: int, process: subprocess.Popen[bytes], place: Place) -> None:
    deadline = time.monotonic() + PATIENCE
    while not _is_ready(server, port):
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"{server.title} did not start:\n{place.log.read_text()[-2000:]}")
        time.sleep(0.02)


def _is_ready(server: Server, port: int) -> bool:
    try:
        if server.is_ours:
            return urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5).status == 200
    except (urllib.error.URLError, OSError):
        return False
    return listens(port)


def listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 5).close()
        return True
    except OSError:
        return False


# MARK: The servers


def ours(name: str = OURS, mode: str = "isolated", agent: Path = paths.AGENT) -> Server:
    title, query = ("?session=new", "?session=new") if name == OURS else ("plain socket", "")
    return Server(
        name,
        f"SRE Agent Server, {title}",
        lambda _: [paths.sre_agent(), "serve"],
        SOCKET + query,
        {"AGENT_MODE": mode, "CODEX_BIN": str(agent), "AGENT_IS_NOT_CODEX": "1", **UNLIMITED},
    )


def relay() -> Server:
    return Server(LIMIT, "C relay", lambda port: [paths.RELAY, str(port), paths.AGENT])


def websocketd() -> Server | None:
    if not build.install_packages("websocketd"):
        return None
    options = ["--address=127.0.0.1", "--loglevel=fatal"]
    return Server("websocketd", "websocketd", lambda port: ["websocketd", f"--port={port}", *options, paths.AGENT])


def node() -> Server | None:
    if not build.install_packages("node", "node-ws"):
        return None
    script = paths.SOURCES / "peers" / "node-ws.js"
    # Debian's packages, also for a node that is not Debian's.
    variables = {"NODE_PATH": "/usr/share/nodejs"}
    return Server("node", "Node, ws", lambda port: ["node", script, str(port), paths.AGENT], variables=variables)


def bun() -> Server | None:
    executable = build.install_bun()
    if not executable:
        return None
    script = paths.SOURCES / "peers" / "bun.js"
    return Server("bun", "Bun", lambda port: [executable, script, str(port), paths.AGENT])


ALL: dict[str, Callable[[], Server | None]] = {
    LIMIT: relay,
    OURS: ours,
    OURS_PLAIN: lambda: ours(OURS_PLAIN),
    "websocketd": websocketd,
    "node": node,
    "bun": bun,
}
