// What a person chooses for the next messages: the model and its effort; for a new conversation, also what commands may do
// and who is asked. Each choice says what it means. The server refuses what the person's role may not choose.

import { compact } from "../actions/turns.js";
import { loadModels } from "../actions/models.js";
import { fill, h, ICONS, icon, show } from "../dom.js";
import { escaped } from "./revealed.js";

/** @typedef {import("../actions/app.js").App} App */
/** @typedef {[value: string, label: string, meaning: string]} Choice */

/** @type {Choice[]} */
const SANDBOXES = [
  ["", "Write in the working directory", "Commands read everything except the server’s secrets, and write in the working directory and the temporary ones. No network."],
  ["read-only", "Only read", "Commands read everything except the server’s secrets, and write nothing. No network."],
  ["danger-full-access", "Everything", "Commands may change anything that the agent’s user can change, also over the network. The server must allow it."],
];
/** @type {Choice[]} */
const APPROVALS = [
  ["", "Ask before every command", "Nothing runs before a person has approved it."],
  ["on-failure", "Ask to leave the sandbox", "Commands run in the sandbox without asking; only leaving it is asked. The server must allow it."],
  ["never", "Never ask", "Commands run in the sandbox without asking anyone; leaving it is refused. The server must allow it."],
];

export class ChoicesPanel {
  #model = this.#select("model", "Model");
  #effort = this.#select("effort", "Effort");
  #sandbox = this.#select("sandbox", "Commands may");
  #approvals = this.#select("approvals", "Approval");
  #only = h("div", { class: "choices-part" }, this.#sandbox.node, this.#approvals.node);
  #usage = h("div", { class: "choices-usage", hidden: true });
  #summary = h("summary", { "data-test": "choices" });
  node = h("details", { class: "choices", ontoggle: () => this.#opened() }, this.#summary,
    h("div", { class: "choices-part" }, this.#model.node, this.#effort.node), this.#only, this.#usage);
  #drawn = "";

  /** @param {App} app @param {import("./directory.js").Directory} directory */
  constructor(app, directory) {
    this.app = app;
    this.directory = directory;
  }

  /** @returns {import("../actions/turns.js").Choices} */
  get chosen() {
    const value = (/** @type {{ field: HTMLSelectElement }} */ { field }) => (field.value === "" ? null : field.value);
    return {
      cwd: this.directory.value, model: value(this.#model), effort: value(this.#effort), sandbox: value(this.#sandbox), approvals: value(this.#approvals),
    };
  }

  update() {
    const { models } = this.app.state;
    const isNew = this.app.thread === null;
    const { mayWrite, mayAdminister } = this.app.rights;
    show(this.node, mayWrite && !this.app.state.inbox);
    show(this.#only, isNew);
    this.#drawUsage();
    const drawn = JSON.stringify([models?.length, mayAdminister, isNew]);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    // What was allowed to one conversation is not meant for the next.
    if (!isNew) for (const { field } of [this.#sandbox, this.#approvals]) field.value = "";
    this.#fill(this.#model, [["", "As configured", "The model that codex’s configuration names."],
      ...(models ?? []).map((/** @type {any} */ model) => /** @type {Choice} */ ([model.model, model.displayName ?? model.model, model.description ?? ""]))]);
    // Below admin, the floor allows nothing wider unless the server says so; whoever may choose it is told there.
    this.#fill(this.#sandbox, mayAdminister ? SANDBOXES : SANDBOXES.slice(0, 2));
    this.#fill(this.#approvals, mayAdminister ? APPROVALS : APPROVALS.slice(0, 1));
    show(this.#approvals.node, mayAdminister);
    this.#drawEfforts();
    this.#say();
  }

  open() {
    this.node.open = true;
    this.#model.field.focus();
  }

  #drawUsage() {
    const { thread } = this.app;
    const percent = thread?.usage ? Math.min(100, Math.round((100 * thread.usage.used) / thread.usage.window)) : null;
    show(this.#usage, percent !== null);
    const drawn = JSON.stringify([percent, thread?.usage, thread?.activeTurnId]);
    if (percent === null || !thread?.usage || this.#usage.dataset.drawn === drawn) return;
    this.#usage.dataset.drawn = drawn;
    fill(this.#usage,
      h("span", { "data-test": "usage" }, `This conversation takes ${percent} % of the model’s memory (${thread.usage.used.toLocaleString("en")} of ${thread.usage.window.toLocaleString("en")} tokens).`),
      h("button", { type: "button", class: "button", "data-test": "compact", disabled: thread.activeTurnId !== null, onclick: () => void compact(this.app) }, "Summarise to make room"));
  }

  #opened() {
    if (this.node.open && this.app.state.models === null) void loadModels(this.app);
  }

  #drawEfforts() {
    const model = this.app.state.models?.find((one) => one.model === this.#model.field.value);
    this.#fill(this.#effort, [["", "As configured", "How long the model thinks before it acts."],
      ...(model?.supportedReasoningEfforts ?? []).map((/** @type {any} */ one) => /** @type {Choice} */ ([one.reasoningEffort, one.reasoningEffort, one.description ?? ""]))]);
    show(this.#effort.node, Boolean(model));
  }

  #say() {
    const labels = [this.#model, this.#effort, this.#sandbox, this.#approvals].filter(({ field, node }) => field.value !== "" && !node.hidden && (this.app.thread === null || !this.#only.contains(node)))
      .map(({ field }) => field.selectedOptions[0]?.textContent ?? "");
    fill(this.#summary, icon(ICONS.sliders), h("span", null, labels.length > 0 ? labels.join(" · ") : this.app.thread === null ? "Model and permissions" : "Model"));
  }

  /** @param {string} name @param {string} label */
  #select(name, label) {
    const meaning = h("span", { class: "quiet small", id: `choice-${name}-meaning` });
    const field = h("select", { id: `choice-${name}`, class: "field", "data-test": `choice-${name}`, "aria-describedby": meaning.id,
      onchange: () => {
        if (name === "model") this.#drawEfforts();
        this.#explain({ field, meaning });
        this.#say();
      } });
    return { field, meaning, choices: /** @type {Choice[]} */ ([]), node: h("div", { class: "field-group" }, h("label", { for: field.id }, label), field, meaning) };
  }

  /** @param {{ field: HTMLSelectElement, meaning: HTMLElement }} choice */
  #explain({ field, meaning }) {
    meaning.textContent = field.selectedOptions[0]?.dataset.meaning ?? "";
  }

  /** @param {{ field: HTMLSelectElement, meaning: HTMLElement }} choice @param {Choice[]} choices */
  #fill(choice, choices) {
    const before = choice.field.value;
    fill(choice.field, ...choices.map(([value, label, meaning]) => h("option", { value, "data-meaning": escaped(meaning), selected: value === before }, escaped(label))));
    this.#explain(choice);
  }
}
