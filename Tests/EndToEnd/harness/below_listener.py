#!/usr/bin/python3
"""Runs a program below a seccomp listener, as in a container whose runtime watches system calls: the kernel does not
allow a process a second listener (EBUSY). `below_listener.py PROGRAM ARGUMENT…`."""

import ctypes
import os
import platform
import struct
import sys

SECCOMP = {"x86_64": 317, "aarch64": 277}[platform.machine()]
NO_NEW_PRIVILEGES, NEW_LISTENER, SET_MODE_FILTER = 38, 8, 1
# A system call that does not exist, so that the listener never has to answer.
NOWHERE = 4_000

libc = ctypes.CDLL(None, use_errno=True)
instructions = (
    struct.pack("HBBI", 0x20, 0, 0, 0)  # load the system call's number
    + struct.pack("HBBI", 0x15, 0, 1, NOWHERE)  # if it is another one, skip the next instruction
    + struct.pack("HBBI", 0x06, 0, 0, 0x7FC00000)  # notify the listener
    + struct.pack("HBBI", 0x06, 0, 0, 0x7FFF0000)  # allow
)
buffer = ctypes.create_string_buffer(instructions)
program = struct.pack("HxxxxxxP", len(instructions) // 8, ctypes.addressof(buffer))
libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
listener = libc.syscall(SECCOMP, SET_MODE_FILTER, NEW_LISTENER, program)
assert listener >= 0, os.strerror(ctypes.get_errno())
os.set_inheritable(listener, True)
os.execv(sys.argv[1], sys.argv[1:])
