// Titles of conversations that other clients begin. codex announces such a conversation before it has a first message,
// and says no word when it has one.

import { loadList } from "./threads.js";

/** @typedef {import("./app.js").App} App */

/** codex lists the first message a moment after its turn began. */
const FIRST_TRY_MS = 500;
const TRIES = 4;

export class Titles {
  /** @type {any} */ #timer = null;
  /** Looked for once: codex does not list the threads of sub-agents. */
  #sought = new Set();

  /** @param {App} app */
  constructor(app) {
    this.app = app;
  }

  /**
   * @param {string} method @param {any} params of a notification
   */
  heard(method, params) {
    if (method !== "thread/status/changed") return;
    const { list } = this.app.state;
    if (list.archived || list.search) return;
    const row = list.rows.find((candidate) => candidate.id === params.threadId);
    // A conversation that is older than the loaded part of the list becomes its newest one.
    const isNew = !row && list.loaded && params.status?.type === "active" && !this.#sought.has(params.threadId);
    if (isNew) this.#sought.add(params.threadId);
    if (isNew || (row && isUntitled(row, this.app))) this.#look(0);
  }

  /** @param {number} tries so far */
  #look(tries) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(async () => {
      await loadList(this.app, { refresh: true });
      const isMissing = this.app.state.list.rows.some((row) => row.status?.type === "active" && isUntitled(row, this.app));
      if (isMissing && tries + 1 < TRIES) this.#look(tries + 1);
    }, FIRST_TRY_MS * 2 ** tries);
  }
}

/** @param {any} row @param {App} app */
function isUntitled(row, app) {
  const known = app.state.threads.get(row.id);
  return !(row.name || row.preview || known?.name || known?.preview);
}
