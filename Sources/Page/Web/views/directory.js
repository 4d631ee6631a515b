// The directory in which a new conversation's commands run.

import { fill, h } from "../dom.js";

export class Directory {
  #field = h("input",
    {
      type: "text", id: "cwd", class: "field mono", "data-test": "cwd", autocomplete: "off", autocapitalize: "off",
      spellcheck: "false", list: "recent-directories", oninput: () => { this.#touched = true; },
    });
  #touched = false;
  #recent = h("datalist", { id: "recent-directories" });
  node = h("div", { class: "field-group" }, h("label", { for: "cwd" }, "Working directory"), this.#field, this.#recent);

  /** @param {import("../actions/app.js").App} app */
  constructor(app) {
    this.app = app;
  }

  get value() {
    return this.#field.value.trim();
  }

  update() {
    const recent = new Set(this.app.state.list.rows.map((row) => row.cwd).filter((cwd) => typeof cwd === "string" && cwd !== ""));
    if (recent.size !== this.#recent.children.length) fill(this.#recent, ...[...recent].slice(0, 12).map((value) => h("option", { value })));
    if (!this.#touched) this.#field.value = this.app.state.info?.workspace ?? "";
  }
}
