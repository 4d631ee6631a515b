// All keys of the page: `?`.

import { h, ICONS, icon } from "../dom.js";
import { SHORTCUTS, written } from "./keys.js";
import { isApple, modal } from "../views/modal.js";

export class Shortcuts {
  #close = h("button", { type: "button", class: "round", "data-test": "shortcuts-close", "aria-label": "Close", onclick: () => this.node.close() }, icon(ICONS.close));
  node = modal("shortcuts", "Keyboard shortcuts",
    h("div", { class: "shortcuts-head" }, h("h2", null, "Keyboard shortcuts"), this.#close),
    ...SHORTCUTS.map(([title, keys]) => h("section", null, h("h3", null, title),
      h("dl", null, ...keys.map(([one, meaning]) => h("div", null,
        h("dt", null, h("kbd", null, written(one, isApple()))), h("dd", null, meaning)))))),
    h("p", { class: "quiet small" }, "Enter never answers a question of the agent."));

  open() {
    this.node.showModal();
    this.#close.focus();
  }
}
