// One question on the screen: its content above, the answers below, within reach of the thumb.

import { dismiss } from "../actions/answers.js";
import { fill, h, ICONS, icon, say, show } from "../dom.js";
import { Guard } from "./guard.js";
import { contentOf } from "./kinds.js";
import { guarded } from "./press.js";
import { Words } from "./words.js";
import { deadlineOf } from "../state/prompts.js";
import { isAway } from "../state/store.js";
import { isCovered } from "../views/modal.js";
import { escaped } from "../views/revealed.js";

/**
 * @typedef {import("./kinds.js").App} App
 * @typedef {import("./kinds.js").Prompt} Prompt
 * @typedef {import("./kinds.js").Action} Action
 */

const KEYS = { approve: "Y", decline: "N", stop: "X" };

export class PromptView {
  guard = new Guard();
  #words = new Words();
  #more = h("button",
    {
      type: "button", class: "read-on", "data-test": "read-on", hidden: true,
      onclick: () => this.#body.scrollBy({ top: this.#body.clientHeight * 0.85 }),
    },
    icon(ICONS.down), "Read to the end to approve");
  #message = h("p", { class: "prompt-message", role: "status", "data-test": "prompt-message", hidden: true });
  #body = h("div", { class: "prompt-body", tabindex: "0", role: "region", "aria-label": "What the agent wants to do" });
  #actions = h("div", { class: "prompt-actions" });
  #title = h("h2", { tabindex: "-1", class: "prompt-title" });
  #expires = h("span", { class: "expires", hidden: true });
  steps = h("div", { class: "prompt-steps" });
  /** @type {{ action: Action, button: HTMLButtonElement }[]} */ #buttons = [];
  /**
   * Looks whether the end is in sight, after something has covered the page.
   * @type {(() => void) | null}
   */
  #lookAgain = null;

  /** @param {App} app @param {Prompt} prompt */
  constructor(app, prompt) {
    this.app = app;
    this.prompt = prompt;
    this.content = contentOf(app, prompt);
    const expiresAt = deadlineOf(prompt);
    say(this.#title, this.content.title);
    fill(this.#body, ...this.content.body);
    if (expiresAt !== null) fill(
      this.#expires,
      h("span",
        {
          class: "countdown", "data-until": String(expiresAt), "data-server": "", "data-test": "expires",
          "aria-label": "Time left before it is declined",
        }));
    this.node = h("section",
      {
        class: `prompt ${this.content.grave ? "grave" : ""}`, "data-test": "prompt",
        "data-request": String(prompt.id), "data-method": prompt.method, "aria-label": this.content.title,
      },
      h("header", { class: "prompt-head" }, icon(this.content.grave ? ICONS.warning : ICONS.shield), this.#title,
        this.#expires, this.steps),
      this.#body, this.#more, this.#message, this.content.reason ? this.#words.node : null, this.#actions);
    this.#buttons = this.content.actions.map((action) => ({ action, button: this.#buttonFor(action) }));
    this.#body.addEventListener("input", () => this.update());
    this.#body.addEventListener("change", () => this.update());
    this.#watchTail();
    this.update();
  }

  get #mayAnswer() {
    const { mayWrite, mayApprove } = this.app.rights;
    return this.content.conversational ? mayWrite : mayApprove;
  }

  /** The answers available to this person. */
  #offered() {
    const { forSession, lasting } = this.app.rights;
    if (!this.#mayAnswer) return [];
    return this.#buttons.filter(({ action: { lasts } }) =>
      (lasts !== "session" || forSession) && (lasts !== "always" || lasting));
  }

  /** @param {Action} action */
  #buttonFor(action) {
    const button = h("button",
      {
        type: "button", class: `answer ${action.look} ${action.intent}`, "data-test": action.test,
        "aria-disabled": "true", "aria-keyshortcuts": action.key ? `Alt+${KEYS[action.key]}` : null,
      },
      h("span", null, action.label), action.key ? h("kbd", { "aria-hidden": "true" }, `Alt ${KEYS[action.key]}`) : null);
    guarded(button, action.intent, this.guard, () => this.#run(action));
    return button;
  }

  #watchTail() {
    const tail = this.#body.querySelector(".tail");
    if (!this.content.tail || !tail) return this.guard.sawTail();
    // The end must have been inside the visible area, not only in the document.
    const observer = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting) || isCovered()) return this.update();
      this.guard.sawTail();
      observer.disconnect();
      this.#lookAgain = null;
      this.update();
    }, { root: this.#body });
    observer.observe(tail);
    this.#lookAgain = () => {
      observer.unobserve(tail);
      observer.observe(tail);
    };
  }

  /** The prompt is on the screen now. The arming time starts. */
  appear() {
    this.guard.show(performance.now());
    this.#lookAgain?.();
    this.update();
    setTimeout(() => this.update(), this.guard.armsIn(performance.now()) + 20);
  }

  disappear() {
    this.guard.hide();
  }

  focus() {
    this.#title.focus({ preventScroll: true });
  }

  /** @param {"approve" | "decline" | "stop"} key @param {boolean} repeat */
  shortcut(key, repeat) {
    const found = this.#offered().find(({ action }) => action.key === key);
    if (found && this.guard.accepts(found.action.intent, { pressedAt: performance.now(), repeat })) this.#run(found.action);
  }

  /** @param {Action} action */
  #run(action) {
    if (this.prompt.phase !== "open" || !(action.ready?.() ?? true)) return;
    action.run(this.#words.reason, this.#words.note);
  }

  #sentence() {
    const { prompt, app } = this;
    const isUnsure = prompt.phase === "answering";
    if (isAway(app.state) && prompt.phase !== "over") return isUnsure
      ? "The connection was lost before the server confirmed your answer. The page asks when it is back."
      : "Not connected. You can answer when the connection is back.";
    if (prompt.phase === "stale") return "Asking whether this still waits…";
    return prompt.message || (isUnsure ? "Sending your answer…" : "");
  }

  /** @param {boolean} over */
  #drawActions(over) {
    const offered = this.#offered();
    const drawn = over ? "over" : offered.map(({ action }) => action.test).join(" ");
    if (this.#actions.dataset.drawn === drawn) return;
    this.#actions.dataset.drawn = drawn;
    if (over) return fill(this.#actions, h("button",
      { type: "button", class: "answer plain", "data-test": "prompt-close", onclick: () => dismiss(this.app, this.prompt) },
      "Close"));
    if (offered.length > 0) return fill(this.#actions, ...offered.map(({ button }) => button));
    const { conversational, tail } = this.content;
    fill(this.#actions, h("p", { class: "note", "data-test": "needs-role" },
      `${tail ? "Approving" : "Answering"} needs the role ${conversational ? "operator" : "approver"}.`));
  }

  update() {
    const { prompt } = this;
    const now = performance.now();
    const over = prompt.phase === "over";
    this.node.dataset.phase = prompt.phase;
    for (const { action, button } of this.#buttons) {
      const able = prompt.phase === "open" && this.app.state.ready && this.guard.allows(action.intent, now) && (action.ready?.() ?? true);
      button.setAttribute("aria-disabled", String(!able));
    }
    this.#drawActions(over);
    // A server without roles has no notes either.
    this.#words.update({
      shown: !over && this.#mayAnswer, editable: prompt.phase === "open", takesNote: this.app.rights.role !== null,
    });
    show(this.#expires, deadlineOf(prompt) !== null);
    const arming = prompt.phase === "open" && this.guard.armsIn(now) > 0;
    this.node.classList.toggle("arming", arming);
    show(this.#more, this.content.tail && !this.guard.tailSeen && !over && this.#mayAnswer);
    const words = escaped(this.#sentence());
    say(this.#message, words);
    show(this.#message, words !== "");
  }
}
