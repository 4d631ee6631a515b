// Full-text search over all conversations, and the place that it found in one of them.

import { openThread } from "./threads.js";

/** @typedef {import("./app.js").App} App */

/**
 * Conversations that have the words in their title, then those that have them anywhere.
 * @param {App} app @param {{ archived: boolean, search: string }} asked @param {number} limit @param {string | null} cursor
 * @returns {Promise<{ data: any[], nextCursor: string | null }>} `data`: rows, with a `snippet` where one was found
 */
export async function searchThreads(app, { archived, search }, limit, cursor) {
  const [titles, texts] = await Promise.all([
    cursor === null ? app.request("thread/list", { modelProviders: [], archived, limit, searchTerm: search }) : { data: [] },
    app.request("thread/search", { searchTerm: search, archived, limit, cursor }),
  ]);
  const found = texts.data.map((/** @type {any} */ { thread, snippet }) => ({ ...thread, snippet: String(snippet ?? "") }));
  const rows = new Map([...titles.data, ...found].map((row) => [row.id, row]));
  return { data: [...rows.values()], nextCursor: texts.nextCursor ?? null };
}

/**
 * Opens a conversation where it has the words.
 * @param {App} app @param {string} id @param {string} words
 */
export async function openFound(app, id, words) {
  const found = await app.request("thread/searchOccurrences", { threadId: id, searchTerm: words, limit: 1 }).catch(() => null);
  openThread(app, id, found?.data?.[0]?.turnId ?? null);
}
