"""The gate's hook from the stand-in's side: on its command line, in `hooks/list`, and when it runs."""

import hashlib
import itertools
import json
import os
import subprocess
import tomllib
from typing import Any

KEY = "/<session-flags>/config.toml:pre_tool_use:0:0"
VERIFIER_KEY = "/<session-flags>/config.toml:pre_tool_use:0:1"


def settings(arguments: list[str]) -> dict[str, Any]:
    """The `-c key=value` arguments, each as a TOML document; later ones win, as in codex."""
    merged: dict[str, Any] = {}
    for flag, text in itertools.pairwise(arguments):
        if flag == "-c":
            _merge(merged, tomllib.loads(text))
    return merged


def _merge(into: dict[str, Any], more: dict[str, Any]) -> None:
    for key, value in more.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            _merge(into[key], value)
        else:
            into[key] = value


def hook(arguments: list[str]) -> dict[str, Any]:
    entry = settings(arguments)["hooks"]["PreToolUse"][0]
    return {"matcher": entry["matcher"], **entry["hooks"][0]}


def trusted_hash(hook: dict[str, Any]) -> str:
    """Computes the hash as codex does: SHA-256 of compact JSON with sorted keys."""
    identity = {
        "event_name": "pre_tool_use",
        "hooks": [{"async": False, "command": hook["command"], "timeout": hook["timeout"], "type": hook["type"]}],
        "matcher": hook["matcher"],
    }
    text = json.dumps(identity, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def _verifier(arguments: list[str], entry: dict[str, Any]) -> dict[str, Any]:
    """The second hook of the list. `entry` is the first one."""
    given = settings(arguments)["hooks"]["PreToolUse"][0]["hooks"][1]
    return {
        **{key: value for key, value in entry.items() if key not in ("command", "async")},
        "key": VERIFIER_KEY,
        "handlerType": "mcpTool",
        "server": given["server"],
        "tool": given["tool"],
        "timeoutSec": given["timeout"],
        "displayOrder": 1,
        "currentHash": "sha256:" + hashlib.sha256(json.dumps(given, sort_keys=True).encode()).hexdigest(),
    }


def listing(arguments: list[str], cwds: list[str], fault: str) -> dict[str, Any]:
    """The result of `hooks/list`. `fault` names one fault in it."""
    given = hook(arguments)
    state = settings(arguments)["hooks"].get("state", {}).get(KEY, {})
    # Only codex knows which hooks it trusts, so here any given state counts as trusted.
    trust = "trusted" if state else "untrusted"
    entry = {
        "key": KEY,
        "eventName": "preToolUse",
        "handlerType": "command",
        "command": given["command"],
        "async": False,
        "matcher": given["matcher"],
        "timeoutSec": given["timeout"],
        "statusMessage": None,
        "additionalContextLimit": None,
        "sourcePath": "/<session-flags>/config.toml",
        "source": "sessionFlags",
        "pluginId": None,
        "displayOrder": 0,
        "enabled": state.get("enabled", True),
        "isManaged": False,
        "currentHash": trusted_hash(given),
        "trustStatus": trust,
    }
    wrong = {
        "untrusted": {"trustStatus": "untrusted"},
        "modified": {"trustStatus": "modified"},
        "disabled": {"enabled": False},
        "time-out": {"timeoutSec": 60},
        "async": {"async": True},
        "matcher": {"matcher": "Bash"},
        "command": {"command": "/bin/true"},
        "event": {"eventName": "postToolUse"},
        "source": {"source": "user"},
    }
    # The first run, in which the server learns the hash, has no state. The faults apply to the second run.
    verifier = _verifier(arguments, entry)
    if trust == "trusted" and fault.startswith("verifier "):
        verifier.update(wrong.get(fault.removeprefix("verifier "), {}))
    elif trust == "trusted":
        entry.update(wrong.get(fault, {}))
    hooks = [] if fault == "missing" and trust == "trusted" else [entry, verifier]
    if trust == "trusted" and fault == "verifier missing":
        hooks.remove(verifier)
    errors = [{"path": "/x/config.toml", "message": "broken"}] if fault == "errors" and trust == "trusted" else []
    return {"data": [{"cwd": cwd, "hooks": hooks, "warnings": [], "errors": errors} for cwd in cwds]}


def run(arguments: list[str], question: dict[str, Any]) -> dict[str, Any]:
    """Runs the hook as codex does; returns its result."""
    done = subprocess.run(
        ["/bin/bash", "-c", hook(arguments)["command"], ""],
        input=json.dumps(question),
        capture_output=True,
        text=True,
        env=os.environ,
        timeout=60,
    )
    return {"code": done.returncode, "stdout": done.stdout, "stderr": done.stderr}
