// The list of all actions and conversations, over the page: Ctrl+K, or its button below the list of conversations.

import { fill, h, ICONS, icon, show } from "../dom.js";
import { isEnter } from "../views/keys.js";
import { commandsOf, conversationsOf } from "./commands.js";
import { wanted, written } from "./keys.js";
import { matching } from "./match.js";
import { isApple, modal } from "../views/modal.js";

/** @typedef {import("./commands.js").Command} Command */

const MOST = 40;

export class Palette {
  #field = h("input", {
    type: "text", class: "field", "data-test": "palette-field", placeholder: "What do you want to do?", autocomplete: "off",
    spellcheck: "false", role: "combobox", "aria-label": "Actions and conversations", "aria-autocomplete": "list",
    "aria-expanded": "true", "aria-controls": "palette-list",
    oninput: () => this.#draw(), onkeydown: (/** @type {KeyboardEvent} */ event) => this.#key(event),
  });
  #list = h("ul", { id: "palette-list", class: "palette-list", role: "listbox", "aria-label": "Actions and conversations" });
  #nothing = h("p", { class: "quiet palette-nothing", role: "status", hidden: true });
  node = modal("palette", "Actions", this.#field, this.#list, this.#nothing);
  /** Opens it without a keyboard. */
  button = h("button",
    { type: "button", class: "button quiet", "data-test": "palette-open", title: `All actions and conversations (${written("Ctrl+K", isApple())})`, onclick: () => this.open() },
    icon(ICONS.search), "Actions");
  /** @type {Command[]} */ #shown = [];
  #at = 0;

  /** @param {import("../actions/app.js").App} app @param {import("./commands.js").Parts} parts @param {() => void} opening */
  constructor(app, parts, opening) {
    this.app = app;
    this.parts = parts;
    this.opening = opening;
    this.node.addEventListener("keydown", (event) => {
      if (wanted(event, true) !== "actions") return;
      event.preventDefault();
      this.node.close();
    });
  }

  open() {
    this.opening();
    this.#field.value = "";
    this.node.showModal();
    this.#draw();
    this.#field.focus();
  }

  #draw() {
    const words = this.#field.value.trim();
    const { app, parts } = this;
    const found = matching([...commandsOf(app, parts), ...conversationsOf(app)], words).slice(0, MOST);
    // What is not here may be in the text of a conversation.
    if (words !== "" && app.rights.mayWrite) found.push({ label: `Search all conversations for “${words}”`, icon: ICONS.search, run: () => parts.search(words) });
    this.#shown = found;
    fill(this.#list, ...found.map((command, index) => this.#option(command, index)));
    show(this.#nothing, found.length === 0);
    this.#nothing.textContent = found.length === 0 ? "Nothing found." : "";
    this.#mark(0);
  }

  /** @param {Command} command @param {number} index */
  #option({ label, icon: path, under, keys }, index) {
    return h("li",
      {
        id: `palette-${index}`, class: "palette-row", role: "option", "data-test": "palette-row", "aria-selected": "false",
        onclick: () => this.#run(index), onpointermove: () => this.#at !== index && this.#mark(index),
      },
      icon(path), h("span", { class: "palette-label" }, label), under && h("span", { class: "quiet small" }, under),
      keys && h("kbd", { "aria-hidden": "true" }, written(keys, isApple())));
  }

  /** @param {number} index */
  #mark(index) {
    this.#at = index;
    [...this.#list.children].forEach((row, at) => row.setAttribute("aria-selected", String(at === index)));
    const row = this.#list.children[index];
    if (!row) return this.#field.removeAttribute("aria-activedescendant");
    this.#field.setAttribute("aria-activedescendant", row.id);
    row.scrollIntoView({ block: "nearest" });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const count = this.#shown.length;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && count > 0) this.#mark((this.#at + step + count) % count);
    else if (isEnter(event) && !event.repeat) this.#run(this.#at);
    else return;
    event.preventDefault();
  }

  /** @param {number} index */
  #run(index) {
    const command = this.#shown[index];
    if (!command) return;
    this.node.close();
    command.run();
  }
}
