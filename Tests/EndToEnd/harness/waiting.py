"""Waits for events, never for a fixed time."""

import time
from collections.abc import Callable
from typing import TypeVar

Value = TypeVar("Value")


def wait_until(what: str, probe: Callable[[], Value], timeout: float = 15, interval: float = 0.02) -> Value:
    """Returns the first true value of `probe`; fails with `what` on a time-out."""
    deadline = time.monotonic() + timeout
    while True:
        value = probe()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {timeout} s: {what}")
        time.sleep(interval)


def stays(what: str, probe: Callable[[], object], seconds: float = 0.5, interval: float = 0.02) -> None:
    """Asserts that a condition holds for a while. Used where no later event proves that something does not happen."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        assert probe(), f"did not stay so: {what}"
        time.sleep(interval)
