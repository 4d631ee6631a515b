"""Takes out of a recording what differs from run to run and from machine to machine."""

import json
import re
from typing import Any

TIME_MS = 1767225600000
DATE = "2026-01-01"
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
MODEL_ID = re.compile(r"\b(call|msg|rs|resp|fc|item|ctc)_[0-9A-Za-z]+(?=_|\b)")
HASH = re.compile(r"sha256:[0-9a-f]{64}")
ROLLOUT = re.compile(r"\d{4}/\d\d/\d\d/rollout-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d")
INSTANT = re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
USER_AGENT = re.compile(r"(recorder/\S+) \([^)]*\) \S+")
# Numbers that are a machine's, by the member's name.
MEASURED = {"durationMs", "residentMemoryBytes", "physicalFootprintBytes"}
UNORDERED = {"config", "origins"}


class SameText:
    def __init__(self, places: dict[str, str]):
        """`places`: texts of this run and what stands for them, longest first."""
        self.places = places
        self.ids: dict[str, str] = {}

    def of(self, lines: list[str]) -> str:
        text = ""
        for line in lines:
            sender, message = line.split(" ", 1)
            same = json.dumps(self.value(json.loads(message)), separators=(",", ":"), ensure_ascii=False)
            text += f"{sender} {same}\n"
        return text

    def value(self, value: Any, key: str = "", parent: str = "") -> Any:
        if isinstance(value, dict):
            # codex writes a configuration's members in any order.
            members = sorted(value.items()) if key in UNORDERED else value.items()
            return {self.string(name): self.value(member, name, key) for name, member in members}
        if isinstance(value, list):
            return [self.value(element, key, parent) for element in value]
        if isinstance(value, str):
            return {"processId": "1000", "serverName": "host"}.get(key) or self.string(value)
        if isinstance(value, bool) or not isinstance(value, int | float):
            return value
        return self.number(value, key, parent)

    def number(self, value: float, key: str, parent: str) -> float:
        if key.endswith("AtMs") and value > 1e12:
            return TIME_MS
        if key.endswith("At") and value > 1e9:
            return TIME_MS // 1000
        # How many there are hangs on times that codex writes into its prompt.
        if key.endswith("Tokens"):
            return value and 1000
        if key in MEASURED or (parent == "process" and key == "id") or (parent == "gauges" and key == "value"):
            return 1
        return value

    def string(self, text: str) -> str:
        for place, name in self.places.items():
            text = text.replace(place, name)
        text = ROLLOUT.sub(f"{DATE.replace('-', '/')}/rollout-{DATE}T00-00-00", text)
        text = INSTANT.sub(f"{DATE}T00:00:00.000Z", text)
        text = USER_AGENT.sub(r"\1 (Linux; x86_64) unknown", text)
        text = HASH.sub("sha256:" + 64 * "0", text)
        text = UUID.sub(lambda found: self.numbered(found[0], "00000000-0000-7000-8000-{:012}"), text)
        return MODEL_ID.sub(lambda found: self.numbered(found[0], found[1] + "_{}"), text)

    def numbered(self, name: str, form: str) -> str:
        """The same name gets the same number throughout."""
        return self.ids.setdefault(name, form.format(len(self.ids) + 1))
