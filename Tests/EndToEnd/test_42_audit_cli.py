"""Threats row 22: `sre-agent audit verify` names the first altered row; `audit export`."""

import csv
import io
import itertools
import json
import os
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from harness import program, raw
from harness.client import Client
from harness.place import Place
from harness.played import THREAD, play, question
from harness.raw import STRANGER
from harness.record import Record, copied
from harness.server import Server
from harness.stand_in import StandIn
from harness.waiting import wait_until

OTHER = "0199a0aa-0000-7000-8000-000000000002"
FORMULA = "=HYPERLINK(0)"


def live(server: Server) -> Record:
    """A running server whose record contains questions, decisions and a refusal."""
    client = server.connect()
    for thread in (THREAD, OTHER):
        client.request("thread/resume", {"threadId": thread})
        turn = {"threadId": thread, "input": [{"type": "text", "text": f"Look after {thread}, \"please\"\nnow"}]}
        client.request("turn/start", turn)
    for number, decision in enumerate(["accept", "decline", "accept"]):
        play(client, question(f"q{number}"))
        asked = client.question(itemId=f"item-q{number}")["id"]
        client.answer(asked, {"decision": decision})
        client.notification("serverRequest/resolved", requestId=asked)
    assert raw.handshake(server.port, User_Agent=FORMULA, **STRANGER).status == 401
    client.close()
    record = Record(server.place)
    record.wait("session.closed")
    record.wait("signin.refused")
    return record


@pytest.fixture(scope="module")
def past(run_directory: Path, module_stand_ins) -> tuple[Record, str]:
    """The record of a stopped server, and that server's output."""
    server, _ = module_stand_ins("shared")
    record = live(server)
    assert server.stop() == 0
    return record, server.output()


@pytest.fixture
def record(past: tuple[Record, str], run_directory: Path) -> Record:
    """A copy of that record, for tampering."""
    return copied(past[0], run_directory)


def decision_row(record: Record) -> int:
    return record.rows("decision")[0]["seq"]


def assert_names(record: Record, row: int, *words: str) -> None:
    result = record.verify()
    assert result.returncode == 1, result
    assert result.stdout.startswith(f"BAD: row {row}: "), result.stdout
    for word in words:
        assert word in result.stdout


# MARK: Intact records


def test_live_and_stopped(stand_in: Callable[..., tuple[Server, StandIn]]) -> None:
    server, _ = stand_in()
    record = live(server)
    before = record.rows()
    head = record.assert_ok()
    # A reader changes nothing and does not block the server's writes.
    assert record.rows() == before
    server.connect().close()
    record.wait("session.closed", 2)
    assert server.stop() == 0
    record.assert_ok("--expect", head)
    # After a clean shutdown, one file contains the whole record and can be copied.
    assert not any(file.stat().st_size for file in record.path.parent.glob("audit.sqlite-wal"))
    assert [row["seq"] for row in record.rows()] == list(range(1, len(record.rows()) + 1))


def test_while_rows_come(stand_in: Callable[..., tuple[Server, StandIn]], clients: Callable[..., Client]) -> None:
    server, _ = stand_in()
    record = Record(server.place)
    client = clients(server)
    heads = []
    for round in range(4):
        for number in range(200):
            client.post("made/up", {"number": number})
        # The first calls are recorded while the last ones are still in flight.
        record.wait("method.called", round * 200 + 1)
        heads.append(int(record.assert_ok().split(":")[0]))
    record.wait("method.called", 800)
    assert heads == sorted(heads)
    record.assert_ok()


def test_only_the_public_key_is_needed(record: Record) -> None:
    assert not (record.place.state / "audit.key").exists()
    record.assert_ok()
    assert not (record.place.state / "audit.key").exists()


def test_owner_alone(past: tuple[Record, str]) -> None:
    state = past[0].place.state
    for name in ("audit.sqlite", "audit.key"):
        assert (state / name).stat().st_mode & 0o777 == 0o600, name


# MARK: Tampering


def test_edited(record: Record) -> None:
    row = decision_row(record)
    record.tamper(f"UPDATE entries SET content = replace(content, '\"accept\"', '\"decline\"') WHERE seq = {row}")
    assert record.rows("decision")[0]["details"]["decision"] == "decline"
    assert_names(record, row, "edited")


def test_a_column_edited(record: Record) -> None:
    """Queries use the columns: a forged column would hide the row."""
    row = decision_row(record)
    record.tamper(f"UPDATE entries SET thread_id = '{OTHER}' WHERE seq = {row}")
    assert_names(record, row, "thread_id")


def test_removed(record: Record) -> None:
    row = decision_row(record)
    record.tamper(f"DELETE FROM entries WHERE seq = {row}")
    assert_names(record, row, "removed")


def test_removed_and_numbered_anew(record: Record) -> None:
    row = decision_row(record)
    record.tamper(
        f"DELETE FROM entries WHERE seq = {row}",
        f"UPDATE entries SET seq = -seq WHERE seq > {row}",
        "UPDATE entries SET seq = -seq - 1 WHERE seq < 0",
    )
    assert_names(record, row)


def test_reordered(record: Record) -> None:
    row = decision_row(record)
    record.tamper(
        f"UPDATE entries SET seq = -1 WHERE seq = {row}",
        f"UPDATE entries SET seq = {row} WHERE seq = {row + 1}",
        f"UPDATE entries SET seq = {row + 1} WHERE seq = -1",
    )
    assert_names(record, row, "reordered")


def test_tail_cut(record: Record) -> None:
    last = record.rows()[-1]["seq"]
    record.tamper(f"DELETE FROM entries WHERE seq > {last - 3}")
    assert_names(record, last - 2, "removed")


def test_tail_cut_and_the_head_with_it(record: Record) -> None:
    """The head is signed, so an attacker cannot make it say that the log ends earlier."""
    last = record.rows()[-1]["seq"]
    record.tamper(
        f"DELETE FROM entries WHERE seq > {last - 3}",
        f"UPDATE head SET (seq, hash) = (SELECT seq, hash FROM entries WHERE seq = {last - 3})",
        "DELETE FROM checkpoints",
    )
    assert_names(record, last - 3, "head")


def test_everything_cut_but_the_rows(record: Record) -> None:
    record.tamper("DELETE FROM head", "DELETE FROM checkpoints")
    assert_names(record, record.rows()[-1]["seq"], "head")


def test_added(record: Record) -> None:
    last = record.rows()[-1]["seq"]
    record.tamper(
        f"""INSERT INTO entries (seq, at, kind, content, previous, hash)
            SELECT seq + 1, at, kind, content, hash, previous FROM entries WHERE seq = {last}"""
    )
    assert_names(record, last + 1)


def test_damaged(record: Record) -> None:
    data = bytearray(record.path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 4_096] = b"\xa5" * 4_096
    record.path.write_bytes(data)
    result = record.verify()
    assert result.returncode == 1 and result.stdout.startswith("BAD: row "), result


def test_another_key(record: Record, stand_in: Callable[..., tuple[Server, StandIn]]) -> None:
    """A log forged from scratch is consistent, but not signed with this key."""
    other = stand_in()[0].place.state / "audit.key.pub"
    (record.place.state / "audit.key.pub").write_bytes(other.read_bytes())
    assert record.verify().returncode == 1


def test_an_older_copy(stand_in: Callable[..., tuple[Server, StandIn]], launch, run_directory: Path) -> None:
    """An older copy of all files: only a checkpoint that is stored elsewhere reveals it."""
    server, agent = stand_in()
    assert server.stop() == 0
    older = copied(Record(server.place), run_directory)
    first = checkpoints(server)[-1]
    again = launch(agent=agent.executable).ready()
    assert again.stop() == 0
    newest = checkpoints(again)[-1]
    record = Record(server.place)
    record.assert_ok("--expect", first)
    record.assert_ok("--expect", newest)
    older.assert_ok("--expect", first)
    older.assert_ok()
    result = older.verify("--expect", newest)
    assert result.returncode == 1 and result.stdout.startswith("BAD: row "), result
    # The right row number with another hash.
    forged = re.sub(r":.", lambda found: ":1" if found[0] == ":0" else ":0", newest)
    assert record.verify("--expect", forged).returncode == 1


def checkpoints(server: Server) -> list[str]:
    """Checkpoints stored outside the record: in the server's own log."""
    return re.findall(r"record checkpoint (\d+:[0-9a-f]{64})", server.output())


def test_the_server_does_not_go_on_with_a_cut_record(
    stand_in: Callable[..., tuple[Server, StandIn]], launch
) -> None:
    server, agent = stand_in()
    assert server.stop() == 0
    record = Record(server.place)
    last = record.rows()[-1]["seq"]
    record.tamper(f"DELETE FROM entries WHERE seq = {last}")
    again = launch(agent=agent.executable)
    assert again.process.wait(20) != 0
    assert "audit" in again.output() and f"row {last}" in again.output()
    # The evidence is unchanged.
    assert_names(record, last)


@pytest.mark.parametrize("arguments", [("--expect", "1"), ("--expect", f"x:{'0' * 64}"), ("--expect", ""), ("--hm",)])
def test_asked_wrongly(record: Record, arguments: tuple[str, ...]) -> None:
    assert record.verify(*arguments).returncode == 64


def test_nothing_to_look_at(place: Place) -> None:
    for command in ("verify", "export"):
        result = program.run(place, "audit", command)
        assert result.returncode not in (0, 64) and result.stderr.strip(), result
    assert not (place.state / "audit.sqlite").exists()


# MARK: Export


def test_export_lines(past: tuple[Record, str]) -> None:
    record, _ = past
    lines = [json.loads(line) for line in record.export().splitlines()]
    assert [{key: value for key, value in line.items() if key not in ("previous", "hash")} for line in lines] == (
        record.rows()
    )
    # A reader of the export can recompute the chain.
    assert all(before["hash"] == line["previous"] for before, line in itertools.pairwise(lines))
    assert record.export("--format", "jsonl") == record.export()


def test_export_table(past: tuple[Record, str]) -> None:
    record, _ = past
    text = record.export("--format", "csv")
    assert text.count("\r\n") == text.count("\r")
    head, *cells = csv.reader(io.StringIO(text, newline=""))
    assert head[:3] == ["seq", "at", "kind"] and "details" in head
    rows = [dict(zip(head, row, strict=True)) for row in cells]
    assert [(int(row["seq"]), row["kind"], json.loads(row["details"])) for row in rows] == [
        (row["seq"], row["kind"], row["details"]) for row in record.rows()
    ]
    # A spreadsheet would evaluate a cell that begins with an equals sign.
    agents = {row["userAgent"] for row in rows}
    assert "'" + FORMULA in agents and FORMULA not in agents


def test_export_of_a_thread(past: tuple[Record, str]) -> None:
    record, _ = past
    lines = [json.loads(line) for line in record.export("--thread", THREAD).splitlines()]
    assert [line["seq"] for line in lines] == [row["seq"] for row in record.rows(threadId=THREAD)]
    assert len(lines) < len(record.rows())
    assert record.export("--thread", "no such thread") == ""


def test_export_since(past: tuple[Record, str]) -> None:
    record, _ = past
    everything = record.export()
    assert record.export("--since", "1h") == everything
    assert record.export("--since", "2026-01-31", "--until", "2100-01-31") == everything
    assert record.export("--since", "2100-01-31T00:00:00Z") == ""
    assert record.export("--until", "1h") == ""
    second = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.rows("decision")[0]["at"] // 1_000))
    start = record.rows("decision")[0]["at"] // 1_000 * 1_000
    lines = [json.loads(line)["seq"] for line in record.export("--since", second).splitlines()]
    assert lines == [row["seq"] for row in record.rows() if row["at"] >= start]


@pytest.mark.parametrize(
    "arguments", [("--since", "yesterday"), ("--until", "-1"), ("--since", "2026-13-01"), ("--format", "xml")]
)
def test_export_asked_wrongly(past: tuple[Record, str], arguments: tuple[str, ...]) -> None:
    result = program.run(past[0].place, "audit", "export", *arguments)
    assert result.returncode == 64 and result.stderr.strip() and not result.stdout


# MARK: The server's shutdown


def test_killed_in_the_middle(stand_in: Callable[..., tuple[Server, StandIn]], launch, clients) -> None:
    server, agent = stand_in()
    record = Record(server.place)
    client = clients(server)
    for life in range(1, 4):
        for number in range(1_000):
            client.post("made/up", {"number": number})
        wait_until("some of it is written", lambda: record.rows("method.called"))
        server.kill()
        record.assert_ok()
        kept = record.rows()
        server = launch(agent=agent.executable).ready()
        assert record.rows()[: len(kept)] == kept
        record.wait("server.started", life + 1)
        client = clients(server)
    assert server.stop() == 0
    record.assert_ok()
    assert [row["seq"] for row in record.rows()] == list(range(1, len(record.rows()) + 1))


def test_a_record_that_is_gone_is_missed(stand_in: Callable[..., tuple[Server, StandIn]], launch) -> None:
    server, agent = stand_in()
    assert server.stop() == 0
    os.unlink(Record(server.place).path)
    again = launch(agent=agent.executable)
    assert again.process.wait(20) == 1
    head = Record(server.place).path.with_name("audit.sqlite-head")
    assert "it ends at row 0, but row " in again.output() and f"delete {head}" in again.output()
    for file in server.place.state.glob("audit.sqlite*"):
        file.unlink()
    again = launch(agent=agent.executable).ready()
    assert "the audit log starts over" in again.output()


def test_a_copy_without_its_wal(stand_in: Callable[..., tuple[Server, StandIn]], launch) -> None:
    """While the server runs, the newest rows are in the -wal file."""
    server, agent = stand_in()
    server.connect().close()
    record = Record(server.place)
    record.wait("session.closed")
    copy = record.path.read_bytes()
    assert server.stop() == 0
    record.path.write_bytes(copy)
    assert_names(record, 1, "its -wal file is missing")
    again = launch(agent=agent.executable)
    assert again.process.wait(20) == 1
    assert "its -wal file is missing" in again.output()


# MARK: Retention


def test_old_rows_go_and_the_rest_is_whole(
    stand_in: Callable[..., tuple[Server, StandIn]], launch, clients: Callable[..., Client]
) -> None:
    server, agent = stand_in()
    record = Record(server.place)
    client = clients(server)
    for number in range(300):
        client.request("made/up", {"number": number, "text": "x" * 4_000})
    record.wait("method.called", 300)
    size = record.path.stat().st_size
    assert server.stop() == 0
    limit = 400_000
    assert record.path.stat().st_size > limit, size
    again = launch(agent=agent.executable, environment={"AUDIT_KEEP_BYTES": str(limit)}).ready()
    wait_until("old rows go", lambda: record.rows()[0]["seq"] > 1)
    head = record.assert_ok()
    assert again.stop() == 0
    record.assert_ok("--expect", head)
    assert record.path.stat().st_size <= limit
    first = record.rows()[0]["seq"]
    # Rows that retention removes look like rows that an attacker removes, unless the removal is signed.
    record.tamper(f"DELETE FROM entries WHERE seq = {first}")
    assert_names(record, first, "removed")
