"""Checks of the machine: no process or descriptor is left, the memory is bounded, the log is clean."""

import json
import re

from faults import APPROVAL_TIMEOUT, SESSION_KEEP, House
from ledger import Ledger
from proof import Proof

from harness import processes
from harness.waiting import wait_until

# Descriptors that the kernel or a library may still hold for a moment.
DESCRIPTORS_MORE = 4
MIB_MORE = 64
_BAD_LINE = re.compile(r"^\S+ (error|critical) |Fatal", re.MULTILINE)


def empty(house: House) -> list[Proof]:
    """After all clients have left and their sessions have ended."""
    server, mode = house.server, house.mode
    waiting = Proof(f"{mode}: questions that wait")
    try:
        wait_until("", lambda: _listed(house) == [], APPROVAL_TIMEOUT + SESSION_KEEP, 0.5)
    except AssertionError:
        pass
    left = _listed(house)
    waiting.number(len(left), "at GET /api/v1/sre/approvals")
    waiting.holds(not left, json.dumps(left)[:500])

    alive = Proof(f"{mode}: processes")
    others = house.settle(server, SESSION_KEEP + 20)
    alive.number(len(server.agents()), "agents")
    alive.number(len(others), "others below the server")
    alive.holds(not others, str({pid: processes.command_line(pid)[:200] for pid in others}))
    alive.holds(len(server.agents()) == (mode == "shared"), f"agents: {server.agents()}")
    verifiers = house.verifiers(server)
    loaded = house.loaded_threads(server) if mode == "shared" else 0
    alive.number(verifiers, f"verifiers of {loaded} threads")
    alive.holds(verifiers == loaded, "not one for each thread")

    descriptors = Proof(f"{mode}: descriptors")
    try:
        wait_until("", lambda: house.open_descriptors(server) <= house.descriptors, 10, 0.5)
    except AssertionError:
        pass
    open_now = house.open_descriptors(server)
    descriptors.number(open_now, f"open, after warm-up {house.descriptors} (at most {DESCRIPTORS_MORE} more)")
    descriptors.holds(abs(open_now - house.descriptors) <= DESCRIPTORS_MORE, house.descriptor_names())

    resident = Proof(f"{mode}: memory")
    now = house.resident(server)
    resident.number(now, f"MiB, after warm-up {house.memory} (at most {MIB_MORE} more)")
    resident.holds(now <= house.memory + MIB_MORE, "it grew")
    return [waiting, alive, descriptors, resident]


def _listed(house: House) -> list[dict]:
    status, body = house.server.get("/api/v1/sre/approvals")
    return json.loads(body)["data"] if status == 200 else [{"status": status, "body": body}]


def ended(houses: list[House], ledger: Ledger) -> list[Proof]:
    """After the servers have exited."""
    nothing = Proof("after the servers' ends")
    try:
        wait_until("", lambda: not processes.strangers(), 5)
    except AssertionError:
        pass
    left = processes.strangers()
    nothing.number(len(left), "processes left")
    nothing.holds(not left, str(left))

    log = Proof("logs")
    for house in houses:
        text = house.server.log.read_text(errors="replace")
        log.number(text.count("\n"), f"lines ({house.mode}, {house.life} lives)")
        log.against += [line[:300] for line in text.splitlines() if _BAD_LINE.search(line)]

    watched = Proof("while it ran")
    watched.number(len(ledger.faults), "things that should not have been")
    watched.against += ledger.faults
    return [nothing, log, watched]
