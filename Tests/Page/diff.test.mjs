import assert from "node:assert/strict";
import { test } from "node:test";
import { diffOf } from "../../Sources/Page/Web/text/diff.js";

test("an update is read from its hunks, with line numbers", () => {
  const diff = diffOf({ path: "/srv/app.conf", kind: { type: "update", move_path: null }, diff: "@@ -2,3 +2,3 @@\n port = 8080\n-max = 100\n+max = 400\n end\n" });
  assert.deepEqual([diff.verb, diff.added, diff.removed], ["Changed", 1, 1]);
  assert.deepEqual(diff.lines.map(({ sign, before, after }) => [sign, before, after]), [["@", null, null], [" ", 2, 2], ["-", 3, null], ["+", null, 3], [" ", 4, 4]]);
});

test("a patch without numbers has none", () => {
  const diff = diffOf({ path: "a", kind: { type: "update" }, diff: "@@\n [server]\n-max = 100\n+max = 400\n@@ def main\n x\n" });
  assert.deepEqual(diff.lines.map(({ sign, before, after }) => [sign, before, after]), [["@", null, null], [" ", null, null], ["-", null, null], ["+", null, null], ["@", null, null], [" ", null, null]]);
});

const waiting = (diff, hunks) => diffOf({ path: "a", kind: { type: "update", move_path: null }, diff, sre: { hunks } }).lines
  .map(({ sign, text, before, after }) => [sign + text, before, after]);

test("the hunks of a patch that waits have the numbers that the server has found", () => {
  assert.deepEqual(waiting("@@ def one\n a\n-b\n+B\n+C\n@@\n-d\n*** End of File\n", [[4, 4], [20, 21]]), [
    ["@@@ def one", null, null], [" a", 4, 4], ["-b", 5, null], ["+B", null, 5], ["+C", null, 6],
    ["@@@", null, null], ["-d", 20, null], ["@*** End of File", null, null]]);
});

test("a hunk that the server did not find has no numbers", () => {
  assert.deepEqual(waiting("@@\n-a\n@@\n-b\n", [null, [3, 2]]), [["@@@", null, null], ["-a", null, null], ["@@@", null, null], ["-b", 3, null]]);
  assert.deepEqual(waiting("@@\n-a\n", []), [["@@@", null, null], ["-a", null, null]]);
});

test("what looks like a numbered hunk or a header in a patch is neither", () => {
  assert.deepEqual(waiting("--- old\n+++ new\n@@ -1,1 +1,1 @@\n-a\n", [[7, 7], null]), [
    ["--- old", 7, null], ["+++ new", null, 7], ["@@@ -1,1 +1,1 @@", null, null], ["-a", null, null]]);
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

test("where a moved file goes is no line of it", () => {
  const kind = { type: "update", move_path: "/w/b" };
  const moved = diffOf({ path: "/w/a", kind, diff: "@@ -1 +1 @@\n-x\n+y\n\n\nMoved to: /w/b" });
  assert.deepEqual(moved.lines.map((line) => line.sign + line.text), ["@@@ -1 +1 @@", "-x", "+y"]);
  assert.deepEqual(diffOf({ path: "/w/a", kind, diff: "\n\nMoved to: /w/b" }).lines, []);
  // The text is a line of the file.
  const said = diffOf({ path: "/w/a", kind, diff: "@@ -1 +1 @@\n-x\n+Moved to: /w/b\n" });
  assert.deepEqual(said.lines.map((line) => line.sign + line.text), ["@@@ -1 +1 @@", "-x", "+Moved to: /w/b"]);
});

test("a deleted file whose content begins like a hunk is all removed", () => {
  const gone = diffOf({ path: "a", kind: { type: "delete" }, diff: "@@ -1 +1 @@\n x\n+y\n" });
  assert.deepEqual(gone.lines.map((line) => line.sign), ["-", "-", "-"]);
});

test("what is deleted without being shown is said", () => {
  const unseen = (sre) => diffOf({ path: "a", kind: { type: "delete" }, diff: "", ...(sre ? { sre } : {}) }).unseen;
  assert.equal(unseen(), "The file is empty.");
  assert.equal(unseen({ hidden: { why: "binary", bytes: 1 } }), "A binary file of 1 byte is deleted.");
  assert.equal(unseen({ hidden: { why: "tooLong", bytes: 3_000_000 } }), "A file of 3,000,000 bytes, too long to be shown, is deleted.");
  assert.equal(unseen({ hidden: { why: "unreadable" } }), "A file is deleted, and the server cannot read what is in it.");
  assert.equal(diffOf({ path: "a", kind: { type: "update" }, diff: "" }).unseen, "No change of content.");
});

test("a file that stands there already goes, line by line", () => {
  const replaced = diffOf({ path: "a", kind: { type: "add" }, diff: "new\n", sre: { replaces: "old\n" } });
  assert.deepEqual(replaced.lines.map((line) => line.sign + line.text), ["-old", "+new"]);
  assert.deepEqual([replaced.verb, replaced.added, replaced.removed], ["Replaced", 1, 1]);
  assert.equal(replaced.replaced, "A file already exists here. It will be replaced.");
  const binary = diffOf({ path: "a", kind: { type: "add" }, diff: "new\n", sre: { hidden: { why: "binary", bytes: 2 } } });
  assert.equal(binary.replaced, "A binary file of 2 bytes is replaced. It already exists.");
  assert.equal(diffOf({ path: "a", kind: { type: "add" }, diff: "new\n" }).replaced, "");
});

test("where a link leads is said", () => {
  assert.equal(diffOf({ path: "a", kind: { type: "add" }, diff: "x\n", sre: { leadsTo: "/w/b" } }).leadsTo, "/w/b");
});
