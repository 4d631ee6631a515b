"""The rows of the report and their goals. Goals apply to our server with `?session=new`, whose replay buffer stores
every message, because the page connects that way."""

from dataclasses import dataclass

from . import measurements as measured
from .measurements import MIB
from .rounds import Outcome
from .servers import LIMIT, OURS, Server

KIB = 1 << 10


@dataclass(frozen=True)
class Bound:
    """A ratio to the C relay, a ratio to each peer, or a value; each is optional."""

    relay: float | None = None
    peer: float | None = None
    value: float | None = None


@dataclass(frozen=True)
class Row:
    title: str
    measurement: str
    field: str
    bound: Bound = Bound()
    more_is_better: bool = False
    divisor: float = 1
    digits: int = 0


@dataclass(frozen=True)
class Judged:
    row: Row
    values: dict[str, float | None]
    fault: str | None
    to_relay: float | None
    to_peer: float | None
    # None if there is no goal, or if a required measurement is missing.
    is_met: bool | None


def _trips(clients: int, awake: bool = False) -> list[Row]:
    name = f"rt {clients} 300{' awake' if awake else ''}"
    who = f"{clients:,} client{'s' if clients > 1 else ''}{', all cores awake' if awake else ''}"
    return [
        Row(f"round trips/s, {who}", name, "perSecond", Bound(relay=0.8, peer=1), more_is_better=True),
        Row(f"p50, µs, {who}", name, "p50"),
        Row(f"p99, µs, {who}", name, "p99", Bound(peer=1)),
    ]


def _lines(clients: int, size: int, peer: float) -> Row:
    title = f"{size:,}-byte lines/s, {clients} client{'s' if clients > 1 else ''}"
    return Row(title, f"stream {clients} {size}", "perSecond", Bound(peer=peer), more_is_better=True)


ROWS = [
    Row("CPU s per million round trips, 50 clients", "rt 50 300", "cpuPerMillion", Bound(1.6, 0.75), digits=2),
    *_trips(1),
    *_trips(1, awake=True),
    *_trips(50),
    *_trips(500),
    _lines(1, 120, 3),
    _lines(50, 120, 3),
    _lines(1, 4_096, 1.5),
    _lines(50, 4_096, 1.5),
    Row("CPU s per million 120-byte lines, 50 clients", "stream 50 120", "cpuPerMillion", digits=3),
    Row("KiB per idle socket", "idle", "bytesPerSocket", Bound(value=12), divisor=KIB, digits=1),
    Row("MiB RSS with 1,000 idle sockets", "idle", "bytes", Bound(value=56), divisor=MIB, digits=1),
    Row("MiB of growth for one that does not read", "stall", "growthBytes", Bound(value=32), divisor=MIB, digits=1),
    Row("the others' p99 beside it, to that without it", "stall", "p99Ratio", Bound(value=1.3), digits=2),
    Row("MiB PSS with 50 codex sessions, agents included", "codex sessions", "bytes", Bound(value=260), divisor=MIB),
    Row("MiB PSS of these the server's own", "codex sessions", "serverBytes", divisor=MIB, digits=1),
    Row("µs p50 of a round trip to codex alone, unix://", "codex added", "direct", digits=1),
    Row("the same, ws://", "codex added", "directTCP", digits=1),
    Row("µs p50 added to the former", "codex added", "added", Bound(value=50), digits=1),
    Row("µs p50 added by bytes passed on unread", "codex added", "pumped", digits=1),
    Row("µs p50 above codex alone as it is, with CPU_LATENCY_US=0", "codex added", "moreThanAsleep", digits=1),
    Row("µs p50 to codex alone, all cores awake", "codex added", "directAwake", digits=1),
    Row("µs p50 added to that, with CPU_LATENCY_US=0", "codex added", "addedAwake", Bound(value=50), digits=1),
    Row("µs p50 added to that by bytes passed on unread", "codex added", "pumpedAwake", digits=1),
    Row("ms from the start to the first page", "first request", "milliseconds", Bound(value=60), digits=1),
    Row("ms from opening the page to its first thread", "first thread", "milliseconds", Bound(value=120), digits=1),
]

_SIZES = measured.SWEEP_SIZES_CLIENTS

def _few_to_many(clients: int) -> list[Row]:
    name = f"sweep {clients} 300"
    return [
        Row(f"round trips/s, {clients:,} × 300 bytes", name, "perSecond", more_is_better=True),
        Row(f"CPU µs each, {clients:,} × 300 bytes", name, "cpuMicroseconds", digits=1),
    ]


def _small_to_large(size: int) -> list[Row]:
    name = f"sweep {_SIZES} {size}"
    return [
        Row(f"MB/s each way, {_SIZES} × {size:,} bytes", name, "megabytesPerSecond", more_is_better=True, digits=1),
        Row(f"CPU ns per byte, {_SIZES} × {size:,} bytes", name, "cpuNanosecondsPerByte", digits=2),
    ]


SWEEP = [
    *(row for clients in measured.SWEEP_CLIENTS for row in _few_to_many(clients)),
    *(row for size in measured.SWEEP_BYTES for row in _small_to_large(size)),
]


def judge(rows: list[Row], outcome: Outcome, servers: list[Server]) -> list[Judged]:
    """The rows with at least one measurement."""
    judged = [_judge(row, outcome, servers) for row in rows]
    return [one for one in judged if one.fault or any(value is not None for value in one.values.values())]


def _judge(row: Row, outcome: Outcome, servers: list[Server]) -> Judged:
    def value(name: str) -> float | None:
        found = outcome.value(row.measurement, name, row.field)
        return None if found is None else found / row.divisor

    def ratio(name: str) -> float | None:
        return outcome.ratio(row.measurement, OURS, name, row.field)

    values = {server.name: value(server.name) for server in servers}
    peers = [found for server in servers if server.is_peer and (found := ratio(server.name)) is not None]
    # The peer that compares best with our server.
    to_peer = (min(peers) if row.more_is_better else max(peers)) if peers else None
    ours, fault = values.get(OURS), outcome.faults.get((row.measurement, OURS))
    to_relay = ratio(LIMIT)
    checks = [
        _holds(row, found, bound)
        for found, bound in ((to_relay, row.bound.relay), (to_peer, row.bound.peer), (ours, row.bound.value))
        if bound is not None
    ]
    is_met = False if fault and checks else None if not checks or None in checks else all(checks)
    return Judged(row, values, fault, to_relay, to_peer, is_met)


def _holds(row: Row, found: float | None, bound: float) -> bool | None:
    if found is None:
        return None
    return found >= bound if row.more_is_better else found <= bound
