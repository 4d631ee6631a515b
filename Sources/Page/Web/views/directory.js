// The directory in which a new conversation's commands run.

import { h } from "../dom.js";

export class Directory {
  #field = h("input",
    {
      type: "text", id: "cwd", class: "field mono", "data-test": "cwd", autocomplete: "off", autocapitalize: "off",
      spellcheck: "false", oninput: () => { this.#touched = true; },
    });
  #touched = false;
  node = h("div", { class: "field-group" }, h("label", { for: "cwd" }, "Working directory"), this.#field);

  /** @param {import("../actions/app.js").App} app */
  constructor(app) {
    this.app = app;
  }

  get value() {
    return this.#field.value.trim();
  }

  update() {
    if (!this.#touched) this.#field.value = this.app.state.info?.workspace ?? "";
  }
}
