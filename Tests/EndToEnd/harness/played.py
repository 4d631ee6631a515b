"""Scripts for the stand-in agent: messages in codex's shapes."""

from typing import Any

from .client import Client

THREAD = "0199a0aa-0000-7000-8000-000000000001"


def notification(method: str, **params: Any) -> dict:
    return {"send": {"method": method, "params": params}}


def numbered(first: int, last: int, size: int = 0) -> list[dict]:
    """Notifications that carry their own number."""
    return [notification("standIn/line", number=number, text="x" * size) for number in range(first, last)]


def numbers(messages: list[dict]) -> list[int]:
    return [message["params"]["number"] for message in messages if message.get("method") == "standIn/line"]


def turn(state: str, thread: str = THREAD, turn: str = "turn-1") -> dict:
    status = {"started": "inProgress"}.get(state, state)
    method = "turn/started" if state == "started" else "turn/completed"
    return notification(method, threadId=thread, turn={"id": turn, "items": [], "status": status, "error": None})


def question(request: int | str, thread: str = THREAD, method: str = "item/commandExecution/requestApproval") -> dict:
    params = {"threadId": thread, "turnId": "turn-1", "itemId": f"item-{request}", "command": "df", "cwd": "/"}
    return {"send": {"id": request, "method": method, "params": params}}


def play(client: Client, *steps: dict) -> int:
    """Plays the steps and returns the request's id. The response follows the last step."""
    return client.post("standIn/play", {"steps": list(steps)})
