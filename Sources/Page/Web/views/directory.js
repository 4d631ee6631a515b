// The directory in which a new conversation's commands run.

import { fill, h, ICONS, icon } from "../dom.js";
import { recentDirectories } from "../state/rows.js";
import { Chooser } from "./chooser.js";

export class Directory {
  #field = h("input",
    {
      type: "text", id: "cwd", class: "field mono", "data-test": "cwd", autocomplete: "off", autocapitalize: "off",
      spellcheck: "false", list: "recent-directories", oninput: () => { this.#touched = true; },
    });
  #touched = false;
  #recent = h("datalist", { id: "recent-directories" });
  #chooser;
  #button = h("button",
    { type: "button", class: "button", "data-test": "choose-directory", "aria-haspopup": "dialog", onclick: () => this.#chooser.open(this.value) },
    icon(ICONS.folder), "Choose");
  node;

  /** @param {import("../actions/app.js").App} app */
  constructor(app) {
    this.app = app;
    this.#chooser = new Chooser(app, (path) => {
      this.#field.value = path;
      this.#touched = true;
      this.#button.focus();
    });
    this.node = h("div", { class: "field-group" }, h("label", { for: "cwd" }, "Working directory"),
      h("div", { class: "row" }, this.#field, this.#button), this.#recent, this.#chooser.node);
  }

  get value() {
    return this.#field.value.trim();
  }

  update() {
    const recent = recentDirectories(this.app.state.list.rows, 12);
    if (recent.length !== this.#recent.children.length) fill(this.#recent, ...recent.map((value) => h("option", { value })));
    if (!this.#touched) this.#field.value = this.app.state.info?.workspace ?? "";
  }
}
