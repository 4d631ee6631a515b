// What every action needs: the state, a way to report changes, and the connection to the server.

import { rightsOf } from "../state/rights.js";
import { LostError } from "../wire/rpc.js";

export class App {
  /** @type {import("../wire/rpc.js").Rpc | null} */ rpc = null;

  /** @param {import("../state/state.js").State} state @param {import("../state/changes.js").Changes} changes */
  constructor(state, changes) {
    this.state = state;
    this.changes = changes;
  }

  get thread() {
    return this.state.threads.get(this.state.open ?? "") ?? null;
  }

  /** The rights of the signed-in person. */
  get rights() {
    return rightsOf(this.state.info);
  }

  /** @param {string} method @param {any} [params] @param {number} [limitMs] @param {number} [heldMs] @returns {Promise<any>} */
  request(method, params, limitMs, heldMs) {
    if (!this.rpc) return Promise.reject(new LostError("The page is not connected."));
    return this.rpc.request(method, params, limitMs, heldMs);
  }

  /** @param {string} id */
  changedThread(id) {
    this.changes.add(`thread:${id}`);
  }

  /**
   * Shows one sentence on top of the page, until the next one.
   * @param {string} sentence
   */
  complain(sentence) {
    this.state.trouble = sentence;
    this.changes.add("trouble");
  }
}

/** Unique enough to recognize this page's own message. `crypto.randomUUID` needs a secure context. */
export function freshId() {
  return [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
