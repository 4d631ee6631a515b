// Approvals that wait anywhere on the server. One in a conversation that this page has not subscribed to
// is not sent to it; but whoever is on call must hear of it. The same list tells, after a cut, what still waits.

import { keepWaiting, reopenUnheard } from "../state/prompts.js";
import { receiveRequest } from "../state/store.js";
import { readWaiting } from "../wire/http.js";

/** @typedef {import("./app.js").App} App */

/** Where the server would not say, or another page looks after it. */
const BLIND = new Set(["offline", "signin", "forbidden", "taken"]);
const ASK_AGAIN_MS = 3000;

/**
 * Works while the socket is lost, too.
 * @param {App} app @returns {Promise<boolean>} is there one in the open conversation that should have been sent to us?
 */
export async function lookForWaiting(app) {
  if (BLIND.has(app.state.connection.phase)) return false;
  const listed = await readWaiting();
  if (listed === null) return false;
  const waiting = listed.flatMap(({ requestId, threadId, params }) =>
    (threadId === null ? [] : [{ requestId, threadId, command: String(params?.command ?? "") }]));
  if (JSON.stringify(waiting) !== JSON.stringify(app.state.waiting)) {
    app.state.waiting = waiting;
    app.changes.add("waiting", "list");
  }
  return waiting.some(({ requestId, threadId }) => threadId === app.state.open && !app.state.prompts.has(requestId));
}

/**
 * After a cut in which nothing was missed: an answer that we gave just before it may not have arrived. Nothing can
 * still be on its way over the old socket, so what is listed now has not been answered.
 * @param {App} app @returns {Promise<void>}
 */
export async function confirmAnswers(app, unsure = answering(app)) {
  if (unsure.length === 0 || !app.state.ready) return;
  const listed = await readWaiting();
  if (listed === null) {
    setTimeout(() => void confirmAnswers(app, unsure), ASK_AGAIN_MS);
    return;
  }
  reopenUnheard(unsure, new Set(listed.map(({ requestId }) => requestId)));
  app.changes.add("prompts");
}

/** @param {App} app */
function answering(app) {
  return [...app.state.prompts.values()].filter((prompt) => prompt.phase === "answering");
}

/**
 * After a gap: whatever was asked or answered in it is not sent again, so the list is the truth.
 * @param {App} app
 */
export async function recoverPrompts(app) {
  const { state } = app;
  const listed = await readWaiting();
  keepWaiting(state.prompts, listed && new Set(listed.map(({ requestId }) => requestId)));
  app.changes.add("prompts");
  for (const { requestId, threadId, method, params } of listed ?? []) {
    if (!state.threads.has(threadId ?? "") || state.prompts.has(requestId)) continue;
    app.changes.add(...receiveRequest(state, requestId, method, params, Date.now()));
  }
}
