"""Row 12: the agent dies. Clients get an error at once, the agent is restarted, and sessions continue."""

import os
import signal
import time
from collections.abc import Callable

import pytest

from harness import processes
from harness.away import UNAVAILABLE, when_it_is_back
from harness.client import Client, RpcError
from harness.conversation import Conversation
from harness.server import Server
from harness.stand_in import StandIn
from harness.waiting import wait_until


def kill_agent(server: Server) -> None:
    for agent in server.agents():
        os.kill(agent, signal.SIGKILL)


def test_requests_in_flight_get_an_error_at_once(
    stand_in: Callable[..., tuple[Server, StandIn]], clients: Callable[..., Client], mode: str
) -> None:
    server, agent = stand_in(mode)
    client = clients(server)
    waiting = [client.post("standIn/silence", {"number": number}) for number in range(3)]
    client.send({"id": "a text", "method": "standIn/silence", "params": {"number": "last"}})
    agent.wait_received("last")
    begun = time.monotonic()
    kill_agent(server)
    for request in [*waiting, "a text"]:
        answer = client.response(request, 2)
        assert answer["error"]["code"] == UNAVAILABLE
        assert answer["error"]["message"]
    assert time.monotonic() - begun < 1
    # The same socket, without a new initialize from the client: the server has sent that.
    answer = when_it_is_back(lambda: client.request("model/list", {"of": "the next life"}))
    assert answer["echo"] == {"of": "the next life"}
    assert len([text for text in agent.received() if '"initialize"' in text and '"e2e"' in text]) == 2
    assert client.close_code is None


def test_session_is_told(server_of_its_own: Server, clients: Callable[..., Client]) -> None:
    """A turn may be running without a request in flight; without a notification it would seem to continue."""
    client = clients(server_of_its_own)
    kill_agent(server_of_its_own)
    told = client.notification("sre/agentStatus", 5, state="restarting")
    assert told["message"]
    client.notification("sre/agentStatus", 20, state="ready")


def test_ready_means_ready(server_of_its_own: Server, clients: Callable[..., Client]) -> None:
    client = clients(server_of_its_own)
    kill_agent(server_of_its_own)
    client.notification("sre/agentStatus", 20, state="ready")
    assert client.request("model/list", {"a": 1})["echo"] == {"a": 1}


@pytest.fixture
def server_of_its_own(stand_in: Callable[..., tuple[Server, StandIn]], mode: str) -> Server:
    return stand_in(mode)[0]


def test_requests_while_the_agent_is_away_are_answered(
    stand_in: Callable[..., tuple[Server, StandIn]], clients: Callable[..., Client], mode: str
) -> None:
    server, agent = stand_in(mode)
    client = clients(server)
    agent.set(start="exit")
    kill_agent(server)
    wait_until("the agent has ended", lambda: not server.agents())
    with pytest.raises(RpcError) as caught:
        client.request("standIn/silence", timeout=5)
    assert caught.value.code == UNAVAILABLE
    agent.set()
    assert when_it_is_back(lambda: client.request("model/list", {"a": 1}))["echo"] == {"a": 1}


def test_thread_goes_on_after_the_restart(
    launch: Callable[..., Server], clients: Callable[..., Client], talk, mode: str, shape: str
) -> None:
    server = launch(mode).ready()
    conversation = talk(server, shape)
    conversation.run({"command": "echo before"}, {"text": "done"})
    subscriber = None
    if mode == "shared":
        subscriber = Conversation.resume(clients(server), conversation.thread, excludeTurns=True)
    conversation.play({"command": "sleep 300"}, {"text": "never"})
    conversation.decide(conversation.approval(), "accept")
    wait_until("the command runs", lambda: processes.find(server.pid, "sleep 300"))
    running = processes.find(server.pid, "sleep 300")
    kill_agent(server)
    wait_until("the command has ended with its agent", lambda: not any(map(processes.is_alive, running)))

    when_it_is_back(lambda: conversation.play({"command": "echo after"}, {"text": "done"}))
    seen = subscriber.client.count if subscriber else 0
    conversation.decide(conversation.approval(), "accept")
    assert conversation.ended()["status"] == "completed"
    assert "after" in conversation.output()
    assert not conversation.client.find(lambda message: message.get("method") == "sre/alarm")
    if subscriber:
        subscriber.client.notification("turn/completed", since=seen, threadId=conversation.thread)
    assert server.get("/readyz")[0] == 200


def test_approved_command_outside_the_sandbox_ends_with_its_agent(
    launch: Callable[..., Server], talk, mode: str
) -> None:
    """codex does not end it: codex's child processes outlive its SIGKILL."""
    server = launch(mode).ready()
    conversation = talk(server)
    conversation.play({"command": "sleep 301", "escalate": True, "justification": "must"}, {"text": "never"})
    conversation.decide(conversation.approval(), "accept")
    conversation.decide(conversation.approval(), "accept")
    wait_until("the command runs", lambda: processes.find(server.pid, "sleep 301"))
    running = processes.find(server.pid, "sleep 301")
    kill_agent(server)
    wait_until("the command has ended with its agent", lambda: not any(map(processes.is_alive, running)))


def test_other_sessions_do_not_notice(launch: Callable[..., Server], talk) -> None:
    """Each session has its own agent."""
    server = launch("isolated").ready()
    talk(server)
    [agent] = server.agents()
    second = talk(server)
    os.kill(agent, signal.SIGKILL)
    assert second.run({"command": "echo untouched"}, {"text": "done"})["status"] == "completed"
    assert not second.client.find(lambda message: "error" in message)
