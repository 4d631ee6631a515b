// Loads a thread's history from the record, for the turns that the page shows.

import { applyTimeline } from "../state/timeline.js";
import { readTimeline } from "../wire/http.js";

/** @typedef {import("./app.js").App} App @typedef {import("../state/thread.js").Thread} Thread */

/** The most answers for one look; each has some hundred events. */
const MOST_PAGES = 8;

/**
 * Without a record, the conversation stays as codex shows it.
 * @param {App} app @param {Thread} thread
 */
export async function loadTimeline(app, thread) {
  const oldest = thread.turns[0]?.id;
  /** @type {string | null} */
  let cursor = null;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    /** @type {Awaited<ReturnType<typeof readTimeline>>} */
    const answer = await readTimeline(thread.id, cursor);
    if (answer === null) return;
    // What the record adds may stand above the text that the person reads.
    app.changes.add(`history:${thread.id}`, ...applyTimeline(thread, answer.data, app.state.info?.userId));
    cursor = answer.next;
    // The turn may be continued in the next answer.
    if (cursor === null || answer.data.slice(0, -1).some(({ turnId }) => turnId === oldest)) return;
  }
}
