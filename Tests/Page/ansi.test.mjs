import assert from "node:assert/strict";
import { test } from "node:test";
import { linesOf, nearestOf16, Terminal } from "../../Sources/Page/Web/text/ansi.js";
import { assertLinear } from "./support/growth.mjs";

const textOf = (lines) => lines.map((line) => line.runs.map((run) => run.text).join(""));

test("colours become classes", () => {
  const [line] = linesOf("\x1b[1;32mPASS\x1b[0m a \x1b[91;4mb\x1b[39mc");
  assert.deepEqual(line.runs.map((run) => [run.text, run.classes]), [
    ["PASS", "ansi-bold ansi-fg-2"], [" a ", ""], ["b", "ansi-underline ansi-fg-9"], ["c", "ansi-underline"],
  ]);
});

test("256 colours and true colours become the nearest of 16", () => {
  assert.equal(linesOf("\x1b[38;5;196mx")[0].runs[0].classes, "ansi-fg-9");
  assert.equal(linesOf("\x1b[38;2;0;120;0mx")[0].runs[0].classes, "ansi-fg-2");
  assert.equal(linesOf("\x1b[38;5;999mx")[0].runs[0].classes, "");
  assert.equal(nearestOf16(0, 0, 0), 0);
});

test("text cannot be coloured away", () => {
  assert.equal(linesOf("\x1b[31;41mx")[0].runs[0].classes, "ansi-fg-1");
  assert.equal(linesOf("\x1b[8mhidden")[0].runs[0].classes, "");
});

test("a class name is only ever one of ours", () => {
  const classes = linesOf("\x1b[38;5;1\" onload=x;31m\x1b[38;5;3;48;5;4;1;2;3;4;7;9mx")[0].runs.map((run) => run.classes).join(" ").trim();
  assert.match(classes, /^(ansi-[a-z]+(-\d+)? ?)*$/);
});

test("the cursor moves within its line, as in a terminal", () => {
  for (const [text, shown] of [
    ["------\rHel", "Hel---"], ["abc\b\bX", "aXc"], ["N\bNA\bAME", "NAME"], ["\b\bx", "x"],
    ["loading 100%\r\x1b[Kdone", "done"], ["loading\x1b[2K\rdone", "done"], ["abcdef\x1b[3GX", "abXdef"],
    ["abc\x1b[2DX\x1b[CY", "aXcY"], ["10%\r50%\r100%", "100%"], ["a\x1b[9CX", "aX"],
    ["\x1b[31mred\x1b[0m\rR", "Red"],
  ]) assert.deepEqual(textOf(linesOf(text)), [shown], JSON.stringify(text));
  // What was overwritten keeps its color only where it still stands.
  const [{ runs }] = linesOf("\x1b[31mred\x1b[0m\rR");
  assert.deepEqual(runs.map((run) => [run.text, run.classes]), [["R", ""], ["ed", "ansi-fg-1"]]);
});

test("nothing moves to another line, and a very long line is begun anew", () => {
  assert.deepEqual(textOf(linesOf("one\ntwo\x1b[1A\x1b[2J\x1b[HX")), ["one", "twoX"]);
  assert.deepEqual(textOf(linesOf(`${"x".repeat(3000)}\rend`)), ["end"]);
});

test("titles and links' targets are left out, other string sequences are shown, inert", () => {
  assert.deepEqual(textOf(linesOf("a\x1b]0;owned\x07b\x1b]8;;https://evil\x1b\\link\x1b]8;;\x1b\\c")), ["ablinkc"]);
  assert.deepEqual(textOf(linesOf("a\x1bPx\x1b\\b")), ["a\\x1BPx\\x1B\\b"]);
});

test("hidden characters in output are shown", () => {
  assert.deepEqual(textOf(linesOf("a\u202eb\u200bc\x07")), ["a\\u202Eb\\u200Bc\\x07"]);
});

test("sequences may be cut anywhere between chunks", () => {
  const text = "a\x1b[1;31mred\x1b[0m\r\nb\x1b]0;t\x07c";
  const whole = linesOf(text);
  for (let cut = 0; cut <= text.length; cut += 1) {
    const terminal = new Terminal();
    terminal.feed(text.slice(0, cut));
    terminal.feed(text.slice(cut));
    terminal.end();
    assert.deepEqual(terminal.lines, whole, `cut at ${cut}`);
  }
});

test("a sequence that never ends is shown in the end", () => {
  assert.deepEqual(textOf(linesOf("a\x1b[31")), ["a\\x1B[31"]);
});

test("only the last lines are kept, and the others are counted", () => {
  const terminal = new Terminal(10);
  for (let index = 0; index < 1000; index += 1) terminal.feed(`line ${index}\n`);
  assert.equal(terminal.dropped + terminal.lines.length, 1001);
  assert.ok(terminal.lines.length <= 20);
  assert.equal(textOf(terminal.lines).at(-2), "line 999");
});

test("a hundred thousand lines are quick", () => {
  const feed = (/** @type {string} */ text) => new Terminal(14).feed(text);
  assertLinear((count) => "lorem ipsum \x1b[32mdolor\x1b[0m sit amet\n".repeat(count), feed, 100_000);
  assertLinear((count) => "\x1b]".repeat(count), feed, 50_000);
});
