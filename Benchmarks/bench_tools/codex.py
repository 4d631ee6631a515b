"""Measurements with the real codex behind our server."""

import http.client
import os
import statistics
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from . import cores, load, paths, processes, servers
from .load import Result, Wrong
from .place import Place
from .websocket import WebSocket

SESSIONS = 50
STARTS = 9
PAGES = 9
PATIENCE = 20.0
SETTLE = 2.0


def _server(**variables: str) -> servers.Server:
    server = servers.ours(servers.OURS, "shared", paths.codex())
    return replace(server, variables=server.variables | variables)


def _open(running: servers.Running) -> WebSocket:
    socket = WebSocket(running.port, running.server.path)
    socket.initialize()
    socket.request("thread/start", {})
    return socket


# MARK: Memory


def sessions(seconds: float) -> Result:
    """PSS of the server and its descendants, with this many clients that have one thread each."""
    with servers.running(_server()) as running, ExitStack() as closing:
        for _ in range(SESSIONS):
            closing.callback(_open(running).close)
        time.sleep(SETTLE)
        return {
            "bytes": processes.memory_of_all(running.pid),
            "serverBytes": processes.memory(running.pid)["Pss"],
        }


# MARK: Round-trip overhead of the server


def added(seconds: float) -> Result:
    """Medians in microseconds: directly, through a program that passes bytes on unread, and through the server. If
    cores can be kept awake, the same once more."""
    direct, pumped = _beside_server(seconds)
    with _codex_alone("ws") as address:
        tcp = _p50(seconds, "--port", address)
    through = _through(seconds)
    result = {"direct": direct, "directTCP": tcp, "added": through - direct, "pumped": pumped - direct}
    if not cores.may_be_kept_awake():
        return result
    with cores.kept_awake():
        awake, pumped_awake = _beside_server(seconds)
    # Here the server itself keeps the cores awake, and only while messages flow.
    through_awake = _through(seconds, CPU_LATENCY_US="0")
    return result | {
        "directAwake": awake,
        "pumpedAwake": pumped_awake - awake,
        "moreThanAsleep": through_awake - direct,
        "addedAwake": through_awake - awake,
    }


def _beside_server(seconds: float) -> tuple[float, float]:
    """Medians directly and through the pump."""
    with _codex_alone("unix") as path:
        direct = _p50(seconds, "--unix", path)
        pump = servers.Server("pump", "a pump", lambda port: [paths.PUMP, str(port), path])
        with servers.running(pump) as running:
            return direct, _p50(seconds, *running.arguments)


def _through(seconds: float, **variables: str) -> float:
    with servers.running(_server(**variables)) as running:
        return _p50(seconds, *running.arguments)


def _p50(seconds: float, *arguments: str) -> float:
    return load.run("rt", *arguments, "--any-answer", "--seconds", seconds)["p50"]


@contextmanager
def _codex_alone(transport: str) -> Iterator[str]:
    """Yields the socket's path or the port."""
    place = Place()
    address = str(place.root / "socket") if transport == "unix" else str(servers.free_port())
    listen = f"unix://{address}" if transport == "unix" else f"ws://127.0.0.1:{address}"
    variables = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **place.environment()}
    with place.log.open("ab") as log:
        process = subprocess.Popen(
            [paths.codex(), "app-server", "--listen", listen],
            cwd=place.directory, env=variables, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
        )  # fmt: skip
    try:
        deadline = time.monotonic() + PATIENCE
        while not _listens(transport, address):
            if process.poll() is not None or time.monotonic() > deadline:
                raise Wrong(f"codex did not start: {place.log.read_text()[-500:]}")
            time.sleep(0.02)
        yield address
    finally:
        processes.end(process)
        place.remove()


def _listens(transport: str, address: str) -> bool:
    return Path(address).exists() if transport == "unix" else servers.listens(int(address))


# MARK: Waiting times


def first_request(seconds: float) -> Result:
    """From the start of `serve` to its page response, in milliseconds. Excludes the first start, which creates keys and
    the record."""
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
    """From the request for the page to the response to its first `thread/start`, in milliseconds."""
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
