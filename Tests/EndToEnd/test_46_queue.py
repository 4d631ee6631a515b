"""codex's queue of messages for after the turn, which the page offers: kept over a crash, and within the roles."""

import pytest

from harness import people
from harness.client import Client, RpcError
from harness.conversation import Conversation, said, script
from harness.server import Server


def queued(client: Client, thread: str) -> list[str]:
    return [entry["input"][0]["text"] for entry in client.request("thread/queue/list", {"threadId": thread})["data"]]


def add(conversation: Conversation, text: str, mark: str) -> None:
    conversation.client.request(
        "thread/queue/add", {"threadId": conversation.thread, "clientUserMessageId": mark, "input": said(text)}
    )


def test_it_outlasts_the_server(launch, talk, clients) -> None:
    server = launch("shared").ready()
    conversation = talk(server, experimental=True)
    conversation.run({"text": "begun"}, decisions=())
    conversation.play({"command": "echo waits"}, {"text": "done"})
    conversation.approval()
    text = script({"text": "from the queue"})
    add(conversation, text, "m1")
    server.kill()
    server = launch("shared").ready()
    again = Conversation.resume(clients(server, experimental=True), conversation.thread)
    # codex sends it once the conversation is opened again.
    end = again.client.notification("turn/completed", 30, threadId=again.thread)
    assert end["turn"]["status"] == "completed" and end["turn"]["items"][-1]["text"] == "from the queue"
    assert queued(again.client, again.thread) == []


def test_a_viewer_reads_it_masked_and_changes_nothing(shared: Server, talk, clients) -> None:
    server = shared
    conversation = talk(server, experimental=True)
    conversation.play({"command": "echo waits"}, {"text": "done"})
    approval = conversation.approval()
    add(conversation, "use --password=sw0rdfish-7", "m1")
    viewer = clients(server, token=people.newcomer(server, "viewer").secret, experimental=True)
    viewer.request("thread/resume", {"threadId": conversation.thread})
    [text] = queued(viewer, conversation.thread)
    assert text.startswith("use --password=") and "sw0rdfish-7" not in text
    [entry] = viewer.request("thread/queue/list", {"threadId": conversation.thread})["data"]
    for method, params in (
        ("thread/queue/add", {"clientUserMessageId": "m2", "input": said("hello")}),
        ("thread/queue/delete", {"queuedSubmissionId": entry["id"]}),
        ("thread/queue/start", {}),
    ):
        with pytest.raises(RpcError, match="operator"):
            viewer.request(method, {"threadId": conversation.thread, **params})
    conversation.client.request(
        "thread/queue/delete", {"threadId": conversation.thread, "queuedSubmissionId": entry["id"]}
    )
    conversation.decide(approval, "decline")
    conversation.ended()
