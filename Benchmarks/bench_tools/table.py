"""Formats judged rows as a table: aligned for a terminal, or in Markdown."""

from .goals import Judged, Row
from .servers import Server

Cells = list[list[str]]


# The text columns: the title at the left, goal and verdict at the right.
WORDS = 2


def cells(judged: list[Judged], servers: list[Server]) -> Cells:
    head = ["", *(server.title.removeprefix("SRE Agent Server, ") for server in servers), "÷ relay", "÷ best peer"]
    return [[*head, "goal", ""], *(_line(one, servers) for one in judged)]


def _line(judged: Judged, servers: list[Server]) -> list[str]:
    row = judged.row
    values = [_number(judged.values[server.name], row.digits) for server in servers]
    verdict = {True: "met", False: "NOT MET", None: "not measured" if _goal(row) else ""}[judged.is_met]
    return [row.title, *values, _number(judged.to_relay, 2), _number(judged.to_peer, 2), _goal(row), verdict]


def _number(value: float | None, digits: int) -> str:
    return "–" if value is None else f"{value:,.{digits}f}"


def _goal(row: Row) -> str:
    sign = "≥" if row.more_is_better else "≤"
    bound = row.bound
    parts = [f"{bound.relay:g} × relay" if bound.relay else "", f"{bound.peer:g} × peer" if bound.peer else ""]
    parts.append(f"{bound.value:g}" if bound.value else "")
    return ", ".join(f"{sign} {part}" for part in parts if part)


def for_terminal(lines: Cells) -> str:
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    # Numbers are right-aligned, text is left-aligned.
    numeric = range(1, len(widths) - WORDS)

    def text(line: list[str]) -> str:
        padded = (
            cell.rjust(width) if column in numeric else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        return "  ".join(padded).rstrip()

    return "\n".join(text(line) for line in lines)


def without_goals(lines: Cells) -> Cells:
    return [line[:-WORDS] for line in lines]


def for_markdown(lines: Cells, words: int = WORDS) -> str:
    rule = ["---", *["--:"] * (len(lines[0]) - 1 - words), *["---"] * words]
    return "\n".join(f"| {' | '.join(line)} |" for line in [lines[0], rule, *lines[1:]])


def summary(judged: list[Judged]) -> str:
    with_goal = [one for one in judged if one.is_met is not None]
    missed = [one for one in with_goal if not one.is_met]
    lines = [f"{len(with_goal) - len(missed)} of {len(with_goal)} goals met.", ""]
    lines += [f"- NOT MET: {one.row.title}{f' ({one.fault})' if one.fault else ''}" for one in missed]
    return "\n".join(lines).strip()
