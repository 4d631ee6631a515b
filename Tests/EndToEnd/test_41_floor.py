"""Row 8: requests below the floor get an error, wherever the lax value is hidden, and never reach the agent."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from harness.client import Client, RpcError
from harness.conversation import said
from harness.people import Person, invite
from harness.place import Place
from harness.played import THREAD
from harness.stand_in import StandIn

REFUSED, INVALID = -32003, -32602
WORKERS = ("operator", "approver", "admin")
OPENING = ("thread/start", "thread/resume", "thread/fork")
CHANGING = ("turn/start", "thread/settings/update", "turn/settings/update")
GIVING_WORK = (
    "turn/start",
    "turn/steer",
    "review/start",
    "thread/compact/start",
    "thread/goal/set",
    "thread/inject_items",
    "thread/prediction/request",
    "thread/queue/add",
    "thread/queue/start",
    "thread/queue/update",
    "thread/realtime/start",
    "thread/realtime/appendText",
)


@pytest.fixture(scope="module")
def crowd(module_stand_ins) -> dict[str, Person]:
    place = module_stand_ins("shared")[0].place
    return {role: invite(place, role) for role in WORKERS}


@pytest.fixture
def connect(module_stand_ins, crowd, clients) -> Callable[[str], Client]:
    server = module_stand_ins("shared")[0]
    return lambda who: clients(server, token=None if who == "local" else crowd[who].secret)


@pytest.fixture
def agent(module_stand_ins) -> StandIn:
    return module_stand_ins("shared")[1]


@pytest.fixture
def rooms(module_stand_ins) -> Place:
    """A place with directories outside the workspace, some of them reached through links."""
    place = module_stand_ins("shared")[0].place
    place.outside("x").parent.mkdir(exist_ok=True)
    (place.workspace / "inside").mkdir(exist_ok=True)
    (place.root / "w-beside").mkdir(exist_ok=True)
    link = place.workspace / "link"
    if not link.is_symlink():
        link.symlink_to(place.outside("x").parent)
    return place


def call(client: Client, method: str, params: dict[str, Any], mark: str) -> Any:
    more: dict[str, Any] = {} if method == "thread/start" else {"threadId": THREAD}
    if method in GIVING_WORK:
        more["input"] = said("hello")
    return client.request(method, {**more, "mark": mark, **params})


def assert_refused(
    client: Client,
    agent: StandIn,
    method: str,
    params: dict[str, Any],
    *words: str,
    codes: tuple[int, ...] = (REFUSED,),
) -> None:
    """The call gets an error with a reason, and does not reach the agent."""
    mark = f"{id(client)}-{client.count}-{method}"
    with pytest.raises(RpcError) as caught:
        call(client, method, params, mark)
    assert caught.value.code in codes, caught.value
    for word in words:
        assert word in caught.value.message, caught.value
    client.request("model/list", {"mark": f"after {mark}"})
    assert not [text for text in agent.received() if f'"{mark}"' in text]


def sent(agent: StandIn, mark: str) -> dict[str, Any]:
    """The params of a call as the agent received them."""
    return json.loads(agent.wait_received('"mark"', mark))["params"]


# MARK: Approval policy


@pytest.mark.parametrize("who", WORKERS)
@pytest.mark.parametrize("policy", ["never", "onFailure", "on-failure"])
@pytest.mark.parametrize("method", OPENING + CHANGING)
def test_nobody_afar_gets_fewer_questions(connect, agent: StandIn, method: str, policy: str, who: str) -> None:
    assert_refused(connect(who), agent, method, {"approvalPolicy": policy}, "approvalPolicy", who)


@pytest.mark.parametrize(
    "policy", ["Never", "never ", "NEVER", 0, True, [], ["never"], {"never": True}, {"granular": 1}]
)
def test_policies_that_are_none(connect, agent: StandIn, policy: object) -> None:
    for method in ("thread/start", "turn/start"):
        assert_refused(connect("local"), agent, method, {"approvalPolicy": policy}, codes=(INVALID,))


def test_the_later_of_two_members_hides_nothing(connect, agent: StandIn) -> None:
    """Whichever of the two members the agent would read."""
    client = connect("operator")
    for first, second in [("onRequest", "never"), ("never", "onRequest")]:
        client.send_text(
            '{"id":77,"method":"thread/start","params":{"mark":"twice",'
            f'"approvalPolicy":"{first}","approvalPolicy":"{second}"}}}}'
        )
        client.send_text(
            '{"id":78,"method":"turn/start","params":{"mark":"twice","threadId":"' + THREAD + '","input":[],'
            f'"approvalPolicy":"{first}","approval\\u0050olicy":"{second}"}}}}'
        )
    client.request("model/list", {"mark": "after twice"})
    agent.wait_received("after twice")
    assert not [text for text in agent.received() if '"twice"' in text and "never" in text]


@pytest.mark.parametrize("method", OPENING)
def test_what_is_not_said_is_asked(connect, agent: StandIn, method: str) -> None:
    """codex restores a thread's stored policy, so the server always passes one."""
    client = connect("operator")
    mark = f"said nothing {method}"
    call(client, method, {"approvalPolicy": None}, mark)
    got = sent(agent, mark)
    assert got["approvalPolicy"] == "on-request" and got["approvalsReviewer"] == "user"
    assert got["config"]["default_permissions"].startswith("sre-workspace-write-")
    assert "sandbox" not in got


# MARK: The sandbox


@pytest.mark.parametrize("who", [*WORKERS, "local"])
@pytest.mark.parametrize("sandbox", ["dangerFullAccess", "danger-full-access"])
@pytest.mark.parametrize("method", OPENING)
def test_nobody_gets_full_access(connect, agent: StandIn, method: str, sandbox: str, who: str) -> None:
    assert_refused(connect(who), agent, method, {"sandbox": sandbox}, "dangerFullAccess")


@pytest.mark.parametrize("who", ["operator", "admin", "local"])
@pytest.mark.parametrize("method", CHANGING)
@pytest.mark.parametrize(
    "policy",
    [
        {"type": "dangerFullAccess"},
        {"type": "danger-full-access"},
        {"type": "externalSandbox", "networkAccess": "enabled"},
        {"type": "workspaceWrite", "networkAccess": True},
        {"type": "workspaceWrite", "networkAccess": "enabled"},
        {"type": "workspaceWrite", "networkAccess": 1},
        {"type": "workspaceWrite", "writableRoots": ["/"]},
        {"type": "readOnly", "networkAccess": True},
        {"type": "DangerFullAccess"},
        {"networkAccess": True},
        "dangerFullAccess",
        ["dangerFullAccess"],
    ],
    ids=json.dumps,
)
def test_no_turn_widens_the_sandbox(connect, agent: StandIn, method: str, policy: object, who: str) -> None:
    assert_refused(connect(who), agent, method, {"sandboxPolicy": policy}, codes=(REFUSED, INVALID))


# MARK: Directories


@pytest.mark.parametrize("who", WORKERS)
@pytest.mark.parametrize("method", [*OPENING, "turn/start", "thread/settings/update"])
def test_outside_the_workspace(connect, agent: StandIn, rooms: Place, method: str, who: str) -> None:
    client = connect(who)
    work = rooms.workspace
    beyond = [f"{work}/..", f"{work}/inside/../..", f"{work}/link", f"{work}-beside"]
    for path in ("/", "/etc", rooms.root, rooms.state, *beyond):
        assert_refused(client, agent, method, {"cwd": str(path)}, "cwd", who)
    for path in ("", ".", "w", "~", f"{work}/none", f" {work}", 7, [str(work)]):
        assert_refused(client, agent, method, {"cwd": path}, "cwd", codes=(INVALID, REFUSED))


@pytest.mark.parametrize("method", [*OPENING, "turn/start", "thread/settings/update"])
def test_nul_ends_no_path(connect, agent: StandIn, rooms: Place, method: str) -> None:
    """C stops at a NUL, codex does not; and codex starts neither commands nor the gate's hook in such a directory."""
    client = connect("operator")
    work = rooms.workspace
    for path in (f"{work}\0", f"{work}\0/inside", f"{work}\0/../..", f"{work}/inside\0"):
        assert_refused(client, agent, method, {"cwd": path}, "cwd", codes=(INVALID, REFUSED))
    assert_refused(client, agent, method, {"runtimeWorkspaceRoots": [f"{work}\0/../.."]}, codes=(INVALID, REFUSED))


@pytest.mark.parametrize("method", ["thread/start", "thread/fork", "turn/start"])
def test_inside_the_workspace(connect, agent: StandIn, rooms: Place, method: str) -> None:
    mark = f"inside {method}"
    call(connect("operator"), method, {"cwd": f"{rooms.workspace}/inside"}, mark)
    assert sent(agent, mark)["cwd"] == f"{rooms.workspace}/inside"


def test_the_local_user_works_anywhere(connect, agent: StandIn, rooms: Place) -> None:
    call(connect("local"), "thread/start", {"cwd": str(rooms.root / "w-beside")}, "local anywhere")
    assert sent(agent, "local anywhere")["cwd"] == str(rooms.root / "w-beside")


# MARK: Other members that can lower the floor

CONFIGS: list[dict[str, Any]] = [
    {"approval_policy": "never"},
    {"sandbox_mode": "danger-full-access"},
    {"default_permissions": ":danger-no-sandbox"},
    {"permissions": {"x": {}}},
    {"sandbox_workspace_write": {"network_access": True}},
    {"sandbox_workspace_write.network_access": True},
    {"features": {"hooks": False}},
    {"features.hooks": False},
    {"hooks": {}},
    {"hooks.PreToolUse": []},
    {"mcp_servers": {"x": {"command": "id"}}},
    {"mcp_servers.x.command": "id"},
    {"projects": {"/": {"trust_level": "trusted"}}},
    {"profile": "lax"},
    {"profiles": {"lax": {"approval_policy": "never"}}},
    {"shell_environment_policy": {"inherit": "all"}},
    {"model_providers": {"x": {"base_url": "http://evil.example"}}},
    {"notify": ["id"]},
    {"approvals_reviewer": "auto_review"},
    {"model": "x", "approval_policy": "never"},
    {"": 1},
    {"Approval_Policy": "never"},
    {"unheard_of": 1},
]


@pytest.mark.parametrize("who", ["operator", "admin", "local"])
@pytest.mark.parametrize("method", OPENING)
def test_config_overrides(connect, agent: StandIn, method: str, who: str) -> None:
    client = connect(who)
    for config in CONFIGS:
        assert_refused(client, agent, method, {"config": config}, "config")
    for config in ([], "approval_policy=never", 1):
        assert_refused(client, agent, method, {"config": config}, codes=(INVALID,))


HIDDEN: list[dict[str, Any]] = [
    {"permissions": ":danger-no-sandbox"},
    {"permissions": {"filesystem": {"/": "write"}}},
    {"environments": [{"environmentId": "elsewhere", "cwd": "/"}]},
    {"environments": {"x": 1}},
    {"runtimeWorkspaceRoots": ["/"]},
    {"runtimeWorkspaceRoots": ["/etc"]},
    {"runtimeWorkspaceRoots": [7]},
    {"selectedCapabilityRoots": [{"path": "/"}]},
]


@pytest.mark.parametrize("who", ["operator", "admin", "local"])
@pytest.mark.parametrize("method", [*OPENING, *CHANGING])
def test_other_members(connect, agent: StandIn, method: str, who: str) -> None:
    client = connect(who)
    for hidden in HIDDEN:
        assert_refused(client, agent, method, hidden, *hidden)


def test_roots_that_are_no_list(connect, agent: StandIn) -> None:
    """Whatever codex would make of such a value, the server does not treat it as absent."""
    for roots in ("/", {"0": "/"}, 1, True):
        assert_refused(
            connect("operator"), agent, "turn/start", {"runtimeWorkspaceRoots": roots}, codes=(REFUSED, INVALID)
        )


def test_roots_beyond_the_floor_through_links(connect, agent: StandIn, rooms: Place) -> None:
    client = connect("operator")
    for root in (f"{rooms.workspace}/link", f"{rooms.workspace}/..", f"{rooms.workspace}-beside", "."):
        assert_refused(client, agent, "turn/start", {"runtimeWorkspaceRoots": [root]}, "runtimeWorkspaceRoots")
    call(client, "turn/start", {"runtimeWorkspaceRoots": [f"{rooms.workspace}/inside"]}, "roots within")
    assert sent(agent, "roots within")["runtimeWorkspaceRoots"] == [f"{rooms.workspace}/inside"]


@pytest.mark.parametrize("who", ["operator", "approver"])
def test_files_as_threads(connect, agent: StandIn, who: str) -> None:
    """`path` opens any of the server's files as a thread's history."""
    for method in ("thread/resume", "thread/fork"):
        assert_refused(connect(who), agent, method, {"path": "/etc/passwd"}, "path")


@pytest.mark.parametrize("params", ["never", ["never"], None, 1], ids=str)
def test_params_that_are_no_object(connect, params: object) -> None:
    client = connect("operator")
    for method in (*OPENING, *CHANGING):
        client.send({"id": f"{method}{params}", "method": method, "params": params})
        answer = client.response(f"{method}{params}")
        assert answer["error"]["code"] in (INVALID, REFUSED), answer


# MARK: Threads made laxer by a person with more rights


def lax_thread(connect, rooms: Place, kind: str) -> str:
    """Starts a lax thread as the local user, who has the right to do so."""
    local = connect("local")
    params = {
        "never": {"approvalPolicy": "never"},
        "onFailure": {"approvalPolicy": "onFailure"},
        "outside": {"cwd": str(rooms.root / "w-beside")},
    }
    thread = local.request("thread/start", params.get(kind, {}))["threadId"]
    if kind == "by settings":
        local.request("thread/settings/update", {"threadId": thread, "approvalPolicy": "never"})
    if kind == "by a turn":
        local.request("turn/start", {"threadId": thread, "input": said("hello"), "approvalPolicy": "never"})
    return thread


LAX = ["never", "onFailure", "outside", "by settings", "by a turn"]


@pytest.mark.parametrize("kind", LAX)
def test_nobody_works_in_a_thread_below_the_floor(connect, agent: StandIn, rooms: Place, kind: str) -> None:
    """A turn in it would run commands that the operator's own thread would have to ask about."""
    thread = lax_thread(connect, rooms, kind)
    for who in WORKERS:
        client = connect(who)
        for method in GIVING_WORK:
            assert_refused(client, agent, method, {"threadId": thread}, who)


@pytest.mark.parametrize("kind", ["never", "by settings"])
def test_who_makes_it_ask_again_may_work_in_it(connect, agent: StandIn, rooms: Place, kind: str) -> None:
    thread = lax_thread(connect, rooms, kind)
    client = connect("operator")
    mark = f"asks again {kind}"
    call(client, "turn/start", {"threadId": thread, "approvalPolicy": "onRequest"}, mark)
    assert sent(agent, mark)["approvalPolicy"] == "on-request"
    call(client, "turn/start", {"threadId": thread}, f"{mark} and stays")
    # A stricter mode takes effect at once for every client, and the local user's own thread now asks too.
    assert sent(agent, f"{mark} and stays")["threadId"] == thread


def test_opening_it_again_does_not_keep_it_lax(connect, agent: StandIn, rooms: Place) -> None:
    thread = lax_thread(connect, rooms, "never")
    call(connect("operator"), "thread/resume", {"threadId": thread}, "opened by an operator")
    assert sent(agent, "opened by an operator")["approvalPolicy"] == "on-request"
    call(connect("operator"), "thread/fork", {"threadId": thread}, "forked by an operator")
    assert sent(agent, "forked by an operator")["approvalPolicy"] == "on-request"


def test_the_local_user_still_may(connect, agent: StandIn, rooms: Place) -> None:
    thread = lax_thread(connect, rooms, "never")
    call(connect("local"), "turn/start", {"threadId": thread}, "local in its own")
    assert sent(agent, "local in its own")


# MARK: Settings that lower the floor for everyone


@pytest.fixture
def with_setting(place: Place, stand_in, clients) -> Callable[[str], tuple[Client, StandIn]]:
    def connected(setting: str) -> tuple[Client, StandIn]:
        worker = invite(place, "operator")
        server, agent = stand_in(environment={setting: "1"})
        return clients(server, token=worker.secret), agent

    return connected


def test_unattended_when_it_is_allowed(with_setting) -> None:
    client, agent = with_setting("ALLOW_UNATTENDED")
    call(client, "thread/start", {"approvalPolicy": "never"}, "allowed")
    assert sent(agent, "allowed")["approvalPolicy"] == "never"
    assert_refused(client, agent, "thread/start", {"sandbox": "dangerFullAccess"}, "dangerFullAccess")


def test_full_access_when_it_is_allowed(with_setting) -> None:
    client, agent = with_setting("ALLOW_FULL_ACCESS")
    call(client, "thread/start", {"sandbox": "dangerFullAccess"}, "allowed")
    assert sent(agent, "allowed")["config"]["default_permissions"].startswith("sre-full-access-")
    assert_refused(client, agent, "thread/start", {"approvalPolicy": "never"}, "approvalPolicy")
