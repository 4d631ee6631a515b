"""What `make upgrade-codex` says and writes, without a codex."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))

from upgrade import schema_changes
from upgrade.same_text import SameText


def request(*methods: str) -> dict:
    return {"oneOf": [{"properties": {"method": {"enum": [method]}}} for method in methods]}


def item(*kinds: str, **members: dict) -> dict:
    return {"oneOf": [{"properties": {"type": {"enum": [kind]}, **members}} for kind in kinds]}


class SchemaChangesTests(unittest.TestCase):
    def test_nothing_changed(self) -> None:
        schema = {"ClientRequest": request("a"), "Item": item("text")}
        self.assertEqual(schema_changes.changes(schema, schema), [])

    def test_methods(self) -> None:
        old, new = {"ClientRequest": request("a", "b")}, {"ClientRequest": request("b", "c")}
        self.assertEqual(schema_changes.changes(old, new), ["- ClientRequest a", "+ ClientRequest c"])

    def test_types_and_members(self) -> None:
        old = {"Gone": {}, "Kept": {"properties": {"was": {"type": "string"}, "same": {"$ref": "#/definitions/X"}}}}
        new = {"Kept": {"properties": {"same": {"$ref": "#/definitions/X"}, "is": {"type": ["string", "null"]}}}}
        self.assertEqual(
            schema_changes.changes(old, new),
            ["- type Gone", "- Kept.was: string, optional", "+ Kept.is: string | null, optional"],
        )

    def test_a_member_that_becomes_required(self) -> None:
        member = {"properties": {"a": {"type": "string"}}}
        self.assertEqual(
            schema_changes.changes({"T": member}, {"T": member | {"required": ["a"]}}),
            ["~ T.a: string, optional became string"],
        )

    def test_a_member_of_a_variant(self) -> None:
        self.assertEqual(
            schema_changes.changes({"Item": item("text")}, {"Item": item("text", size={"type": "integer"})}),
            ["+ Item[text].size: integer, optional"],
        )

    def test_a_value(self) -> None:
        self.assertEqual(
            schema_changes.changes({"Kind": {"enum": ["a"]}}, {"Kind": {"enum": ["a", "b"]}}), ['+ Kind = "b": value']
        )


class SameTextTests(unittest.TestCase):
    ID = "01a203c7-9b2d-7091-8b27-fa77c002b923"

    def same(self, line: str) -> str:
        return SameText({"/tmp/x": "/home/user"}).of([line])

    def test_ids_keep_who_is_who(self) -> None:
        other = self.ID.replace("923", "924")
        self.assertEqual(
            self.same(f'server {{"a":"{self.ID}","b":"{other}","c":"in/{self.ID}"}}'),
            'server {"a":"00000000-0000-7000-8000-000000000001","b":"00000000-0000-7000-8000-000000000002",'
            '"c":"in/00000000-0000-7000-8000-000000000001"}\n',
        )

    def test_times_and_paths(self) -> None:
        self.assertEqual(
            self.same('server {"startedAtMs":1795359742749,"createdAt":1795359742,"createdAtMs":0,"cwd":"/tmp/x/y"}'),
            'server {"startedAtMs":1767225600000,"createdAt":1767225600,"createdAtMs":0,"cwd":"/home/user/y"}\n',
        )

    def test_what_is_said_stays(self) -> None:
        line = 'client {"id":7,"method":"thread/read","params":{"includeTurns":true,"n":null}}'
        self.assertEqual(self.same(line), line + "\n")


if __name__ == "__main__":
    unittest.main()
