import assert from "node:assert/strict";
import { test } from "node:test";
import { reveal, warningFor } from "../../Sources/Page/Web/text/escapes.js";
import { assertLinear } from "./support/growth.mjs";

/** The text as the page shows it. */
const shown = (text, kind) => reveal(text, kind).map((piece) => piece.escape ?? piece.text).join("");

test("plain text is one piece", () => {
  assert.deepEqual(reveal("ls -la /var\n\t| wc"), [{ text: "ls -la /var\n\t| wc" }]);
  assert.deepEqual(reveal(""), []);
  assert.equal(warningFor("ls -la"), null);
});

test("bidirectional controls are shown", () => {
  assert.equal(shown("rm \u202e gpj.x \u202c"), "rm \\u202E gpj.x \\u202C");
  assert.equal(shown("a\u2066b\u2069c\u200ed\u061ce"), "a\\u2066b\\u2069c\\u200Ed\\u061Ce");
  assert.match(warningFor("rm \u202e x"), /1 bidirectional control/);
});

test("zero-width, tags, fillers and selectors are shown", () => {
  assert.equal(shown("a\u200bb\u2060c\ufeffd"), "a\\u200Bb\\u2060c\\uFEFFd");
  assert.equal(shown("a\u{e0041}b\u3164c\ufe0ed\u00ade"), "a\\u{E0041}b\\u3164c\\uFE0Ed\\xADe");
  assert.equal(shown("x\u{e0100}y"), "x\\u{E0100}y");
});

test("controls and line separators are shown, newline and tab are not", () => {
  assert.equal(shown("a\x1b[31mb\x00c\x7fd\x9be"), "a\\x1B[31mb\\x00c\\x7Fd\\x9Be");
  assert.equal(shown("a\rb\u2028c\u2029d\n\te"), "a\\rb\\u2028c\\u2029d\n\te");
  assert.match(warningFor("\x1b]0;x\x07"), /1 terminal escape, 1 control character/);
});

test("half a surrogate pair is shown", () => {
  assert.equal(shown("a\ud800b"), "a\\uD800b");
});

test("a space that is none is shown in code and left in prose", () => {
  assert.equal(shown("rm\u00a0-rf", "code"), "rm\\xA0-rf");
  assert.equal(shown("10\u202fGB", "prose"), "10\u202fGB");
});

test("emoji keep their joiners", () => {
  assert.equal(shown("👩‍💻 ✅️ 1️⃣"), "👩‍💻 ✅️ 1️⃣");
  assert.equal(shown("a\u200db"), "a\\u200Db");
});

test("look-alike letters are named", () => {
  assert.match(warningFor("curl https://pаypal.com"), /mixes alphabets/);
  assert.equal(warningFor("echo привет world"), null);
});

test("the whole text stays: nothing is dropped", () => {
  const text = "x\u202ey\u200bz".repeat(50);
  assert.equal(reveal(text).map((piece) => piece.text).join(""), text);
});

test("a megabyte is quick, hidden or not", () => {
  assertLinear((count) => "a".repeat(count), reveal, 1_000_000);
  assertLinear((count) => "\u200b".repeat(count), reveal, 200_000);
  assertLinear((count) => `а${"a".repeat(count)}`, warningFor, 300_000);
});
