"""Row 12: the agent cannot start. The server stays up, says why, and keeps trying."""

from collections.abc import Callable
from pathlib import Path

import pytest

from harness import processes
from harness.away import UNAVAILABLE, when_it_is_back
from harness.client import Client, RpcError
from harness.place import Place
from harness.server import Server
from harness.stand_in import StandIn
from harness.waiting import stays, wait_until


def failing(place: Place) -> tuple[Path, Path]:
    """An executable that logs each start and exits with 1."""
    program, starts = place.root / "failing", place.root / "starts"
    program.write_text(f'#!/bin/sh\necho "$1" >> {starts}\necho "no such luck" >&2\nexit 1\n')
    program.chmod(0o755)
    return program, starts


def test_agent_that_cannot_start(
    place: Place, launch: Callable[..., Server], clients: Callable[..., Client], mode: str
) -> None:
    program, starts = failing(place)
    server = launch(mode, agent=program).started()
    client = clients(server, initialize=False)
    with pytest.raises(RpcError) as caught:
        client.initialize()
    assert caught.value.code == UNAVAILABLE
    stays("the server is up", lambda: server.get("/healthz")[0] == 200, 5, 0.2)
    # The delay doubles from 0.25 s on: five starts in as many seconds, each perhaps with a query or two before it.
    assert 1 <= starts.read_text().count("app-server") <= 15
    with pytest.raises(RpcError) as caught:
        client.initialize()
    assert caught.value.code == UNAVAILABLE
    assert client.close_code is None


def test_new_client_is_told_at_once(
    place: Place, launch: Callable[..., Server], clients: Callable[..., Client], mode: str
) -> None:
    """If the server already knows that the agent does not start, the client does not wait."""
    program, starts = failing(place)
    server = launch(mode, agent=program).started()
    if mode == "shared":
        wait_until("it was tried twice", lambda: starts.exists() and starts.read_text().count("app-server") > 1)
    client = clients(server, initialize=False)
    with pytest.raises(RpcError) as caught:
        client.request("initialize", {"clientInfo": {"name": "e2e", "version": "1"}}, timeout=4)
    assert caught.value.code == UNAVAILABLE


def test_readiness_says_why_it_cannot_start(place: Place, launch: Callable[..., Server], mode: str) -> None:
    program, _ = failing(place)
    server = launch(mode, agent=program).started()
    wait_until("/readyz has seen it fail", lambda: "no such luck" in server.get("/readyz")[1])
    assert server.get("/readyz")[0] == 503
    assert server.get("/healthz")[0] == 200


def test_agent_that_starts_after_all(
    place: Place, launch: Callable[..., Server], clients: Callable[..., Client], mode: str
) -> None:
    agent = StandIn(place.root, start="exit")
    server = launch(mode, agent=agent.executable).started()
    client = clients(server, initialize=False)
    with pytest.raises(RpcError) as caught:
        client.initialize()
    assert caught.value.code == UNAVAILABLE
    agent.set()
    when_it_is_back(client.initialize)
    assert client.request("model/list", {"a": 1})["echo"] == {"a": 1}
    server.ready()


def test_silent_agent_does_not_hold_the_server_up(
    place: Place, launch: Callable[..., Server], clients: Callable[..., Client], mode: str
) -> None:
    agent = StandIn(place.root, start="hang")
    server = launch(mode, agent=agent.executable).started()
    clients(server, initialize=False).post("initialize", {"clientInfo": {"name": "e2e", "version": "1"}})
    wait_until("it was started", lambda: agent.events("start"))
    assert server.get("/healthz")[0] == 200
    if mode == "shared":
        assert server.get("/readyz")[0] == 503
    assert server.stop() == 0
    processes.assert_no_orphans()
