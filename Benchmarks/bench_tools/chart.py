"""Draws the main results as an SVG bar chart, readable on light and dark backgrounds."""

from html import escape

from .goals import Judged
from .servers import OURS, Server

# The titles of the rows that are drawn.
DRAWN = [
    "CPU s per million round trips, 50 clients",
    "round trips/s, 50 clients",
    "120-byte lines/s, 50 clients",
    "MiB RSS with 1,000 idle sockets",
]
WIDTH, LABEL, VALUE = 720, 232, 110
BAR, GAP, HEAD, SPACE = 16, 6, 30, 18

STYLE = """
text { font: 13px system-ui, sans-serif; fill: #1f2328 }
.head { font-weight: 600 }
.bar { fill: #8c959f } .ours { fill: #0969da }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 }
  .bar { fill: #6e7681 } .ours { fill: #4493f8 }
}
"""


def draw(judged: list[Judged], servers: list[Server]) -> str:
    by_title = {one.row.title: one for one in judged}
    top, parts = 0.0, []
    for title in DRAWN:
        if title in by_title:
            part, height = _group(by_title[title], servers, top)
            parts.append(part)
            top += height
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top:.0f}" width="{WIDTH}" role="img">'
        f"<title>Benchmark results</title><style>{STYLE}</style>{''.join(parts)}</svg>\n"
    )


def _group(judged: Judged, servers: list[Server], top: float) -> tuple[str, float]:
    row = judged.row
    values = [(server, value) for server in servers if (value := judged.values[server.name]) is not None]
    most = max((value for _, value in values), default=1) or 1
    better = "more is better" if row.more_is_better else "less is better"
    lines = [f'<text class="head" x="0" y="{top + 16:.0f}">{escape(row.title)} ({better})</text>']
    for number, (server, value) in enumerate(values):
        y = top + HEAD + number * (BAR + GAP)
        length = max(value / most * (WIDTH - LABEL - VALUE), 1)
        kind = "ours" if server.name == OURS else "bar"
        lines += [
            f'<text x="0" y="{y + 13:.0f}">{escape(server.title)}</text>',
            f'<rect class="{kind}" x="{LABEL}" y="{y:.0f}" width="{length:.1f}" height="{BAR}" rx="2"/>',
            f'<text x="{LABEL + length + 6:.1f}" y="{y + 13:.0f}">{value:,.{row.digits}f}</text>',
        ]
    return "".join(lines), HEAD + len(values) * (BAR + GAP) + SPACE
