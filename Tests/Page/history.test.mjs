import assert from "node:assert/strict";
import { test } from "node:test";
import { mergeNewest, mergeOlder, mergeRunning } from "../../Sources/Page/Web/state/history.js";
import { createThread } from "../../Sources/Page/Web/state/thread.js";
import { pageFor, play, recording } from "./support/recordings.mjs";

const idsOf = (thread) => thread.turns.map((turn) => turn.id);
const turn = (id, items = [], status = "completed") => ({ id, status, items, itemsView: "full", startedAt: 1, durationMs: 1 });
const message = (id, text = "x") => ({ type: "agentMessage", id, text });

test("joining a turn in the middle: the running command is there, and completes", () => {
  const lines = recording("joined");
  const resume = lines.find((line) => line.resume).resume;
  const { page } = lines.find((line) => line.page);
  const { state, thread } = pageFor(lines);
  mergeNewest(thread, page.data, page.nextCursor);
  mergeRunning(thread, resume.initialTurnsPage.data[0]);
  const command = thread.turns[0].items.find((item) => item.type === "commandExecution");
  assert.deepEqual([command.live, command.partial, thread.activeTurnId], [true, true, thread.turns[0].id]);
  assert.deepEqual(thread.turns[0].items.map((item) => item.type), ["userMessage", "agentMessage", "commandExecution"]);
  play(state, lines);
  assert.deepEqual([command.live, command.partial, command.data.exitCode], [false, false, 0]);
  assert.match(command.output.join(""), /tick 1\n[\s\S]*tick 20\n/);
  assert.equal(thread.turns[0].status, "completed");
});

test("the same page again changes nothing", () => {
  const lines = recording("disk");
  const { state, thread } = pageFor(lines);
  play(state, lines);
  const before = thread.turns[0].items.map((item) => [item.id, item.text, item.output.join("")]);
  const epochs = thread.turns[0].items.map((item) => item.outputEpoch);
  const { page } = lines.find((line) => line.page);
  mergeNewest(thread, page.data, page.nextCursor);
  assert.deepEqual(thread.turns[0].items.map((item) => [item.id, item.text, item.output.join("")]), before);
  assert.deepEqual(thread.turns[0].items.map((item) => item.outputEpoch), epochs);
});

test("a command that codex forgot stays where it was", () => {
  const lines = recording("cancel");
  const { state, thread } = pageFor(lines);
  play(state, lines);
  const before = thread.turns[0].items.map((item) => item.type);
  const { page } = lines.find((line) => line.page);
  mergeNewest(thread, page.data, page.nextCursor);
  assert.deepEqual(thread.turns[0].items.map((item) => item.type), before);
});

test("what ended while we were away is over", () => {
  const thread = createThread("t");
  mergeNewest(thread, [turn("1", [message("a")], "inProgress")], null);
  assert.equal(thread.activeTurnId, "1");
  thread.stopping = true;
  mergeNewest(thread, [turn("2", [message("c")]), turn("1", [message("a"), message("b")])], null);
  assert.deepEqual([thread.activeTurnId, thread.stopping], [null, false]);
  assert.deepEqual(thread.turns[0].items.map((item) => item.id), ["a", "b"]);
});

test("a gap wider than a page begins anew, with the way back open", () => {
  const thread = createThread("t");
  mergeNewest(thread, [turn("1")], null);
  mergeNewest(thread, [turn("9"), turn("8")], "cursor");
  assert.deepEqual([idsOf(thread), thread.olderCursor], [["8", "9"], "cursor"]);
});

test("older pages go in front, once", () => {
  const thread = createThread("t");
  mergeNewest(thread, [turn("4"), turn("3")], "c");
  mergeOlder(thread, [turn("3"), turn("2"), turn("1")], null);
  assert.deepEqual([idsOf(thread), thread.olderCursor], [["1", "2", "3", "4"], null]);
});

test("our message is recognised in what codex stored", () => {
  const thread = createThread("t");
  thread.sends = [{ clientId: "mine", text: "x", steer: false, state: "sent", error: "" }, { clientId: "other", text: "y", steer: true, state: "sent", error: "" }];
  mergeNewest(thread, [turn("1", [{ type: "userMessage", id: "u", clientId: "mine", content: [] }])], null);
  assert.deepEqual(thread.sends.map((send) => send.clientId), ["other"]);
});
