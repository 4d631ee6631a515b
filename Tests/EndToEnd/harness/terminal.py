"""Runs a program in a terminal, with tmux as the terminal emulator."""

import os
import shlex
import signal
import subprocess
from pathlib import Path

from . import processes
from .waiting import wait_until

WIDTH, HEIGHT = 160, 50


class Terminal:
    """`directory` holds tmux's own socket, so its path must be short."""

    def __init__(self, directory: Path, arguments: list[str], environment: dict[str, str], cwd: Path):
        self._socket = directory / "tmux"
        # Keeps the program's last output on the screen.
        line = f"{shlex.join(arguments)}; echo ENDED WITH $?; exec sleep 600"
        variables = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "TERM": "xterm-256color", **environment}
        subprocess.run(
            [
                *("tmux", "-S", str(self._socket), "-f", "/dev/null"),
                *("new-session", "-d", "-x", str(WIDTH), "-y", str(HEIGHT), "-c", str(cwd), line),
            ],
            env=variables,
            check=True,
            timeout=10,
        )
        self._server = int(self._tmux("display-message", "-p", "#{pid}"))
        processes.register(self._server)

    def _tmux(self, *arguments: str, text: str | None = None) -> str:
        result = subprocess.run(
            ["tmux", "-S", str(self._socket), *arguments],
            input=text,
            capture_output=True,
            text=True,
            timeout=10,
            check=True,
        )
        return result.stdout

    def screen(self) -> str:
        return self._tmux("capture-pane", "-p")

    def wait(self, *words: str, timeout: float = 20) -> str:
        """Waits until all words are on the screen."""

        def probe() -> str | None:
            screen = self.screen()
            return screen if all(word in screen for word in words) else None

        try:
            return wait_until("", probe, timeout, 0.1)
        except AssertionError:
            raise AssertionError(f"not within {timeout} s on the screen: {words}\n{self.screen()}") from None

    def wait_gone(self, word: str, timeout: float = 20) -> None:
        try:
            wait_until("", lambda: word not in self.screen(), timeout, 0.1)
        except AssertionError:
            raise AssertionError(f"still on the screen after {timeout} s: {word}\n{self.screen()}") from None

    def key(self, name: str) -> None:
        """Presses a key, by tmux's name for it."""
        self._tmux("send-keys", name)

    def paste(self, text: str) -> None:
        """Pastes with bracketed paste, so that the program does not take the text for fast typing."""
        self._tmux("load-buffer", "-", text=text)
        self._tmux("paste-buffer", "-p")

    def stop(self) -> None:
        below = processes.descendants(self._server)
        for pid in [*below, self._server]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        wait_until("tmux has ended", lambda: not processes.is_alive(self._server), 5)
        processes.forget(self._server)
