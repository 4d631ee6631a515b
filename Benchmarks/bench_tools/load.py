"""Runs the load generator."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from . import paths

Result = dict[str, float]
PATIENCE = 600.0


class Wrong(Exception):
    """The server's response is wrong or too late."""


def run(scenario: str, *arguments: str | float) -> Result:
    command = [str(paths.LOAD), scenario, *map(str, arguments)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        raise Wrong(f"not done within {PATIENCE:.0f} s") from None
    if done.returncode != 0:
        raise Wrong(done.stderr.strip()[:200])
    return _numbers(done.stdout)


@contextmanager
def idle(*arguments: str | float) -> Iterator[Result]:
    """Holds the sockets open in the block."""
    command = [str(paths.LOAD), "idle", *map(str, arguments)]
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True)
    assert process.stdin and process.stdout and process.stderr
    try:
        line = process.stdout.readline()
        if not line:
            raise Wrong(process.stderr.read().strip()[:200])
        yield _numbers(line)
    finally:
        process.stdin.close()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()
        process.stderr.close()


def _numbers(line: str) -> Result:
    return {name: value for name, value in json.loads(line).items() if isinstance(value, (int, float))}
