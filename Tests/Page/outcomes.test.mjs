// Commands that ran when the agent died are shown with an unknown outcome.

import assert from "node:assert/strict";
import { test } from "node:test";
import { mergeNewest, mergeOlder } from "../../Sources/Page/Web/state/history.js";
import { placeUnknown } from "../../Sources/Page/Web/state/outcomes.js";
import { createState } from "../../Sources/Page/Web/state/state.js";
import { receive } from "../../Sources/Page/Web/state/store.js";
import { createThread } from "../../Sources/Page/Web/state/thread.js";

const command = (id, more = {}) => ({ type: "commandExecution", id, command: "ls", status: "inProgress", exitCode: null, ...more });
const notice = { threadId: "t", turnId: "1", item: command("c"), message: "Nobody knows." };
const turn = (id, items = [], status = "interrupted") => ({ id, status, items });
const where = (thread) => thread.turns.map(({ id, items }) => [id, ...items.map((item) => `${item.id}${item.unknown && "?"}`)]);

function opened() {
  const state = createState();
  const thread = createThread("t");
  state.threads.set("t", thread);
  return { state, thread };
}

test("a command that was seen running", () => {
  const { state, thread } = opened();
  receive(state, "item/started", { threadId: "t", turnId: "1", item: command("c") });
  receive(state, "item/commandExecution/outputDelta", { threadId: "t", turnId: "1", itemId: "c", delta: "some" });
  receive(state, "item/completed", { threadId: "t", turnId: "1", item: command("c", { status: "failed" }), sre: { outcome: "unknown" } });
  const [item] = thread.turns[0].items;
  assert.match(item.unknown, /unknown/);
  const keys = receive(state, "sre/outcomeUnknown", notice);
  assert.ok(keys.includes("item:t/1/c"));
  receive(state, "turn/completed", { threadId: "t", turn: { id: "1", status: "interrupted", items: [] } });
  assert.deepEqual([item.unknown, item.live, item.output.join("")], ["Nobody knows.", false, "some"]);
  assert.equal(thread.turns[0].items.length, 1);
});

test("one that codex ended in the usual way is known", () => {
  const { state, thread } = opened();
  receive(state, "item/completed", { threadId: "t", turnId: "1", item: command("c", { status: "failed", exitCode: 1 }) });
  assert.equal(thread.turns[0].items[0].unknown, "");
});

test("told while the conversation is being loaded, it stands at the end of its turn", () => {
  const { state, thread } = opened();
  receive(state, "sre/outcomeUnknown", notice);
  assert.deepEqual(where(thread), []);
  mergeNewest(thread, [turn("2", [command("d", { exitCode: 0 })]), turn("1", [command("b", { exitCode: 0 })])], "older");
  placeUnknown(thread);
  assert.deepEqual(where(thread), [["1", "b", "c?"], ["2", "d"]]);
  assert.equal(thread.olderCursor, "older");
  // A repeated notification adds nothing.
  receive(state, "sre/outcomeUnknown", notice);
  assert.deepEqual(where(thread), [["1", "b", "c?"], ["2", "d"]]);
});

test("where its turn is not loaded it stands at the end, until the turn is", () => {
  const { state, thread } = opened();
  mergeNewest(thread, [turn("2", [command("d", { exitCode: 0 })])], "older");
  receive(state, "sre/outcomeUnknown", notice);
  assert.deepEqual(where(thread), [["2", "d", "c?"]]);
  mergeOlder(thread, [turn("1")], null);
  placeUnknown(thread);
  assert.deepEqual(where(thread), [["1", "c?"], ["2", "d"]]);
});

test("should codex know after all, that counts more", () => {
  const { state, thread } = opened();
  receive(state, "sre/outcomeUnknown", notice);
  mergeNewest(thread, [turn("1", [command("c", { status: "completed", exitCode: 0 })])], null);
  placeUnknown(thread);
  assert.deepEqual(where(thread), [["1", "c"]]);
});

test("of a conversation without a turn it is all there is", () => {
  const { state, thread } = opened();
  receive(state, "sre/outcomeUnknown", notice);
  mergeNewest(thread, [], null);
  placeUnknown(thread, (id) => {
    thread.turns.push({ ...turn(id), error: null });
    return thread.turns[0];
  });
  assert.deepEqual(where(thread), [["1", "c?"]]);
});
