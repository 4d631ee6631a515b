"""While the agent is down, every request gets an error at once, until the agent is back."""

from collections.abc import Callable
from typing import TypeVar

from .client import RpcError
from .waiting import wait_until

UNAVAILABLE = -32000

Value = TypeVar("Value")


def when_it_is_back(call: Callable[[], Value], timeout: float = 20) -> Value:
    def probe() -> tuple[Value] | None:
        try:
            return (call(),)
        except RpcError:
            return None

    return wait_until("the agent answers again", probe, timeout, 0.1)[0]
