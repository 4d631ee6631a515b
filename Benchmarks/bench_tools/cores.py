"""Keeps cores awake with the kernel's CPU latency QoS (Documentation/power/pm_qos_interface.rst)."""

import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager

DEVICE = "/dev/cpu_dma_latency"


def may_be_kept_awake() -> bool:
    return os.access(DEVICE, os.W_OK)


@contextmanager
def kept_awake() -> Iterator[None]:
    """The latency request holds as long as the device is open."""
    with open(DEVICE, "wb", buffering=0) as device:
        device.write(struct.pack("i", 0))
        yield
