// The list of conversations: what codex reports about each.

/** @typedef {import("./state.js").ListState} ListState */

/** @param {ListState} list @param {string} method @param {any} params */
export function updateRow(list, method, params) {
  const row = list.rows.find((candidate) => candidate.id === params.threadId);
  if (method === "thread/status/changed" && row) row.status = params.status;
  else if (method === "thread/name/updated" && row) row.name = params.threadName ?? null;
  else if (method === "thread/started" && params.thread && !list.archived) {
    const known = list.rows.some((candidate) => candidate.id === params.thread.id);
    if (known || list.search || params.thread.parentThreadId || params.thread.ephemeral) return [];
    list.rows.unshift(params.thread);
  } else if (method === (list.archived ? "thread/unarchived" : "thread/archived") || method === "thread/deleted") {
    list.rows = list.rows.filter((candidate) => candidate.id !== params.threadId);
  } else return [];
  return ["list"];
}

/**
 * The directories of the conversations, the last used first.
 * @param {any[]} rows @param {number} most @returns {string[]}
 */
export function recentDirectories(rows, most) {
  return [...new Set(rows.map((row) => row.cwd).filter((cwd) => typeof cwd === "string" && cwd !== ""))].slice(0, most);
}
