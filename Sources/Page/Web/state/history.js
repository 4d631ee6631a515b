// Merges loaded pages of turns into the known turns: after opening a thread, after a lost connection, and when loading
// older turns.

import { endUnnamed } from "./asked.js";
import { completeItem, createItem, cutShort } from "./items.js";
import { turnOf } from "./thread.js";

/**
 * @typedef {import("./thread.js").Thread} Thread
 * @typedef {import("./thread.js").Turn} Turn
 * @typedef {import("./items.js").Item} Item
 */

/**
 * Merges the newest page. Updates known turns, and keeps items that the page saw live but codex has not stored (a
 * canceled or still running command).
 * @param {Thread} thread
 * @param {any[]} page newest first, as codex sends it
 * @param {string | null} nextCursor
 */
export function mergeNewest(thread, page, nextCursor) {
  const known = page.some((data) => thread.turns.some((turn) => turn.id === data.id));
  if (!known) {
    // More happened than one page holds, or this is the first page: start again from this page.
    thread.turns = thread.turns.filter((turn) => turn.id === thread.activeTurnId && page.length === 0);
    thread.olderCursor = nextCursor;
  }
  for (const data of [...page].reverse()) {
    const turn = turnOf(thread, data.id);
    mergeTurn(turn, data);
    if (turn.status === "inProgress") continue;
    endUnnamed(thread, turn);
    cutShort(turn.items);
  }
  const last = page[0];
  thread.activeTurnId = last?.status === "inProgress" ? last.id : null;
  if (!thread.activeTurnId) thread.stopping = false;
  const claimed = new Set(thread.turns.flatMap((turn) => turn.items.map((item) => item.data.clientId)));
  thread.sends = thread.sends.filter((send) => !claimed.has(send.clientId));
}

/** @param {Thread} thread @param {any[]} page newest first @param {string | null} nextCursor */
export function mergeOlder(thread, page, nextCursor) {
  const fresh = page.filter((data) => !thread.turns.some((turn) => turn.id === data.id)).reverse();
  const older = { ...thread, turns: /** @type {Turn[]} */ ([]) };
  for (const data of fresh) mergeTurn(turnOf(older, data.id), data);
  thread.turns.unshift(...older.turns);
  thread.olderCursor = nextCursor;
}

/**
 * Merges the running items. codex's stored pages contain only finished items; its answer to `thread/resume` has the
 * running ones.
 * @param {Thread} thread @param {any} data the newest turn
 */
export function mergeRunning(thread, data) {
  if (!data || data.status !== "inProgress") return;
  const turn = turnOf(thread, data.id);
  for (const item of data.items ?? []) {
    if (item.status !== "inProgress") continue;
    const known = turn.items.find((candidate) => candidate.id === item.id);
    if (known && known.unnamed !== "") {
      completeItem(known, item);
      known.partial = true;
    }
    if (!known) turn.items.push(createItem(item, { live: true, partial: true }));
  }
}

/** @param {Turn} turn @param {any} data */
function mergeTurn(turn, data) {
  turn.status = data.status ?? turn.status;
  turn.error = data.error ?? turn.error;
  turn.startedAt = data.startedAt ? data.startedAt * 1000 : turn.startedAt;
  turn.durationMs = data.durationMs ?? turn.durationMs;
  turn.partial = data.itemsView === "summary";
  if (turn.status !== "inProgress") turn.retrying = null;
  turn.items = mergeItems(turn.items, data.items ?? []);
  // A message that was cut off with the connection is incomplete, even if it looks complete.
  for (const item of turn.items) if (item.live) item.partial = true;
}

/**
 * @param {Item[]} known @param {any[]} stored
 * @returns {Item[]} in codex's order, with the page's own items in their places
 */
function mergeItems(known, stored) {
  const byId = new Map(known.map((item) => [item.id, item]));
  const merged = stored.map((data) => {
    const item = byId.get(data.id);
    if (!item) return createItem(data, {});
    completeItem(item, data);
    return item;
  });
  const placed = new Set(merged.map((item) => item.id));
  known.forEach((item, index) => {
    if (placed.has(item.id)) return;
    const before = known[index - 1];
    if (before) merged.splice(merged.indexOf(before) + 1, 0, item);
    else {
      // The item has no known predecessor. Insert it after the stored items, but before the first known one.
      const after = merged.findIndex((candidate) => known.includes(candidate));
      merged.splice(after < 0 ? merged.length : after, 0, item);
    }
  });
  return merged;
}
