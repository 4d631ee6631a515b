"""Commands that continue when the test says so, not after some time."""

import itertools
import shlex
from pathlib import Path

_numbers = itertools.count(1)


class Held:
    """A command that prints `begun` until `release`, and then `finished`. Ends by itself after a minute.

    It keeps printing because codex often does not stream a command's output in the first moment."""

    def __init__(self, directory: Path):
        self._file = directory / f"release-{next(_numbers)}"
        name = shlex.quote(self._file.name)
        self.command = f"for i in $(seq 240); do echo begun; [ -e {name} ] && break; sleep 0.25; done; echo finished"

    def release(self) -> None:
        self._file.touch()


class Marker:
    """A command that creates a file, which proves whether the command has run."""

    def __init__(self, directory: Path, text: str = ""):
        self.path = directory / f"marker-{next(_numbers)}"
        self.command = f"touch {shlex.quote(str(self.path))}" + (f" # {text}" if text else "")

    @property
    def exists(self) -> bool:
        return self.path.exists()
