"""Counts the instructions of the parts of a message's path. Unlike times, the counts are repeatable."""

import subprocess
import sys

from . import paths

PARTS = {
    "scan120": "scan a notification of 120 bytes: is it JSON, and what is it?",
    "scan4096": "the same of 4 KiB",
    "frame300": "find and unmask a client's frame of 300 bytes",
    "line120": "find a line of 120 bytes in a read of many",
    "policy300": "check a request of 300 bytes and its answer against role, rate and what is under way",
    "replay120": "a message of 120 bytes into the replay buffer, the oldest out of it",
}


def count() -> dict[str, int]:
    """Counts by part. Empty, with a printed notice, if counting is not possible."""
    if not paths.HOT_PATH.exists():
        print("hot-path is not built: instructions are left out.", file=sys.stderr)
        return {}
    command = [paths.SOURCES / "instructions", *PARTS]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return {part: int(number) for part, number in (line.split() for line in output.splitlines()[1:])}
