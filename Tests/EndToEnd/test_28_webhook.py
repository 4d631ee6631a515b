"""The server reports approvals to WEBHOOK_URL, and nothing waits for the webhook."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from harness.client import Client
from harness.conversation import Conversation
from harness.place import Place
from harness.server import Server
from harness.waiting import wait_until

SECRET = "hook-secret-4711"


class Pager:
    """The webhook's receiver. Answers with the given statuses first, then with 204."""

    def __init__(self, *statuses: int):
        self.statuses = list(statuses)
        self.told: list[dict] = []
        pager = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status = pager.statuses.pop(0) if pager.statuses else 204
                pager.told.append({"path": self.path, "status": status, **json.loads(body)})
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/{SECRET}"


@pytest.fixture
def pagers() -> Iterator[Callable[..., Pager]]:
    made: list[Pager] = []

    def make(*statuses: int) -> Pager:
        made.append(Pager(*statuses))
        return made[-1]

    yield make
    for pager in made:
        pager.server.shutdown()
        pager.server.server_close()


def asked(server: Server, clients: Callable[..., Client], command: str) -> tuple[Conversation, object]:
    talk = Conversation.start(clients(server))
    talk.play({"command": command}, {"text": "done"})
    return talk, talk.approval()


def test_it_is_told_where_to_look(
    place: Place, launch: Callable[..., Server], clients: Callable[..., Client], pagers: Callable[..., Pager]
) -> None:
    pager = pagers()
    server = launch(environment={"WEBHOOK_URL": pager.url, "PUBLIC_URL": "https://sre.example.com"}).ready()
    talk, approval = asked(server, clients, "echo the-words")
    wait_until("the pager was told", lambda: pager.told)
    [told] = pager.told
    assert told["requestId"] == approval.id
    assert told["link"] == f"https://sre.example.com/#thread={talk.thread}"
    assert told["kind"] == "command"
    assert told["expiresAt"] > told["askedAt"]
    assert "the-words" not in json.dumps(told)
    assert SECRET not in server.output()


def test_the_command_only_where_it_may(
    place: Place, launch: Callable[..., Server], clients: Callable[..., Client], pagers: Callable[..., Pager]
) -> None:
    pager = pagers()
    server = launch(environment={"WEBHOOK_URL": pager.url, "WEBHOOK_COMMANDS": "1"}).ready()
    asked(server, clients, "echo the-words")
    wait_until("the pager was told", lambda: pager.told)
    assert pager.told[0]["command"] == "echo the-words"


def test_it_is_told_again_until_it_has_heard(
    place: Place, launch: Callable[..., Server], clients: Callable[..., Client], pagers: Callable[..., Pager]
) -> None:
    pager = pagers(500, 503)
    server = launch(environment={"WEBHOOK_URL": pager.url}).ready()
    _, approval = asked(server, clients, "true")
    wait_until("the third try", lambda: len(pager.told) == 3)
    assert [told["status"] for told in pager.told] == [500, 503, 204]
    assert {told["requestId"] for told in pager.told} == {approval.id}


def test_nothing_waits_for_it(
    place: Place, launch: Callable[..., Server], clients: Callable[..., Client], pagers: Callable[..., Pager]
) -> None:
    """No receiver listens there; the turn continues as usual, and answered approvals are not reported any more."""
    pager = pagers()
    pager.server.server_close()
    server = launch(environment={"WEBHOOK_URL": pager.url}).ready()
    talk, approval = asked(server, clients, "true")
    talk.decide(approval, "accept")
    talk.ended()
    assert server.stop() == 0
