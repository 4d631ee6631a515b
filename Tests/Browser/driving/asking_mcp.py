"""An MCP server on stdio, started by codex: its tool `ask` shows a form to the person and returns the answer."""

import json
import sys


def send(message: dict) -> None:
    print(json.dumps({"jsonrpc": "2.0", **message}), flush=True)


def result(method: str, params: dict) -> dict:
    match method:
        case "initialize":
            version = params["protocolVersion"]
            return {"protocolVersion": version, "capabilities": {"tools": {}}, "serverInfo": {"name": "desk", "version": "1"}}
        case "tools/list":
            return {"tools": [{"name": "ask", "description": "asks", "inputSchema": {"type": "object", "properties": {}}}]}
        case _:
            return {}


for line in sys.stdin:
    message = json.loads(line)
    match message:
        case {"method": "tools/call", "id": call, "params": {"arguments": form}}:
            send({"id": f"form {call}", "method": "elicitation/create", "params": form})
        case {"method": method, "id": request}:
            send({"id": request, "result": result(method, message.get("params") or {})})
        case {"id": str(answered), **answer} if answered.startswith("form "):
            text = json.dumps(answer.get("result", answer))
            call = answered.removeprefix("form ")
            send({"id": int(call), "result": {"content": [{"type": "text", "text": f"the person said {text}"}]}})
