// The record of a conversation: its grouping and wording, and that all of its content is plain text.

import assert from "node:assert/strict";
import { test } from "node:test";
import { installBrowser, shownIn } from "./support/browser.mjs";

installBrowser();
const { App } = await import("../../Sources/Page/Web/actions/app.js");
const { entryView } = await import("../../Sources/Page/Web/record/entry.js");
const { groupsOf } = await import("../../Sources/Page/Web/record/group.js");
const { RecordPanel } = await import("../../Sources/Page/Web/record/panel.js");
const { readRecord } = await import("../../Sources/Page/Web/wire/http.js");
const { summaryOf } = await import("../../Sources/Page/Web/record/words.js");
const { Changes } = await import("../../Sources/Page/Web/state/changes.js");
const { createState } = await import("../../Sources/Page/Web/state/state.js");

const BEGIN = Date.UTC(2026, 0, 15, 12);
let last = 0;
/** Takes entries in chronological order; returns them newest first, as the server does. */
const told = (...entries) => entries.map((entry) => ({ seq: ++last, at: BEGIN + last * 1000, threadId: "t", ...entry })).reverse();
const question = (id, more = {}) => ({
  kind: "question.asked", turnId: "u", itemId: `i${id}`, requestId: `r${id}`,
  details: { method: "item/commandExecution/requestApproval", command: "df -hP", askedAt: BEGIN }, ...more,
});
const approved = (id, more = {}) => ({
  kind: "decision", actor: "alice", role: "approver", requestId: `r${id}`,
  details: { decision: "accept", askedAt: BEGIN - 9000, shownAt: BEGIN, decidedAt: BEGIN + 14_000 }, ...more,
});
const done = (id, details = {}) => ({
  kind: "item.completed", turnId: "u", itemId: `i${id}`,
  details: { status: "completed", exitCode: 0, durationMs: 200, outputBytes: 412, ...details },
});
const wordsOf = (...entries) => groupsOf(told(...entries)).map((group) => {
  const { title, steps } = summaryOf(group);
  return [title, ...steps.map((step) => step.text)];
});

test("a command, who allowed it and what came of it are one", () => {
  assert.deepEqual(wordsOf(question(1), approved(1), { kind: "question.resolved", requestId: "r1" }, done(1)), [
    ["df -hP", "Approved by alice (approver) after 14 s", "Exit 0 in 200 ms, 412 bytes of output"],
  ]);
});

test("commands beside each other keep apart, the one that moved last first", () => {
  const groups = groupsOf(told(question(1), question(2), approved(2), approved(1), done(2), { kind: "turn.completed", turnId: "u" }, done(1)));
  assert.deepEqual(groups.map(({ entries }) => entries.map(({ kind }) => kind)), [
    ["question.asked", "decision", "item.completed"], ["turn.completed"], ["question.asked", "decision", "item.completed"],
  ]);
  assert.equal(groups[0].entries[0].requestId, "r1");
});

test("one item may be asked about twice; the same item of another turn is another", () => {
  const again = { ...question(1), requestId: "again" };
  const groups = groupsOf(told(question(1), approved(1), again, { ...approved(1), requestId: "again" }, done(1), { ...done(1), turnId: "v" }));
  assert.deepEqual(groups.map(({ entries }) => entries.length), [1, 5]);
});

test("a page that ends in the middle is made whole by the next", () => {
  const whole = told(question(1), approved(1), question(2), done(1), approved(2), done(2));
  // Only the question says that an answer and an outcome belong to one command.
  assert.deepEqual([3, 4, 5, 6].map((count) => groupsOf(whole.slice(0, count)).length), [3, 2, 3, 2]);
});

test("every way of deciding has its words", () => {
  const decided = (kind, details, more = {}) => wordsOf({ ...question(7), kind, details: { command: "ls", ...details }, ...more })[0][1];
  assert.equal(decided("decision.rule", { decision: "allow", rule: "safe-reads" }), "Allowed by rule safe-reads");
  assert.equal(decided("decision.rule", { decision: "deny", rule: "no-power" }), "Denied by rule no-power");
  assert.equal(decided("decision.timeout", { askedAt: 0, decidedAt: 300_000 }), "Declined, because nobody answered in time after 5 min 0 s");
  assert.match(decided("decision.void", {}), /^No longer asked/);
  assert.equal(decided("decision.standing", {}, { actor: "bob" }), "Allowed by an earlier approval by bob");
  assert.match(decided("decision.unattended", {}), /without asking/);
  assert.equal(decided("answer.rejected", { reason: "forbidden" }, { actor: "eve", role: "viewer" }), "An answer by eve (viewer) was not taken: forbidden");
  assert.equal(decided("decision", { decision: "decline", reason: "no", comment: "no" }, { actor: "bob" }), "Declined by bob: “no”");
  assert.equal(decided("decision.novel", {}, { actor: "bob" }), "decision.novel by bob");
});

test("what was asked about is named by what was shown", () => {
  const title = (details, kind = "question.asked") => wordsOf({ ...question(6), kind, details })[0][0];
  assert.equal(title({ method: "m", params: { command: "bash -c ls", sre: { command: "ls" } } }), "ls");
  assert.equal(title({ method: "m", params: { command: "ls -l" } }), "ls -l");
  assert.equal(title({ decision: "accept", rule: "x", tool: "Bash", input: { command: "uptime" } }, "decision.rule"), "uptime");
  assert.equal(title({ method: "item/fileChange/requestApproval", changes: [{ path: "/a" }, { path: "/b" }, null] }), "Change /a, /b");
  assert.equal(title({ method: "item/fileChange/requestApproval", changes: null }), "Change files");
  assert.equal(title({ method: "novel/request" }), "novel/request");
});

test("every outcome has its words", () => {
  const came = (details) => wordsOf(question(8), done(8, details))[0].at(-1);
  assert.equal(came({ exitCode: 1, durationMs: undefined, outputBytes: 1 }), "Exit 1, 1 byte of output");
  assert.equal(came({ status: "declined", exitCode: undefined }), "Not run");
  assert.equal(came({ status: "failed", exitCode: null, durationMs: 3, outputBytes: undefined }), "Failed in 3 ms");
  assert.equal(came({ status: "unknown", exitCode: undefined, durationMs: undefined, outputBytes: undefined }), "Ended: unknown");
});

test("who asked is told in their words; what is unknown by its kind", () => {
  const [request] = groupsOf(told({ kind: "turn.started", actor: "alice", role: "operator", details: { words: "Is the disk full?" } }));
  assert.deepEqual(summaryOf(request), { title: "Is the disk full?", code: false, who: "alice (operator)", steps: [] });
  assert.deepEqual(wordsOf({ kind: "turn.started", details: { input: [{ type: "text", text: "a" }, { type: "image" }, { text: "b" }] } }), [["a\nb"]]);
  assert.deepEqual(wordsOf({ kind: "novel.kind" }, { kind: "toString" }, { kind: "method.refused", details: { method: "fs/remove", reason: "needs admin" } }), [
    ["Refused: fs/remove: needs admin"], ["toString"], ["novel.kind"],
  ]);
});

test("what codex or a rogue record says is text, with escapes and a warning", () => {
  const evil = "<img src=x onerror=alert(1)>\u202e";
  const [group] = groupsOf(told(
    question(9, { details: { command: `rm ${evil}` } }), approved(9, { actor: evil, details: { decision: evil, comment: evil } }),
    { ...done(9), details: { status: evil } }));
  const node = entryView(group);
  assert.match(node.textContent, /rm <img src=x onerror=alert\(1\)>\\u202E/);
  assert.doesNotMatch(node.textContent, /\u202e/);
  assert.equal(shownIn(node, "hidden-warning").length, 2);
  assert.ok([...node.all()].every(({ tagName }) => tagName !== "IMG"));
  const [raw] = shownIn(node, "record-raw");
  raw.open = true;
  raw.fire("toggle");
  assert.match(raw.textContent, /"seq"/);
  assert.doesNotMatch(raw.textContent, /\u202e/);
});

test("members of the wrong type break nothing", () => {
  for (const junk of [null, 5, "x", [], { command: {}, decision: 7, askedAt: "x", durationMs: "x", input: [null], words: 3 }]) {
    for (const kind of ["question.asked", "decision", "decision.rule", "item.completed", "turn.started", "alarm"]) {
      entryView(groupsOf([{ seq: 1, at: "never", kind, itemId: "i", details: junk }])[0]);
    }
  }
});

/** The panel of a page whose server gives these responses. */
function panel(context, answers) {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const asked = [];
  context.mock.method(globalThis, "fetch", async (path) => {
    asked.push(Object.fromEntries(new URL(path, "http://x").searchParams));
    const answer = answers.shift() ?? { body: { data: [], next: null } };
    await answer.held;
    return { ok: (answer.status ?? 200) < 300, status: answer.status ?? 200, json: async () => answer.body };
  });
  const state = createState();
  state.open = "t";
  const toggled = [];
  const record = new RecordPanel(new App(state, new Changes(() => {})), { covers: document.createElement("div"), onToggle: (open) => toggled.push(open) });
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return {
    record, state, asked, toggled, settled,
    find: (name) => shownIn(record.node, name),
    async search(text) {
      const [field] = shownIn(record.node, "record-search");
      field.value = text;
      field.fire("input");
    },
  };
}

test("it is read page by page, newest first", async (context) => {
  const whole = told(question(1), approved(1), done(1));
  const { record, asked, find, settled } = panel(context, [{ body: { data: whole.slice(0, 2), next: 2 } }, { body: { data: whole.slice(2), next: null } }]);
  record.toggle();
  await settled();
  assert.deepEqual([find("record-entry").length, find("record-step").length], [2, 2]);
  find("record-older")[0].fire("click");
  await settled();
  assert.deepEqual(asked, [{ thread: "t", limit: "100" }, { thread: "t", limit: "100", before: "2" }]);
  assert.deepEqual([find("record-entry").length, find("record-older").length], [1, 0]);
  assert.match(find("record-entry")[0].textContent, /df -hP/);
});

test("the words that are searched for arrive as they were typed", async (context) => {
  let address = "";
  context.mock.method(globalThis, "fetch", async (path) => {
    address = path;
    return { ok: true, status: 200, json: async () => ({ data: [], next: null }) };
  });
  await readRecord({ thread: "t", text: "not a+b & c%", before: null });
  // As the server decodes it: a plus is a space.
  assert.equal(address.split("&q=")[1], "not+a%2Bb+%26+c%25");
});

test("it is searched once a person stops typing, and an answer that comes too late is dropped", async (context) => {
  let release = () => {};
  const held = new Promise((resolve) => { release = () => resolve(undefined); });
  const { record, asked, find, search, settled } = panel(context, [
    { body: { data: told(question(1), question(2)), next: null }, held }, { body: { data: told(question(3)), next: null } },
  ]);
  record.toggle();
  for (const text of ["d", "df", " df "]) {
    search(text);
    context.mock.timers.tick(200);
  }
  context.mock.timers.tick(200);
  await settled();
  assert.deepEqual(asked, [{ thread: "t", limit: "100" }, { thread: "t", limit: "100", q: "df" }]);
  assert.equal(find("record-entry").length, 1);
  release();
  await settled();
  assert.equal(find("record-entry").length, 1);
});

test("nothing found, nothing there and a refusal are told apart", async (context) => {
  const { record, find, search, settled } = panel(context, [{}, {}, { status: 403, body: { error: "Only for approvers." } }].map((answer) => ({ body: { data: [], next: null }, ...answer })));
  record.toggle();
  await settled();
  const note = () => find("record-note")[0]?.textContent;
  assert.equal(note(), "Nothing is recorded about this conversation.");
  for (const expected of ["Nothing found.", "Only for approvers."]) {
    search("x");
    context.mock.timers.tick(300);
    await settled();
    assert.equal(note(), expected);
  }
});

test("it closes with its conversation, with the sign-in, and with Escape", async (context) => {
  const { record, state, toggled, settled } = panel(context, []);
  for (const close of [
    () => { state.open = "other"; record.update(); }, () => { state.connection = { ...state.connection, phase: "signin" }; record.update(); },
    () => record.node.fire("keydown", { key: "Escape" }),
  ]) {
    Object.assign(state, { open: "t", connection: { ...state.connection, phase: "online" } });
    record.toggle();
    await settled();
    record.update();
    assert.equal(record.node.hidden, false);
    close();
    assert.equal(record.node.hidden, true);
  }
  assert.deepEqual(toggled, [true, false, true, false, true, false]);
  state.open = null;
  record.toggle();
  assert.equal(record.node.hidden, true);
});
