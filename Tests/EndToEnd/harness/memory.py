"""How much memory a process has had at most, from /proc."""

from pathlib import Path

MIB = 1 << 20


def _field(pid: int, name: str) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * 1024
    raise AssertionError(f"process {pid} has no {name}")


class Watch:
    """From here on: what is there already does not count."""

    def __init__(self, pid: int):
        self._pid = pid
        # proc(5): 5 sets the peak to what is resident now.
        Path(f"/proc/{pid}/clear_refs").write_text("5")
        self._before = _field(pid, "VmRSS")

    def growth(self) -> int:
        """The highest there ever was above the beginning, in bytes."""
        return _field(self._pid, "VmHWM") - self._before
