"""CPU_LATENCY_US: the kernel limits the cores' sleep depth while messages flow, and lifts the limit when none do."""

import os
import struct
from collections.abc import Callable
from pathlib import Path

from harness import program
from harness.client import Client
from harness.place import Place
from harness.server import Server
from harness.stand_in import StandIn
from harness.waiting import wait_until

DEVICE = Path("/dev/cpu_dma_latency")
# An unusual value, so that no other process requests the same.
MICROSECONDS = 4321


def asked_for() -> int:
    """The strictest latency that any process currently requests."""
    with DEVICE.open("rb", buffering=0) as device:
        return struct.unpack("i", device.read(4))[0]


def test_while_messages_flow(
    place: Place, stand_in: Callable[..., tuple[Server, StandIn]], clients: Callable[..., Client]
) -> None:
    wish = {"CPU_LATENCY_US": str(MICROSECONDS)}
    if not os.access(DEVICE, os.W_OK):
        refused = program.run(place, **wish)
        assert refused.returncode == 64
        assert "CPU_LATENCY_US" in refused.stderr and str(DEVICE) in refused.stderr
        return
    client = clients(stand_in(environment=wish)[0])
    wait_until("nobody asks before there are messages", lambda: asked_for() != MICROSECONDS)

    def flows() -> bool:
        client.response(client.post("model/list"))
        return asked_for() == MICROSECONDS

    for _ in range(5):
        wait_until("cores are kept awake with each message", flows)
    wait_until("they may sleep when no message has come for a while", lambda: asked_for() != MICROSECONDS)
