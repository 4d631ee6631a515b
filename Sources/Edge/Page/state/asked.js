// The item that a question is about. codex announces a command only when it begins, and one that was
// refused never does: the conversation would not show what was asked. So the question places it.

import { createItem } from "./items.js";
import { turnOf } from "./thread.js";

/** @typedef {import("./thread.js").Thread} Thread */

/** @param {Thread} thread @param {string} method @param {any} params @returns {string[]} the keys of what changed */
export function placeAsked(thread, method, params) {
  if (method !== "item/commandExecution/requestApproval" || !params.turnId || !params.itemId || !params.command) return [];
  const turn = turnOf(thread, params.turnId);
  if (turn.items.some((item) => item.id === params.itemId)) return [];
  const data = { type: "commandExecution", id: params.itemId, command: params.command, cwd: params.cwd ?? "", status: "inProgress", aggregatedOutput: null, exitCode: null, durationMs: null };
  turn.items.push(createItem(data, { live: true }));
  return [`thread:${thread.id}`];
}

/** @param {Thread} thread @param {any} params of the question @param {boolean} approved @returns {string[]} */
export function settleAsked(thread, params, approved) {
  const item = thread.turns.find((turn) => turn.id === params.turnId)?.items.find((candidate) => candidate.id === params.itemId);
  if (!item) return [];
  if (!approved && item.live) {
    // Whatever codex still says about it comes later, and counts more.
    item.data = { ...item.data, status: "declined" };
    item.live = false;
  }
  return [`item:${thread.id}/${params.turnId}/${params.itemId}`];
}
