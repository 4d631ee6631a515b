"""Reads process data from /proc and ends processes by their ids."""

import os
import signal
import subprocess
import time
from pathlib import Path

PATIENCE = 10.0


def memory(pid: int) -> dict[str, int]:
    """`Rss`, `Pss` and the rest of smaps_rollup, in bytes."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    fields = (line.split() for line in lines)
    return {name.rstrip(":"): int(size) * 1024 for name, size, *_ in fields}


def children(pid: int) -> list[int]:
    """The children of all of the process's threads."""
    found: list[int] = []
    for task in _tasks(pid):
        try:
            found += [int(child) for child in (task / "children").read_text().split()]
        except OSError:
            continue
    return found


def _tasks(pid: int) -> list[Path]:
    try:
        return list(Path(f"/proc/{pid}/task").iterdir())
    except OSError:
        return []


def descendants(pid: int) -> list[int]:
    below = children(pid)
    return below + [process for child in below for process in descendants(child)]


def memory_of_all(pid: int) -> int:
    """PSS of a process and its descendants: shared pages count once."""
    return sum(memory(process)["Pss"] for process in [pid, *descendants(pid)])


def is_alive(pid: int) -> bool:
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return text[text.rindex(")") + 2] not in "ZX"


def end(process: subprocess.Popen[bytes]) -> None:
    """Ends a process and its remaining children."""
    below = descendants(process.pid)
    process.terminate()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    deadline = time.monotonic() + PATIENCE
    while any(is_alive(pid) for pid in below):
        if time.monotonic() > deadline:
            _kill(below)
            break
        time.sleep(0.02)


def _kill(pids: list[int]) -> None:
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
