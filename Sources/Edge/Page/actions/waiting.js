// Approvals that wait anywhere on the server. One in a conversation that this page does not follow
// is not sent to it; but whoever is on call must hear of it.

import { readWaiting } from "../wire/http.js";

/** @typedef {import("./app.js").App} App */

/** @param {App} app */
export async function lookForWaiting(app) {
  if (!app.state.ready) return;
  const listed = await readWaiting();
  if (listed === null) return;
  const waiting = listed.flatMap(({ requestId, threadId }) => (threadId === null ? [] : [{ requestId, threadId }]));
  if (JSON.stringify(waiting) === JSON.stringify(app.state.waiting)) return;
  app.state.waiting = waiting;
  app.changes.add("waiting", "list");
}
