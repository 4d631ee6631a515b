"""Paths of the benchmark."""

import os
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
SOURCES = REPOSITORY / "Benchmarks"
# Git-ignored: the built programs, and below `run` the directories of running servers. Not below /tmp, where every
# sandbox may write. Short, because a socket path has at most 107 bytes.
BUILT = REPOSITORY / ".bench"
RUN = BUILT / "run"
# Results of the last run, each written as soon as it is known.
SAMPLES = BUILT / "samples.json"
VENV = REPOSITORY / ".venv-bench"
REQUIREMENTS = REPOSITORY / "requirements" / "bench.txt"
# A part of the document that tests of the end-to-end suites measure, not this program.
BAD_LINE = REPOSITORY / "Benchmarks" / "bad-line.md"
DOCUMENT = REPOSITORY / "docs" / "benchmarks.md"
CHART = REPOSITORY / "docs" / "benchmarks.svg"

AGENT = BUILT / "agent"
RELAY = BUILT / "relay"
LOAD = BUILT / "load"
PUMP = BUILT / "pump"
HOT_PATH = REPOSITORY / ".build" / "release" / "hot-path"


def sre_agent() -> Path:
    return _given("SRE_AGENT_BIN", REPOSITORY / ".build" / "release" / "sre-agent")


def codex() -> Path:
    return _given("CODEX_BIN", REPOSITORY / ".runtime" / "codex_cli_bin" / "bin" / "codex")


def _given(variable: str, default: Path) -> Path:
    text = os.environ.get(variable)
    return Path(text).resolve() if text else default
