"""What the recorded session consists of: requests to codex, and the notifications that end each."""

import json

TURN_ENDS = ("turn/completed",)
# One step after the other of what the scripted model does.
STEPS = [
    {"command": "echo hello"},
    {"command": "echo outside > /dev/null", "escalate": True, "justification": "Need to write outside"},
    {"patch": "*** Begin Patch\n*** Add File: notes.txt\n+one\n*** End Patch"},
    {"text": "Done."},
]
CLIENT = {"name": "recorder", "title": None, "version": "1.0"}


def opening(project: str) -> list[tuple[str, dict | None, tuple[str, ...]]]:
    """Up to the thread's start: method, params, and the notifications that follow."""
    initialize = {"clientInfo": CLIENT, "capabilities": {"experimentalApi": True}}
    thread = {"cwd": project, "approvalPolicy": "on-request", "sandbox": "workspace-write"}
    return [
        ("initialize", initialize, ("remoteControl/status/changed",)),
        ("thread/start", thread, ("thread/started",)),
    ]


def calls(project: str, thread: str) -> list[tuple[str, dict | None, tuple[str, ...]]]:
    """Everything after the thread's start, in the same form."""
    of_thread = {"threadId": thread}
    script = {"type": "text", "text": "script:" + json.dumps(STEPS), "text_elements": []}
    return [
        ("turn/start", of_thread | {"input": [script]}, TURN_ENDS),
        ("thread/read", of_thread | {"includeTurns": True}, ("deprecationNotice",)),
        ("thread/list", {}, ()),
        ("thread/loaded/list", {}, ()),
        ("account/read", {}, ()),
        ("config/read", {"includeLayers": True}, ()),
        ("configRequirements/read", None, ()),
        ("hooks/list", {"cwds": [project]}, ()),
        ("mcpServerStatus/list", {}, ()),
        ("thread/turns/list", of_thread, ()),
        ("thread/items/list", of_thread, ()),
        ("thread/name/set", of_thread | {"name": "Recorded"}, ("thread/name/updated",)),
        ("thread/goal/get", of_thread, ()),
        ("collaborationMode/list", {}, ()),
        ("permissionProfile/list", {"cwd": project}, ()),
        ("fs/readDirectory", {"path": project}, ()),
        ("fs/getMetadata", {"path": project}, ()),
        ("command/exec", {"command": ["/bin/echo", "hi"], "cwd": project}, ()),
        ("windowsSandbox/readiness", None, ()),
        ("account/rateLimits/read", None, ()),
        ("remoteControl/status/read", None, ()),
        ("memory/status", {}, ()),
        ("server/diagnostics", {}, ()),
        ("project/list", {}, ()),
        ("threadSection/list", {}, ()),
        ("thread/timeline/list", of_thread, ()),
        ("plugin/installed", {}, ()),
        ("app/list", {}, ()),
        ("thread/settings/update", of_thread | {"model": "other"}, ("thread/settings/updated",)),
        ("config/value/write", {"keyPath": "model", "value": "any-name", "mergeStrategy": "replace"}, ()),
        ("config/mcpServer/reload", None, ()),
        ("userVerification/status", {}, ()),
        ("thread/realtime/listVoices", {}, ()),
        ("account/usage/read", None, ()),
        ("account/gatewayOAuth/read", None, ()),
        ("externalAgentConfig/detect", {}, ()),
        ("externalAgentConfig/import/readHistories", None, ()),
        ("modelProvider/capabilities/read", {}, ()),
        ("thread/fork", of_thread, ("thread/started",)),
        ("thread/archive", of_thread, ("thread/archived",)),
        ("account/logout", None, ("account/updated",)),
    ]
