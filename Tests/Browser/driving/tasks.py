"""How long the page keeps its main thread busy: the CPU time of its tasks, which other programs do not lengthen."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Browser, Page


@dataclass
class Tasks:
    """In milliseconds of CPU time, longest first."""

    lengths: list[float] = field(default_factory=list)

    @property
    def longest(self) -> float:
        return self.lengths[0] if self.lengths else 0

    @property
    def total(self) -> float:
        return sum(self.lengths)

    def __str__(self) -> str:
        return f"{len(self.lengths)} tasks, {self.total:.0f} ms; longest {[round(one) for one in self.lengths[:5]]}"


@contextmanager
def tasks_of(browser: Browser, page: Page, kept: list[dict] | None = None) -> Iterator[Tasks]:
    """Traces the page's main thread. `kept` gets the events."""
    found = Tasks()
    browser.start_tracing(page=page, categories=["toplevel", "disabled-by-default-devtools.timeline", "devtools.timeline"])
    try:
        yield found
    finally:
        events = json.loads(browser.stop_tracing())["traceEvents"]
    found.lengths = sorted(_tasks(events), reverse=True)
    if kept is not None:
        kept += events


def _tasks(events: list[dict]) -> Iterator[float]:
    mains = {(one["pid"], one["tid"]) for one in events if one["name"] == "thread_name" and one["args"]["name"] == "CrRendererMain"}
    for event in events:
        if event["name"] == "ThreadControllerImpl::RunTask" and (event["pid"], event["tid"]) in mains and "tdur" in event:
            yield event["tdur"] / 1000
