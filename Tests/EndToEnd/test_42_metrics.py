"""`GET /metrics`: Prometheus text format, behind the same access check as other routes, with live values."""

import json
import re
from collections.abc import Callable

import pytest

from harness import people, raw
from harness.client import Client
from harness.played import THREAD, play, question
from harness.raw import STRANGER
from harness.server import Server
from harness.stand_in import StandIn
from harness.waiting import wait_until

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r'[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"'
SAMPLE = re.compile(rf"({NAME})(?:\{{({LABEL}(?:,{LABEL})*)\}})? (\S+)")

Samples = dict[tuple[str, str], float]


def parsed(text: str) -> tuple[Samples, dict[str, str]]:
    """Samples by name and labels, and the types of the families; as strict as a scraper may be."""
    samples: Samples = {}
    types: dict[str, str] = {}
    helped: set[str] = set()
    assert text.endswith("\n")
    for line in text.splitlines():
        if line.startswith("# HELP "):
            name = line.split(" ")[2]
            assert name not in helped and len(line.split(" ")) > 3
            helped.add(name)
        elif line.startswith("# TYPE "):
            _, _, name, kind = line.split(" ")
            assert name not in types and name in helped
            types[name] = kind
        else:
            found = SAMPLE.fullmatch(line)
            assert found, line
            family = next(name for name in (found[1], re.sub(r"_(bucket|sum|count)$", "", found[1])) if name in types)
            # All samples of a family follow its type.
            assert family == list(types)[-1]
            key = (found[1], found[2] or "")
            assert key not in samples
            samples[key] = float(found[3])
    return samples, types


def metrics(server: Server) -> Samples:
    status, text = server.get("/metrics")
    assert status == 200
    return parsed(text)[0]


@pytest.fixture
def own(module_stand_ins) -> tuple[Server, StandIn]:
    return module_stand_ins("shared")


def test_form(own: tuple[Server, StandIn]) -> None:
    answer = raw.get(own[0].port, "/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert answer.headers["cache-control"] == "no-store"
    samples, types = parsed(answer.body.decode())
    assert set(types.values()) == {"gauge", "counter", "histogram"}
    for name, kind in types.items():
        assert name.startswith("sre_agent_")
        assert name.endswith("_total") == (kind == "counter")
        if kind != "histogram":
            continue
        bounds = [
            (float(labels.removeprefix('le="').removesuffix('"')), count)
            for (sample, labels), count in samples.items()
            if sample == f"{name}_bucket"
        ]
        assert bounds[-1][0] == float("inf")
        assert bounds == sorted(bounds) and [count for _, count in bounds] == sorted(count for _, count in bounds)
        assert bounds[-1][1] == samples[f"{name}_count", ""]


def test_needs_signing_in(own: tuple[Server, StandIn]) -> None:
    server, _ = own
    answer = raw.get(server.port, "/metrics", **STRANGER)
    assert answer.status == 401 and b"sre_agent_" not in answer.body
    assert raw.get(server.port, "/metrics", Origin="http://evil.example").status == 403
    assert raw.get(server.port, "/metrics", host="evil.example").status == 403
    viewer = people.invite(server.place, "viewer", "prometheus").secret
    assert raw.get(server.port, "/metrics", Authorization=f"Bearer {viewer}", **STRANGER).status == 200


def test_what_is_there_now(own: tuple[Server, StandIn], clients: Callable[..., Client]) -> None:
    server, _ = own
    before = metrics(server)
    first, second = clients(server), clients(server)
    now = metrics(server)
    for name in ("sre_agent_sockets", "sre_agent_sessions"):
        assert now[name, ""] == before[name, ""] + 2
    for client in (first, second):
        client.request("thread/resume", {"threadId": THREAD})
    play(first, {"toAll": question("gauge")["send"]})
    asked = first.question(itemId="item-gauge")["id"]
    now = metrics(server)
    assert now["sre_agent_approvals_waiting", ""] == before["sre_agent_approvals_waiting", ""] + 1
    assert now["sre_agent_threads", ""] >= 1
    assert now["sre_agent_ready", ""] == now["sre_agent_record_writable", ""] == 1
    first.answer(asked, {"decision": "decline"})
    first.notification("serverRequest/resolved", requestId=asked)
    second.close()

    def gone() -> bool:
        now = metrics(server)
        return (now["sre_agent_sockets", ""], now["sre_agent_approvals_waiting", ""]) == (
            before["sre_agent_sockets", ""] + 1,
            before["sre_agent_approvals_waiting", ""],
        )

    wait_until("the numbers go down again", gone)


def test_decisions(own: tuple[Server, StandIn], clients: Callable[..., Client]) -> None:
    server, _ = own
    client = clients(server)
    client.request("thread/resume", {"threadId": THREAD})
    before = metrics(server)

    def more(name: str, labels: str = "") -> float:
        return metrics(server).get((name, labels), 0) - before.get((name, labels), 0)

    for request, decision in (("m1", "accept"), ("m2", "decline"), ("m3", "accept")):
        play(client, question(request))
        asked = client.question(itemId=f"item-{request}")["id"]
        client.answer(asked, {"decision": decision})
        client.notification("serverRequest/resolved", requestId=asked)
    assert more("sre_agent_decisions_total", 'by="person",decision="accept"') == 2
    assert more("sre_agent_decisions_total", 'by="person",decision="decline"') == 1
    assert more("sre_agent_decision_seconds_count") == 3
    assert 0 <= more("sre_agent_decision_seconds_sum") < 30
    assert more("sre_agent_relay_seconds_count") > 0
    # An answer without an approval counts as a refusal, not as a decision.
    client.answer("nothing", {"decision": "accept"})
    client.notification("sre/answerRejected", requestId="nothing")
    assert more("sre_agent_request_refusals_total", 'kind="answer.rejected"') == 1
    assert more("sre_agent_decision_seconds_count") == 3
    play(client, question("void"), {"send": {"method": "serverRequest/resolved", "params": {"requestId": "void"}}})
    client.notification("serverRequest/resolved")
    wait_until("a question is void", lambda: more("sre_agent_decisions_total", 'by="nobody",decision="void"') == 1)


def test_refusals(own: tuple[Server, StandIn], clients: Callable[..., Client]) -> None:
    server, _ = own
    viewer = clients(server, token=people.invite(server.place, "viewer", "vera").secret)
    before = metrics(server)
    assert raw.handshake(server.port, **STRANGER).status == 401
    assert raw.get(server.port, Origin="http://evil.example").status == 403
    assert raw.post(server.port, "/api/v1/sre/login", json.dumps({"token": "x"}).encode(), **STRANGER).status == 401
    viewer.response(viewer.post("thread/start"))
    now = metrics(server)
    for name, labels, count in (
        ("sre_agent_refusals_total", 'status="401"', 2),
        ("sre_agent_refusals_total", 'status="403"', 1),
        ("sre_agent_request_refusals_total", 'kind="method.refused"', 1),
    ):
        assert now[name, labels] - before.get((name, labels), 0) == count, labels


def test_agents(stand_in: Callable[..., tuple[Server, StandIn]], clients: Callable[..., Client]) -> None:
    server, _ = stand_in()
    assert metrics(server)["sre_agent_agent_starts_total", ""] == 1
    play(clients(server), {"exit": 3})
    wait_until("it is started again", lambda: metrics(server)["sre_agent_agent_starts_total", ""] == 2)
