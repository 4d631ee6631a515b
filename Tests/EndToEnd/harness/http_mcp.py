"""A small MCP server over streamable HTTP. It answers in JSON and logs the headers and tool calls that it receives."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from .tiny_mcp import tools


class HTTPServer:
    def __init__(self) -> None:
        self.calls: list[dict] = []
        # The number of calls to answer as if the session had ended.
        self.expired = 0
        self.authorizations: set[str | None] = set()
        owner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: object) -> None: ...

            def do_GET(self) -> None:
                self.reply(405, b"")

            def do_DELETE(self) -> None:
                self.reply(200, b"")

            def do_POST(self) -> None:
                message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                owner.authorizations.add(self.headers.get("Authorization"))
                if "id" not in message:
                    return self.reply(202, b"")
                if message["method"] == "tools/call" and owner.expired:
                    owner.expired -= 1
                    return self.reply(404, b"{}")
                answer = {"jsonrpc": "2.0", "id": message["id"], "result": owner.result(message)}
                return self.reply(200, json.dumps(answer).encode())

            def reply(self, status: int, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Mcp-Session-Id", "one")
                self.end_headers()
                self.wfile.write(body)

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1/mcp?team=sre"

    def result(self, request: dict) -> dict:
        match request["method"]:
            case "initialize":
                return {
                    "protocolVersion": request["params"]["protocolVersion"],
                    "capabilities": {"tools": {}},
                    "serverInfo": {"name": "far", "version": "1"},
                }
            case "tools/list":
                return tools()
            case "tools/call":
                self.calls.append(request["params"])
                return {"content": [{"type": "text", "text": "done"}]}
            case _:
                return {}

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
