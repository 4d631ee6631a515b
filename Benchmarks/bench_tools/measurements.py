"""The measurements of a server. Each one starts the server anew, with no other server running."""

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from . import codex, cores, load, processes, servers
from .load import Result
from .servers import Server

MIB = 1 << 20
ROUND_TRIP_BYTES = 300
IDLE_SOCKETS = 1_000
STALLED_BYTES, STALLED_LINE = 600_000_000, 1_000
# The other clients of a stalled one. Few, and warmed up for long, so that the server's buffers for them are full before
# the stall begins and do not count as growth.
OTHERS = 4
# The bytes that one request for lines returns.
STREAM_BYTES = 2_400_000
SETTLE = 1.0
MANY_TURNS = 10


@dataclass(frozen=True)
class Effort:
    """The durations of a measurement."""

    seconds: float
    stalled_bytes: int

    def of_turn(self, turns: int) -> "Effort":
        """With several turns each is half as long, with many a quarter."""
        if turns == 1:
            return self
        return replace(self, seconds=self.seconds / (4 if turns >= MANY_TURNS else 2))


FULL = Effort(4, STALLED_BYTES)
QUICK = Effort(1, STALLED_BYTES // 10)


@dataclass(frozen=True)
class Measurement:
    """`group` is the name for `--only`. `of_ours` needs our server and the real codex. `turns` is the number of turns
    of each server per round: many short ones for a number that varies with the machine's other load."""

    name: str
    group: str
    run: Callable[[Server, Effort], Result]
    of_ours: bool = False
    turns: int = 1


def round_trips(
    clients: int, size: int = ROUND_TRIP_BYTES, group: str = "rt", turns: int = 1, awake: bool = False
) -> Measurement:
    """With `awake`, no core sleeps meanwhile, so that no process waits for a core to wake up."""

    def run(server: Server, effort: Effort) -> Result:
        with cores.kept_awake() if awake else contextlib.nullcontext(), servers.running(server) as running:
            arguments = ["--clients", clients, "--bytes", size, "--seconds", effort.seconds]
            result = load.run("rt", *running.arguments, *arguments)
        trips = max(result["roundTrips"], 1)
        return result | {
            "cpuPerMillion": result["serverCPU"] / trips * 1e6,
            "cpuMicroseconds": result["serverCPU"] / trips * 1e6,
            "cpuNanosecondsPerByte": result["serverCPU"] / trips * 1e9 / size,
            "megabytesPerSecond": result["perSecond"] * size / 1e6,
        }

    return Measurement(f"{group} {clients} {size}{' awake' if awake else ''}", group, run, turns=turns)


def stream(clients: int, size: int) -> Measurement:
    def run(server: Server, effort: Effort) -> Result:
        with servers.running(server) as running:
            lines = max(STREAM_BYTES // size // (10 if clients > 1 else 1), 10)
            arguments = ["--clients", clients, "--line-bytes", size, "--lines", lines, "--seconds", effort.seconds]
            result = load.run("stream", *running.arguments, *arguments)
        return result | {"cpuPerMillion": result["serverCPU"] / max(result["lines"], 1) * 1e6}

    return Measurement(f"stream {clients} {size}", "stream", run, turns=3)


def idle() -> Measurement:
    def resident(running: servers.Running, clients: int) -> int:
        with load.idle(*running.arguments, "--clients", clients):
            time.sleep(SETTLE)
            return processes.memory(running.pid)["Rss"]

    def run(server: Server, effort: Effort) -> Result:
        with servers.running(server) as running:
            one = resident(running, 1)
            many = resident(running, IDLE_SOCKETS)
        return {"bytes": many, "bytesOfOne": one, "bytesPerSocket": (many - one) / (IDLE_SOCKETS - 1)}

    return Measurement("idle", "idle", run)


def stall() -> Measurement:
    def run(server: Server, effort: Effort) -> Result:
        with servers.running(server) as running:
            lines = effort.stalled_bytes // STALLED_LINE
            arguments = ["--clients", OTHERS, "--lines", lines, "--line-bytes", STALLED_LINE]
            times = ["--warm-up", effort.seconds, "--seconds", effort.seconds]
            result = load.run("stall", *running.arguments, *arguments, *times)
        return result | {"p99Ratio": result["p99During"] / result["p99Before"]}

    return Measurement("stall", "stall", run, turns=3)


def with_codex(name: str, function: Callable[[float], Result], turns: int = 1) -> Measurement:
    return Measurement(name, "codex", lambda _, effort: function(effort.seconds), of_ours=True, turns=turns)


SWEEP_CLIENTS = (1, 10, 100, 1_000)
SWEEP_BYTES = (100, 1_000, 10_000, 100_000, 1_048_576)
SWEEP_SIZES_CLIENTS = 4

ALL = [
    round_trips(1, turns=16),
    *([round_trips(1, turns=10, awake=True)] if cores.may_be_kept_awake() else []),
    round_trips(50, turns=12),
    round_trips(500, turns=6),
    *(stream(clients, size) for size in (120, 4_096) for clients in (1, 50)),
    idle(),
    stall(),
    with_codex("codex sessions", codex.sessions),
    with_codex("codex added", codex.added, turns=4),
    with_codex("first request", codex.first_request),
    with_codex("first thread", codex.first_thread),
    *(round_trips(clients, group="sweep") for clients in SWEEP_CLIENTS),
    *(round_trips(SWEEP_SIZES_CLIENTS, size, "sweep") for size in SWEEP_BYTES),
]
GROUPS = list(dict.fromkeys(measurement.group for measurement in ALL))
