"""Runs `sre-agent connect` as a program does, over standard input and output, and simulates a broken network."""

import contextlib
import json
import os
import random
import signal
import socket
import struct
import subprocess
import threading
from pathlib import Path
from typing import Any

from . import paths, processes, program
from .client import Client
from .place import Place
from .waiting import wait_until


def command(*arguments: str) -> list[str]:
    return [str(paths.sre_agent()), "connect", *arguments]


def run(place: Place, *arguments: str, text: str = "", **environment: str | None) -> subprocess.CompletedProcess[str]:
    """Runs the command to its end, with `text` on standard input."""
    return subprocess.run(
        command(*arguments),
        cwd=place.cwd,
        env=program.environment(place, **environment),
        input=text,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


class Connected(Client):
    """A client over the connector's standard streams. `close_code` is its exit code."""

    def __init__(self, place: Place, *arguments: str, reads: bool = True, **environment: str | None):
        self._prepare()
        self._stderr = place.root / f"connect-{os.urandom(4).hex()}.err"
        with self._stderr.open("wb") as stderr:
            self.process = subprocess.Popen(
                command(*arguments),
                cwd=place.cwd,
                env=program.environment(place, **environment),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
            )
        processes.register(self.process.pid)
        self._sending = threading.Lock()
        self._reader = threading.Thread(target=self._read, daemon=True)
        if reads:
            self._reader.start()

    def read_from_now_on(self) -> None:
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            message = json.loads(line)
            with self._changed:
                self.raw.append(line.decode().rstrip("\n"))
                self.messages.append(message)
                self._changed.notify_all()
        code = self.process.wait()
        with self._changed:
            self.close_code, self.close_reason = code, self.stderr
            self._changed.notify_all()

    @property
    def stderr(self) -> str:
        return self._stderr.read_text()

    def send_text(self, text: str) -> None:
        self.send_bytes(text.encode() + b"\n")

    def send_bytes(self, data: bytes) -> None:
        assert self.process.stdin
        with self._sending:
            self.process.stdin.write(data)
            self.process.stdin.flush()

    def end_input(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()

    def ended(self, timeout: float = 20) -> tuple[int, str]:
        """Returns the exit code and the text on standard error."""
        code = self.process.wait(timeout)
        if self._reader.ident:
            self._reader.join(10)
        return code, self.stderr

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self.end_input()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(10)
        processes.forget(self.process.pid)
        if self.process.stdout and not self._reader.is_alive():
            self.process.stdout.close()


class Network:
    """A TCP proxy between connector and server. It cuts connections on demand, or after every so many bytes."""

    def __init__(self, port: int, every: int | None = None, seed: int = 1):
        self.to = port
        self.every = every
        self._random = random.Random(seed)
        self.cuts = 0
        self.connections = 0
        self.is_up = True
        self._open: set[tuple[socket.socket, socket.socket]] = set()
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}"

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            if not self.is_up:
                _reset(near)
                continue
            try:
                far = socket.create_connection(("127.0.0.1", self.to), 10)
            except OSError:
                _reset(near)
                continue
            pair = near, far
            with self._lock:
                self._open.add(pair)
                self.connections += 1
            # Cuts one of the two directions first, in the middle of its data.
            for source, sink in (pair, pair[::-1]):
                left = self._random.randrange(1, 2 * self.every) if self.every else None
                threading.Thread(target=self._carry, args=(pair, source, sink, left), daemon=True).start()

    def _carry(self, pair: tuple[Any, Any], source: socket.socket, sink: socket.socket, left: int | None) -> None:
        with contextlib.suppress(OSError):
            while chunk := source.recv(65_536):
                if left is not None and len(chunk) >= left:
                    sink.sendall(chunk[:left])
                    self._cut(pair)
                    return
                left = left - len(chunk) if left is not None else None
                sink.sendall(chunk)
        self._close(pair)

    def _close(self, pair: tuple[Any, Any]) -> bool:
        with self._lock:
            if pair not in self._open:
                return False
            self._open.discard(pair)
        for end in pair:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        return True

    def _cut(self, pair: tuple[Any, Any]) -> None:
        with self._lock:
            if pair not in self._open:
                return
            self._open.discard(pair)
            self.cuts += 1
        for end in pair:
            _reset(end)

    def cut(self) -> None:
        with self._lock:
            pairs = list(self._open)
        for pair in pairs:
            self._cut(pair)

    def close(self) -> None:
        # A thread that is blocked in accept(2) would keep the listener open.
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()


def _reset(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    # Wakes up a thread that is blocked in recv(2).
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()


def memory(pid: int) -> int:
    """Returns the process's private memory in bytes."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return sum(int(line.split()[1]) for line in text.splitlines() if line.startswith("Private_")) * 1_024


def wait_full(connected: Connected, seconds: float = 1) -> int:
    """Waits until the connector accepts no more input; returns its memory at that point."""
    last = -1

    def probe() -> bool:
        nonlocal last
        before, last = last, memory(connected.process.pid)
        return abs(last - before) < 65_536

    wait_until("its memory stays as it is", probe, 20, seconds)
    return last
