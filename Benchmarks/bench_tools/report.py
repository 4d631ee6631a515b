"""Writes docs/benchmarks.md and its chart."""

import datetime

from . import chart, instructions, machine, measurements, paths, table
from .goals import Judged
from .rounds import Outcome
from .servers import OURS, Server


def write(
    judged: list[Judged],
    sweep: list[Judged],
    servers: list[Server],
    outcome: Outcome,
    counted: dict[str, int],
) -> None:
    paths.DOCUMENT.write_text(_document(judged, sweep, servers, outcome, counted))
    paths.CHART.write_text(chart.draw(judged, servers))


def _document(
    judged: list[Judged],
    sweep: list[Judged],
    servers: list[Server],
    outcome: Outcome,
    counted: dict[str, int],
) -> str:
    versions = "\n".join(f"- {line}" for line in machine.versions(servers))
    parts = [
        "# Benchmarks",
        f"Written by `{outcome.command}` on {datetime.date.today():%d %B %Y}. "
        "[Benchmarks/README.md](../Benchmarks/README.md) explains each number and how it is measured.",
        f"{machine.describe()}\n\n{versions}",
        "![The main results as bars](benchmarks.svg)",
        "Each number is the median of one run in which the servers took turns; each ratio is the median of the ratios "
        "within a turn. The goals apply to `?session=new`, which the page uses: it keeps sent frames in the replay "
        "buffer.",
        table.for_markdown(table.cells(judged, servers)),
        table.summary(judged),
    ]
    if sweep:
        parts += [
            "## Scaling with clients and message size",
            "The same closed loop with 1 to 1,000 clients, then with messages of 100 bytes to 1 MiB. If the work is "
            "proportional to the load, CPU per round trip is constant in the first part. In the second part CPU per "
            "byte falls, as the cost of a message is spread over more bytes, and then is constant.",
            _growth(outcome),
            table.for_markdown(table.without_goals(table.cells(sweep, servers)), words=0),
        ]
    parts.append(paths.BAD_LINE.read_text().rstrip())
    if counted:
        parts += [
            "## Instructions",
            "Instruction counts of a release build, measured with callgrind (`make bench-instructions`). They are the same "
            "in every run.",
            table.for_markdown(
                [["", "instructions each"]]
                + [[instructions.PARTS[part], f"{number:,}"] for part, number in counted.items()],
                words=0,
            ),
        ]
    return "\n\n".join(parts) + "\n"


def _growth(outcome: Outcome) -> str:
    """Describes our server's results in the sweep."""
    clients, sizes = measurements.SWEEP_CLIENTS[1:], measurements.SWEEP_BYTES
    many = [outcome.value(f"sweep {count} 300", OURS, "cpuMicroseconds") for count in clients]
    large = [
        outcome.value(f"sweep {measurements.SWEEP_SIZES_CLIENTS} {size}", OURS, "cpuNanosecondsPerByte")
        for size in sizes
    ]
    each, bytes_each = [value for value in many if value], [value for value in large if value]
    if len(each) != len(clients) or len(bytes_each) != len(sizes):
        return "Not all of it was measured."
    return (
        f"With {clients[-1] // clients[0]} times as many clients ({clients[0]:,} to {clients[-1]:,}) a round trip costs "
        f"the server {each[-1] / each[0]:.2f} times as much CPU; a byte of a message of {sizes[-1]:,} bytes costs "
        f"{bytes_each[-1] / bytes_each[0]:.3f} times as much as one of {sizes[0]:,}, and "
        f"{bytes_each[-1] / bytes_each[-2]:.2f} times as much as one of {sizes[-2]:,}."
    )
