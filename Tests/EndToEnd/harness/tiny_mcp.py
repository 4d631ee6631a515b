"""A small MCP server on stdio, started by codex: `add` notes each call in the file that is its first argument."""

import json
import sys


def tools() -> dict:
    schema = {"type": "object", "properties": {"a": {"type": "number"}, "b": {"type": "number"}}}
    return {
        "tools": [
            {"name": "add", "description": "adds", "inputSchema": schema},
            {
                "name": "look",
                "description": "says that it only reads",
                "inputSchema": schema,
                "annotations": {"readOnlyHint": True},
            },
        ]
    }


def result(request: dict) -> dict:
    match request["method"]:
        case "initialize":
            return {
                "protocolVersion": request["params"]["protocolVersion"],
                "capabilities": {"tools": {}},
                "serverInfo": {"name": "tiny", "version": "1"},
            }
        case "tools/list":
            return tools()
        case "tools/call":
            arguments = request["params"]["arguments"]
            with open(sys.argv[1], "a", encoding="utf-8") as file:
                file.write(json.dumps([request["params"]["name"], arguments]) + "\n")
            return {"content": [{"type": "text", "text": f"sum {arguments['a'] + arguments['b']}"}]}
        case _:
            return {}


def main() -> None:
    for line in sys.stdin:
        message = json.loads(line)
        if "id" in message and "method" in message:
            print(json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": result(message)}), flush=True)


if __name__ == "__main__":
    main()
