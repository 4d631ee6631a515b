// The list of conversations: beside the open conversation on a desktop, in a drawer on a phone.

import { openInbox } from "../actions/inbox.js";
import { openFound } from "../actions/search.js";
import { loadList, openThread, restoreThread } from "../actions/threads.js";
import { fill, h, ICONS, icon, show } from "../dom.js";
import { allWaiting } from "./inbox.js";
import { Row } from "./row.js";

/** @typedef {import("../actions/app.js").App} App */

const NARROW = "(max-width: 899px)";
const SEARCH_DELAY_MS = 300;

export class ThreadList {
  #rows = h("ul", { class: "thread-rows", "data-test": "threads" });
  #note = h("p", { class: "quiet thread-note", role: "status" });
  #more = h("button",
    { type: "button", class: "button quiet", hidden: true, onclick: () => void loadList(this.app, { more: true }) },
    "Show more");
  #archive = h("button",
    {
      type: "button", class: "button quiet", "data-test": "archived", "aria-pressed": "false",
      onclick: () => this.#toggleArchive(),
    },
    "Archive");
  #new = h("button",
    { type: "button", class: "button new-thread", "data-test": "new-thread", onclick: () => this.#start() },
    icon(ICONS.plus), "New conversation");
  #inbox = h("button",
    { type: "button", class: "button quiet inbox-button", "data-test": "inbox", onclick: () => this.#showInbox() },
    icon(ICONS.inbox), h("span", null, "Waiting questions"), h("span", { class: "chip wait", hidden: true }));
  #search = h("input",
    {
      type: "search", class: "field", placeholder: "Search", "aria-label": "Search conversations",
      "data-test": "thread-search", oninput: () => this.#typed(),
    });
  #foot = h("div", { class: "threads-foot" });
  #shade = h("div", { class: "shade", hidden: true, onclick: () => this.close() });
  #panel = h("nav", { id: "threads", class: "threads", "aria-label": "Conversations" },
    h("div", { class: "threads-head" },
      this.#new,
      h("button",
        {
          type: "button", class: "round close-threads", "data-test": "close-threads", "aria-label": "Close",
          onclick: () => this.close(),
        },
        icon(ICONS.close))),
    this.#inbox, this.#search, this.#note, h("div", { class: "thread-scroll" }, this.#rows, this.#more), this.#foot);
  nodes = [this.#shade, this.#panel];
  /** Opens the list where it is not always there. */
  opener = h("button",
    {
      type: "button", class: "round menu-button", "data-test": "menu", "aria-label": "Conversations",
      "aria-expanded": "false", "aria-controls": "threads", onclick: () => this.toggle(),
    },
    icon(ICONS.menu));
  #narrow = matchMedia(NARROW);
  #open = false;
  /** @type {any} */ #timer = null;
  /** @type {Map<string, Row>} */ #views = new Map();

  /** @param {App} app @param {{ foot: Node[], onToggle: (open: boolean) => void, started: () => void }} options */
  constructor(app, options) {
    this.app = app;
    this.options = options;
    this.#foot.append(this.#archive, ...options.foot);
    this.#narrow.addEventListener("change", () => this.#place());
    this.#panel.addEventListener("keydown", (event) => event.key === "Escape" && this.close());
    this.#place();
  }

  toggle() {
    this.#open = !this.#open;
    this.#place();
    if (this.#open) {
      if (this.app.state.ready) void loadList(this.app, {});
      /** @type {HTMLElement | null} */ (this.#panel.querySelector("button:not([hidden])"))?.focus();
    } else this.opener.focus();
    this.opener.setAttribute("aria-expanded", String(this.#open));
    this.options.onToggle(this.#open);
  }

  close() {
    if (this.#open) this.toggle();
  }

  /** Opens the list where it is not always there. */
  reveal() {
    if (this.#narrow.matches && !this.#open) this.toggle();
  }

  /**
   * Looks for these words in all conversations.
   * @param {string} words
   */
  search(words) {
    this.reveal();
    this.#search.value = words;
    this.#search.focus();
    this.#typed();
  }

  #place() {
    const away = this.#narrow.matches && !this.#open;
    this.#panel.classList.toggle("shown", this.#open);
    this.#panel.inert = away;
    show(this.#shade, this.#narrow.matches && this.#open);
  }

  #showInbox() {
    openInbox(this.app);
    this.close();
  }

  #start() {
    openThread(this.app, null);
    this.close();
    this.options.started();
  }

  #toggleArchive() {
    const { list } = this.app.state;
    list.archived = !list.archived;
    list.rows = [];
    this.#archive.setAttribute("aria-pressed", String(list.archived));
    this.#archive.textContent = list.archived ? "Back to conversations" : "Archive";
    void loadList(this.app, {});
  }

  #typed() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.app.state.list.search = this.#search.value.trim();
      void loadList(this.app, {});
    }, SEARCH_DELAY_MS);
  }

  update() {
    const { list, open, connection } = this.app.state;
    if (connection.phase === "signin") this.close();
    const { mayWrite } = this.app.rights;
    show(this.#new, mayWrite);
    const count = allWaiting(this.app).length;
    const chip = /** @type {HTMLElement} */ (this.#inbox.lastElementChild);
    chip.textContent = String(count);
    show(chip, count > 0);
    if (this.app.state.inbox) this.#inbox.setAttribute("aria-current", "page");
    else this.#inbox.removeAttribute("aria-current");
    // Archived conversations open by being restored.
    show(this.#archive, mayWrite);
    // Search would find text that is masked for viewers.
    show(this.#search, mayWrite);
    const nodes = list.rows.map((row) => {
      let view = this.#views.get(row.id);
      if (!view) {
        view = new Row(this.app, row.id, () => this.#choose(row.id));
        this.#views.set(row.id, view);
      }
      view.update(row, row.id === open);
      return view.node;
    });
    // Moving a node takes the focus from it, so nodes move only if the order has changed.
    if (nodes.length !== this.#rows.children.length || nodes.some((node, index) => this.#rows.children[index] !== node)) fill(this.#rows, ...nodes);
    const nothing = list.archived ? "The archive is empty." : list.search ? "Nothing found." : "No conversations yet.";
    const text = list.error || (list.loading && list.rows.length === 0 ? "Loading…" : list.loaded && list.rows.length === 0 ? nothing : "");
    this.#note.textContent = text;
    show(this.#note, text !== "");
    show(this.#more, list.cursor !== null);
  }

  /** @param {string} id */
  #choose(id) {
    if (this.app.state.list.archived) {
      this.#toggleArchive();
      void restoreThread(this.app, id);
    } else if (this.app.state.list.search) void openFound(this.app, id, this.app.state.list.search);
    else openThread(this.app, id);
    this.close();
  }
}
