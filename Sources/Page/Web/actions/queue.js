// Messages for after the turn: codex's own queue, which everybody who follows the conversation shares.

import { queuedIn } from "../state/queue.js";
import { applyToThread } from "../state/thread.js";
import { sentenceOf } from "../text/trouble.js";
import { freshId } from "./app.js";

/**
 * @typedef {import("./app.js").App} App
 * @typedef {import("../state/thread.js").Thread} Thread
 * @typedef {import("../state/queue.js").Queued} Queued
 */

const PAGE = 50;
/**
 * The looks that are on their way; true: it changed again meanwhile.
 * @type {WeakMap<Thread, boolean>}
 */
const looking = new WeakMap();

/**
 * @param {App} app @param {string} id
 * @returns {Promise<boolean>} whether the queue is known
 */
export async function loadQueue(app, id) {
  const thread = app.state.threads.get(id);
  if (!thread) return false;
  if (looking.has(thread)) {
    looking.set(thread, true);
    return false;
  }
  looking.set(thread, false);
  try {
    const { data } = await app.request("thread/queue/list", { threadId: id, limit: PAGE });
    thread.queue = queuedIn(data);
    app.changes.add("queue");
    return true;
  } catch {
    // What was known stays in sight. The next change, or the next connection, asks again.
    return false;
  } finally {
    const isOld = looking.get(thread);
    looking.delete(thread);
    if (isOld) void loadQueue(app, id);
  }
}

/**
 * @param {App} app @param {string} text @param {import("./attachments.js").Attachment[]} attachments
 * @returns {Promise<boolean>} whether the queue has it
 */
export async function queueMessage(app, text, attachments) {
  const { thread } = app;
  if (!thread) return false;
  const clientUserMessageId = freshId();
  const input = [...(text === "" ? [] : [{ type: "text", text, text_elements: [] }]), ...attachments.map((one) => one.input)];
  try {
    await app.request("thread/queue/add", { threadId: thread.id, clientUserMessageId, input });
    void loadQueue(app, thread.id);
    return true;
  } catch (error) {
    // It may have arrived all the same.
    const isKnown = await loadQueue(app, thread.id);
    if (isKnown && thread.queue.some(({ clientId }) => clientId === clientUserMessageId)) return true;
    app.complain(sentenceOf(error, "keep the message for later"));
    return false;
  }
}

/**
 * @param {App} app @param {Thread} thread @param {Queued} queued
 * @returns {Promise<boolean>} false: it is no longer there to be removed
 */
export async function removeQueued(app, thread, queued) {
  try {
    const { deleted } = await app.request("thread/queue/delete", { threadId: thread.id, queuedSubmissionId: queued.id });
    if (!deleted) app.complain("The agent has this message already.");
    await loadQueue(app, thread.id);
    return deleted === true;
  } catch (error) {
    app.complain(sentenceOf(error, "remove the message"));
    return false;
  }
}

/** @param {App} app @param {Thread} thread @param {Queued} queued */
export async function sendQueued(app, thread, queued) {
  try {
    const { turn } = await app.request("thread/queue/start", { threadId: thread.id, queuedSubmissionId: queued.id });
    if (!thread.turns.some((known) => known.id === turn.id)) app.changes.add(...applyToThread(thread, "turn/started", { turn }));
  } catch (error) {
    app.complain(sentenceOf(error, "send the message"));
  }
  await loadQueue(app, thread.id);
}
