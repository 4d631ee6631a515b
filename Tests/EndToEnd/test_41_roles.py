"""Row 7: which methods each role may call. A refused call never reaches the agent."""

import json
import re
from collections.abc import Callable

import pytest

from harness import paths, people, raw
from harness.client import Client, RpcError
from harness.people import ROLES, Person, invite
from harness.played import THREAD, play, question
from harness.raw import STRANGER
from harness.server import Server
from harness.stand_in import StandIn
from harness.waiting import wait_until

REFUSED = -32003

# The least role that may call a method, as in docs/roles.md. A method that is listed nowhere is for admins only.
VIEWER = """
    account/rateLimits/read account/read account/usage/read account/workspaceMessages/read app/installed app/list
    app/read collaborationMode/list configRequirements/read experimentalFeature/list hooks/list mcpServerStatus/list
    model/list modelProvider/capabilities/read permissionProfile/list plugin/installed plugin/list plugin/read
    plugin/skill/read project/list project/read skills/list thread/attachment/list thread/attachmentOwner/list
    thread/backgroundTerminals/list thread/goal/get thread/items/list thread/items/read thread/list thread/loaded/list
    thread/queue/list thread/read thread/realtime/listVoices thread/resume thread/timeline/list thread/turns/list
    thread/unsubscribe threadSection/list
""".split()
OPERATOR = """
    review/start thread/archive thread/attachment/add thread/attachment/remove thread/backgroundTerminals/clean
    thread/backgroundTerminals/terminate thread/compact/start thread/fork thread/goal/clear thread/goal/set
    thread/inject_items thread/memoryMode/set thread/metadata/update thread/name/set thread/prediction/request
    thread/queue/add thread/queue/delete thread/queue/reorder thread/queue/start thread/queue/update
    thread/readState/update thread/realtime/appendAudio thread/realtime/appendSpeech thread/realtime/appendText
    thread/realtime/start thread/realtime/stop thread/search thread/searchOccurrences thread/section/move
    thread/settings/update thread/start thread/unarchive
    threadSection/create threadSection/delete threadSection/update turn/interrupt turn/settings/update turn/start
    turn/steer
""".split()
# Methods named in the attack list, and made-up ones: of a later codex, in other spellings, JavaScript prototype names.
ADMIN = """
    account/login/start account/logout command/exec command/exec/write config/batchWrite config/value/write
    fs/copy fs/createDirectory fs/readFile fs/remove fs/writeFile process/kill process/spawn thread/delete
    thread/rollback thread/shellCommand windowsSandbox/setupStart
    thread/shellcommand Thread/Start THREAD/LIST thread/start/ thread//start turn/start2 thread of/later __proto__
""".split()
# Params that these methods need in addition to their marker.
PARAMS = {
    method: {"threadId": THREAD}
    for method in (*VIEWER, *OPERATOR)
    if method.startswith(("thread/", "turn/", "review/")) and method not in ("thread/start", "thread/list")
}


def least(method: str) -> str:
    return "viewer" if method in VIEWER else "operator" if method in OPERATOR else "admin"


def of_the_protocol() -> list[str]:
    """All methods of the codex version that the server is built for."""
    source = paths.REPOSITORY / "Sources" / "CodexProtocol" / "Generated" / "ClientRequest.swift"
    cases = source.read_text().split("enum Method: ")[1]
    return sorted(set(re.findall(r'"([A-Za-z]+(?:/[A-Za-z_]+)*)"', cases)))


@pytest.fixture(scope="module")
def crowd(module_stand_ins) -> Callable[[str], dict[str, Person]]:
    """One person of each role."""
    known: dict[str, dict[str, Person]] = {}

    def people_of(mode: str) -> dict[str, Person]:
        if mode not in known:
            place = module_stand_ins(mode)[0].place
            known[mode] = {role: invite(place, role) for role in ROLES}
        return known[mode]

    return people_of


@pytest.fixture
def connect(module_stand_ins, crowd, clients, mode: str) -> Callable[..., Client]:
    def connected(role: str, query: str = "", **options) -> Client:
        return clients(module_stand_ins(mode)[0], query, token=crowd(mode)[role].secret, **options)

    return connected


def call(client: Client, method: str, params: dict) -> dict:
    return client.response(client.post(method, params), 30, method)


def call_all(client: Client, role: str, methods: list[str]) -> dict[str, dict]:
    """Calls all methods at once, each with its own mark; returns the responses."""
    posted = {
        method: client.post(method, {**PARAMS.get(method, {}), "mark": f"{role} calls {method}"}) for method in methods
    }
    return {method: client.response(number, 30, method) for method, number in posted.items()}


def assert_refused(answer: dict, method: str, needed: str, role: str) -> None:
    error = answer["error"]
    assert error["code"] == REFUSED, method
    assert error["data"] == {"method": method, "roleNeeded": needed}
    assert method in error["message"] and needed in error["message"] and role in error["message"]


def received(agent: StandIn, role: str, method: str) -> bool:
    params = [json.loads(text).get("params") or {} for text in agent.received()]
    return f"{role} calls {method}" in [one.get("mark") for one in params]


# MARK: The table


@pytest.mark.parametrize("role", ROLES)
def test_methods_of_a_role(scripted: tuple[Server, StandIn], connect, role: str) -> None:
    agent = scripted[1]
    # A caller may only work in a thread that a client has opened.
    connect("operator").request("thread/resume", {"threadId": THREAD})
    client = connect(role)
    methods = [*VIEWER, *OPERATOR, *ADMIN]
    if role == "viewer":
        # A viewer may call it only with no params other than the thread id: see below.
        methods.remove("thread/resume")
    answers = call_all(client, role, methods)
    # By the time this call is answered, the agent has received all earlier messages.
    client.request("model/list", {"mark": f"{role} calls the last"})
    texts = [json.loads(text) for text in agent.received()]
    marks = {(text.get("params") or {}).get("mark") for text in texts if "method" in text}
    for method in methods:
        may = ROLES.index(role) >= ROLES.index(least(method))
        assert (f"{role} calls {method}" in marks) == may, method
        if may:
            assert "result" in answers[method], (method, answers[method])
        else:
            assert_refused(answers[method], method, least(method), role)


@pytest.mark.parametrize("role", ROLES)
def test_whole_protocol(module_stand_ins, crowd, clients, role: str) -> None:
    """Every method of the pinned codex is in the table above or for admins only."""
    server, agent = module_stand_ins("shared")
    methods = [method for method in of_the_protocol() if ROLES.index(least(method)) > ROLES.index(role)]
    methods = [method for method in methods if method != "initialize" and not method.startswith("remoteControl/")]
    assert len(of_the_protocol()) > 100 and "turn/start" in of_the_protocol()
    client = clients(server, token=crowd("shared")[role].secret)
    for method, answer in call_all(client, role, methods).items():
        assert_refused(answer, method, least(method), role)
    assert client.request("model/list", {"mark": f"{role} calls the end"})
    assert received(agent, role, "the end")
    assert not [method for method in methods if received(agent, role, method)]


@pytest.mark.parametrize("role", [*ROLES, "local"])
def test_remote_control_is_for_nobody(module_stand_ins, crowd, clients, role: str) -> None:
    server, agent = module_stand_ins("shared")
    client = clients(server, token=None if role == "local" else crowd("shared")[role].secret)
    for method in ("remoteControl/enable", "remoteControl/disable", "remoteControl/status/read", "remoteControl/later"):
        with pytest.raises(RpcError) as caught:
            client.request(method, {"mark": f"{role} calls {method}"})
        assert caught.value.code == REFUSED and method in caught.value.message
    client.request("model/list", {"mark": f"{role} calls the end"})
    assert not [text for text in agent.received() if "remoteControl/" in text]


@pytest.mark.parametrize("way", ["plain", "session", "legacy", "header-less id", "escaped"])
def test_every_way_in_asks_for_the_role(scripted: tuple[Server, StandIn], connect, way: str) -> None:
    _server, agent = scripted
    query = {"session": "?session=new", "legacy": "?approvals=legacy"}.get(way, "")
    client = connect("viewer", query)
    mark = f"viewer by {way}"
    match way:
        case "header-less id":
            # Without the "jsonrpc" member, and with an id of another type.
            client.send_text(f'{{"id":"a","params":{{"mark":"{mark}"}},"method":"thread/shellCommand"}}')
            answer = client.response("a")
        case "escaped":
            client.send_text(f'{{"id":9,"method":"thread\\/shell\\u0043ommand","params":{{"mark":"{mark}"}}}}')
            answer = client.response(9)
        case _:
            answer = client.response(client.post("thread/shellCommand", {"mark": mark}))
    assert answer["error"]["data"] == {"method": "thread/shellCommand", "roleNeeded": "admin"}
    client.request("model/list")
    assert not [text for text in agent.received() if mark in text]


def test_two_methods_in_one_message(scripted: tuple[Server, StandIn], connect) -> None:
    """The server would read an allowed method, the agent a forbidden one."""
    agent = scripted[1]
    client = connect("viewer")
    for first, second in [("model/list", "thread/shellCommand"), ("thread/shellCommand", "model/list")]:
        client.send_text(f'{{"id":1001,"method":"{first}","method":"{second}","params":{{"mark":"both"}}}}')
        client.send_text(f'{{"id":1002,"method":"{first}","params":{{"mark":"both"}},"\\u006dethod":"{second}"}}')
    client.request("model/list", {"mark": "after both"})
    agent.wait_received("after both")
    assert not [text for text in agent.received() if "shellCommand" in text and '"both"' in text]


def test_notifications_do_nothing(scripted: tuple[Server, StandIn], connect) -> None:
    """A message without an id gets no response but is still a call, so the role check applies to it."""
    agent = scripted[1]
    client = connect("viewer")
    for method in ("thread/shellCommand", "fs/remove", "turn/start", "thread/start"):
        client.notify(method, {"threadId": THREAD, "mark": f"whispered {method}"})
    client.request("model/list", {"mark": "after whispers"})
    agent.wait_received("after whispers")
    assert not [text for text in agent.received() if "whispered" in text]


def test_calling_oneself_an_admin(scripted: tuple[Server, StandIn], crowd, clients, mode: str) -> None:
    server, agent = scripted
    claims = {"role": "admin", "user": "local", "actor": {"role": "admin"}}
    client = clients(server, "?role=admin&user=local", token=crowd(mode)["viewer"].secret, initialize=False)
    info = {"name": "admin", "title": "admin", "version": "1", **claims}
    client.request("initialize", {"clientInfo": info, **claims})
    client.notify("initialized")
    with pytest.raises(RpcError, match="operator"):
        client.request("thread/start", {"mark": "by claim", **claims})
    # Nor do the headers that a proxy would set, because no proxy is trusted.
    said = {"X-Forwarded-User": "admin", "X-Remote-User": "admin", "X-Role": "admin"}
    bearer = crowd(mode)["viewer"].bearer
    answer = raw.get(server.port, **{name.replace("-", "_"): value for name, value in said.items()}, **bearer)
    assert json.loads(answer.body)["role"] == "viewer"
    assert not [text for text in agent.received() if "by claim" in text]


def test_refusals_are_recorded(scripted: tuple[Server, StandIn], connect) -> None:
    server = scripted[0]
    client = connect("operator")
    with pytest.raises(RpcError):
        client.request("process/unheardOf", {"command": ["id"]})

    def recorded() -> list[dict]:
        return json.loads(server.get("/api/v1/sre/audit?q=process/unheardOf")[1])["data"]

    # Deltas and refusals do not wait for the disk.
    [row] = wait_until("the refusal is recorded", recorded, 5)
    assert (row["kind"], row["actor"], row["role"]) == ("method.refused", "operator", "operator")
    assert row["details"]["method"] == "process/unheardOf" and row["address"] == "127.0.0.1"


# MARK: Watching and answering


def test_viewers_search_nothing(scripted: tuple[Server, StandIn], connect) -> None:
    """Search results would reveal what is masked in a preview."""
    for term in ("x", ""):
        answer = call(connect("viewer"), "thread/list", {"searchTerm": term})
        assert answer["error"]["code"] == REFUSED and "searchTerm" in answer["error"]["message"]
        assert answer["error"]["data"] == {"method": "thread/list", "roleNeeded": "operator"}
    assert "error" not in call(connect("viewer"), "thread/list", {"searchTerm": None})
    assert "error" not in call(connect("operator"), "thread/list", {"searchTerm": "x"})


def test_viewers_read_over_http(module_stand_ins, crowd) -> None:
    server = module_stand_ins("shared")[0]
    bearer = crowd("shared")["viewer"].bearer
    for path in ("/api/v1/sre/info", "/api/v1/sre/approvals", "/api/v1/sre/audit", "/metrics"):
        assert raw.get(server.port, path, **bearer, **STRANGER).status == 200, path
        assert raw.get(server.port, path, **STRANGER).status == 401, path


@pytest.mark.parametrize("role", ROLES)
def test_page_is_told_its_rights(module_stand_ins, crowd, role: str) -> None:
    server = module_stand_ins("shared")[0]
    who = people.info(server, **crowd("shared")[role].bearer)
    assert who and (who["user"], who["name"], who["role"]) == ("token", role, role)
    assert who["sessionApprovals"] is (role in ("approver", "admin"))
    assert who["lastingApprovals"] is (role == "admin")


@pytest.fixture
def asked(module_stand_ins, crowd, clients) -> Callable[..., tuple[dict[str, Client], str, str]]:
    """A client of each role has subscribed to a thread, and all have received an approval of it."""
    numbers = iter(range(1_000))

    def ask(method: str = "item/commandExecution/requestApproval", tag: str = "") -> tuple[dict[str, Client], str, str]:
        server = module_stand_ins("shared")[0]
        subscribers = {role: clients(server, token=crowd("shared")[role].secret) for role in ROLES}
        for client in subscribers.values():
            assert client.request("thread/resume", {"threadId": THREAD})["thread"]["id"] == THREAD
        name = f"{tag}{next(numbers)}"
        play(subscribers["admin"], {"toAll": question(name, method=method)["send"]})
        shown = {client.question(itemId=f"item-{name}")["id"] for client in subscribers.values()}
        assert len(shown) == 1
        return subscribers, shown.pop(), name

    return ask


@pytest.mark.parametrize("decision", ["accept", "acceptForSession", "decline", "cancel"])
def test_viewer_and_operator_see_and_cannot_answer(module_stand_ins, asked, decision: str) -> None:
    agent = module_stand_ins("shared")[1]
    subscribers, request, name = asked(tag=f"{decision}-")
    for role in ("viewer", "operator"):
        subscribers[role].answer(request, {"decision": decision})
        told = subscribers[role].notification("sre/answerRejected", requestId=request)
        assert told["reason"] == "forbidden" and "approver" in told["message"]
        subscribers[role].send({"id": request, "error": {"code": 1, "message": "no"}})
        subscribers[role].wait(
            lambda m, role=role: m.get("method") == "sre/answerRejected"
            and len(subscribers[role].find(lambda n: n.get("method") == "sre/answerRejected")) == 2
        )
    assert not [text for text in agent.received() if f'"id":"{name}"' in text]
    subscribers["approver"].answer(request, {"decision": "accept", "comment": "looked at it"})
    for client in subscribers.values():
        resolved = client.notification("serverRequest/resolved", requestId=request)
        assert resolved["sre"]["decidedBy"] == "approver" and resolved["sre"]["decision"] == "accept"
    [text] = [agent.wait_received(f'"id":"{name}"')]
    # The comment is for people and does not go to the agent.
    assert json.loads(text)["result"] == {"decision": "accept"}
    assert len([text for text in agent.received() if f'"id":"{name}"' in text]) == 1


def test_lasting_rules_are_for_admins(module_stand_ins, asked) -> None:
    agent = module_stand_ins("shared")[1]
    subscribers, request, name = asked(tag="lasting-")
    lasting = {"acceptWithExecpolicyAmendment": {"execpolicy_amendment": ["df"]}}
    subscribers["approver"].answer(request, {"decision": lasting})
    told = subscribers["approver"].notification("sre/answerRejected", requestId=request)
    assert told["reason"] == "forbidden" and "lastingApprovals" in told["message"]
    assert not [text for text in agent.received() if f'"id":"{name}"' in text]
    subscribers["admin"].answer(request, {"decision": lasting})
    assert "acceptWithExecpolicyAmendment" in agent.wait_received(f'"id":"{name}"')


def test_viewer_watches_a_turn(module_stand_ins, asked) -> None:
    subscribers, request, _ = asked(tag="watch-")
    marker = {"method": "item/agentMessage/delta", "params": {"threadId": THREAD, "delta": f"seen {request}"}}
    play(subscribers["admin"], {"toAll": marker})
    for client in subscribers.values():
        client.notification("item/agentMessage/delta", delta=f"seen {request}")
    subscribers["admin"].answer(request, {"decision": "decline"})


@pytest.mark.parametrize(
    "more",
    [
        {"cwd": "/"},
        {"approvalPolicy": "never"},
        {"approvalPolicy": "onRequest"},
        {"sandbox": "readOnly"},
        {"config": {"model": "x"}},
        {"model": "x"},
        {"developerInstructions": "be lax"},
        {"baseInstructions": "be lax"},
        {"path": "/etc/passwd"},
        {"history": []},
        {"personality": "friendly"},
    ],
    ids=str,
)
def test_viewer_changes_nothing_by_opening(scripted: tuple[Server, StandIn], connect, more: dict) -> None:
    agent = scripted[1]
    client = connect("viewer")
    before = len([text for text in agent.received() if '"thread/resume"' in text])
    with pytest.raises(RpcError) as caught:
        client.request("thread/resume", {"threadId": THREAD, **more})
    assert caught.value.code == REFUSED
    assert caught.value.data == {"method": "thread/resume", "roleNeeded": "operator"}
    client.request("model/list")
    assert len([text for text in agent.received() if '"thread/resume"' in text]) == before


def test_viewer_opens_what_somebody_else_has_made_lax(module_stand_ins, crowd, clients) -> None:
    """Watching changes nothing: the viewer is not refused, and the thread asks as often as before."""
    server, agent = module_stand_ins("shared")
    local = clients(server)
    thread = local.request("thread/start", {"approvalPolicy": "never", "cwd": str(paths.fresh_directory(server.place.root))})["threadId"]
    viewer = clients(server, token=crowd("shared")["viewer"].secret)
    assert viewer.request("thread/resume", {"threadId": thread})["thread"]["id"] == thread
    opened = [json.loads(text) for text in agent.received() if '"thread/resume"' in text and thread in text]
    assert [call["params"]["approvalPolicy"] for call in opened] == ["never"]
