"""The command."""

import argparse
import resource
import shlex
import signal
import sys
from collections.abc import Callable

from . import build, goals, instructions, measurements, paths, report, rounds, servers, table
from .measurements import Measurement
from .servers import Server


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description="Holds the server against a C relay and its peers.")
    groups, names = ",".join(measurements.GROUPS), ",".join(servers.ALL)
    parser.add_argument("--only", type=_listed(measurements.GROUPS), default=measurements.GROUPS, help=groups)
    parser.add_argument("--servers", type=_listed(list(servers.ALL)), default=list(servers.ALL), help=names)
    parser.add_argument("--rounds", type=int, help="3, with --quick 1")
    parser.add_argument("--quick", action="store_true", help="short runs, to see that everything works")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md and docs/benchmarks.svg")
    parser.add_argument("--report", action="store_true", help="of the last run's samples, without another run")
    return parser.parse_args()


def _listed(known: list[str]) -> Callable[[str], list[str]]:
    def read(text: str) -> list[str]:
        names = text.split(",")
        for name in names:
            if name not in known:
                raise argparse.ArgumentTypeError(f"{name} is none of {', '.join(known)}")
        return names

    return read


def _present(names: list[str]) -> list[Server]:
    """Returns the servers that can be installed, and prints the names of the others."""
    found = []
    for name in names:
        server = servers.ALL[name]()
        if server:
            found.append(server)
        else:
            print(f"{name} cannot be installed here and is left out.", file=sys.stderr)
    return found


def _chosen(groups: list[str]) -> list[Measurement]:
    chosen = [measurement for measurement in measurements.ALL if measurement.group in groups]
    if paths.codex().exists():
        return chosen
    print(f"{paths.codex()} is not there: what needs the real codex is left out.", file=sys.stderr)
    return [measurement for measurement in chosen if not measurement.of_ours]


def allow_many_files() -> None:
    """Raises the file descriptor limit, which the servers inherit."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _stop(*_: object) -> None:
    raise KeyboardInterrupt


def _run(arguments: argparse.Namespace, found: list[Server]) -> rounds.Outcome:
    effort = measurements.QUICK if arguments.quick else measurements.FULL
    count = arguments.rounds or (1 if arguments.quick else 3)
    command = f"Benchmarks/bench {shlex.join(sys.argv[1:])}"
    chosen = _chosen(arguments.only)
    return rounds.run(command, chosen, found, count, effort, lambda line: print(line, file=sys.stderr))


def main() -> int:
    arguments = _arguments()
    # So that the servers are stopped however the benchmark ends.
    signal.signal(signal.SIGTERM, _stop)
    allow_many_files()
    build.compile_programs()
    found = _present(arguments.servers)
    outcome = rounds.Outcome.kept(paths.SAMPLES) if arguments.report else _run(arguments, found)
    judged = goals.judge(goals.ROWS, outcome, found)
    sweep = goals.judge(goals.SWEEP, outcome, found)
    print(table.for_terminal(table.cells(judged + sweep, found)))
    print(f"\n{table.summary(judged)}")
    if arguments.write:
        report.write(judged, sweep, found, outcome, instructions.count())
    return 0
