// Announces events to a screen reader in whole sentences. Streaming text is not read out word by word.

import { h } from "../dom.js";

/** @typedef {import("../actions/app.js").App} App */

const LONGEST = 400;

export class LiveRegion {
  node = h("div", { class: "unseen", "aria-live": "polite" });
  /** @type {string | null} */ #thread = null;
  /** @type {string | null} */ #running = null;

  /** @param {App} app */
  constructor(app) {
    this.app = app;
  }

  /** @param {Set<string>} keys */
  update(keys) {
    const { thread } = this.app;
    if (!thread || !keys.has(`thread:${thread.id}`)) return;
    const ended = this.#thread === thread.id && this.#running !== null && thread.activeTurnId === null;
    const turn = thread.turns.find((candidate) => candidate.id === this.#running);
    this.#thread = thread.id;
    this.#running = thread.activeTurnId;
    if (!ended || !turn) return;
    const answers = turn.items.filter((item) => item.type === "agentMessage");
    const words = answers[answers.length - 1]?.text ?? "";
    const ends = { interrupted: "The agent was stopped.", failed: "The agent stopped because of an error." };
    const end = ends[/** @type {keyof typeof ends} */ (turn.status)] ?? "The agent is done.";
    this.node.textContent = `${end} ${words.slice(0, LONGEST)}`;
  }
}
