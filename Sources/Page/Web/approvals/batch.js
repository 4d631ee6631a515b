// Several commands of one turn, answered in one go. Each is shown whole, each gets its own answer and its own row in the
// record, and none can be approved before the end of every one has been on the screen.

import { fill, h, ICONS, icon, say, show } from "../dom.js";
import { isGrave } from "../state/gravity.js";
import { isAway } from "../state/store.js";
import { counted } from "../text/format.js";
import { Guard } from "./guard.js";
import { contentOf } from "./kinds.js";
import { guarded } from "./press.js";

/** @typedef {import("./kinds.js").App} App @typedef {import("./kinds.js").Prompt} Prompt */

const COMMAND = "item/commandExecution/requestApproval";

/**
 * The questions that may be answered together with this one: commands of its turn that stay inside the sandbox.
 * @param {Prompt} prompt @param {Prompt[]} waiting @param {App} app
 */
export function batchWith(prompt, waiting, app) {
  if (!app.rights.mayApprove) return [];
  const fits = (/** @type {Prompt} */ one) => one.phase === "open" && one.method === COMMAND && !isGrave(one)
    && one.params.turnId === prompt.params.turnId && one.threadId === prompt.threadId;
  return fits(prompt) ? waiting.filter(fits) : [];
}

export class BatchView {
  guard = new Guard();
  #body = h("div", { class: "prompt-body", tabindex: "0", role: "region", "aria-label": "What the agent wants to do" });
  #more = h("button",
    {
      type: "button", class: "read-on", "data-test": "read-on",
      onclick: () => this.#body.scrollBy({ top: this.#body.clientHeight * 0.85 }),
    },
    icon(ICONS.down), "Read to the end to approve");
  #reason = h("input",
    {
      type: "text", class: "field", "data-test": "decline-reason", autocomplete: "off", maxlength: "2000",
      "aria-label": "Reason for declining all, sent to the agent", placeholder: "Reason, if you decline",
    });
  #message = h("p", { class: "prompt-message", role: "status", hidden: true });
  #title;
  /** @type {{ intent: import("./guard.js").Intent, button: HTMLButtonElement }[]} */ #buttons;

  /** @param {App} app @param {Prompt[]} prompts @param {() => void} leave back to one at a time */
  constructor(app, prompts, leave) {
    this.app = app;
    this.prompts = prompts;
    this.key = prompts.map(({ id }) => id).join(" ");
    this.contents = prompts.map((prompt) => contentOf(app, prompt));
    this.#title = h("h2", { tabindex: "-1", class: "prompt-title" });
    const title = `${counted(prompts.length, "command")} at once`;
    say(this.#title, title);
    this.#buttons = [
      { intent: "refuse", button: this.#button(`Decline all ${prompts.length}`, "plain", "refuse", "decline") },
      { intent: "approve", button: this.#button(`Approve all ${prompts.length}`, "primary", "approve", "approve") },
    ];
    fill(this.#body, ...this.contents.map((content, index) => h("section", { class: "batch-part", "data-test": "batch-part" },
      h("h3", null, `${index + 1}. ${content.title}`), ...content.body)));
    this.node = h("section", { class: "prompt batch", "data-test": "batch", "aria-label": title },
      h("header", { class: "prompt-head" }, icon(ICONS.shield), this.#title,
        h("button", { type: "button", class: "link-button", "data-test": "one-by-one", onclick: leave }, "One by one")),
      this.#body, this.#more, this.#message, h("div", { class: "prompt-words" }, this.#reason),
      h("div", { class: "prompt-actions" }, ...this.#buttons.map(({ button }) => button)));
    this.#watchTails();
  }

  /** @param {string} label @param {string} look @param {import("./guard.js").Intent} intent @param {"approve" | "decline"} test */
  #button(label, look, intent, test) {
    const button = h("button", { type: "button", class: `answer ${look} ${intent}`, "data-test": `${test}-all`, "aria-disabled": "true" }, label);
    guarded(button, intent, this.guard, () => this.#answer(test));
    return button;
  }

  /** @param {"approve" | "decline"} test */
  #answer(test) {
    if (!this.app.state.ready) return;
    for (const content of this.contents) content.actions.find((action) => action.test === test)?.run(this.#reason.value.trim(), "");
  }

  /** The end of each must have been inside the visible area. */
  #watchTails() {
    const unseen = new Set(this.#body.querySelectorAll(".tail"));
    const observer = new IntersectionObserver((entries) => {
      for (const { isIntersecting, target } of entries) if (isIntersecting) unseen.delete(target);
      if (unseen.size > 0) return;
      this.guard.sawTail();
      observer.disconnect();
      this.update();
    }, { root: this.#body });
    for (const tail of unseen) observer.observe(tail);
  }

  /** The questions are on the screen now. The arming time starts. */
  appear() {
    this.guard.show(performance.now());
    this.update();
    setTimeout(() => this.update(), this.guard.armsIn(performance.now()) + 20);
  }

  focus() {
    this.#title.focus({ preventScroll: true });
  }

  update() {
    const able = (/** @type {import("./guard.js").Intent} */ intent) => this.app.state.ready && this.guard.allows(intent, performance.now());
    for (const { intent, button } of this.#buttons) button.setAttribute("aria-disabled", String(!able(intent)));
    show(this.#more, !this.guard.tailSeen);
    const words = isAway(this.app.state) ? "Not connected. You can answer when the connection is back." : "";
    say(this.#message, words);
    show(this.#message, words !== "");
  }
}
