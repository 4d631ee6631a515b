// Copies of a conversation: of all of it, up to a place, or before a message that is to be written anew. The original
// stays as it is, and nothing that commands have done is undone.

import { contentOf } from "../text/content.js";
import { sentenceOf } from "../text/trouble.js";
import { loadList, openThread } from "./threads.js";

/** @typedef {import("./app.js").App} App */

/**
 * @param {App} app @param {string} id
 * @param {{ lastTurnId?: string, beforeTurnId?: string }} [part] otherwise all of it
 * @returns {Promise<boolean>} whether the copy is open
 */
export async function forkThread(app, id, part = {}) {
  const known = app.state.threads.get(id) ?? app.state.list.rows.find((row) => row.id === id);
  try {
    const { thread } = await app.request("thread/fork", { threadId: id, excludeTurns: true, ...part });
    openThread(app, thread.id);
    await nameCopy(app, thread.id, known?.name || (known?.preview ?? "").split("\n", 1)[0]);
    void loadList(app, { refresh: true });
    return true;
  } catch (error) {
    app.complain(sentenceOf(error, "copy the conversation"));
    return false;
  }
}

/**
 * Otherwise the list has two conversations that look the same.
 * @param {App} app @param {string} id @param {string} title of the original
 */
async function nameCopy(app, id, title) {
  const name = `Copy of ${title.replace(/^(Copy of )+/, "").slice(0, 100) || "a conversation"}`;
  try {
    await app.request("thread/name/set", { threadId: id, name });
    const thread = app.state.threads.get(id);
    if (thread) thread.name = name;
    app.changedThread(id);
  } catch {
    // The copy is there all the same.
  }
}

/**
 * Opens a copy that ends before a message, with the message in the field, to be changed and sent.
 * @param {App} app @param {string} id @param {string} turnId the turn that the message began @param {any[]} content
 */
export async function editAgain(app, id, turnId, content) {
  if (!(await forkThread(app, id, { beforeTurnId: turnId }))) return;
  // The field must belong to the copy.
  app.changes.flush();
  document.dispatchEvent(new CustomEvent("page:take-back", { detail: contentOf(content) }));
}
