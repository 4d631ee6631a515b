"""The content of the record: who asked, what was shown, who decided, and the outcome."""

import hashlib
import json
import time
from collections.abc import Callable

import pytest

from harness import people, raw
from harness.client import Client
from harness.conversation import Conversation
from harness.place import Place
from harness.played import THREAD, play, question
from harness.raw import STRANGER
from harness.record import Record
from harness.server import Server
from harness.stand_in import StandIn

pytestmark = pytest.mark.usefixtures("private_files")

LOGIN = "/api/v1/sre/login"


@pytest.fixture
def own(module_stand_ins) -> Server:
    """A server on which no other test causes refusals."""
    return module_stand_ins("shared")[0]


def now() -> int:
    return time.time_ns() // 1_000_000


def kinds(rows: list[dict]) -> list[str]:
    return [row["kind"] for row in rows]


def of_thread(record: Record, conversation: Conversation) -> list[dict]:
    """The rows of a thread. Waits for the turn's last row, so that all earlier ones are written."""
    record.wait("turn.completed", threadId=conversation.thread)
    return record.rows(threadId=conversation.thread)


# MARK: A turn with the real codex


def test_a_turn_from_its_words_to_its_outcome(server: Server, shape: str, talk) -> None:
    record = Record(server.place)
    alice = people.invite(server.place, "approver", f"alice-{server.mode}-{shape}")
    conversation = talk(server, shape, token=alice.secret)
    began = now()
    command = "printf '%s-%s' computed output; exit 3"
    turn = conversation.play({"command": command}, {"text": "done"})
    asked = conversation.approval()
    answered = now()
    conversation.decide(asked, "accept", comment="checked with the team")
    assert conversation.ended()["status"] == "completed"
    item = conversation.item(asked.item)
    rows = of_thread(record, conversation)

    assert kinds(rows) == [
        "thread.opened",
        "turn.started",
        "question.asked",
        "decision",
        "question.resolved",
        "item.completed",
        "turn.completed",
    ]
    opened, started, question, decision, resolved, completed, ended = rows
    assert [row["at"] for row in rows] == sorted(row["at"] for row in rows)
    assert began <= started["at"] <= ended["at"] <= now()
    for row in (started, question, decision, resolved, completed, ended):
        assert row["turnId"] == turn
    for row in (opened, started, decision):
        assert row["actor"] == alice.name and row["role"] == "approver"
        assert row["address"] == "127.0.0.1" and "websockets" in row["userAgent"]

    assert opened["details"]["cwd"] == str(server.place.workspace)
    [words] = started["details"]["input"]
    assert json.loads(words["text"].removeprefix("script:"))[0] == {"command": command}

    for row in (question, decision, resolved):
        assert row["requestId"] == asked.id and row["itemId"] == asked.item
    assert question["details"]["method"] == asked.method
    assert question["details"]["params"] == asked.params
    assert question["at"] == asked.params["startedAtMs"]

    details = decision["details"]
    assert details["decision"] == "accept" and details["comment"] == "checked with the team"
    assert details["command"] == command
    times = [details["askedAt"], details["shownAt"], details["decidedAt"], resolved["details"]["forwardedAt"]]
    assert began <= times[0] and times == sorted(times) and times[-1] <= ended["at"]
    assert times[1] <= answered
    assert details["decidedAt"] == decision["at"] >= answered

    outcome = completed["details"]
    output = item["aggregatedOutput"].encode()
    assert output == b"computed-output"
    assert outcome["exitCode"] == 3 and outcome["status"] == "failed"
    assert outcome["durationMs"] == item["durationMs"] >= 0
    assert outcome["outputBytes"] == len(output)
    assert outcome["outputSha256"] == hashlib.sha256(output).hexdigest()
    assert completed["itemId"] == asked.item
    # Neither a command's output nor its stream is kept.
    assert not [row for row in record.rows() if "computed-output" in json.dumps(row)]


def test_a_patch_as_it_was_shown(shared: Server, talk) -> None:
    record = Record(shared.place)
    conversation = talk(shared)
    name = f"patched-{conversation.thread}"
    conversation.play({"patch": f"*** Begin Patch\n*** Add File: {name}\n+content\n*** End Patch"}, {"text": "done"})
    asked = conversation.approval()
    conversation.decide(asked, "accept")
    conversation.ended()
    rows = {row["kind"]: row for row in of_thread(record, conversation)}
    [change] = rows["question.asked"]["details"]["changes"]
    assert change["path"].endswith(name) and "content" in change["diff"]
    outcome = rows["item.completed"]["details"]
    [done] = conversation.item(asked.item)["changes"]
    text = f"{done['path']}\n{done['diff']}\n".encode()
    assert outcome["diffBytes"] == len(text)
    assert outcome["diffSha256"] == hashlib.sha256(text).hexdigest()


def test_a_refusal_and_its_reason(shared: Server, talk) -> None:
    record = Record(shared.place)
    conversation = talk(shared)
    conversation.play({"command": "echo refused"}, {"text": "done"})
    conversation.decide(conversation.approval(), "decline", reason="not on a Friday", comment="Bob agrees")
    conversation.ended()
    [decision] = [row for row in of_thread(record, conversation) if row["kind"] == "decision"]
    assert decision["actor"] == "local user" and decision["role"] == "admin"
    assert decision["details"]["decision"] == "decline"
    # The reason goes to the agent, the comment only to the record.
    assert decision["details"]["reason"] == "not on a Friday"
    assert decision["details"]["comment"] == "Bob agrees"


def test_an_earlier_approval_and_a_thread_that_asks_nothing(shared: Server, talk) -> None:
    record = Record(shared.place)
    alice = people.invite(shared.place, "approver", "alice-standing")
    conversation = talk(shared, token=alice.secret)
    conversation.run({"command": "echo standing"}, {"text": "1"}, decisions=("acceptForSession",))
    conversation.run({"command": "echo standing"}, {"text": "2"}, decisions=())
    [given] = record.rows("decision", threadId=conversation.thread)
    [standing] = record.rows("decision.standing", threadId=conversation.thread)
    # Without a question, the row names the person responsible and their original approval.
    assert standing["actor"] == given["actor"] == alice.name and standing["role"] == "approver"
    assert standing["details"]["approval"] == {"requestId": given["requestId"], "decidedAt": given["at"]}
    assert "requestId" not in standing
    assert standing["details"]["decision"] == "accept"
    assert standing["details"]["input"] == {"command": "echo standing"}

    unattended = talk(shared, approvalPolicy="never")
    unattended.run({"command": "echo nobody"}, {"text": "done"}, decisions=())
    [row] = record.rows("decision.unattended", threadId=unattended.thread)
    assert row["details"]["decision"] == "accept" and row["details"]["input"] == {"command": "echo nobody"}
    assert row["itemId"] == unattended.items("commandExecution")[0]["id"]


def test_a_stopped_turn_voids_its_question(shared: Server, talk) -> None:
    record = Record(shared.place)
    conversation = talk(shared)
    turn = conversation.play({"command": "echo never"})
    asked = conversation.approval()
    conversation.stop(turn)
    conversation.ended()
    void = record.wait("decision.void", threadId=conversation.thread)
    assert void["requestId"] == asked.id and void["turnId"] == turn
    assert void["details"]["command"] == "echo never"
    assert record.wait("turn.completed", threadId=conversation.thread)["details"]["status"] == "interrupted"


def test_a_rule_that_decides_and_the_file_it_stands_in(place: Place, launch, talk) -> None:
    rules = place.root / "rules.yaml"
    deny = "rules:\n  - {name: no words, decision: deny, programs: [echo]}\n"
    rules.write_text("rules:\n  - {name: words, decision: allow, programs: [echo], operands: any}\n")
    server = launch(arguments=("--config", str(rules))).ready()
    record = Record(place)
    assert "name: words" in record.wait("server.started")["details"]["configuration"]["text"]
    conversation = talk(server)
    turn = conversation.play({"command": "echo allowed"}, {"text": "1"})
    conversation.ended()
    row = record.wait("decision.rule", threadId=conversation.thread)
    assert row["turnId"] == turn and row["itemId"] == conversation.items("commandExecution")[0]["id"]
    assert row["details"]["decision"] == "accept" and row["details"]["rule"] == "words"
    assert row["details"]["input"] == {"command": "echo allowed"}
    assert row["details"]["cwd"] == str(place.workspace)

    rules.write_text(deny)
    changed = record.wait("configuration.changed")
    assert changed["details"] == {"path": str(rules), "text": deny}
    conversation.run({"command": "echo denied"}, {"text": "2"}, decisions=())
    row = record.wait("decision.rule", 2, threadId=conversation.thread)
    assert row["details"]["decision"] == "decline" and row["details"]["rule"] == "no words"
    assert not record.rows("question.asked")

    rules.write_text("rules: 5")
    broken = record.wait("configuration.changed", 2)
    assert f"{rules}:1: rules" in broken["details"]["error"]


# MARK: With the stand-in


def test_nobody_answers_in_time(stand_in: Callable[..., tuple[Server, StandIn]], clients) -> None:
    server, agent = stand_in(environment={"APPROVAL_TIMEOUT": "1"})
    client = clients(server)
    client.request("thread/resume", {"threadId": THREAD})
    play(client, question("q1"))
    asked = client.question(itemId="item-q1")
    agent.wait_received('"id":"q1"', "decline")
    row = Record(server.place).wait("decision.timeout")
    assert (row["threadId"], row["requestId"], row["itemId"]) == (THREAD, asked["id"], "item-q1")
    assert row["at"] - row["details"]["askedAt"] >= 1_000
    assert "actor" not in row


def test_answers_that_count_for_nothing(own: Server, clients: Callable[..., Client]) -> None:
    record = Record(own.place)
    client, other = clients(own), clients(own)
    for one in (client, other):
        one.request("thread/resume", {"threadId": THREAD})
    play(client, question("r1"))
    asked = client.question(itemId="item-r1")["id"]
    client.answer(asked, {"decision": "maybe"})
    malformed = record.wait("answer.rejected", requestId=asked)
    assert malformed["details"]["reason"] == "malformed" and malformed["threadId"] == THREAD
    client.answer(asked, {"decision": "decline"})
    client.notification("serverRequest/resolved", requestId=asked)
    other.answer(asked, {"decision": "accept"})
    late = record.wait("answer.rejected", 2, requestId=asked)
    assert late["details"]["reason"] == "resolved" and late["actor"] == "local user"
    client.answer("0", {"decision": "accept"})
    assert record.wait("answer.rejected", requestId="0")["details"]["reason"] == "unknown"
    assert len(record.rows("decision", requestId=asked)) == 1


def test_sessions(own: Server, open_session) -> None:
    record = Record(own.place)
    session = open_session(own, token=people.invite(own.place, "viewer", "sally").secret)
    opened = record.wait("session.opened", actor="sally")
    assert opened["details"]["resumable"] is True
    number = opened["details"]["session"]
    session.cut()
    session.resume()
    assert record.wait("session.resumed", actor="sally")["details"]["session"] == number
    plain = own.connect(token=people.invite(own.place, "viewer", "paul").secret)
    opened = record.wait("session.opened", actor="paul")
    assert opened["details"]["resumable"] is False
    plain.close()
    closed = record.wait("session.closed", actor="paul")
    assert closed["details"]["session"] == opened["details"]["session"] != number


def test_sign_ins_and_refusals_at_the_door(own: Server) -> None:
    record = Record(own.place)
    secret = people.invite(own.place, "operator", "dora").secret
    record.wait("token.created", details={"name": "dora", "role": "operator"})
    agent = {"User-Agent": "access-test/1", **STRANGER}

    accepted = raw.post(own.port, LOGIN, json.dumps({"token": secret}).encode(), **agent)
    sign_in = people.SignIn.of(accepted)
    row = record.wait("signin.accepted")
    assert (row["actor"], row["role"], row["userAgent"]) == ("dora", "operator", "access-test/1")
    # No proxy is configured as trusted, so the address is the connection's.
    assert row["address"] == "127.0.0.1"

    assert raw.post(own.port, LOGIN, b'{"token":"sre_wrong"}', **agent).status == 401
    row = record.wait("signin.refused", userAgent="access-test/1")
    assert row["details"]["status"] == 401 and row["details"]["path"] == LOGIN and "actor" not in row

    assert raw.post(own.port, "/api/v1/sre/tickets", b"", **sign_in.headers, **agent).status == 200
    assert record.wait("ticket.created", userAgent="access-test/1")["actor"] == "dora"
    assert raw.post(own.port, "/api/v1/sre/logout", b"", **sign_in.headers, **agent).status == 204
    assert record.wait("signin.ended")["actor"] == "dora"

    for refused in (raw.get, raw.handshake):
        before = len(record.rows("request.refused"))
        assert refused(own.port, Origin="http://evil.example", **agent).status == 403
        row = record.wait("request.refused", before + 1)
        assert row["details"]["status"] == 403 and row["details"]["origin"] == "http://evil.example"
        assert row["userAgent"] == "access-test/1"
    before = len(record.rows("request.refused"))
    assert raw.handshake(own.port, host="evil.example", **agent).status == 403
    record.wait("request.refused", before + 1)
    before = len(record.rows("signin.refused"))
    assert raw.handshake(own.port, **agent).status == 401
    record.wait("signin.refused", before + 1)

    assert people.revoke(own.place, "dora").returncode == 0
    record.wait("token.revoked", details={"name": "dora"})
    assert secret.encode() not in record.bytes()


def test_calls_and_refused_calls(own: Server, clients) -> None:
    record = Record(own.place)
    viewer = clients(own, token=people.invite(own.place, "viewer", "vera").secret)
    for method in ("thread/start", "thread/shellCommand", "made/up"):
        before = len(record.rows("method.refused"))
        viewer.response(viewer.post(method, {"threadId": THREAD}))
        row = record.wait("method.refused", before + 1)
        assert row["details"]["method"] == method and row["actor"] == "vera" and row["role"] == "viewer"
        assert row["details"]["reason"] and row["threadId"] == THREAD
    # An admin's other calls are recorded with their params.
    admin = clients(own)
    admin.request("config/value/write", {"keyPath": "a.b", "value": 1})
    details = {"method": "config/value/write", "params": {"keyPath": "a.b", "value": 1}}
    assert record.wait("method.called", details=details)["actor"] == "local user"


def test_lives_of_the_server_and_the_agent(stand_in: Callable[..., tuple[Server, StandIn]]) -> None:
    server, _agent = stand_in()
    record = Record(server.place)
    started = record.wait("server.started")
    assert started["details"]["agentMode"] == "shared" and started["details"]["version"]
    assert [token["role"] for token in started["details"]["tokens"]] == ["admin"]
    record.wait("agent.started")
    client = server.connect()
    play(client, {"exit": 3})
    record.wait("agent.ended")
    record.wait("agent.started", 2)
    client.close()
    assert server.stop() == 0
    assert record.rows()[-1]["kind"] == "server.stopped"


def test_the_stream_is_not_recorded(own: Server, clients) -> None:
    record = Record(own.place)
    client = clients(own)
    client.request("thread/resume", {"threadId": THREAD})
    before = len(record.rows())
    client.result(play(client, {"stream": {"size": 100, "lines": 2_000}}))
    # A later event that is recorded.
    client.answer("after the stream", {"decision": "accept"})
    record.wait("answer.rejected", requestId="after the stream")
    since = kinds(record.rows()[before:])
    assert since[-2:] == ["method.called", "answer.rejected"] and set(since[:-2]) <= {"session.opened", "thread.opened"}
