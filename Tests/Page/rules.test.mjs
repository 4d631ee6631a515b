// Decisions by the server's rules, and refusals because of roles.

import assert from "node:assert/strict";
import { test } from "node:test";
import { outcomeSentence, rejectAnswer, ruleWords } from "../../Sources/Page/Web/state/prompts.js";
import { createState } from "../../Sources/Page/Web/state/state.js";
import { receive, receiveRequest } from "../../Sources/Page/Web/state/store.js";
import { createThread, turnOf } from "../../Sources/Page/Web/state/thread.js";
import { sentenceOf } from "../../Sources/Page/Web/text/trouble.js";
import { RpcError } from "../../Sources/Page/Web/wire/rpc.js";

function page() {
  const state = createState();
  const thread = createThread("t");
  state.threads.set("t", thread);
  state.open = "t";
  turnOf(thread, "u");
  return { state, thread };
}

const ruled = (more = {}) => ({ threadId: "t", turnId: "u", itemId: "i", command: "df -h", decision: "allow", rule: "safe-reads", ...more });
const started = { method: "item/started", params: { threadId: "t", turnId: "u", item: { type: "commandExecution", id: "i", command: "df -h", cwd: "/", status: "inProgress" } } };

test("a command that a rule allowed is marked, whichever is heard of first", () => {
  for (const order of [["rule", "item"], ["item", "rule"]]) {
    const { state, thread } = page();
    for (const what of order) {
      if (what === "item") receive(state, started.method, started.params);
      else assert.ok(receive(state, "sre/decidedByRule", ruled()).includes("item:t/u/i"));
    }
    assert.deepEqual(thread.decisions.get("i")?.map(ruleWords), ["Allowed by rule safe-reads"]);
    const [item] = thread.turns[0].items;
    assert.deepEqual([thread.turns[0].items.length, item.live, item.unnamed], [1, true, ""]);
  }
});

test("a command that a rule denied is shown, though codex never names it", () => {
  const { state, thread } = page();
  receive(state, "sre/decidedByRule", ruled({ decision: "deny", rule: "no-power", command: "reboot" }));
  const [item] = thread.turns[0].items;
  assert.deepEqual([item.data.command, item.data.status, item.live], ["reboot", "declined", false]);
  assert.deepEqual(thread.decisions.get("i")?.map(ruleWords), ["Denied by rule no-power"]);
});

test("whatever is said twice is one mark, and what is new another", () => {
  const { state, thread } = page();
  receive(state, "sre/decidedByRule", ruled());
  receive(state, "sre/decidedByRule", ruled());
  receiveRequest(state, "r", "item/commandExecution/requestApproval", { threadId: "t", turnId: "u", itemId: "i", command: "df -h" }, 0);
  receive(state, "serverRequest/resolved", { requestId: "r", sre: { decision: "accept", decidedBy: null, rule: "safe-reads" } });
  assert.deepEqual(thread.decisions.get("i")?.map(ruleWords), ["Allowed by rule safe-reads"]);
  receive(state, "sre/decidedByRule", ruled({ decision: "deny", rule: "never-outside" }));
  assert.equal(thread.decisions.get("i")?.length, 2);
});

test("a question that a rule answered while we were about to is not ours", () => {
  const { state, thread } = page();
  receiveRequest(state, "r", "item/commandExecution/requestApproval", { threadId: "t", turnId: "u", itemId: "i", command: "ls" }, 0);
  const prompt = state.prompts.get("r");
  Object.assign(prompt, { phase: "answering", answer: { decision: "decline" } });
  receive(state, "serverRequest/resolved", { requestId: "r", sre: { decision: "decline", decidedBy: null, rule: "no-power" } });
  assert.deepEqual([prompt.phase, prompt.message], ["over", "Denied by rule no-power."]);
  assert.equal(thread.decisions.get("i")?.[0].mine, false);
});

test("a conversation without a subscription, and a message without an item, do no harm", () => {
  const { state } = page();
  assert.deepEqual(receive(state, "sre/decidedByRule", ruled({ threadId: "other" })), []);
  assert.deepEqual(receive(state, "sre/decidedByRule", ruled({ itemId: undefined })), []);
});

test("rules have words for both ways of saying it", () => {
  for (const decision of ["allow", "accept", "approved"]) assert.equal(outcomeSentence({ decision, decidedBy: null, rule: "x" }), "Allowed by rule x.");
  for (const decision of ["deny", "decline", "denied"]) assert.equal(outcomeSentence({ decision, decidedBy: null, rule: "x" }), "Denied by rule x.");
});

test("an answer that could not be recorded leaves the question open, in our own words", () => {
  const { state } = page();
  receiveRequest(state, "r", "item/commandExecution/requestApproval", { threadId: "t", itemId: "i", command: "ls" }, 0);
  Object.assign(state.prompts.get("r"), { phase: "answering", answer: { decision: "accept" } });
  const prompt = rejectAnswer(state.prompts, { requestId: "r", reason: "unrecorded", message: "sqlite: disk full" });
  assert.deepEqual([prompt?.phase, prompt?.answer], ["open", null]);
  assert.match(prompt?.message ?? "", /^Not approved: the record cannot be written\. Nothing runs until it can; you may decline\.$/);
});

test("a refusal names the role that it takes", () => {
  const error = new RpcError("thread/archive needs the role operator", -32003, { method: "thread/archive", roleNeeded: "operator" });
  assert.equal(sentenceOf(error, "archive the conversation"), "Could not archive the conversation: it needs the role operator.");
});
