"""What one view has seen, as far as it is checked against other views."""

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Request:
    method: str
    order: int
    socket: int
    # The server has read the answer.
    sure: bool = False
    responses: int = 0
    # Its response may lie in a gap.
    gap: bool = False


@dataclass
class Answer:
    question: str
    word: str
    order: int
    socket: int
    sure: bool = False
    # The client would have been told the outcome.
    firm: bool = False


@dataclass
class TurnSeen:
    token: str | None = None
    status: str | None = None
    digest: Any = field(default_factory=hashlib.sha256)
    texts: list[str] = field(default_factory=list)


@dataclass
class View:
    name: str
    mode: str = ""
    ending: str = "unfinished"
    frames: int = 0
    resumes: int = 0
    gaps: list[int] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    requests: dict[int, Request] = field(default_factory=dict)
    answers: list[Answer] = field(default_factory=list)
    # The command name for each approval.
    questions: dict[str, str | None] = field(default_factory=dict)
    # Approvals whose end may lie in a gap.
    unheard: set[str] = field(default_factory=set)
    decisions: dict[str, list[str]] = field(default_factory=dict)
    rejections: Counter[str] = field(default_factory=Counter)
    # Turns seen from start to end.
    turns: dict[str, TurnSeen] = field(default_factory=dict)
    # Commands by name: how they ended, and whether their whole output was there.
    commands: dict[str, tuple[str, bool]] = field(default_factory=dict)
    messages: int = 0
