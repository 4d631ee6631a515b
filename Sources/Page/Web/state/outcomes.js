// Items that ran when the agent died. codex forgets them, but the server does not: it reports them to the pages that
// watched, and again to a page that opens the conversation later, perhaps before its turns are loaded.

import { createItem } from "./items.js";

/**
 * @typedef {import("./thread.js").Thread} Thread
 * @typedef {import("./items.js").Item} Item
 * @typedef {{ turnId: string, item: any, message: string }} Unknown
 */

/** For a page that learns of it from `item/completed` first. */
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
 * Adds the items at the end of their turn if it is loaded; otherwise at the end of the conversation, until the turn is
 * loaded.
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
  // If codex knows the outcome after all, that takes precedence.
  if (typeof item.data.exitCode === "number") return;
  item.live = false;
  item.unnamed = "";
  item.unknown = message;
}
