"""Lists processes and their parents, from /proc."""

import ctypes
import os
import signal
from pathlib import Path

from .waiting import wait_until

_PR_SET_CHILD_SUBREAPER = 36

# Processes that the harness started itself and has not reaped yet.
_own: set[int] = set()


def become_subreaper() -> None:
    """Makes the test run the parent of every process that a server leaves behind."""
    if ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_CHILD_SUBREAPER)")


def register(pid: int) -> None:
    _own.add(pid)


def forget(pid: int) -> None:
    _own.discard(pid)


def _stat(pid: int) -> list[str] | None:
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    return text[text.rindex(")") + 2 :].split()


def is_alive(pid: int) -> bool:
    """False for a zombie too, because a zombie runs no code."""
    fields = _stat(pid)
    return fields is not None and fields[0] not in "ZX"


def parent(pid: int) -> int:
    fields = _stat(pid)
    assert fields, f"there is no process {pid}"
    return int(fields[1])


def _all() -> dict[int, int]:
    """Maps each process to its parent."""
    parents = {}
    for name in os.listdir("/proc"):
        if name.isdigit() and (fields := _stat(int(name))):
            parents[int(name)] = int(fields[1])
    return parents


def descendants(pid: int) -> set[int]:
    """All living processes below `pid`, without `pid`."""
    parents = _all()
    found: set[int] = set()
    grown = True
    while grown:
        below = {child for child, parent in parents.items() if parent == pid or parent in found}
        grown = not below <= found
        found |= below
    return {process for process in found if is_alive(process)}


def arguments(pid: int) -> list[str]:
    return _read(pid, "cmdline").split("\0")[:-1]


def command_line(pid: int) -> str:
    return " ".join(arguments(pid))


def directory(pid: int) -> Path | None:
    try:
        return Path(f"/proc/{pid}/cwd").readlink()
    except OSError:
        return None


def environment(pid: int) -> str:
    return _read(pid, "environ").replace("\0", "\n")


def _read(pid: int, name: str) -> str:
    try:
        return Path(f"/proc/{pid}/{name}").read_bytes().decode(errors="replace")
    except OSError:
        return ""


def find(below: int, *words: str) -> list[int]:
    """Descendants of `below` whose command line contains all of the words."""
    return [pid for pid in sorted(descendants(below)) if all(word in command_line(pid) for word in words)]


def strangers() -> dict[int, str]:
    """Living children that the test run did not start: orphans of a server that has exited."""
    me = os.getpid()
    orphans = {}
    for pid, parent in _all().items():
        if parent != me or pid in _own:
            continue
        if is_alive(pid):
            orphans[pid] = command_line(pid)
        else:
            try:
                os.waitpid(pid, os.WNOHANG)
            except ChildProcessError:
                pass
    return orphans


def assert_no_orphans(timeout: float = 5) -> None:
    """Fails if there are orphans, and kills them so that the next test does not fail too."""
    try:
        wait_until("no process is left behind", lambda: not strangers(), timeout)
    except AssertionError:
        left = strangers()
        for pid in left:
            for process in {pid} | descendants(pid):
                try:
                    os.kill(process, signal.SIGKILL)
                except ProcessLookupError:
                    pass
        wait_until("the orphans are gone", lambda: not strangers(), 5)
        raise AssertionError(f"left behind: {left}") from None
