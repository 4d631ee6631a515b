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
        f"Written by `{outcome.command}` on {datetime.date.today():%d %B %Y}. What each number is and how it is measured "
        "stands in [Benchmarks/README.md](../Benchmarks/README.md).",
        f"{machine.describe()}\n\n{versions}",
        "![The main results as bars](benchmarks.svg)",
        "Medians of one run in which the servers took turns; ratios are medians of the ratios within a turn. Goals are for "
        "`?session=new`, the way the page connects, which keeps what it sends for a client that comes back.",
        table.for_markdown(table.cells(judged, servers)),
        table.summary(judged),
    ]
    if sweep:
        parts += [
            "## From few to many, from small to large",
            "The same closed loop with 1 to 1,000 clients, then with messages of 100 bytes to 1 MiB. Where the work "
            "grows in step with the load, CPU per round trip stays level in the first part; in the second, CPU per byte "
            "falls as the cost of a message is spread over more bytes, and then stays level.",
            _growth(outcome),
            table.for_markdown(table.without_goals(table.cells(sweep, servers)), words=0),
        ]
    parts.append(paths.BAD_LINE.read_text().rstrip())
    if counted:
        parts += [
            "## Instructions",
            "Of a release build, counted by callgrind (`make bench-instructions`): the same each time.",
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
