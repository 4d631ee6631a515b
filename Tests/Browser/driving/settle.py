"""Resets a shared server: no approval and no turn is left for the next test."""

import json

from harness.client import RpcError
from harness.server import Server


def settle(server: Server) -> None:
    if server.process.poll() is not None:
        return
    waiting = json.loads(server.get("/api/v1/sre/approvals")[1])["data"]
    if not waiting:
        return
    client = server.connect()
    try:
        for thread, turn in {(one["threadId"], one["params"].get("turnId")) for one in waiting}:
            client.request("thread/resume", {"threadId": thread})
            try:
                client.request("turn/interrupt", {"threadId": thread, "turnId": turn})
            except RpcError:
                pass  # it has just ended
    finally:
        client.close()
