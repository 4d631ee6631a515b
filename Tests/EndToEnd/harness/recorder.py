"""A loopback HTTP server in place of OpenAI's. It records and refuses every request."""

import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from .waiting import wait_until


@dataclass
class Recorded:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class Recorder:
    def __init__(self) -> None:
        self.requests: list[Recorded] = []
        recorder = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                recorder.requests.append(Recorded(self.command, self.path, headers, body))
                answer = b'{"error":{"message":"recorded","type":"invalid_request_error"}}'
                self.send_response(400)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            do_POST = do_GET

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    def wait(self, end_of_path: str, timeout: float = 20) -> Recorded:
        """Returns the first request whose path ends like this."""

        def probe() -> Recorded | None:
            return next((one for one in list(self.requests) if one.path.split("?")[0].endswith(end_of_path)), None)

        return wait_until(f"a request to …{end_of_path}; there were {self.requests}", probe, timeout)

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
