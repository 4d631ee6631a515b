"""What is measured with the real codex behind our server."""

import http.client
import os
import statistics
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from . import load, paths, processes, servers
from .load import Result, Wrong
from .place import Place
from .websocket import WebSocket

SESSIONS = 50
STARTS = 9
PAGES = 9
PATIENCE = 20.0
SETTLE = 2.0


def _server(name: str = servers.OURS) -> servers.Server:
    return servers.ours(name, "shared", paths.codex())


def _open(running: servers.Running) -> WebSocket:
    socket = WebSocket(running.port, running.server.path)
    socket.initialize()
    socket.request("thread/start", {})
    return socket


# MARK: Memory


def sessions(seconds: float) -> Result:
    """PSS of the server and everything below it, with so many clients that have a thread each."""
    with servers.running(_server()) as running, ExitStack() as closing:
        for _ in range(SESSIONS):
            closing.callback(_open(running).close)
        time.sleep(SETTLE)
        return {
            "bytes": processes.memory_of_all(running.pid),
            "serverBytes": processes.memory(running.pid)["Pss"],
        }


# MARK: What the server adds to a round trip


def added(seconds: float) -> Result:
    """Medians in microseconds: with nothing between, with a program that passes bytes on unread, with the server."""
    arguments = ["--any-answer", "--seconds", seconds]
    with _codex_alone() as path:
        direct = load.run("rt", "--unix", path, *arguments)["p50"]
        pump = servers.Server("pump", "a pump", lambda port: [paths.PUMP, str(port), path])
        with servers.running(pump) as running:
            pumped = load.run("rt", *running.arguments, *arguments)["p50"]
    with servers.running(_server()) as running:
        through = load.run("rt", *running.arguments, *arguments)["p50"]
    return {"direct": direct, "through": through, "added": through - direct, "pumped": pumped - direct}


@contextmanager
def _codex_alone() -> Iterator[Path]:
    place = Place()
    path = place.root / "socket"
    variables = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **place.environment()}
    with place.log.open("ab") as log:
        process = subprocess.Popen(
            [paths.codex(), "app-server", "--listen", f"unix://{path}"],
            cwd=place.directory, env=variables, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
        )  # fmt: skip
    try:
        deadline = time.monotonic() + PATIENCE
        while not path.exists():
            if process.poll() is not None or time.monotonic() > deadline:
                raise Wrong(f"codex did not start: {place.log.read_text()[-500:]}")
            time.sleep(0.02)
        yield path
    finally:
        processes.end(process)
        place.remove()


# MARK: Times a person waits


def first_request(seconds: float) -> Result:
    """From the start of `serve` to the page it answers with, in milliseconds. The first start, which makes keys and
    the record, is not counted."""
    place = Place()
    try:
        times = [_start_and_ask(place) for _ in range(1 + STARTS)]
    finally:
        place.remove()
    return {"first": times[0], "milliseconds": statistics.median(times[1:])}


def _start_and_ask(place: Place) -> float:
    port = servers.free_port()
    began = time.monotonic()
    process = servers.start(_server(), port, place)
    try:
        while not _page(port):
            if process.poll() is not None or time.monotonic() - began > PATIENCE:
                raise Wrong(f"the server did not start: {place.log.read_text()[-500:]}")
            time.sleep(0.001)
        return (time.monotonic() - began) * 1000
    finally:
        processes.end(process)


def _page(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/")
        answer = connection.getresponse()
        return answer.status == 200 and len(answer.read()) > 0
    except OSError:
        return False
    finally:
        connection.close()


def first_thread(seconds: float) -> Result:
    """From asking for the page to the answer to its first `thread/start`, in milliseconds."""
    with servers.running(_server()) as running:
        times = [_open_page(running) for _ in range(PAGES)]
    return {"milliseconds": statistics.median(times), "first": times[0]}


def _open_page(running: servers.Running) -> float:
    began = time.monotonic()
    if not _page(running.port):
        raise Wrong("there is no page")
    socket = _open(running)
    taken = (time.monotonic() - began) * 1000
    socket.close()
    return taken
