// Approvals that wait anywhere on the server. The server does not send this page an approval in a conversation that the
// page has not subscribed to, but a person on call must learn of it. After a lost connection, the same list also tells
// which approvals still wait.

import { keepWaiting, reopenUnheard } from "../state/prompts.js";
import { createThread, describeThread } from "../state/thread.js";
import { receiveRequest } from "../state/store.js";
import { readWaiting } from "../wire/http.js";

/** @typedef {import("./app.js").App} App */

/** The phases in which the server would not answer, or another page has the session. */
const BLIND = new Set(["offline", "signin", "forbidden", "taken"]);
const ASK_AGAIN_MS = 3000;

/**
 * Works even while the socket is lost.
 * @param {App} app @returns {Promise<boolean>} whether the open conversation has one that did not reach this page
 */
export async function lookForWaiting(app) {
  if (BLIND.has(app.state.connection.phase)) return false;
  const look = ++app.state.looks;
  const { endings } = app.state;
  const listed = await readWaiting();
  if (listed === null || look !== app.state.looks) return false;
  // A question has ended since: the list may be older than that.
  if (endings !== app.state.endings) return lookForWaiting(app);
  const waiting = listed.flatMap(({ requestId, threadId, method, params }) =>
    (threadId === null ? [] : [{ requestId, threadId, method, params }]));
  if (JSON.stringify(waiting) !== JSON.stringify(app.state.waiting)) {
    app.state.waiting = waiting;
    app.changes.add("waiting", "list");
  }
  if (app.state.inbox) followWaiting(app);
  return waiting.some(({ requestId, threadId }) => threadId === app.state.open && !app.state.prompts.has(requestId));
}

/**
 * Opens the threads in which something waits, so that the server sends their questions to this page too.
 * @param {App} app
 */
export function followWaiting(app) {
  const { state } = app;
  if (!state.ready) return;
  for (const { threadId, requestId } of state.waiting) {
    if (state.followed.has(threadId) || state.prompts.has(requestId)) continue;
    state.followed.add(threadId);
    if (!state.threads.has(threadId)) state.threads.set(threadId, createThread(threadId));
    app.request("thread/resume", { threadId, excludeTurns: true }).then(
      ({ thread }) => {
        const known = state.threads.get(threadId);
        if (known) describeThread(known, thread);
        app.changes.add("waiting", "list");
      },
      () => state.followed.delete(threadId));
  }
}

/**
 * After a resumed session without a gap: an answer sent just before the loss may not have arrived. Nothing can still be
 * in flight on the old socket, so a listed approval has not been answered.
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
 * After a gap: the server does not send missed questions and answers again, so the list decides.
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
