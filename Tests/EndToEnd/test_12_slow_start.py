"""Row 12: the server lets a codex that is alive and busy finish its start."""

from collections.abc import Callable

import pytest

from harness import paths
from harness.client import Client
from harness.conversation import Conversation
from harness.place import Place
from harness.server import Server
from harness.waiting import wait_until


def test_a_codex_that_starts_slowly(
    place: Place, launch: Callable[..., Server], clients: Callable[..., Client]
) -> None:
    """With a slow script before it, or much to index. The server used to kill it after 20 s and restart it forever."""
    starts = place.workspace / "starts"
    slow = place.root / "slow-codex"
    slow.write_text(
        f"""#!/bin/sh
case "$*" in
--version) sleep 11 ;;
*--listen*) echo x >> {starts}; sleep 22 ;;
esac
exec {paths.codex()} "$@"
"""
    )
    slow.chmod(0o755)
    server = launch(environment={"CODEX_BIN": str(slow)}).started()
    assert '"reason":"The agent is starting' in server.get("/readyz")[1]
    wait_until("it is ready", lambda: server.get("/readyz")[0] == 200, 120, 0.5)
    assert starts.read_text() == "x\n"
    conversation = Conversation.start(clients(server))
    conversation.run({"command": "echo ran"}, {"text": "done"})
    assert conversation.output().strip() == "ran"


@pytest.mark.parametrize("mode", ["shared", "isolated"])
def test_a_script_that_becomes_codex(
    place: Place, launch: Callable[..., Server], clients: Callable[..., Client], mode: str
) -> None:
    """Programs that the script starts are the administrator's; programs that codex then starts need grants."""
    script = place.root / "a-script"
    script.write_text(f'#!/bin/sh\n/bin/true\nexec {paths.codex()} "$@"\n')
    script.chmod(0o755)
    server = launch(mode, environment={"CODEX_BIN": str(script)}).ready()
    conversation = Conversation.start(clients(server))
    conversation.run({"command": "echo ran"}, {"text": "done"})
    assert conversation.output().strip() == "ran"
    assert not conversation.client.find(lambda message: message.get("method") == "sre/alarm")
