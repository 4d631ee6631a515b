// What is sent when the agent is done, above the message field. It can be changed, removed, and, after a stop, sent.

import { removeQueued, sendQueued } from "../actions/queue.js";
import { fill, h, ICONS, icon, say, show } from "../dom.js";
import { isHeld } from "../state/queue.js";
import { counted } from "../text/format.js";
import { escaped, revealed } from "./revealed.js";

/** @typedef {import("../actions/app.js").App} App @typedef {import("../state/queue.js").Queued} Queued */

/** codex takes the next message within a second of the end of a turn. */
const SOON_MS = 4000;

export class QueuePanel {
  #said = h("span", { role: "status" });
  #rows = h("ol", { class: "queue-rows" });
  node = h("section", { class: "queue", "data-test": "queue-panel", "aria-label": "Messages for later", hidden: true },
    h("p", { class: "queue-head small" }, icon(ICONS.later), this.#said), this.#rows);
  #drawn = "";
  #idleSince = 0;

  /** @param {App} app @param {(queued: Queued) => void} edit puts a removed message into the message field */
  constructor(app, edit) {
    this.app = app;
    this.edit = edit;
  }

  update() {
    const { thread, state, rights } = this.app;
    const queue = state.inbox ? [] : thread?.queue ?? [];
    show(this.node, queue.length > 0);
    if (!thread || queue.length === 0) {
      this.#drawn = "";
      return fill(this.#rows);
    }
    const isHere = this.#isHeld(thread);
    const drawn = JSON.stringify([queue, isHere, rights.mayWrite, thread.activeTurnId === null]);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    const many = counted(queue.length, "message");
    say(this.#said, isHere ? `Not sent: ${many}${whyHeld(thread)}.` : `${many} will be sent when the agent is done.`);
    const focused = this.node.contains(document.activeElement);
    fill(this.#rows, ...queue.map((queued, index) => this.#row(thread, queued, isHere && index === 0 && rights.mayWrite)));
    if (focused) this.#rows.querySelector("button")?.focus();
  }

  /** @param {import("../state/thread.js").Thread} thread */
  #isHeld(thread) {
    if (thread.activeTurnId !== null || thread.loading) this.#idleSince = 0;
    else if (this.#idleSince === 0) {
      this.#idleSince = Date.now();
      setTimeout(() => this.update(), SOON_MS);
    }
    return isHeld(thread) || (this.#idleSince > 0 && Date.now() - this.#idleSince >= SOON_MS);
  }

  /** @param {import("../state/thread.js").Thread} thread @param {Queued} queued @param {boolean} isNext */
  #row(thread, queued, isNext) {
    const { app } = this;
    const name = escaped(queued.text.slice(0, 40)) || queued.attachments[0]?.label || "";
    const button = (/** @type {string} */ test, /** @type {string} */ label, /** @type {string} */ path, /** @type {() => void} */ onclick) =>
      h("button", { type: "button", class: "round", "data-test": test, "aria-label": `${label}: ${name}`, title: label, onclick }, icon(path));
    return h("li", { class: "queue-row", "data-test": "queued" },
      h("div", { class: "queue-text" }, revealed(queued.text, "prose"),
        queued.attachments.length > 0 && h("ul", { class: "attachments-list" }, ...queued.attachments.map(({ label }) => h("li", { class: "chip" }, escaped(label))))),
      isNext && h("button", { type: "button", class: "button", "data-test": "queue-send", onclick: () => void sendQueued(app, thread, queued) }, "Send now"),
      app.rights.mayWrite && button("queue-edit", "Take back to change it", ICONS.edit, async () => {
        if (await removeQueued(app, thread, queued)) this.edit(queued);
      }),
      app.rights.mayWrite && button("queue-remove", "Remove", ICONS.close, () => void removeQueued(app, thread, queued)));
  }
}

/** @param {import("../state/thread.js").Thread} thread */
function whyHeld(thread) {
  const status = thread.turns[thread.turns.length - 1]?.status;
  return status === "interrupted" ? ", because the agent was stopped" : status === "failed" ? ", because the agent ended with an error" : "";
}
