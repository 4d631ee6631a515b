import assert from "node:assert/strict";
import { test } from "node:test";
import { addPrompt, belongsTo, deadlineOf, decisionWord, dropStale, markStale, outcomeSentence, rejectAnswer, resolvePrompt, verdictOf } from "../../Sources/Page/Web/state/prompts.js";

const METHOD = "item/commandExecution/requestApproval";
const ask = (prompts, id = "a", params = {}) => addPrompt(prompts, id, METHOD, { threadId: "t", itemId: "i", command: "ls", ...params }, 0);

test("a lost connection makes questions stale, and coming back makes them new", () => {
  const prompts = new Map();
  const prompt = ask(prompts);
  markStale(prompts);
  assert.equal(prompt.phase, "stale");
  ask(prompts);
  assert.deepEqual([prompt.phase, prompts.size, prompt.message], ["open", 1, ""]);
});

test("an answer that never arrived has to be given again, and this is said", () => {
  const prompts = new Map();
  const prompt = ask(prompts);
  prompt.phase = "answering";
  prompt.answer = { decision: "accept" };
  markStale(prompts);
  ask(prompts);
  assert.equal(prompt.phase, "open");
  assert.match(prompt.message, /did not arrive/);
  assert.equal(prompt.answer, null);
});

test("what is not asked again no longer waits", () => {
  const prompts = new Map();
  ask(prompts, "a");
  ask(prompts, "b", { threadId: "other" });
  markStale(prompts);
  ask(prompts, "c");
  dropStale(prompts, "t");
  assert.deepEqual([...prompts.keys()], ["b", "c"]);
});

test("an expired question says that it was declined", () => {
  const prompts = new Map();
  const prompt = ask(prompts);
  resolvePrompt(prompts, { requestId: "a", sre: { decision: "expired", decidedBy: null } });
  assert.deepEqual([prompt.phase, prompt.message], ["over", "Declined, because nobody answered in time."]);
});

test("a question that is void says that it is gone", () => {
  const prompts = new Map();
  const prompt = ask(prompts);
  resolvePrompt(prompts, { requestId: "a", sre: { decision: "void" } });
  assert.equal(prompt.message, "No longer asked: the agent was stopped or ended.");
});

test("a question that is over has no time left", () => {
  const prompts = new Map();
  const prompt = ask(prompts, "a", { sre: { asks: "command", expiresAt: 5000 } });
  assert.equal(deadlineOf(prompt), 5000);
  rejectAnswer(prompts, { requestId: "a", reason: "malformed", message: "?" });
  assert.equal(deadlineOf(prompt), 5000);
  rejectAnswer(prompts, { requestId: "a", reason: "resolved", message: "Too late." });
  assert.equal(deadlineOf(prompt), null);
  assert.equal(deadlineOf(ask(prompts, "b")), null);
});

test("what somebody else decided in the same moment is not taken for ours", () => {
  for (const [said, mine] of [["accept", true], ["acceptForSession", true], ["answered", true], [undefined, true], ["decline", false], ["expired", false], ["void", false]]) {
    const prompts = new Map();
    const prompt = ask(prompts);
    prompt.phase = "answering";
    prompt.answer = { decision: "accept" };
    const found = resolvePrompt(prompts, { requestId: "a", sre: { decision: said } });
    assert.deepEqual([found.mine, prompts.size], [mine, mine ? 0 : 1], said);
  }
});

test("a decision is for it, against it, or neither is known", () => {
  for (const word of ["accept", "acceptForSession", "acceptWithExecpolicyAmendment", { approved_execpolicy_amendment: {} }]) assert.equal(verdictOf(word), "approved");
  for (const word of ["decline", "cancel", "expired", "void"]) assert.equal(verdictOf(word), "refused");
  for (const word of [null, "answered", "later"]) assert.equal(verdictOf(word), "unknown");
});

test("decisions have words", () => {
  assert.equal(decisionWord("acceptForSession"), "Approved for this session");
  assert.equal(decisionWord({ acceptWithExecpolicyAmendment: {} }), "Approved with a rule");
  assert.equal(outcomeSentence(null).includes("over"), true);
  assert.equal(outcomeSentence({ decision: "decline", decidedBy: "alice" }), "Declined by alice.");
});

test("a sub-agent's question belongs to the conversation that started it", () => {
  const prompt = ask(new Map(), "a", { threadId: "child", sre: { asks: "command", subAgentOf: "parent" } });
  assert.equal(belongsTo(prompt, "parent"), true);
  assert.equal(belongsTo(prompt, "other"), false);
});
