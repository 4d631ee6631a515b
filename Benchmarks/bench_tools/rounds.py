"""Runs the rounds, with every server in turn, and computes medians."""

import json
import statistics
import sys
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

from . import paths
from .load import Result, Wrong
from .measurements import Effort, Measurement
from .servers import OURS, Server

# By measurement, then by server, in the order of the turns.
Samples = dict[str, dict[str, list[Result]]]


class Outcome:
    """Medians of the measurements, and the failures."""

    def __init__(self, command: str) -> None:
        self.command = command
        self.samples: Samples = defaultdict(lambda: defaultdict(list))
        self.faults: dict[tuple[str, str], str] = {}

    def keep(self, path: Path) -> None:
        """Writes the samples atomically."""
        draft = path.with_suffix(".new")
        faults = [[*place, fault] for place, fault in self.faults.items()]
        draft.write_text(json.dumps({"command": self.command, "samples": self.samples, "faults": faults}))
        draft.replace(path)

    @staticmethod
    def kept(path: Path) -> "Outcome":
        read = json.loads(path.read_text())
        outcome = Outcome(read["command"])
        for measurement, servers in read["samples"].items():
            outcome.samples[measurement].update(servers)
        outcome.faults = {(measurement, server): fault for measurement, server, fault in read["faults"]}
        return outcome

    def value(self, measurement: str, server: str, field: str) -> float | None:
        if (measurement, server) in self.faults:
            return None
        values = [sample[field] for sample in self.samples[measurement][server] if field in sample]
        return statistics.median(values) if values else None

    def ratio(self, measurement: str, server: str, other: str, field: str) -> float | None:
        """The median of the ratios within each turn: a temporary slowdown of the machine affects both servers."""
        if (measurement, server) in self.faults or (measurement, other) in self.faults:
            return None
        # Measurements of our server alone have no samples of other servers.
        samples = self.samples[measurement]
        pairs = zip(samples[server], samples[other], strict=False)
        ratios = [own[field] / others[field] for own, others in pairs if others[field]]
        return statistics.median(ratios) if ratios else None


def run(
    command: str,
    measurements: list[Measurement],
    servers: list[Server],
    rounds: int,
    effort: Effort,
    tell: Callable[[str], None],
) -> Outcome:
    outcome = Outcome(command)
    for number in range(rounds):
        for measurement in measurements:
            for turn in range(measurement.turns):
                # The order changes, so that no server profits from being first or last.
                for server in _turns(measurement, servers, number + turn):
                    tell(f"round {number + 1} of {rounds}: {measurement.name}, {server.title}")
                    _measure(measurement, server, effort.of_turn(measurement.turns), outcome)
                    # Saved now, so that a later failure does not lose most of an hour.
                    outcome.keep(paths.SAMPLES)
    return outcome


def _turns(measurement: Measurement, servers: list[Server], number: int) -> list[Server]:
    if measurement.of_ours:
        return [server for server in servers if server.name == OURS]
    turn = number % len(servers)
    return servers[turn:] + servers[:turn]


def _measure(measurement: Measurement, server: Server, effort: Effort, outcome: Outcome) -> None:
    if (measurement.name, server.name) in outcome.faults:
        return
    try:
        outcome.samples[measurement.name][server.name].append(measurement.run(server, effort))
    except (Wrong, RuntimeError, OSError) as fault:
        outcome.faults[measurement.name, server.name] = str(fault)
        print(f"{server.title}, {measurement.name}: {fault}", file=sys.stderr)
