"""`GET /api/v1/sre/audit`: the record as the page reads it."""

import json
from collections.abc import Callable
from urllib.parse import quote, quote_plus, urlencode

import pytest

from harness import people, raw
from harness.played import THREAD
from harness.raw import STRANGER
from harness.record import Record
from harness.server import Server

AUDIT = "/api/v1/sre/audit"
ROWS = 230
WORDS = '50% of "it"_\\ naïve\tend c++'


@pytest.fixture(scope="module")
def server(module_stand_ins) -> Server:
    """A server with more rows than fit one response, half of them in one thread."""
    server, _ = module_stand_ins("shared")
    client = server.connect()
    client.request("thread/resume", {"threadId": THREAD})
    for number in range(ROWS):
        about = {"threadId": THREAD} if number % 2 else {}
        client.post("made/up", {**about, "number": f"row-{number}-", "words": WORDS if number == 7 else ""})
    client.close()
    record = Record(server.place)
    record.wait("method.called", ROWS)
    record.wait("session.closed")
    return server


@pytest.fixture
def rows(server: Server) -> list[dict]:
    """All rows, newest first."""
    return Record(server.place).rows()[::-1]


def ask(server: Server, encode: Callable[..., str] = quote, **query: object) -> dict:
    status, body = server.get(f"{AUDIT}?{urlencode(query, quote_via=encode)}")
    assert status == 200, body
    answer = json.loads(body)
    assert set(answer) == {"data", "next"}
    return answer


def test_newest_first_and_as_they_are(server: Server, rows: list[dict]) -> None:
    answer = raw.get(server.port, AUDIT)
    assert answer.headers["content-type"] == "application/json" and answer.headers["cache-control"] == "no-store"
    found = json.loads(answer.body)
    assert found["data"] == rows[:100]
    assert found["next"] == rows[99]["seq"]
    # Members without a value are omitted, not null.
    assert not [row for row in found["data"] if None in row.values()]


def test_page_by_page(server: Server, rows: list[dict]) -> None:
    found: list[dict] = []
    before: dict = {}
    while True:
        answer = ask(server, limit=70, **before)
        found += answer["data"]
        if answer["next"] is None:
            break
        assert len(answer["data"]) == 70
        before = {"before": answer["next"]}
    assert found == rows


def test_pages_hold_still(server: Server) -> None:
    """While new rows are added in front, paging neither repeats nor misses a row."""
    first = ask(server, limit=10)
    client = server.connect()
    client.request("made/up", {"more": True})
    client.close()
    Record(server.place).wait("method.called", details={"params": {"more": True}})
    second = ask(server, limit=10, before=first["next"])
    numbers = [row["seq"] for row in first["data"] + second["data"]]
    assert numbers == list(range(numbers[0], numbers[0] - 20, -1))


def test_of_one_thread(server: Server, rows: list[dict]) -> None:
    answer = ask(server, thread=THREAD, limit=500)
    assert answer["data"] == [row for row in rows if row.get("threadId") == THREAD]
    assert answer["next"] is None and len(answer["data"]) >= ROWS // 2
    assert ask(server, thread="nobody's") == {"data": [], "next": None}
    assert ask(server, thread=f"{THREAD}' OR '1'='1") == {"data": [], "next": None}


@pytest.mark.parametrize(
    "words", ["50% of", '"it"_\\', "naïve", "\tend", "ROW-7-", "_\\ na", "end c++", WORDS]
)
def test_search(server: Server, words: str) -> None:
    """A space is `%20`, or a plus as in form encoding."""
    for encode in (quote, quote_plus):
        [row] = ask(server, encode, q=words)["data"]
        assert row["details"]["params"]["number"] == "row-7-"


@pytest.mark.parametrize("words", ["row-%-", "row-7_", "5__ of", "no such words", "50%+of", "'; DROP TABLE entries; --"])
def test_search_that_finds_nothing(server: Server, words: str) -> None:
    """SQL wildcards have no special meaning here."""
    assert ask(server, q=words) == {"data": [], "next": None}


def test_search_in_a_thread(server: Server) -> None:
    assert [row["details"]["params"]["number"] for row in ask(server, q="row-7-", thread=THREAD)["data"]] == ["row-7-"]
    assert ask(server, q="row-8-", thread=THREAD)["data"] == []
    assert len(ask(server, q="row-8-")["data"]) == 1
    assert len(ask(server, q="")["data"]) == 100


def test_search_by_who_and_from_where(server: Server) -> None:
    for words in ("local user", "websockets", "127.0.0.1", "session.closed"):
        assert words in json.dumps(ask(server, q=words, limit=1)["data"][0])


@pytest.mark.parametrize(
    "query",
    [
        *("limit=0", "limit=-1", "limit=501", "limit=ten", "limit=1.5", "limit=99999999999999999999", "limit=%201"),
        *("before=0", "before=-1", "before=x", "before=1e3", "before=99999999999999999999"),
    ],
)
def test_bad_values(server: Server, query: str) -> None:
    answer = raw.get(server.port, f"{AUDIT}?{query}")
    assert answer.status == 400
    assert query.split("=")[0] in json.loads(answer.body)["error"]


def test_the_first_row_and_before_it(server: Server) -> None:
    assert [row["seq"] for row in ask(server, before=2)["data"]] == [1]
    assert ask(server, before=1) == {"data": [], "next": None}
    assert len(ask(server, limit=500)["data"]) > ROWS


def test_who_may_read_it(server: Server) -> None:
    for role in ("viewer", "operator", "approver", "admin"):
        secret = people.invite(server.place, role, f"reader-{role}").secret
        answer = raw.get(server.port, f"{AUDIT}?limit=1", Authorization=f"Bearer {secret}", **STRANGER)
        assert answer.status == 200 and len(json.loads(answer.body)["data"]) == 1
    assert people.revoke(server.place, "reader-viewer").returncode == 0
    viewer = people.invite(server.place, "viewer", "reader-gone").secret
    assert people.revoke(server.place, "reader-gone").returncode == 0
    assert raw.get(server.port, AUDIT, Authorization=f"Bearer {viewer}", **STRANGER).status == 401


def test_who_may_not(server: Server) -> None:
    for headers, status in (
        (STRANGER, 401),
        ({"Authorization": "Bearer x", **STRANGER}, 401),
        ({"Origin": "http://evil.example"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "null"}, 403),
    ):
        answer = raw.get(server.port, f"{AUDIT}?thread={THREAD}", **headers)
        assert answer.status == status
        assert b"data" not in answer.body
    assert raw.get(server.port, AUDIT, host="evil.example").status == 403


def test_it_can_only_be_read(server: Server) -> None:
    before = Record(server.place).rows()[:ROWS]
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        request = raw.head(f"{AUDIT}?before=5", f"127.0.0.1:{server.port}", {"Content-Length": "0"}, method)
        assert raw.exchange(server.port, request).status in (404, 405)
    assert Record(server.place).rows()[:ROWS] == before
