// The item of a question. codex announces a command only when it begins: it never announces a refused one, and
// sometimes misses one that ends at once. It announces no item at all for other questions to the person. The
// conversation would not show what was asked, so the question adds the item.

import { createItem } from "./items.js";

/** @typedef {import("./thread.js").Thread} Thread @typedef {import("./thread.js").Turn} Turn */

const METHOD = "item/commandExecution/requestApproval";
/** The item's type for a question that codex itself shows nowhere in the conversation. */
const QUESTION = "sreQuestion";
const HAS_ITEM = new Set([METHOD, "item/fileChange/requestApproval"]);

/** @param {Thread} thread @param {string} method @param {any} params @returns {string[]} the keys of what changed */
export function placeAsked(thread, method, params) {
  // A sub-agent's turn does not belong to this thread.
  const turn = thread.turns.find((candidate) => candidate.id === params.turnId);
  if (!turn || method !== METHOD || !params.itemId || !params.command) return [];
  if (turn.items.some((item) => item.id === params.itemId)) return [];
  const { tool } = params.sre ?? {};
  const data = tool ? {
    type: tool.server ? "mcpToolCall" : "dynamicToolCall", id: params.itemId, server: tool.server, tool: tool.name,
    arguments: tool.arguments, status: "inProgress",
  } : {
    type: "commandExecution", id: params.itemId, command: params.command,
    cwd: params.sre?.directory === "unknown" ? "" : params.cwd ?? "", status: "inProgress",
    aggregatedOutput: null, exitCode: null, durationMs: null,
  };
  const item = createItem(data, { live: true });
  item.unnamed = "asked";
  turn.items.push(item);
  return [`thread:${thread.id}`];
}

/**
 * An ended question that codex shows nowhere in the conversation.
 * @param {Thread} thread @param {import("./prompts.js").Prompt} prompt @param {boolean} mine
 * @returns {string[]} the keys of what changed
 */
export function placeEnded(thread, { id, method, params, answer, outcome }, mine) {
  const turn = thread.turns.find((candidate) => candidate.id === params.turnId) ?? thread.turns.at(-1);
  if (!turn || HAS_ITEM.has(method)) return [];
  const own = `question:${id}`;
  turn.items = turn.items.filter((item) => item.id !== own);
  turn.items.push(createItem({ type: QUESTION, id: own, method, params, answer: mine ? answer : null, outcome, mine }, {}));
  return [`thread:${thread.id}`];
}

/**
 * @param {Thread} thread @param {import("./prompts.js").Prompt} prompt
 * @param {import("./prompts.js").Verdict} verdict
 * @returns {string[]}
 */
export function settleAsked(thread, { method, params }, verdict) {
  // The question may have arrived before its turn was loaded.
  const keys = placeAsked(thread, method, params);
  const turn = thread.turns.find((candidate) => candidate.id === params.turnId);
  const item = turn?.items.find((candidate) => candidate.id === params.itemId);
  if (!turn || !item) return keys;
  if (verdict === "refused" && (item.live || item.unnamed !== "")) {
    // A later item from codex overrides this.
    item.data = { ...item.data, status: "declined" };
    item.live = false;
    item.unnamed = "";
  } else if (item.unnamed === "asked") item.unnamed = "answered";
  else if (item.unnamed === "withdrawn") item.unnamed = "silent";
  if (turn.status !== "inProgress") endUnnamed(thread, turn);
  return [...keys, `item:${thread.id}/${params.turnId}/${params.itemId}`];
}

/**
 * The agent has gone on, or the turn is over, so codex will no longer announce these items. If it does, its item
 * overrides this.
 * @param {Thread} thread @param {Turn | undefined} turn @returns {string[]}
 */
export function endUnnamed(thread, turn) {
  if (!turn) return [];
  const ended = turn.items.filter(({ unnamed }) =>
    unnamed === "answered" || (unnamed === "asked" && turn.status !== "inProgress"));
  for (const item of ended) {
    item.unnamed = item.unnamed === "asked" ? "withdrawn" : "silent";
    item.live = false;
  }
  return ended.map((item) => `item:${thread.id}/${turn.id}/${item.id}`);
}
