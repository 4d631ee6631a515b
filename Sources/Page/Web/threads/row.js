// One conversation in the list: its name, when it was last used, whether it is running or waiting, and its menu.

import { forkThread } from "../actions/fork.js";
import { archiveThread, renameThread } from "../actions/threads.js";
import { saveThread } from "../actions/save.js";
import { fill, h, ICONS, icon, show } from "../dom.js";
import { ago, shortPath } from "../text/format.js";
import { titleOf } from "../views/header.js";
import { isEnter } from "../views/keys.js";
import { escaped } from "../views/revealed.js";

/** @typedef {import("../actions/app.js").App} App */

export class Row {
  node = h("li", { class: "thread-row", "data-test": "thread" });
  #menuOpen = false;
  #renaming = false;
  /** @type {any} */ #row = null;
  #drawn = "";

  /** @param {App} app @param {string} id @param {() => void} choose */
  constructor(app, id, choose) {
    this.app = app;
    this.id = id;
    this.choose = choose;
    this.node.dataset.thread = id;
  }

  /** @param {any} listed @param {boolean} current */
  update(listed, current) {
    // The list may be older than the state of a subscribed conversation.
    const known = this.app.state.threads.get(this.id);
    const row = { ...listed, name: listed.name ?? known?.name, preview: listed.preview || known?.preview };
    this.#row = listed;
    const flags = row.status?.activeFlags ?? [];
    const asks = flags.includes("waitingOnApproval") || flags.includes("waitingOnUserInput")
      || [...this.app.state.prompts.values()].some((prompt) => prompt.threadId === row.id && prompt.phase === "open")
      || this.app.state.waiting.some((waiting) => waiting.threadId === row.id);
    const does = { active: "Working", systemError: "Error" }[/** @type {string} */ (row.status?.type)] ?? "";
    const { mayWrite, mayApprove } = this.app.rights;
    const state = asks ? (mayApprove ? "Waits for you" : "Waits for approval") : does;
    const when = ago((row.recencyAt ?? row.updatedAt ?? row.createdAt ?? 0) * 1000, Date.now() + this.app.state.skewMs);
    const drawn = JSON.stringify([
      titleOf(row), row.cwd, row.snippet, state, when, current, this.#menuOpen, this.#renaming, this.app.state.list.archived, mayWrite,
    ]);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    if (this.#renaming) return this.#drawRename(row);
    const more = h("button",
      {
        type: "button", class: "round", "data-test": "thread-menu", "aria-label": `More for ${titleOf(row)}`,
        "aria-expanded": String(this.#menuOpen), onclick: () => this.#toggle(),
      },
      icon(ICONS.more));
    fill(this.node,
      h("button",
        {
          type: "button", class: "thread-open", "data-test": "thread-open", "aria-current": current ? "page" : null,
          onclick: this.choose,
        },
        h("span", { class: "thread-title", title: titleOf(row) }, titleOf(row)),
        h("span", { class: "thread-under" },
          state && h("span",
            { class: `thread-state ${asks ? "asks" : state === "Error" ? "broken" : ""}` }, state), h("span", null, when), row.cwd ? h("span",
              { class: "path", title: escaped(row.cwd) }, escaped(shortPath(row.cwd))) : null),
        row.snippet && h("span", { class: "thread-snippet", "data-test": "snippet" }, escaped(row.snippet))),
      !this.app.state.list.archived && more,
      this.#menuOpen && !this.app.state.list.archived && this.#menu());
  }

  #menu() {
    const { mayWrite } = this.app.rights;
    const save = h("button", { type: "button", class: "button", "data-test": "save-markdown", title: "For a ticket or a report, with decisions and outcomes",
      onclick: () => {
        this.#menuOpen = false;
        this.#redraw();
        void saveThread(this.app, this.id);
      } }, "Save as Markdown");
    return h("div", { class: "thread-actions" }, save,
      mayWrite && h("button", { type: "button", class: "button", "data-test": "rename", onclick: () => {
        this.#menuOpen = false;
        this.#renaming = true;
        this.#redraw();
      } }, "Rename"),
      mayWrite && h("button", { type: "button", class: "button", "data-test": "fork", title: "A new conversation that knows all of this one. Nothing that commands have done is undone.", onclick: () => {
        this.#menuOpen = false;
        this.#redraw();
        void forkThread(this.app, this.id);
      } }, "Continue in a copy"),
      mayWrite && h("button", { type: "button", class: "button", "data-test": "archive", onclick: () => {
        this.#menuOpen = false;
        void archiveThread(this.app, this.id);
      } }, "Archive"));
  }

  #toggle() {
    this.#menuOpen = !this.#menuOpen;
    this.#redraw();
    /** @type {HTMLElement | null} */ (this.node.querySelector(this.#menuOpen ? ".thread-actions button" : '[data-test="thread-menu"]'))?.focus();
  }

  #redraw() {
    this.update(this.#row, this.app.state.open === this.id);
  }

  /** @param {any} row */
  #drawRename(row) {
    const field = h("input",
      {
        type: "text", class: "field", "data-test": "rename-field", "aria-label": "New name", value: titleOf(row),
        maxlength: "120",
      });
    const done = (/** @type {boolean} */ keep) => {
      if (!this.#renaming) return;
      this.#renaming = false;
      const name = field.value.trim();
      if (keep && name !== "" && name !== titleOf(row)) void renameThread(this.app, this.id, name);
      this.#redraw();
      /** @type {HTMLElement | null} */ (this.node.querySelector(".thread-open"))?.focus();
    };
    field.addEventListener("keydown", (event) => {
      if (isEnter(event)) {
        event.preventDefault();
        done(true);
      }
      if (event.key === "Escape") {
        event.stopPropagation();
        done(false);
      }
    });
    fill(this.node, h("div", { class: "rename" }, field,
      h("button", { type: "button", class: "button primary", "data-test": "rename-save", onclick: () => done(true) }, "Save"),
      h("button", { type: "button", class: "button", onclick: () => done(false) }, "Cancel")));
    field.focus();
    field.select();
    show(this.node, true);
  }
}
