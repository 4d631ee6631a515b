// The item that a question is about. codex announces a command only when it begins: one that was
// refused never does, and one that ended at once sometimes does not either. The conversation would
// not show what was asked, so the question places it.

import { createItem } from "./items.js";

/** @typedef {import("./thread.js").Thread} Thread @typedef {import("./thread.js").Turn} Turn */

const METHOD = "item/commandExecution/requestApproval";

/** @param {Thread} thread @param {string} method @param {any} params @returns {string[]} the keys of what changed */
export function placeAsked(thread, method, params) {
  // A sub-agent's turn is none of this thread's.
  const turn = thread.turns.find((candidate) => candidate.id === params.turnId);
  if (!turn || method !== METHOD || !params.itemId || !params.command) return [];
  if (turn.items.some((item) => item.id === params.itemId)) return [];
  const data = {
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
 * @param {Thread} thread @param {import("./prompts.js").Prompt} prompt
 * @param {import("./prompts.js").Verdict} verdict
 * @returns {string[]}
 */
export function settleAsked(thread, { method, params }, verdict) {
  // The question may have come before its turn was loaded.
  const keys = placeAsked(thread, method, params);
  const turn = thread.turns.find((candidate) => candidate.id === params.turnId);
  const item = turn?.items.find((candidate) => candidate.id === params.itemId);
  if (!turn || !item) return keys;
  if (verdict === "refused" && (item.live || item.unnamed !== "")) {
    // Whatever codex still says about it comes later, and counts more.
    item.data = { ...item.data, status: "declined" };
    item.live = false;
    item.unnamed = "";
  } else if (item.unnamed === "asked") item.unnamed = "answered";
  if (turn.status !== "inProgress") endUnnamed(thread, turn);
  return [...keys, `item:${thread.id}/${params.turnId}/${params.itemId}`];
}

/**
 * The agent has gone on, or the turn is over: what codex has not named by now it will not name.
 * Should it do so after all, that counts more.
 * @param {Thread} thread @param {Turn | undefined} turn @returns {string[]}
 */
export function endUnnamed(thread, turn) {
  if (!turn) return [];
  const ended = turn.items.filter(({ unnamed }) =>
    unnamed === "answered" || (unnamed === "asked" && turn.status !== "inProgress"));
  for (const item of ended) {
    item.unnamed = "silent";
    item.live = false;
  }
  return ended.map((item) => `item:${thread.id}/${turn.id}/${item.id}`);
}
