// Saves a whole conversation as a file.

import { fragmentOf } from "../address.js";
import { markdownOf } from "../export/markdown.js";
import { mergeOlder } from "../state/history.js";
import { createThread, describeThread } from "../state/thread.js";
import { applyTimeline } from "../state/timeline.js";
import { sentenceOf } from "../text/trouble.js";
import { readTimeline } from "../wire/http.js";

/** @typedef {import("./app.js").App} App */

const TURNS_PAGE = 50;

/** @param {App} app @param {string} id */
export async function saveThread(app, id) {
  try {
    const thread = await wholeThread(app, id);
    const title = thread.name || thread.preview.split("\n", 1)[0].slice(0, 120) || "Conversation";
    const link = `${location.origin}${location.pathname}${fragmentOf(id)}`;
    const name = title.normalize("NFKD").replaceAll(/[^A-Za-z0-9]+/g, "-").slice(0, 60).replaceAll(/^-|-$/g, "").toLowerCase();
    offer(`${name || "conversation"}.md`, markdownOf(thread, { title, link, at: new Date() }));
  } catch (error) {
    app.complain(sentenceOf(error, "save the conversation"));
  }
}

/** @param {App} app @param {string} id */
async function wholeThread(app, id) {
  const known = app.state.threads.get(id);
  const thread = createThread(id);
  if (known) describeThread(thread, known);
  describeThread(thread, app.state.list.rows.find((row) => row.id === id) ?? {});
  /** @type {string | null} */
  let cursor = null;
  do {
    /** @type {{ data: any[], nextCursor?: string | null }} */
    const page = await app.request("thread/turns/list", { threadId: id, cursor, limit: TURNS_PAGE, itemsView: "full" });
    mergeOlder(thread, page.data, null);
    cursor = page.nextCursor ?? null;
  } while (cursor !== null);
  do {
    /** @type {Awaited<ReturnType<typeof readTimeline>>} */
    const answer = await readTimeline(id, cursor);
    if (answer !== null) applyTimeline(thread, answer.data, app.state.info?.userId);
    cursor = answer?.next ?? null;
  } while (cursor !== null);
  return thread;
}

/** @param {string} name @param {string} text */
function offer(name, text) {
  const address = URL.createObjectURL(new Blob([text], { type: "text/markdown" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
