"""docs/benchmarks.md and its chart."""

import datetime

from . import chart, machine, paths, table
from .goals import Judged
from .servers import Server


def write(command: str, judged: list[Judged], sweep: list[Judged], servers: list[Server]) -> None:
    paths.DOCUMENT.write_text(_document(command, judged, sweep, servers))
    paths.CHART.write_text(chart.draw(judged, servers))


def _document(command: str, judged: list[Judged], sweep: list[Judged], servers: list[Server]) -> str:
    versions = "\n".join(f"- {line}" for line in machine.versions(servers))
    parts = [
        "# Benchmarks",
        f"Written by `{command}` on {datetime.date.today():%d %B %Y}. What each number is and how it is measured "
        "stands in [Benchmarks/README.md](../Benchmarks/README.md).",
        f"{machine.describe()}\n\n{versions}",
        "![The main results as bars](benchmarks.svg)",
        "Medians over the rounds of one run in which the servers took turns. Goals are for `?session=new`, the way the "
        "page connects, which keeps what it sends for a client that comes back.",
        table.for_markdown(table.cells(judged, servers)),
        table.summary(judged),
    ]
    if sweep:
        parts += [
            "## From few to many, from small to large",
            "The same closed loop with 1 to 1,000 clients, then with messages of 100 bytes to 1 MiB. Where the work "
            "grows in step with the load, CPU per round trip stays level in the first part; in the second, CPU per byte "
            "falls as the cost of a message is spread over more bytes, and then stays level.",
            table.for_markdown(table.without_goals(table.cells(sweep, servers)), words=0),
        ]
    return "\n\n".join(parts) + "\n"
