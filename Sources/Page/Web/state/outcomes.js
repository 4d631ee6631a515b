// What ran when the agent died. codex forgets it, the server does not: it says so to those who watched, and again to
// whoever opens the conversation later, perhaps before its turns have come.

import { createItem } from "./items.js";

/**
 * @typedef {import("./thread.js").Thread} Thread
 * @typedef {import("./items.js").Item} Item
 * @typedef {{ turnId: string, item: any, message: string }} Unknown
 */

/** For those who hear of it from `item/completed` first. */
export const MESSAGE = "The agent ended while this ran. Its outcome is unknown.";

/**
 * @param {Thread} thread @param {any} params of `sre/outcomeUnknown`
 * @returns {string[]} the keys of what changed
 */
export function noteUnknown(thread, params) {
  const { turnId, item } = params;
  if (typeof item?.id !== "string") return [];
  thread.unknown.set(item.id, { turnId, item, message: String(params.message || MESSAGE) });
  return placeUnknown(thread);
}

/**
 * Where the turn is loaded, at its end; otherwise at the end of the conversation, until the turn is.
 * @param {Thread} thread
 * @param {(turnId: string) => import("./thread.js").Turn | undefined} [otherwise] for a conversation without any turn
 * @returns {string[]} the keys of what changed
 */
export function placeUnknown(thread, otherwise = () => undefined) {
  const keys = [...thread.unknown.values()].map(({ turnId, item: data, message }) => {
    const own = thread.turns.find((turn) => turn.id === turnId);
    const turn = own ?? thread.turns.at(-1) ?? otherwise(turnId);
    if (!turn) return "";
    for (const other of thread.turns) {
      if (other !== turn) other.items = other.items.filter((item) => item.id !== data.id);
    }
    let item = turn.items.find((candidate) => candidate.id === data.id);
    if (!item) {
      item = createItem(data, {});
      turn.items.push(item);
    }
    mark(item, message);
    return `item:${thread.id}/${turn.id}/${item.id}`;
  });
  return keys.length > 0 ? [`thread:${thread.id}`, ...keys.filter(Boolean)] : [];
}

/** @param {Item} item @param {string} message */
function mark(item, message) {
  // Should codex know how it ended after all, that counts more.
  if (typeof item.data.exitCode === "number") return;
  item.live = false;
  item.unnamed = "";
  item.unknown = message;
}
