// The item that a question is about. codex announces a command only when it begins, and one that was
// refused never does: the conversation would not show what was asked. So the question places it.

import { createItem } from "./items.js";

/** @typedef {import("./thread.js").Thread} Thread */

const METHOD = "item/commandExecution/requestApproval";

/** @param {Thread} thread @param {string} method @param {any} params @returns {string[]} the keys of what changed */
export function placeAsked(thread, method, params) {
  // A sub-agent's turn is none of this thread's.
  const turn = thread.turns.find((candidate) => candidate.id === params.turnId);
  if (!turn || method !== METHOD || !params.itemId || !params.command) return [];
  if (turn.items.some((item) => item.id === params.itemId)) return [];
  const data = {
    type: "commandExecution", id: params.itemId, command: params.command, cwd: params.cwd ?? "", status: "inProgress",
    aggregatedOutput: null, exitCode: null, durationMs: null,
  };
  turn.items.push(createItem(data, { live: true }));
  return [`thread:${thread.id}`];
}

/** @param {Thread} thread @param {import("./prompts.js").Prompt} prompt @param {boolean} approved @returns {string[]} */
export function settleAsked(thread, { method, params }, approved) {
  // It came before its turn was loaded; refused, it would leave no trace.
  const keys = approved ? [] : placeAsked(thread, method, params);
  const item = thread.turns.find((turn) => turn.id === params.turnId)?.items.find((candidate) => candidate.id === params.itemId);
  if (!item) return keys;
  if (!approved && item.live) {
    // Whatever codex still says about it comes later, and counts more.
    item.data = { ...item.data, status: "declined" };
    item.live = false;
  }
  return [...keys, `item:${thread.id}/${params.turnId}/${params.itemId}`];
}
