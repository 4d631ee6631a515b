// The record of the open conversation. The panel covers the conversation; questions stay visible below it.

import { fill, h, ICONS, icon, say, show } from "../dom.js";
import { readRecord } from "../wire/http.js";
import { dayOf, entryView } from "./entry.js";
import { groupsOf } from "./group.js";

/** @typedef {import("../actions/app.js").App} App */

const SEARCH_DELAY_MS = 300;

export class RecordPanel {
  #search = h("input",
    {
      type: "search", class: "field", placeholder: "Search the record", "aria-label": "Search the record",
      "data-test": "record-search", oninput: () => this.#typed(),
    });
  #note = h("p", { class: "quiet", role: "status", "data-test": "record-note" });
  #entries = h("div", { class: "record-entries" });
  #older = h("button",
    { type: "button", class: "button older", "data-test": "record-older", hidden: true, onclick: () => void this.#load(true) },
    "Older");
  node = h("section", { class: "record", "data-test": "record", "aria-label": "Record of this conversation", hidden: true },
    h("div", { class: "record-head" }, this.#search,
      h("button",
        { type: "button", class: "round", "data-test": "record-close", "aria-label": "Close the record", onclick: () => this.toggle() },
        icon(ICONS.close))),
    h("div", { class: "record-body", tabindex: "0", role: "region", "aria-label": "Entries of the record" }, this.#note, this.#entries, this.#older));
  opener = h("button",
    {
      type: "button", class: "round", "data-test": "record-open", "aria-label": "Record of this conversation",
      title: "Record: who asked, what ran, who allowed it", "aria-expanded": "false", hidden: true,
      onclick: () => this.toggle(),
    },
    icon(ICONS.list));
  #wide = matchMedia("(min-width: 1250px)");
  /** @type {string | null} */ #thread = null;
  /** @type {import("./group.js").Entry[]} */ #known = [];
  /** @type {number | null} */ #next = null;
  /** Numbers the requests, so that the answer to a superseded one is ignored. */
  #asked = 0;
  /** @type {any} */ #timer = null;

  /** @param {App} app @param {{ covers: HTMLElement, onToggle: (open: boolean) => void }} options */
  constructor(app, options) {
    this.app = app;
    this.options = options;
    this.#wide.addEventListener("change", () => this.#cover());
    this.node.addEventListener("keydown", (event) => event.key === "Escape" && this.toggle());
  }

  /** On a wide screen the record is beside the conversation. */
  #cover() {
    this.options.covers.inert = this.#thread !== null && !this.#wide.matches;
  }

  close() {
    if (this.#thread !== null) this.#close();
  }

  toggle() {
    if (this.#thread !== null) return this.#close();
    if (this.app.state.open === null) return;
    this.#thread = this.app.state.open;
    this.#cover();
    show(this.node, true);
    this.opener.setAttribute("aria-expanded", "true");
    this.options.onToggle(true);
    this.#search.value = "";
    this.#search.focus();
    void this.#load(false);
  }

  /** Closes the panel when another conversation opens or the sign-in ends. */
  update() {
    const isSigning = this.app.state.connection.phase === "signin";
    if (this.#thread !== null && (isSigning || this.app.state.open !== this.#thread)) this.#close();
  }

  #close() {
    this.#asked += 1;
    clearTimeout(this.#timer);
    this.#thread = null;
    this.#known = [];
    this.#next = null;
    fill(this.#entries);
    this.#cover();
    const hadFocus = this.node.contains(document.activeElement);
    show(this.node, false);
    this.opener.setAttribute("aria-expanded", "false");
    if (hadFocus) this.opener.focus();
    this.options.onToggle(false);
  }

  #typed() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#load(false), SEARCH_DELAY_MS);
  }

  /** @param {boolean} older load older entries instead of the newest */
  async #load(older) {
    const thread = this.#thread;
    if (thread === null) return;
    const mine = ++this.#asked;
    const text = this.#search.value.trim();
    this.#older.disabled = true;
    if (!older) this.#say("Loading…");
    const answer = await readRecord({ thread, text, before: older ? this.#next : null });
    if (mine !== this.#asked) return;
    this.#older.disabled = false;
    if ("error" in answer) return this.#say(answer.error);
    this.#known = older ? [...this.#known, ...answer.data] : answer.data;
    this.#next = answer.next;
    this.#draw(text);
  }

  /** @param {string} text the searched text */
  #draw(text) {
    let day = "";
    const nodes = groupsOf(this.#known).flatMap((group) => {
      const its = dayOf(group.entries[0].at);
      const heading = its === day ? [] : [h("h2", { class: "record-day" }, its)];
      day = its;
      return [...heading, entryView(group)];
    });
    fill(this.#entries, ...listed(nodes));
    show(this.#older, this.#next !== null);
    this.#say(nodes.length > 0 ? "" : text ? "Nothing found." : "Nothing is recorded about this conversation.");
  }

  /** @param {string} words */
  #say(words) {
    say(this.#note, words);
    show(this.#note, words !== "");
  }
}

/**
 * Puts each day's entries into a list below its heading.
 * @param {HTMLElement[]} nodes
 */
function listed(nodes) {
  /** @type {HTMLElement[]} */
  const lists = [];
  for (const node of nodes) {
    if (node.tagName === "H2") lists.push(node, h("ol", { class: "record-list" }));
    else lists[lists.length - 1].append(node);
  }
  return lists;
}
