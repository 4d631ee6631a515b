"""RFC 6455 and permessage-deflate (RFC 7692) as a whole: the Autobahn test suite against the server's own WebSocket handlers in front of an echo."""

import asyncio
import os
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
from kosoku import run_fuzzingclient

from harness import paths, processes

# The server checks UTF-8 on the whole message, not on each fragment: it refuses a broken message all the same (1007),
# only later. RFC 6455 section 8.1 does not prescribe the moment.
LATER_THAN_COULD_BE = {"6.4.1", "6.4.2", "6.4.3", "6.4.4"}
# permessage-deflate: 12 with several kinds of content, 13 with several offers.
COMPRESSION = [f"12.{number}" for number in range(1, 6)] + [f"13.{number}" for number in range(1, 8)]
# Messages from 16 bytes to 8 KiB, and of 8 and 16 KiB in frames of 256 bytes. `CONFORMANCE=all` adds those up to 128 KiB,
# which take a debug build half an hour: up to eight minutes for a group.
ALL = os.environ.get("CONFORMANCE") == "all"
SIZES = range(1, 19) if ALL else [1, 2, 3, 4, 5, 6, 11, 12]
LIMIT = 1800 if ALL else 380
# Cases that the RFC leaves open: data after a close frame, undefined close codes.
INFORMATIONAL = {"7.1.6", "7.13.1", "7.13.2"}


@pytest.fixture
def echo() -> Iterator[int]:
    process = subprocess.Popen([paths.websocket_echo()], stdout=subprocess.PIPE, text=True)
    processes.register(process.pid)
    assert process.stdout is not None
    yield int(process.stdout.readline())
    process.kill()
    process.wait()


@pytest.mark.timeout(400)
def test_every_case(echo: int) -> None:
    results = asyncio.run(play(echo, exclude_cases=["12.*", "13.*"]))
    assert len(results) > 300
    verdicts = {result.case_id: (result.behavior.value, result.behavior_close.value) for result in results}
    others = {case: verdict for case, verdict in verdicts.items() if verdict != ("OK", "OK")}
    assert others == {
        **dict.fromkeys(LATER_THAN_COULD_BE, ("NON-STRICT", "OK")),
        **dict.fromkeys(INFORMATIONAL, ("INFORMATIONAL", "INFORMATIONAL")),
    }


@pytest.mark.timeout(LIMIT + 20)
@pytest.mark.parametrize("group", COMPRESSION)
def test_every_case_of_compression(echo: int, group: str) -> None:
    """A thousand messages in each case."""
    cases = [f"{group}.{number}" for number in SIZES]
    results = asyncio.run(play(echo, cases=cases, concurrency=2))
    assert len(results) == len(cases)
    verdicts = {result.case_id: (result.behavior.value, result.behavior_close.value) for result in results}
    assert set(verdicts.values()) <= {("OK", "OK")}, verdicts


async def play(port: int, **options: Any) -> list:
    return await asyncio.wait_for(run_fuzzingclient(f"ws://127.0.0.1:{port}", **options), LIMIT)
