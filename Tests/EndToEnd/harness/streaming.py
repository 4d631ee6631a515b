"""A model that sends its calls one at a time, when a test allows it. A hostile model may use one call id twice, or wait
for an answer."""

import json
import threading
import uuid
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Send = Callable[[dict], None]


class StreamingModel:
    def __init__(self) -> None:
        # Answers a request: receives codex's request and sends items.
        self.answer: Callable[[dict, Send], None] = lambda _, send: send(words("done"))
        model = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.end_headers()
                response = {"id": f"resp_{uuid.uuid4().hex}", "status": "completed"}
                usage = {"input_tokens": 1, "output_tokens": 1, "total_tokens": 2}
                try:
                    self._event({"type": "response.created", "response": response})
                    model.answer(body, lambda item: self._event({"type": "response.output_item.done", "item": item}))
                    self._event({"type": "response.completed", "response": {**response, "usage": usage}})
                except ConnectionError:
                    pass  # The client interrupted the turn.

            def _event(self, event: dict) -> None:
                self.wfile.write(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode())
                self.wfile.flush()

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def words(text: str) -> dict:
    content = [{"type": "output_text", "text": text}]
    return {"type": "message", "id": f"msg_{uuid.uuid4().hex}", "role": "assistant", "content": content}


def call(command: str, call_id: str, **arguments: object) -> dict:
    text = json.dumps({"cmd": command, **arguments})
    return {"type": "function_call", "name": "exec_command", "call_id": call_id, "arguments": text}


def function(name: str, arguments: dict, namespace: str | None = None) -> dict:
    """A call of any function tool."""
    call_id = f"c_{uuid.uuid4().hex}"
    item = {"type": "function_call", "name": name, "call_id": call_id, "arguments": json.dumps(arguments)}
    return item if namespace is None else {**item, "namespace": namespace}


def has_output(body: dict) -> bool:
    """Has codex answered a call, so that this is not the turn's first request?"""
    return bool(body["input"]) and body["input"][-1].get("type", "").endswith("_output")
