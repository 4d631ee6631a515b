"""A process's peak memory, from /proc."""

from pathlib import Path

MIB = 1 << 20


def _field(pid: int, name: str) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * 1024
    raise AssertionError(f"process {pid} has no {name}")


class Watch:
    """Measures from its creation on; earlier memory does not count."""

    def __init__(self, pid: int):
        self._pid = pid
        # proc(5): writing 5 resets the peak to the current resident size.
        Path(f"/proc/{pid}/clear_refs").write_text("5")
        self._before = _field(pid, "VmRSS")

    def growth(self) -> int:
        """The peak since creation minus the size at creation, in bytes."""
        return _field(self._pid, "VmHWM") - self._before
