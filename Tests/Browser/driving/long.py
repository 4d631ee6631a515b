"""A long conversation, told by the stand-in agent: the real one would take an hour to hold it."""

import json
import time
from uuid import UUID, uuid4

from harness.client import Client
from harness.place import Place

LOG = "Nov 30 10:00:{:02} web-1 nginx[812]: upstream timed out while connecting to 10.0.0.{}\n"
ANSWER = """The **pool** on `web-{0}` is full: 512 of 512.

- `db-1` answers in 3 ms
- `db-2` answers in 4 s

```sh
ss -s | head -n 3
```

| host | open | limit |
|---|---|---|
| web-{0} | 512 | 512 |
"""
DIFF = "@@ -1,4 +1,4 @@\n worker_processes 4;\n-keepalive 16;\n+keepalive 64;\n events {}\n"


def item(turn: int, number: int) -> dict:
    """The item of this number in its turn."""
    identifier = f"{turn}-{number}"
    if number == 0:
        return {"type": "userMessage", "id": identifier, "content": [{"type": "text", "text": f"Question {turn}"}]}
    match number % 5:
        case 0:
            return {"type": "reasoning", "id": identifier, "summary": ["**Comparing**\n\nI compare the hosts."], "content": []}
        case 2:
            return {"type": "agentMessage", "id": identifier, "text": ANSWER.format(number)}
        case 4:
            change = {"path": f"/srv/app/{number}.conf", "kind": {"type": "update"}, "diff": DIFF}
            return {"type": "fileChange", "id": identifier, "status": "completed", "changes": [change]}
        case _:
            return {
                "type": "commandExecution", "id": identifier, "command": "/bin/bash -lc 'journalctl -u nginx'", "cwd": "/srv/app",
                "status": "completed", "commandActions": [], "exitCode": number % 2, "durationMs": 120,
                "aggregatedOutput": "".join(LOG.format(line, line) for line in range(30)),
            }  # fmt: skip


def turn(number: int, items: int) -> dict:
    return {
        "id": f"turn-{number}", "status": "completed", "error": None, "startedAt": 1_700_000_000 + number,
        "durationMs": 10_000, "itemsView": "full", "items": [item(number, each) for each in range(items)],
    }  # fmt: skip


class Told:
    """A thread of the stand-in, with so many items in its turns, the oldest first."""

    def __init__(self, client: Client, place: Place, *items: int):
        self._client = client
        self.id = str(UUID(f"{time.time_ns() // 1_000_000:012x}7{uuid4().hex[13:]}"))
        turns = [turn(number, count) for number, count in enumerate(items)]
        path = place.root / f"{self.id}.json"
        path.write_text(json.dumps({"threads": {self.id: {"preview": "The pool is full", "turns": turns}}}))
        self._play({"history": str(path)})
        client.request("thread/resume", {"threadId": self.id})

    def answers(self, text: str, pieces: int, pause: float) -> None:
        """The agent says this in another turn, in so many pieces, `pause` seconds apart."""
        of = {"threadId": self.id, "turnId": "live"}
        size = len(text) // pieces + 1
        self._play(_sent("turn/started", threadId=self.id, turn={"id": "live", "status": "inProgress", "items": [], "error": None}))
        self._play(_sent("item/started", **of, item={"type": "agentMessage", "id": "answer", "text": ""}))
        for at in range(0, len(text), size):
            self._play(_sent("item/agentMessage/delta", **of, itemId="answer", delta=text[at : at + size]), {"pause": pause})
        self._play(_sent("item/completed", **of, item={"type": "agentMessage", "id": "answer", "text": text}))
        self._play(_sent("turn/completed", threadId=self.id, turn={"id": "live", "status": "completed", "items": [], "error": None}))

    def _play(self, *steps: dict) -> None:
        self._client.request("standIn/play", {"steps": list(steps)})


def _sent(method: str, **params) -> dict:
    return {"toAll": {"method": method, "params": params}}
