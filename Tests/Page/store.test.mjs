import assert from "node:assert/strict";
import { test } from "node:test";
import { Changes } from "../../Sources/Page/Web/state/changes.js";
import { receive, receiveRequest } from "../../Sources/Page/Web/state/store.js";
import { assertLinear } from "./support/growth.mjs";
import { pageFor, play, recording } from "./support/recordings.mjs";

const typesOf = (turn) => turn.items.map((item) => item.type);
const itemOf = (thread, type) => thread.turns.flatMap((turn) => turn.items).find((item) => item.type === type);

test("a turn with a command: streamed, asked, approved, run, done", () => {
  const lines = recording("disk");
  const { state, thread } = pageFor(lines);
  let askedWhile = null;
  play(state, lines, (line) => {
    if (line.method === "item/commandExecution/requestApproval") askedWhile = [...state.prompts.values()][0];
  });
  assert.equal(askedWhile.params.command, "/bin/bash -lc 'df -h / /var 2>/dev/null'");
  assert.equal(thread.turns.length, 1);
  assert.deepEqual(typesOf(thread.turns[0]), ["userMessage", "reasoning", "agentMessage", "commandExecution", "agentMessage"]);
  assert.equal(thread.turns[0].status, "completed");
  assert.equal(thread.activeTurnId, null);
  const command = itemOf(thread, "commandExecution");
  assert.deepEqual([command.data.exitCode, command.live, command.partial], [0, false, false]);
  assert.match(command.output.join(""), /Filesystem/);
  assert.match(itemOf(thread, "reasoning").summary[0], /^\*\*Checking disk usage\*\*/);
});

test("text grows delta by delta and ends as codex says it is", () => {
  const lines = recording("disk");
  const { state, thread } = pageFor(lines);
  const lengths = [];
  play(state, lines, (line, keys) => {
    if (line.method !== "item/agentMessage/delta") return;
    const item = thread.turns[0].items.find((candidate) => candidate.id === line.params.itemId);
    lengths.push(item.text.length);
    assert.deepEqual(keys, [`item:${thread.id}/${line.params.turnId}/${line.params.itemId}`]);
  });
  assert.ok(lengths.length > 50);
  const final = lines.findLast((line) => line.method === "item/completed").params.item.text;
  assert.equal(thread.turns[0].items.at(-1).text, final);
});

test("only what changed is named", () => {
  const lines = recording("disk");
  const { state, thread } = pageFor(lines);
  play(state, lines, (line, keys) => {
    if (line.method === "item/started") assert.ok(keys.includes(`thread:${thread.id}`));
    if (line.method === "thread/tokenUsage/updated") assert.deepEqual(keys, ["usage"]);
  });
});

test("an answer given elsewhere ends the prompt and says who", () => {
  const lines = recording("disk");
  const { state, thread } = pageFor(lines);
  play(state, lines);
  const [prompt] = state.prompts.values();
  assert.equal(prompt.phase, "over");
  assert.equal(prompt.message, "Approved by local.");
  const decision = thread.decisions.get(prompt.itemId)[0];
  assert.deepEqual([decision.decision, decision.decidedBy, decision.mine], ["accept", "local", false]);
});

test("our own answer ends the prompt without a word", () => {
  const lines = recording("decline");
  const { state, thread } = pageFor(lines);
  play(state, lines, (line) => {
    if (line.id === undefined) return;
    const prompt = state.prompts.get(line.id);
    prompt.phase = "answering";
    prompt.answer = { decision: "decline", reason: "not now" };
  });
  assert.equal(state.prompts.size, 0);
  const [decision] = [...thread.decisions.values()][0];
  assert.deepEqual([decision.decision, decision.mine, decision.reason], ["decline", true, "not now"]);
  assert.equal(itemOf(thread, "commandExecution").data.status, "declined");
});

test("a command that was asked for and refused is shown, though codex never names it", () => {
  const lines = recording("decline").filter((line) => line.params?.item?.type !== "commandExecution");
  const { state, thread } = pageFor(lines);
  const states = [];
  play(state, lines, () => {
    const item = itemOf(thread, "commandExecution");
    if (item) states.push(item.data.status);
  });
  assert.deepEqual([...new Set(states)], ["inProgress", "declined"]);
  assert.equal(itemOf(thread, "commandExecution").data.command, "/bin/bash -lc 'df -h / /var 2>/dev/null'");
});

test("a command that was asked for before codex names it is one command", () => {
  const lines = recording("disk");
  const at = lines.findIndex((line) => line.params?.item?.type === "commandExecution");
  const [started] = lines.splice(at, 1);
  lines.splice(lines.findIndex((line) => line.method === "serverRequest/resolved") + 1, 0, started);
  const { state, thread } = pageFor(lines);
  play(state, lines);
  assert.equal(thread.turns[0].items.filter((item) => item.type === "commandExecution").length, 1);
  assert.equal(itemOf(thread, "commandExecution").data.exitCode, 0);
});

test("a cancelled command interrupts the turn and stays visible", () => {
  const lines = recording("cancel");
  const { state, thread } = pageFor(lines);
  play(state, lines);
  assert.equal(thread.turns[0].status, "interrupted");
  assert.ok(itemOf(thread, "commandExecution"));
});

test("a patch comes with its diff before its question", () => {
  const lines = recording("patch");
  const { state, thread } = pageFor(lines);
  play(state, lines, (line) => {
    if (line.method !== "item/fileChange/requestApproval") return;
    assert.equal(itemOf(thread, "fileChange").data.changes.length, 2);
    assert.equal(itemOf(thread, "fileChange").id, line.params.itemId);
  });
  assert.equal(itemOf(thread, "fileChange").data.status, "completed");
});

test("four questions at once wait in the order in which they came", () => {
  const lines = recording("many");
  const { state } = pageFor(lines);
  const asked = lines.filter((line) => line.method?.endsWith("requestApproval"));
  assert.equal(asked.length, 4);
  const seen = [];
  play(state, lines, (line) => {
    if (line.id !== undefined) seen.push(line.id);
  });
  assert.deepEqual([...state.prompts.keys()], seen);
});

for (const [name, retries] of [["e401", true], ["e500", true]]) {
  test(`an error of the model's ends the turn: ${name}`, () => {
    const lines = recording(name);
    const { state, thread } = pageFor(lines);
    let retried = false;
    play(state, lines, () => {
      retried ||= thread.turns[0]?.retrying !== null && thread.turns[0]?.retrying !== undefined;
    });
    assert.equal(retried, retries);
    assert.equal(thread.turns[0].status, "failed");
    assert.equal(thread.turns[0].retrying, null);
    assert.ok(thread.turns[0].error.message.length > 0);
  });
}

test("other requests are prompts too", () => {
  for (const [name, method] of [["ask", "item/tool/requestUserInput"], ["perm", "item/permissions/requestApproval"]]) {
    const lines = recording(name);
    const { state } = pageFor(lines);
    let seen = "";
    play(state, lines, (line) => {
      if (line.id !== undefined) seen = state.prompts.get(line.id).method;
    });
    assert.equal(seen, method);
  }
});

test("a rejected answer says why, and waits again only when it may be given again", () => {
  for (const [reason, phase] of [["malformed", "open"], ["forbidden", "open"], ["resolved", "over"], ["expired", "over"], ["void", "over"], ["unknown", "over"]]) {
    const lines = recording("disk");
    const { state } = pageFor(lines);
    play(state, lines.slice(0, lines.findIndex((line) => line.id !== undefined) + 1));
    const [prompt] = state.prompts.values();
    receive(state, "sre/answerRejected", { requestId: prompt.id, reason, message: "Because." });
    assert.deepEqual([prompt.phase, prompt.message], [phase, "Because."], reason);
  }
});

test("modes, alarms and the agent's state are kept", () => {
  const lines = recording("disk");
  const { state, thread } = pageFor(lines);
  receive(state, "sre/threadMode", { threadId: thread.id, approvals: "unattended", sandbox: "dangerFullAccess" });
  receive(state, "sre/alarm", { threadId: thread.id, itemId: "x", message: "!" });
  receive(state, "sre/agentStatus", { state: "restarting", message: "m" });
  assert.deepEqual(thread.mode, { approvals: "unattended", sandbox: "dangerFullAccess" });
  assert.equal(state.alarms.length, 1);
  assert.equal(state.agent.state, "restarting");
});

test("the list follows names, states and archives", () => {
  const { state } = pageFor(recording("disk"));
  state.list.rows = [{ id: "a", name: null }, { id: "b", name: null }];
  receive(state, "thread/name/updated", { threadId: "a", threadName: "Disk" });
  receive(state, "thread/status/changed", { threadId: "b", status: { type: "active", activeFlags: ["waitingOnApproval"] } });
  receive(state, "thread/started", { thread: { id: "c" } });
  receive(state, "thread/archived", { threadId: "a" });
  assert.deepEqual(state.list.rows.map((row) => row.id), ["c", "b"]);
  receive(state, "thread/started", { thread: { id: "sub", parentThreadId: "c" } });
  assert.equal(state.list.rows.length, 2);
});

test("what we do not know does no harm", () => {
  const { state, thread } = pageFor(recording("disk"));
  assert.deepEqual(receive(state, "some/new/thing", { threadId: thread.id }), []);
  assert.deepEqual(receive(state, "item/agentMessage/delta", { threadId: "not ours", turnId: "t", itemId: "i", delta: "x" }), []);
  assert.deepEqual(receive(state, "serverRequest/resolved", { threadId: thread.id, requestId: "gone" }), []);
});

test("forty thousand deltas cost next to nothing", () => {
  const run = (/** @type {number} */ count) => {
    const { state, thread } = pageFor(recording("disk"));
    for (let index = 0; index < count; index += 1) {
      receive(state, "item/commandExecution/outputDelta", { threadId: thread.id, turnId: "t", itemId: "c", delta: "lorem ipsum dolor\n" });
    }
    assert.equal(thread.turns[0].items[0].partial, true);
  };
  assertLinear((count) => count, run, 40_000);
});

/** The recording up to its first approval, which codex has not announced, and the rest. */
function upToTheQuestion(name) {
  const lines = recording(name).filter((line) => line.params?.item?.type !== "commandExecution" && line.method !== "item/commandExecution/outputDelta");
  const at = lines.findIndex((line) => line.id !== undefined) + 1;
  const { state, thread } = pageFor(lines);
  play(state, lines.slice(0, at));
  const [prompt] = state.prompts.values();
  state.waiting = [{ requestId: prompt.id, threadId: thread.id }, { requestId: "another", threadId: "elsewhere" }];
  return { state, thread, prompt, rest: lines.slice(at) };
}

test("an answer that came too late ends the block and the list's waiting too", () => {
  for (const [params, status, word] of [
    [{ reason: "expired" }, "declined", "expired"], [{ reason: "void" }, "declined", "void"],
    [{ reason: "resolved", decision: "decline", decidedBy: "alice" }, "declined", "decline"],
    [{ reason: "resolved", decision: "accept", decidedBy: "alice" }, "inProgress", "accept"],
    [{ reason: "resolved", decidedBy: "alice" }, "inProgress", null],
  ]) {
    const { state, thread, prompt } = upToTheQuestion("disk");
    prompt.phase = "answering";
    prompt.answer = { decision: "accept" };
    const keys = receive(state, "sre/answerRejected", { requestId: prompt.id, message: "Too late.", ...params });
    const item = itemOf(thread, "commandExecution");
    assert.equal(item.data.status, status);
    assert.equal(item.live, status === "inProgress");
    assert.deepEqual(state.waiting.map(({ requestId }) => requestId), ["another"]);
    for (const key of ["prompts", "list", `item:${thread.id}/${thread.turns[0].id}/${item.id}`]) assert.ok(keys.includes(key), key);
    const [decision] = thread.decisions.get(item.id);
    assert.deepEqual([decision.decision, decision.mine], [word, false]);
  }
});

test("a late answer to a turn that is over leaves nothing that looks as if it ran", () => {
  const { state, thread, prompt, rest } = upToTheQuestion("decline");
  play(state, rest.filter((line) => line.method !== "serverRequest/resolved"));
  receive(state, "sre/answerRejected", { requestId: prompt.id, reason: "resolved", message: "Too late.", decidedBy: "alice" });
  const item = itemOf(thread, "commandExecution");
  assert.deepEqual([item.live, item.unnamed], [false, "silent"]);
  receive(state, "serverRequest/resolved", { requestId: prompt.id, sre: { decision: "decline", decidedBy: "alice" } });
  assert.deepEqual([item.data.status, item.unnamed, thread.decisions.get(item.id).length], ["declined", "", 1]);
});

test("an answer that may be given again ends nothing", () => {
  const { state, thread, prompt } = upToTheQuestion("disk");
  assert.deepEqual(receive(state, "sre/answerRejected", { requestId: prompt.id, reason: "malformed", message: "?" }), ["prompts"]);
  assert.deepEqual([state.waiting.length, itemOf(thread, "commandExecution").live, thread.decisions.size], [2, true, 0]);
});

test("an approved command that codex never names ends when the agent goes on", () => {
  const { state, thread, rest } = upToTheQuestion("disk");
  const item = itemOf(thread, "commandExecution");
  const seen = [];
  play(state, rest, (line, keys) => {
    if (seen.at(-1)?.[1] === item.unnamed) return;
    seen.push([line.method, item.unnamed]);
    assert.ok(keys.includes(`item:${thread.id}/${thread.turns[0].id}/${item.id}`));
  });
  assert.deepEqual(seen, [["serverRequest/resolved", "answered"], ["thread/tokenUsage/updated", "silent"]]);
  assert.equal(item.live, false);
});

for (const [what, method] of [["speaks", "item/started"], ["ends its turn", "turn/completed"]]) {
  test(`an approved command that codex never names ends when the agent ${what}`, () => {
    const { state, thread, rest } = upToTheQuestion("disk");
    play(state, rest.filter((line) => line.method === "serverRequest/resolved" || line.method === method));
    assert.deepEqual([itemOf(thread, "commandExecution").unnamed, itemOf(thread, "commandExecution").live], ["silent", false]);
  });
}

test("what codex names after all counts more, and a command beside it ends nothing", () => {
  const { state, thread, rest } = upToTheQuestion("disk");
  const item = itemOf(thread, "commandExecution");
  const turnId = thread.turns[0].id;
  play(state, rest.filter((line) => line.method === "serverRequest/resolved"));
  receive(state, "item/started", { threadId: thread.id, turnId, item: { type: "commandExecution", id: "beside", command: "ls", status: "inProgress" } });
  assert.deepEqual([item.unnamed, item.live], ["answered", true]);
  receive(state, "thread/tokenUsage/updated", { threadId: thread.id, turnId });
  receive(state, "item/started", { threadId: thread.id, turnId, item: { ...item.data, cwd: "/elsewhere", status: "inProgress" } });
  assert.deepEqual([item.unnamed, item.live, item.data.cwd], ["", true, "/elsewhere"]);
  receive(state, "thread/tokenUsage/updated", { threadId: thread.id, turnId });
  assert.equal(item.live, true);
});

test("a short command's output comes with its end alone", () => {
  const { state, thread } = upToTheQuestion("disk");
  const item = itemOf(thread, "commandExecution");
  const data = { ...item.data, status: "failed", exitCode: 1, aggregatedOutput: "Permission denied\n" };
  receive(state, "item/completed", { threadId: thread.id, turnId: thread.turns[0].id, item: data });
  assert.deepEqual([item.output.join(""), item.unnamed, item.outputEpoch], ["Permission denied\n", "", 1]);
});

test("a question whose directory nobody knows places a command without one", () => {
  const { state, thread } = upToTheQuestion("disk");
  const turnId = thread.turns[0].id;
  receiveRequest(state, "q", "item/commandExecution/requestApproval", { threadId: thread.id, turnId, itemId: "i", command: "ls", cwd: "/srv", sre: { directory: "unknown" } }, 0);
  assert.equal(thread.turns[0].items.at(-1).data.cwd, "");
});

test("output beyond what a phone can hold loses its beginning, and says so", () => {
  const { state, thread } = pageFor(recording("disk"));
  for (let index = 0; index < 100; index += 1) {
    receive(state, "item/commandExecution/outputDelta", { threadId: thread.id, turnId: "t", itemId: "c", delta: "x".repeat(100_000) });
  }
  const [item] = thread.turns[0].items;
  assert.ok(item.outputSize <= 8 * 1024 * 1024);
  assert.equal(item.outputSize + item.outputDropped, 10_000_000);
});

test("changes are handed out once for many", () => {
  const runs = [];
  const changes = new Changes((run) => runs.push(run));
  const heard = [];
  changes.subscribe((keys) => heard.push([...keys]));
  changes.add("a");
  changes.add("b", "a");
  assert.equal(runs.length, 1);
  runs[0]();
  assert.deepEqual(heard, [["a", "b"]]);
  changes.add();
  assert.equal(runs.length, 1);
});

test("why no new conversation can begin stands until it may again", () => {
  const { state } = pageFor(recording("disk"));
  assert.deepEqual(receive(state, "sre/threadsRefused", { message: "codex cannot use its configuration" }), ["agent"]);
  assert.equal(state.refused, "codex cannot use its configuration");
  assert.equal(state.agent.state, "ready");
  receive(state, "sre/threadsRefused", { message: null });
  assert.equal(state.refused, "");
});
