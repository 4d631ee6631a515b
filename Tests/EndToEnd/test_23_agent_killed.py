"""Row 23: the real agent is killed or hangs in the middle of a turn, and the session continues."""

import os
import signal
import time
from collections.abc import Callable

import pytest

from harness import processes
from harness.away import UNAVAILABLE
from harness.client import Client
from harness.conversation import Conversation
from harness.server import Server
from harness.waiting import wait_until


@pytest.fixture
def own(launch: Callable[..., Server], mode: str) -> Server:
    return launch(mode).ready()


def signal_agents(server: Server, number: signal.Signals) -> list[int]:
    agents = server.agents()
    assert agents
    for agent in agents:
        os.kill(agent, number)
    return agents


def running(conversation: Conversation, server: Server) -> str:
    """Starts an approved command and waits until it runs; returns its item."""
    conversation.play({"command": "touch begun; sleep 306; touch ended"}, {"text": "never"})
    asked = conversation.approval()
    conversation.decide(asked, "accept")
    wait_until("the command runs", (server.place.workspace / "begun").exists)
    conversation.client.wait(
        lambda message: message.get("method") == "item/started" and message["params"]["item"]["id"] == asked.item,
        what="the beginning of the command",
    )
    return asked.item


def assert_told(client: Client, thread: str, item: str, since: int) -> None:
    """The client is told that the command's outcome is unknown and that its turn is over, in this order."""
    client.notification("turn/completed", 5, since, threadId=thread)
    told = [m for m in client.messages[since:] if (m.get("params") or {}).get("threadId") == thread]
    methods = [message.get("method") for message in told]
    order = [methods.index(name) for name in ("item/completed", "sre/outcomeUnknown", "turn/completed")]
    assert order == sorted(order), methods
    completed, unknown, turn = (told[place]["params"] for place in order)
    assert completed["item"]["id"] == item and completed["item"]["status"] == "failed"
    assert completed["sre"]["outcome"] == "unknown"
    assert unknown["item"]["id"] == item and unknown["turnId"] == completed["turnId"] == turn["turn"]["id"]
    assert unknown["message"]
    assert turn["turn"]["status"] == "interrupted"
    assert [methods.count(name) for name in ("sre/outcomeUnknown", "turn/completed")] == [1, 1]


def goes_on(conversation: Conversation, server: Server) -> None:
    """A new turn works in the same thread, without any action by the client to restore it."""
    client = conversation.client
    client.notification("sre/agentStatus", 30, state="ready")
    assert conversation.run({"command": "echo after"}, {"text": "done"}, timeout=30)["status"] == "completed"
    assert "after" in conversation.output()
    assert not client.find(lambda message: message.get("method") == "sre/alarm")
    assert not (server.place.workspace / "ended").exists()


def test_killed_in_the_middle_of_a_turn(own: Server, open_session) -> None:
    session = open_session(own)
    conversation = Conversation.start(session)
    item = running(conversation, own)
    since = session.count
    # The stopped agent cannot answer requests that are in flight when it is killed.
    stopped = signal_agents(own, signal.SIGSTOP)
    waiting = [session.post("thread/read", {"threadId": conversation.thread}) for _ in range(3)]
    session.sent()
    killed = time.monotonic()
    for agent in stopped:
        os.kill(agent, signal.SIGKILL)
    session.notification("sre/agentStatus", 5, since, state="restarting")
    for request in waiting:
        error = session.response(request, 2)["error"]
        assert error["code"] == UNAVAILABLE and "agent restarted" in error["message"]
    assert_told(session, conversation.thread, item, since)
    assert time.monotonic() - killed < 1.5
    goes_on(conversation, own)
    # A client that opens the thread later is told too, as long as the server still runs.
    session.request("thread/unsubscribe", {"threadId": conversation.thread})
    seen = session.count
    session.request("thread/resume", {"threadId": conversation.thread})
    assert session.notification("sre/outcomeUnknown", 5, seen, threadId=conversation.thread)["item"]["id"] == item


def test_killed_while_nobody_looks(own: Server, open_session) -> None:
    """The client learns the turn's outcome when it is back."""
    session = open_session(own)
    conversation = Conversation.start(session)
    item = running(conversation, own)
    since = session.count
    session.cut()
    killed = signal_agents(own, signal.SIGKILL)
    wait_until("another agent", lambda: own.agents() and not set(own.agents()) & set(killed))
    assert session.resume()["resume"] == "ok"
    assert_told(session, conversation.thread, item, since)
    goes_on(conversation, own)


def test_killed_under_several_clients(launch: Callable[..., Server], open_session, clients) -> None:
    server = launch("shared").ready()
    session = open_session(server)
    conversation = Conversation.start(session)
    conversation.run({"text": "hello"}, decisions=())
    subscriber = Conversation.resume(clients(server), conversation.thread).client
    bystander = clients(server)
    item = running(conversation, server)
    mine, its = session.count, subscriber.count
    signal_agents(server, signal.SIGKILL)
    assert_told(session, conversation.thread, item, mine)
    assert_told(subscriber, conversation.thread, item, its)
    goes_on(conversation, server)
    subscriber.notification("sre/agentStatus", 30, state="ready")
    bystander.notification("sre/agentStatus", 30, state="ready")
    assert not bystander.find(lambda m: m.get("method") in ("sre/outcomeUnknown", "item/completed", "turn/completed"))
    # The client's subscription to the thread is restored as well.
    since = subscriber.count
    conversation.run({"text": "all there"}, decisions=())
    subscriber.notification("turn/completed", 5, since, threadId=conversation.thread)


def test_hang_is_noticed(own: Server, open_session) -> None:
    """An agent without a sign of life for 10 s counts as dead."""
    session = open_session(own)
    conversation = Conversation.start(session)
    item = running(conversation, own)
    since = session.count
    hanging = signal_agents(own, signal.SIGSTOP)
    stopped = time.monotonic()
    request = session.post("thread/read", {"threadId": conversation.thread})
    error = session.response(request, 30)["error"]
    assert error["code"] == UNAVAILABLE
    assert 5 < time.monotonic() - stopped < 22
    assert_told(session, conversation.thread, item, since)
    wait_until("it is ended", lambda: not any(map(processes.is_alive, hanging)), 5)
    goes_on(conversation, own)
