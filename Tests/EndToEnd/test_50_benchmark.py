"""The benchmark, reduced to the results that do not depend on the machine's load: order and content of every line,
memory, and how much is kept for a client that does not read. Times stay in `make bench`. Bounds are the benchmark's own
goals."""

import sys
from collections.abc import Iterator

import pytest

from harness import paths

sys.path.insert(0, str(paths.REPOSITORY / "Benchmarks"))

from bench_tools import build, goals, measurements, servers
from bench_tools import paths as programs
from bench_tools.load import Result
from bench_tools.main import allow_many_files


@pytest.fixture(scope="module", autouse=True)
def built() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SRE_AGENT_BIN", str(paths.sre_agent()))
        allow_many_files()
        build.compile_programs()
        yield


def measure(name: str, server: str = servers.OURS) -> Result:
    """Fails if a line is missing, repeated, out of order or altered."""
    [measurement] = [measurement for measurement in measurements.ALL if measurement.name == name]
    return measurement.run(servers.ALL[server](), measurements.QUICK)


def assert_met(name: str, field: str, result: Result) -> None:
    [row] = [row for row in goals.ROWS if (row.measurement, row.field) == (name, field)]
    assert row.bound.value is not None and result[field] / row.divisor <= row.bound.value, row.title


@pytest.mark.parametrize("server", [servers.OURS, servers.OURS_PLAIN])
@pytest.mark.parametrize("name", ["rt 50 300", "stream 1 120", "stream 50 4096"])
def test_every_line_comes_in_order(name: str, server: str) -> None:
    result = measure(name, server)
    assert result["perSecond"] > 0


def test_an_idle_socket_costs_little() -> None:
    result = measure("idle")
    assert_met("idle", "bytesPerSocket", result)
    assert_met("idle", "bytes", result)


def test_what_is_kept_for_one_that_does_not_read_is_bounded() -> None:
    assert_met("stall", "growthBytes", measure("stall"))


def test_fifty_sessions_of_codex_share_their_memory() -> None:
    assert programs.codex().exists()
    assert_met("codex sessions", "bytes", measure("codex sessions"))
