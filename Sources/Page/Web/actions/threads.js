// Threads: list, start, open, load older turns, rename, archive.

import { createThread, describeThread, turnOf } from "../state/thread.js";
import { mergeNewest, mergeOlder, mergeRunning } from "../state/history.js";
import { placeUnknown } from "../state/outcomes.js";
import { withdrawStale } from "../state/store.js";
import { sentenceOf } from "../text/trouble.js";
import { loadQueue } from "./queue.js";
import { searchThreads } from "./search.js";
import { loadTimeline } from "./timeline.js";

/** @typedef {import("./app.js").App} App */

const LIST_PAGE = 30;
const TURNS_PAGE = 10;
/** Pages of turns that are loaded to find a place. */
const MOST_SOUGHT = 50;
/** After a thread opens, the server sends its waiting approvals again at once. Any that is missing no longer waits. */
const REDELIVERY_MS = 2000;
/** The first message is not visible until its conversation exists, so a lost connection must not hide it for long. */
const BEGINNING_HELD_MS = 3000;

/**
 * @param {App} app
 * @param {{ more?: boolean, refresh?: boolean }} options `more`: the next page; `refresh`: the first page again, keeping
 * the loaded ones below it
 */
export async function loadList(app, { more = false, refresh = false }) {
  const { list } = app.state;
  const asked = { archived: list.archived, search: list.search };
  const before = new Set(list.rows.map((row) => row.id));
  list.loading = true;
  app.changes.add("list");
  try {
    const cursor = more ? list.cursor : null;
    // Without an empty list of providers, codex hides threads of providers other than the current one.
    const answer = asked.search ? await searchThreads(app, asked, LIST_PAGE, cursor)
      : await app.request("thread/list", { modelProviders: [], archived: asked.archived, limit: LIST_PAGE, cursor });
    if (asked.archived !== list.archived || asked.search !== list.search) return;
    // The answer lacks conversations that began while the request was running.
    const begun = list.rows.filter((row) => !before.has(row.id));
    const rows = more ? [...list.rows, ...answer.data] : [...begun, ...answer.data];
    const fresh = new Map(rows.map((/** @type {any} */ row) => [row.id, row]));
    const below = refresh ? list.rows.filter((row) => !fresh.has(row.id)) : [];
    list.rows = [...fresh.values(), ...below];
    if (!refresh || list.cursor === null) list.cursor = answer.nextCursor ?? null;
    list.error = "";
    list.loaded = true;
  } catch (error) {
    list.error = sentenceOf(error, "load the conversations");
  } finally {
    list.loading = false;
    app.changes.add("list");
  }
}

/** @param {App} app @param {import("./turns.js").Choices} choices @returns {Promise<import("../state/thread.js").Thread>} */
export async function startThread(app, { cwd, approvals, sandbox, model }) {
  const asked = { cwd: cwd || null, approvalPolicy: approvals, sandbox, ...(model ? { model } : {}) };
  const answer = await app.request("thread/start", asked, undefined, BEGINNING_HELD_MS);
  const thread = createThread(answer.thread.id);
  describeThread(thread, answer.thread);
  thread.cwd = answer.cwd ?? thread.cwd;
  app.state.threads.set(thread.id, thread);
  app.state.open = thread.id;
  app.state.begun = true;
  app.changes.add("open");
  return thread;
}

/**
 * @param {App} app @param {string | null} id null for a new conversation
 * @param {string | null} [turn] the turn to show; otherwise the end
 */
export function openThread(app, id, turn = null) {
  app.state.place = turn;
  app.state.inbox = false;
  const known = app.state.threads.get(id ?? "");
  if (app.state.open === id && id !== null) {
    if (known && turn !== null && !known.loading) void seekTurn(app, known);
    return;
  }
  app.changes.add("prompts");
  app.state.open = id;
  app.state.begun = false;
  app.state.trouble = "";
  if (id !== null && !app.state.threads.has(id)) app.state.threads.set(id, createThread(id));
  app.changes.add("open", "trouble");
  if (id !== null) void resumeThread(app, id);
}

/**
 * The threads that are being opened.
 * @type {WeakMap<import("../state/thread.js").Thread, Promise<void>>}
 */
const opening = new WeakMap();

/**
 * The agent takes no message for a thread that the current session has not opened yet.
 * @param {import("../state/thread.js").Thread} thread
 */
export function whenOpen(thread) {
  return opening.get(thread) ?? Promise.resolve();
}

/**
 * Subscribes to a thread and loads its latest turns.
 * @param {App} app @param {string} id
 */
export function resumeThread(app, id) {
  const thread = app.state.threads.get(id);
  const work = open(app, id);
  if (thread) opening.set(thread, work);
  return work;
}

/** @param {App} app @param {string} id */
async function open(app, id) {
  const thread = app.state.threads.get(id);
  if (!thread || !app.rpc) return;
  const rpc = app.rpc;
  app.state.followed.add(id);
  thread.loading = true;
  thread.error = "";
  app.changedThread(id);
  try {
    const answer = await rpc.request(
      "thread/resume", { threadId: id, excludeTurns: true, initialTurnsPage: { limit: 1, itemsView: "full" } });
    describeThread(thread, answer.thread);
    const page = await rpc.request("thread/turns/list", { threadId: id, limit: TURNS_PAGE, itemsView: "full" });
    mergeNewest(thread, page.data, page.nextCursor ?? null);
    mergeRunning(thread, answer.initialTurnsPage?.data?.[0]);
    void loadTimeline(app, thread);
    void loadQueue(app, id);
    // codex may have died before it stored anything.
    placeUnknown(thread, (turnId) => Object.assign(turnOf(thread, turnId), { status: "interrupted" }));
    setTimeout(() => {
      if (app.rpc !== rpc) return;
      app.changes.add(...withdrawStale(app.state, id, app.state.restarted), "prompts");
    }, REDELIVERY_MS);
  } catch (error) {
    if (app.rpc === rpc) thread.error = sentenceOf(error, "open this conversation");
  } finally {
    thread.loading = false;
    app.changedThread(id);
  }
  if (app.state.place !== null && app.state.open === id) await seekTurn(app, thread);
}

/**
 * Loads older turns until the one to show is there.
 * @param {App} app @param {import("../state/thread.js").Thread} thread
 */
async function seekTurn(app, thread) {
  const isMissing = () => app.state.place !== null && !thread.turns.some((turn) => turn.id === app.state.place);
  for (let page = 0; page < MOST_SOUGHT && isMissing() && thread.olderCursor !== null; page += 1) await loadOlder(app, thread.id);
  if (isMissing()) {
    app.state.place = null;
    app.complain("The place that the link names is no longer in this conversation.");
  }
  app.changedThread(thread.id);
}

/** @param {App} app @param {string} id */
export async function loadOlder(app, id) {
  const thread = app.state.threads.get(id);
  if (!thread?.olderCursor || thread.loadingOlder) return;
  thread.loadingOlder = true;
  app.changedThread(id);
  try {
    const page = await app.request(
      "thread/turns/list", { threadId: id, cursor: thread.olderCursor, limit: TURNS_PAGE, itemsView: "full" });
    mergeOlder(thread, page.data, page.nextCursor ?? null);
    void loadTimeline(app, thread);
    placeUnknown(thread);
  } catch (error) {
    app.complain(sentenceOf(error, "load earlier messages"));
  } finally {
    thread.loadingOlder = false;
    app.changedThread(id);
  }
}

/** @param {App} app @param {string} id @param {string} name */
export async function renameThread(app, id, name) {
  try {
    await app.request("thread/name/set", { threadId: id, name });
    const row = app.state.list.rows.find((candidate) => candidate.id === id);
    if (row) row.name = name;
    const thread = app.state.threads.get(id);
    if (thread) thread.name = name;
    app.changes.add("list", `thread:${id}`);
  } catch (error) {
    app.complain(sentenceOf(error, "rename the conversation"));
  }
}

/** @param {App} app @param {string} id */
export async function archiveThread(app, id) {
  try {
    await app.request("thread/archive", { threadId: id });
    app.state.list.rows = app.state.list.rows.filter((row) => row.id !== id);
    app.changes.add("list");
    if (app.state.open === id) openThread(app, null);
    app.state.threads.delete(id);
  } catch (error) {
    app.complain(sentenceOf(error, "archive the conversation"));
  }
}

/** @param {App} app @param {string} id */
export async function restoreThread(app, id) {
  try {
    await app.request("thread/unarchive", { threadId: id });
    app.state.list.rows = app.state.list.rows.filter((row) => row.id !== id);
    app.changes.add("list");
    openThread(app, id);
  } catch (error) {
    app.complain(sentenceOf(error, "restore the conversation"));
  }
}
