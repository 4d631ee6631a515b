// Hidden characters in the agent's texts are shown as escapes everywhere, and a warning names them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { installBrowser, shownIn } from "./support/browser.mjs";

installBrowser();
const { App } = await import("../../Sources/Page/Web/actions/app.js");
const { contentOf } = await import("../../Sources/Page/Web/approvals/kinds.js");
const { addPrompt } = await import("../../Sources/Page/Web/state/prompts.js");
const { Changes } = await import("../../Sources/Page/Web/state/changes.js");
const { createState } = await import("../../Sources/Page/Web/state/state.js");
const { createItem } = await import("../../Sources/Page/Web/state/items.js");
const { viewOf } = await import("../../Sources/Page/Web/views/items.js");
const { linesOf } = await import("../../Sources/Page/Web/text/ansi.js");

const EVIL = "a\u202eb\u200bc\u0007d";
const SHOWN = /a\\u202Eb\\u200Bc\\x07d/;
const HIDES = /[\u202e\u200b\u0007]/;
const COMMAND = "item/commandExecution/requestApproval";

/** @param {any} node @param {string} what */
function assertShown(node, what) {
  assert.match(node.textContent, SHOWN, what);
  assert.doesNotMatch(node.textContent, HIDES, what);
  assert.match(shownIn(node, "hidden-warning").map((warning) => warning.textContent).join(), /bidirectional control.*zero-width/, what);
}

const questions = {
  "a command": [COMMAND, { command: EVIL }],
  "the directory of a command": [COMMAND, { command: "ls", cwd: `/srv/${EVIL}` }],
  "the reason for a command": [COMMAND, { command: "ls", reason: EVIL }],
  "a host": [COMMAND, { command: "ls", networkApprovalContext: { protocol: "https", host: EVIL } }],
  "the path of a change": ["item/fileChange/requestApproval", { changes: [{ path: EVIL, kind: { type: "add" }, diff: "x" }] }],
  "the content of a change": ["item/fileChange/requestApproval", { changes: [{ path: "x", kind: { type: "add" }, diff: EVIL }] }],
  "the root of a change": ["item/fileChange/requestApproval", { changes: [], grantRoot: EVIL }],
  "a path to be permitted": ["item/permissions/requestApproval", { permissions: { fileSystem: { write: [EVIL] } } }],
  "the reason for a permission": ["item/permissions/requestApproval", { permissions: {}, reason: EVIL }],
  "a question": ["item/tool/requestUserInput", { questions: [{ id: "q", question: EVIL }] }],
  "a tool server's words": ["mcpServer/elicitation/request", { mode: "form", message: EVIL }],
  "a tool server's page": ["mcpServer/elicitation/request", { mode: "url", url: `https://x/${EVIL}` }],
};
for (const [what, [method, params]] of Object.entries(questions)) {
  test(`hidden characters in ${what}`, () => {
    const app = new App(createState(), new Changes(() => {}));
    const prompt = addPrompt(app.state.prompts, "r", method, { threadId: "t", itemId: "i", ...params }, 0);
    const body = document.createElement("div");
    body.append(...contentOf(app, prompt).body.filter((node) => node !== null));
    assertShown(body, what);
  });
}

const around = { cwd: () => "", waiting: () => false, turnRuns: () => false, decisions: () => [] };
const ran = (more) => ({ type: "commandExecution", id: "i", command: "ls", cwd: "/", status: "completed", exitCode: 0, ...more });
const items = {
  "a command that ran": ran({ command: EVIL }),
  "the directory it ran in": ran({ cwd: EVIL }),
  "its output": ran({ aggregatedOutput: `one\n${EVIL}\n` }),
  "a changed file's path": { type: "fileChange", id: "i", changes: [{ path: EVIL, kind: { type: "add" }, diff: "x" }] },
};
for (const [what, data] of Object.entries(items)) {
  test(`hidden characters in ${what}`, () => assertShown(viewOf(createItem(data, {}), around).node, what));
}

test("hidden characters in the reason of a decision", () => {
  const decision = { requestId: "r", decision: "decline", decidedBy: "bob", decidedAt: null, mine: false, asks: "command", reason: EVIL };
  assertShown(viewOf(createItem(ran({}), {}), { ...around, decisions: () => [decision] }).node, "reason");
});

test("a rule's name is text, small and for everybody", () => {
  const decision = { requestId: "r", decision: "accept", decidedBy: null, decidedAt: null, mine: false, asks: "command", rule: "<b>x</b>\u202e" };
  const { node } = viewOf(createItem(ran({}), {}), { ...around, decisions: () => [decision] });
  assert.equal(shownIn(node, "decision")[0].textContent, "Allowed by rule <b>x</b>\\u202E");
});

test("plain output has no warning, and what scrolled away keeps its own", () => {
  const output = (text) => shownIn(viewOf(createItem(ran({ aggregatedOutput: text }), {}), around).node, "hidden-warning").length;
  assert.equal(output("\x1b[31mred\x1b[0m\r\n10%\r100%\n"), 0);
  assert.equal(output(`${EVIL}\n${"line\n".repeat(200)}`), 1);
});

test("in output a link is no link, a title is not set, nothing is copied: only colours are colours", () => {
  const text = "\x1b]8;;https://evil.example\x07here\x1b]8;;\x07 \x1b]0;owned\x07\x1b]52;c;cm0gLXJm\x07\x1b[5;5Hx\x1b[2J\x1b[1;31mred\x1b[0m";
  const { node } = viewOf(createItem(ran({ aggregatedOutput: text }), {}), around);
  assert.ok([...node.all()].every(({ tagName }) => tagName !== "A"));
  const runs = linesOf(text).flatMap((line) => line.runs);
  assert.deepEqual(runs.filter((run) => run.classes !== "").map((run) => [run.text, run.classes]), [["red", "ansi-bold ansi-fg-1"]]);
  assert.equal(runs.map((run) => run.text).join(""), "here \\x1B]52;c;cm0gLXJm\\x07xred");
  assert.equal(document.title, undefined);
});
