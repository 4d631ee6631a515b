// One turn: the message, the agent's items, and how it ended.

import { linkTo } from "../address.js";
import { fill, h, show } from "../dom.js";
import { belongsTo } from "../state/prompts.js";
import { counted, duration } from "../text/format.js";
import { editOffer, forkOffer } from "./copies.js";
import { copyButton } from "./copy.js";
import { viewOf } from "./items.js";
import { revealed } from "./revealed.js";
import { planView } from "./thinking.js";
import { troubleCard } from "./trouble.js";

/**
 * @typedef {import("../actions/app.js").App} App
 * @typedef {import("../state/thread.js").Thread} Thread
 * @typedef {import("../state/thread.js").Turn} Turn
 */

export class TurnView {
  #items = h("div", { class: "turn-items" });
  #plan = h("div", null);
  #foot = h("div", { class: "turn-foot" });
  node = h("div", { class: "turn" }, this.#items, this.#plan, this.#foot);
  /** @type {Map<string, import("./items.js").ItemView & { type: string }>} */ #views = new Map();
  /** @type {any} */ #drawnPlan = null;
  #drawnFoot = "";

  /** @param {App} app @param {Thread} thread @param {Turn} turn @param {number} [from] @param {number} [to] */
  constructor(app, thread, turn, from, to) {
    this.app = app;
    this.thread = thread;
    this.turn = turn;
    /** @type {import("./items.js").Surroundings} */
    this.around = {
      waiting: (itemId) => [...app.state.prompts.values()].some((prompt) =>
        prompt.itemId === itemId && prompt.phase !== "over" && belongsTo(prompt, thread.id)),
      cwd: () => thread.cwd,
      author: (item) => authorOf(item, app),
      edit: (item) => editOffer(app, thread.id, turn, item, () => authorOf(item, app).mine),
      turnRuns: () => this.turn.status === "inProgress",
      decisions: (itemId) => thread.decisions.get(itemId) ?? [],
    };
    this.update(from, to);
  }

  /**
   * Items were added, removed or moved.
   * @param {number} [from] the index of the first item to draw
   * @param {number} [to] the index of the first one not to draw; what follows the items is not drawn, either
   */
  update(from, to) {
    const items = this.turn.items.slice(from, to);
    for (const part of [this.#plan, this.#foot]) show(part, to === undefined);
    const ids = new Set(items.map((item) => item.id));
    for (const [id, view] of this.#views) {
      if (ids.has(id)) continue;
      view.node.remove();
      this.#views.delete(id);
    }
    items.forEach((item, index) => {
      let view = this.#views.get(item.id);
      if (view && view.type !== item.type) {
        view.node.remove();
        view = undefined;
      }
      if (!view) {
        view = { ...viewOf(item, this.around), type: item.type };
        view.node.dataset.item = item.id;
        this.#views.set(item.id, view);
      }
      const there = this.#items.children[index];
      if (there !== view.node) this.#items.insertBefore(view.node, there ?? null);
    });
    this.#drawPlan();
    this.#drawFoot();
  }

  /** @param {string} itemId */
  updateItem(itemId) {
    this.#views.get(itemId)?.update();
  }

  /** Items also depend on prompts and on the turn's state. */
  updateAll() {
    for (const view of this.#views.values()) view.update();
  }

  #drawPlan() {
    if (this.#drawnPlan === this.turn.plan) return;
    this.#drawnPlan = this.turn.plan;
    fill(this.#plan, this.turn.plan && this.turn.plan.length > 0 && planView(this.turn.plan, this.turn.planExplanation));
  }

  #drawFoot() {
    const { turn } = this;
    const running = turn.status === "inProgress";
    const drawn = JSON.stringify([
      turn.status, turn.notes, turn.partial, turn.retrying, turn.error, turn.durationMs, turn.startedAt,
      this.thread.stopping, turn.items.filter(hasRun).length, turn.items.some((item) => item.unknown !== ""), turn.cutBy,
    ]);
    if (drawn === this.#drawnFoot) return;
    this.#drawnFoot = drawn;
    const fork = running || !this.app.rights.mayWrite ? null : forkOffer(this.app, this.thread.id, turn.id);
    fill(this.#foot,
      ...turn.notes.map((note) => h("p", { class: "quiet" }, revealed(note, "prose"))),
      turn.partial && h("p", { class: "quiet" }, "Only a summary of this part was loaded."),
      turn.retrying && running && h("p", { class: "retrying", role: "status" }, revealed(retryText(turn.retrying), "prose")),
      turn.error && troubleCard(this.app, turn.error, this.turn),
      running ? workingLine(this.thread, turn) : h("div", { class: "turn-last" },
        h("p", { class: "turn-end", "data-test": "turn-end", "data-status": turn.status }, endText(turn)),
        copyButton("a link to this place", () => linkTo(location, this.thread.id, turn.id), "copy-link"), fork?.button), fork?.panel);
  }
}

/**
 * Messages that came another way than through this server have no author.
 * @param {import("../state/items.js").Item} item @param {App} app
 */
function authorOf({ author }, app) {
  const { info } = app.state;
  if (!author) return info?.role ? { name: "A person", mine: false } : { name: "You", mine: true };
  const mine = author.id !== undefined && author.id === info?.userId;
  return { name: mine ? "You" : author.name, mine };
}

/** @param {import("../state/thread.js").TurnError} error */
function retryText(error) {
  const why = error.additionalDetails || error.message;
  return `The model’s server did not answer; the agent tries again. ${why}`;
}

/** @param {Thread} thread @param {Turn} turn */
function workingLine(thread, turn) {
  return h("p", { class: "working", "data-test": "working" },
    h("span", { class: "pulse", "aria-hidden": "true" }), thread.stopping ? "Stopping" : "Working",
    turn.startedAt !== null && h("span", { class: "elapsed quiet", "data-since": String(turn.startedAt) }));
}

/**
 * Whether it is a command that has run, or may have.
 * @param {import("../state/items.js").Item} item
 */
function hasRun(item) {
  return item.type === "commandExecution" && item.data.status !== "declined" && item.unnamed !== "withdrawn";
}

/** @param {Turn} turn */
function endText(turn) {
  const commands = turn.items.filter(hasRun).length;
  const parts = [
    turn.status === "interrupted" && turn.cutBy === "restart" ? "Broken off: the server restarted"
      : turn.items.some((item) => item.unknown !== "") ? "Broken off: the agent ended"
      : turn.status === "interrupted" ? "Stopped" : turn.status === "failed" ? "Ended with an error" : "Done",
    turn.durationMs ? `after ${duration(turn.durationMs)}` : "",
    commands > 0 ? `· ${counted(commands, "command")}` : "",
  ];
  return parts.filter(Boolean).join(" ");
}
