"""Runs the server's executable to its end: `doctor`, `--version`, invalid settings."""

import os
import subprocess
from pathlib import Path

from . import paths
from .place import Place


def environment(place: Place, **more: str | None) -> dict[str, str]:
    variables: dict[str, str | None] = {
        "PATH": os.environ["PATH"],
        "HOME": str(place.person),
        "LANG": "C.UTF-8",
        "HOST": "127.0.0.1",
        "PORT": "0",
        "CODEX_BIN": str(paths.codex()),
        "CODEX_HOME": str(place.codex_home),
        "WORKSPACE": str(place.workspace),
        "STATE_DIR": str(place.state),
        **paths.passed_on(),
        **more,
    }
    return {key: value for key, value in variables.items() if value is not None}


def run(
    place: Place, *arguments: str, timeout: float = 30, directory: Path | None = None, **more: str | None
) -> subprocess.CompletedProcess[str]:
    """`more` are environment variables; None removes a variable."""
    return subprocess.run(
        [paths.sre_agent(), *arguments],
        cwd=directory or place.cwd,
        env=environment(place, **more),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
