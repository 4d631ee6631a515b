// Shows the waiting questions above the composer: one at a time, oldest first. A question that has ended never covers one
// that waits: it stays only while nothing else does, and the conversation has its outcome.

import { fill, h, show } from "../dom.js";
import { byGravity } from "../state/gravity.js";
import { belongsTo } from "../state/prompts.js";
import { firstLine } from "../text/format.js";
import { isCovered } from "../views/modal.js";
import { escaped } from "../views/revealed.js";
import { BatchView, batchWith } from "./batch.js";
import { changesOf } from "./changes.js";
import { shortcutOf } from "./guard.js";
import { PromptView } from "./prompt.js";

/** @typedef {import("../actions/app.js").App} App @typedef {import("../state/prompts.js").Prompt} Prompt */

/** When the inbox opens, its questions arrive one by one. Until then, the first of them is shown. */
const GATHERING_MS = 2500;

export class Dock {
  node = h("div", { class: "dock", "data-test": "dock", hidden: true });
  #said = h("div", { class: "unseen", "aria-live": "assertive" });
  #ended = h("p", { class: "dock-ended", role: "status", "data-test": "dock-ended", hidden: true });
  /**
   * Why the question that was shown before has gone.
   * @type {import("../dom.js").Child[]}
   */
  #end = [];
  /** @type {Map<string | number, PromptView>} */ #views = new Map();
  /** @type {PromptView | null} */ #shown = null;
  /** @type {Prompt[]} */ #waiting = [];
  /**
   * The turn whose questions are answered together.
   * @type {string | null}
   */
  #together = null;
  /** @type {BatchView | null} */ #batch = null;
  #gatheredAt = 0;

  /** @param {App} app @param {{ mayTakeFocus: () => boolean, giveFocusBack: () => void }} focus */
  constructor(app, focus) {
    this.app = app;
    this.focus = focus;
    document.addEventListener("keydown", (event) => this.#key(event));
    // A tap that wakes the phone or brings the window to the front must not count as an answer.
    const appear = () => (this.#batch ?? this.#shown)?.appear();
    document.addEventListener("visibilitychange", () => document.hidden || appear());
    window.addEventListener("focus", appear);
    // A dialog that covered the page has closed.
    document.addEventListener("close", appear, true);
  }

  /** The live region for announcements. Stays in the document while prompts come and go. */
  get announcer() {
    return this.#said;
  }

  /** @param {Set<string>} keys @param {boolean} away whether no person is signed in */
  update(keys, away) {
    const { prompts, open, inbox } = this.app.state;
    const here = away ? [] : inbox ? [...prompts.values()].sort(byGravity)
      : [...prompts.values()].filter((prompt) => belongsTo(prompt, open));
    const waiting = here.filter((prompt) => prompt.phase !== "over");
    const last = this.#shown?.prompt;
    for (const prompt of prompts.values()) {
      if (prompt.phase !== "over" || (prompt === last && waiting.length === 0 && here.includes(prompt))) continue;
      if (prompt === last && here.includes(prompt)) this.#tellEnd(prompt);
      prompts.delete(prompt.id);
    }
    for (const [id, view] of this.#views) {
      if (!prompts.has(id)) {
        view.disappear();
        this.#views.delete(id);
      }
    }
    this.#waiting = waiting;
    const batch = this.#batchOf(waiting);
    if (batch) return this.#showBatch(batch);
    if (inbox && keys.has("open")) this.#gatheredAt = performance.now() + GATHERING_MS;
    const isGathering = inbox && performance.now() < this.#gatheredAt;
    const stays = !isGathering && last && prompts.has(last.id) && here.includes(last);
    this.#show(stays ? last : waiting[0] ?? null, waiting);
    if (this.#shown && (keys.has("prompts") || keys.has("connection"))) this.#shown.update();
  }

  /**
   * Shows this question, if it has reached the page.
   * @param {string | number} id
   */
  choose(id) {
    this.#gatheredAt = 0;
    const prompt = this.app.state.prompts.get(id);
    if (!prompt || prompt.phase === "over") return;
    this.#show(prompt, this.#waiting);
    this.#shown?.focus();
  }

  /**
   * The question that was being read has ended, and another one takes its place: says why.
   * @param {Prompt} prompt
   */
  #tellEnd(prompt) {
    const about = firstLine(escaped(String(prompt.params.sre?.command ?? this.#views.get(prompt.id)?.content.title ?? "")), 60);
    this.#end = [h("span", { class: "mono" }, about), " ", escaped(prompt.message)];
  }

  /** @param {Prompt | null} prompt @param {Prompt[]} waiting */
  #show(prompt, waiting) {
    const view = prompt ? this.#viewOf(prompt) : null;
    if (view !== this.#shown) {
      fill(this.#ended, ...this.#end);
      show(this.#ended, this.#end.length > 0);
      this.#end = [];
      this.#batch = null;
      const hadFocus = this.node.contains(document.activeElement);
      this.#shown?.disappear();
      this.#shown = view;
      fill(this.node, view && this.#ended, view?.node);
      this.node.hidden = view === null;
      this.#said.textContent = view ? `${this.#ended.textContent} Approval needed. ${view.content.said}`.trim() : "";
      view?.appear();
      if (view && (hadFocus || this.focus.mayTakeFocus())) view.focus();
      else if (!view && hadFocus) this.focus.giveFocusBack();
    }
    if (view && prompt) this.#drawSteps(view, waiting, waiting.indexOf(prompt));
  }

  /** @param {Prompt} prompt */
  #viewOf(prompt) {
    let view = this.#views.get(prompt.id);
    // The diff may arrive after the question (in a resumed thread). The prompt is then built again.
    const late = view?.prompt.method === "item/fileChange/requestApproval"
      && view.content.actions.every((action) => action.intent === "refuse") && changesOf(this.app, prompt);
    if (!view || late) {
      view = new PromptView(this.app, prompt);
      this.#views.set(prompt.id, view);
    }
    return view;
  }

  /**
   * The questions to answer together, if the person chose that.
   * @param {Prompt[]} waiting
   */
  #batchOf(waiting) {
    if (!this.#together) return null;
    const turn = waiting.find(({ params }) => params.turnId === this.#together);
    const batch = turn ? batchWith(turn, waiting, this.app) : [];
    if (batch.length < 2) this.#together = null;
    return batch.length < 2 ? null : batch;
  }

  /** @param {Prompt[]} batch */
  #showBatch(batch) {
    const key = batch.map(({ id }) => id).join(" ");
    if (this.#batch?.key !== key) {
      this.#shown?.disappear();
      this.#shown = null;
      this.#batch = new BatchView(this.app, batch, () => {
        this.#together = null;
        this.#batch = null;
        this.app.changes.add("prompts");
      });
      fill(this.node, this.#batch.node);
      this.node.hidden = false;
      this.#said.textContent = `${batch.length} questions to answer together.`;
      this.#batch.appear();
      this.#batch.focus();
    }
    this.#batch.update();
  }

  /** @param {PromptView} view @param {Prompt[]} waiting @param {number} index */
  #drawSteps(view, waiting, index) {
    const batch = batchWith(view.prompt, waiting, this.app);
    const label = `${index + 1} of ${waiting.length}${batch.length > 1 ? ` ${batch.length}` : ""}`;
    if (view.steps.dataset.label === label) return;
    view.steps.dataset.label = label;
    /** @param {string} sign @param {string} name @param {number} to */
    const step = (sign, name, to) => h("button",
      { type: "button", class: "step", "aria-label": name, disabled: to < 0 || to >= waiting.length, onclick: () => {
      this.#show(waiting[to], waiting);
    } }, sign);
    fill(
      view.steps,
      ...(waiting.length > 1 ? [
        step("‹", "Previous question", index - 1),
        h("span", { "data-test": "prompt-count" }, `${index + 1} of ${waiting.length}`),
        step("›", "Next question", index + 1),
        batch.length > 1 && h("button",
          { type: "button", class: "link-button", "data-test": "answer-together", onclick: () => {
            this.#together = view.prompt.params.turnId;
            this.app.changes.add("prompts");
          } }, "All at once"),
      ] : []));
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const key = shortcutOf(event);
    if (!key || !this.#shown || isCovered()) return;
    event.preventDefault();
    this.#shown.shortcut(key, event.repeat);
  }
}
