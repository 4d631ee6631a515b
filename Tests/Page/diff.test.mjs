import assert from "node:assert/strict";
import { test } from "node:test";
import { diffOf } from "../../Sources/Edge/Page/text/diff.js";

test("an update is read from its hunks, with line numbers", () => {
  const diff = diffOf({ path: "/srv/app.conf", kind: { type: "update", move_path: null }, diff: "@@ -2,3 +2,3 @@\n port = 8080\n-max = 100\n+max = 400\n end\n" });
  assert.deepEqual([diff.verb, diff.added, diff.removed], ["Changed", 1, 1]);
  assert.deepEqual(diff.lines.map(({ sign, before, after }) => [sign, before, after]), [["@", null, null], [" ", 2, 2], ["-", 3, null], ["+", null, 3], [" ", 4, 4]]);
});

test("a patch without numbers has none", () => {
  const diff = diffOf({ path: "a", kind: { type: "update" }, diff: "@@\n [server]\n-max = 100\n+max = 400\n@@ def main\n x\n" });
  assert.deepEqual(diff.lines.map(({ sign, before, after }) => [sign, before, after]), [["@", null, null], [" ", null, null], ["-", null, null], ["+", null, null], ["@", null, null], [" ", null, null]]);
});

test("a new file is all added, a deleted one all removed", () => {
  assert.deepEqual(diffOf({ path: "a", kind: { type: "add" }, diff: "# x\n\ny\n" }).lines.map((line) => line.sign + line.text), ["+# x", "+", "+y"]);
  const gone = diffOf({ path: "a", kind: { type: "delete" }, diff: "- not a sign\n" });
  assert.deepEqual([gone.verb, gone.removed, gone.lines[0].text], ["Deleted", 1, "- not a sign"]);
});

test("a move says where to", () => {
  const diff = diffOf({ path: "a", kind: { type: "update", move_path: "b" }, diff: "" });
  assert.deepEqual([diff.verb, diff.movedTo, diff.lines.length], ["Moved", "b", 0]);
});

test("headers of a diff are left out, lines that look like them are not", () => {
  const diff = diffOf({ path: "a", kind: { type: "update" }, diff: "--- a\n+++ b\n@@ -1 +1,2 @@\n--- old\n+++ new\n\\ No newline at end of file\n" });
  assert.deepEqual(diff.lines.map((line) => line.sign + line.text), ["@@@ -1 +1,2 @@", "--- old", "+++ new", "@\\ No newline at end of file"]);
});

test("what is no diff is shown all the same", () => {
  assert.deepEqual(diffOf({ path: "a", diff: "something\nelse" }).lines.map((line) => line.text), ["something", "else"]);
  assert.deepEqual(diffOf({ path: "a" }).lines, []);
});
