// Chooses the directory of a new conversation: the recent ones, and a walk through those that one's role may use.

import { recentDirectories } from "../state/rows.js";
import { fill, h, ICONS, icon, show } from "../dom.js";
import { readDirectories } from "../wire/http.js";
import { isEnter } from "./keys.js";
import { modal } from "./modal.js";
import { escaped } from "./revealed.js";

/** @typedef {import("../wire/http.js").Directories} Directories */

export class Chooser {
  #field = h("input", {
    type: "text", id: "chooser-path", class: "field mono", "data-test": "chooser-path", autocomplete: "off", autocapitalize: "off", spellcheck: "false",
    onkeydown: (/** @type {KeyboardEvent} */ event) => {
      if (!isEnter(event)) return;
      event.preventDefault();
      void this.#go(this.#field.value.trim());
    },
  });
  #recent = h("section", { class: "chooser-part" });
  #said = h("p", { class: "quiet small", role: "status" });
  #error = h("p", { class: "form-error", role: "alert", "data-test": "chooser-error", hidden: true });
  #list = h("ul", { class: "chooser-list", "aria-label": "Directories in it", tabindex: "-1" });
  #obstacle = h("p", { class: "note", "data-test": "chooser-obstacle", hidden: true });
  #use = h("button", { type: "button", class: "button primary", "data-test": "chooser-use", onclick: () => this.#choose(this.#at?.path ?? "") }, "Use this directory");
  node = modal("chooser", "Choose the working directory",
    h("div", { class: "shortcuts-head" }, h("h2", null, "Working directory"),
      h("button", { type: "button", class: "round", "data-test": "chooser-close", "aria-label": "Close", onclick: () => this.node.close() }, icon(ICONS.close))),
    this.#recent,
    h("div", { class: "field-group" }, h("label", { for: "chooser-path" }, "Directory"),
      h("div", { class: "row" }, this.#field, h("button", { type: "button", class: "button", "data-test": "chooser-go", onclick: () => void this.#go(this.#field.value.trim()) }, "Go"))),
    this.#error, this.#said, this.#list, this.#obstacle, h("div", { class: "row" }, this.#use));
  /** @type {Directories | null} */ #at = null;
  #asked = 0;

  /** @param {import("../actions/app.js").App} app @param {(path: string) => void} chosen */
  constructor(app, chosen) {
    this.app = app;
    this.chosen = chosen;
  }

  /** @param {string} path where to begin */
  open(path) {
    const recent = recentDirectories(this.app.state.list.rows, 6);
    fill(this.#recent, recent.length > 0 && h("h3", { class: "label" }, "Recent"), h("div", { class: "chooser-recent" }, ...recent.map((one) =>
      h("button", { type: "button", class: "button mono", "data-test": "chooser-recent", title: escaped(one), onclick: () => this.#choose(one) }, escaped(one)))));
    this.node.showModal();
    void this.#go(path);
  }

  /** @param {string} path @param {boolean} [walks] whether the person walks, rather than writes a path */
  async #go(path, walks = false) {
    const asked = ++this.#asked;
    const answer = await readDirectories(path);
    if (asked !== this.#asked) return;
    const failed = "error" in answer;
    show(this.#error, failed);
    this.#error.textContent = failed ? escaped(answer.error) : "";
    // What was shown before stays: the person may go on from there.
    if (failed) return;
    this.#at = answer;
    this.#draw(answer);
    if (walks) this.#list.focus();
  }

  /** @param {Directories} at */
  #draw({ path, parent, directories, obstacle, isCut }) {
    this.#field.value = path;
    const count = directories.length;
    this.#said.textContent = count === 0 ? "No directories in it." : isCut ? `The first ${count} directories in it.` : "";
    fill(this.#list, parent !== null && this.#row("One up", parent, ICONS.up, "chooser-up"),
      ...directories.map((one) => this.#row(one.name, one.path, ICONS.folder, "chooser-row")));
    this.#list.scrollTop = 0;
    this.#obstacle.textContent = obstacle === null ? "" : `Commands may only read here: choose “Only read” under “Model and permissions”. The reason: ${escaped(obstacle)}`;
    show(this.#obstacle, obstacle !== null);
  }

  /** @param {string} name @param {string} path @param {string} drawing @param {string} test */
  #row(name, path, drawing, test) {
    return h("li", null, h("button", { type: "button", class: "chooser-row", "data-test": test, title: escaped(path), onclick: () => void this.#go(path, true) },
      icon(drawing), h("span", null, escaped(name))));
  }

  /** @param {string} path */
  #choose(path) {
    if (path === "") return;
    this.node.close();
    this.chosen(path);
  }
}
