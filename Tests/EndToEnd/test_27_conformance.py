"""RFC 6455 as a whole: Autobahn's cases, against the server's own WebSocket handlers in front of a plain echo."""

import asyncio
import subprocess
from collections.abc import Iterator

import pytest
from kosoku import run_fuzzingclient

from harness import paths, processes

# permessage-deflate is an extension (RFC 7692) that the server does not offer.
COMPRESSION = ["12.*", "13.*"]
# Text is checked against UTF-8 when its message is whole, and not at each fragment: a broken message is refused all the
# same (1007), only later. RFC 6455 section 8.1 leaves the moment open.
LATER_THAN_COULD_BE = {"6.4.1", "6.4.2", "6.4.3", "6.4.4"}
# What the RFC leaves open: data after a close frame, close codes that nobody has defined.
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
    results = asyncio.run(play(echo))
    assert len(results) > 300
    verdicts = {result.case_id: (result.behavior.value, result.behavior_close.value) for result in results}
    others = {case: verdict for case, verdict in verdicts.items() if verdict != ("OK", "OK")}
    assert others == {
        **dict.fromkeys(LATER_THAN_COULD_BE, ("NON-STRICT", "OK")),
        **dict.fromkeys(INFORMATIONAL, ("INFORMATIONAL", "INFORMATIONAL")),
    }


async def play(port: int) -> list:
    run = run_fuzzingclient(f"ws://127.0.0.1:{port}", exclude_cases=COMPRESSION)
    return await asyncio.wait_for(run, 380)
