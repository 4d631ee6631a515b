// The top of the page: the conversation's title and the connection state.

import { fill, h, ICONS, icon, say, show } from "../dom.js";
import { shortPath } from "../text/format.js";
import { escaped } from "./revealed.js";

/** @typedef {import("../actions/app.js").App} App */

/** @type {Record<string, [string, string]>} word, tone */
const WORDS = {
  offline: ["Disconnected", "off"],
  connecting: ["Connecting", "wait"],
  online: ["Connected", "on"],
  waiting: ["Reconnecting", "wait"],
  signin: ["Sign in", "off"],
  forbidden: ["Refused", "off"],
  taken: ["Opened elsewhere", "off"],
};

export class Header {
  #title = h("h1", { class: "title" });
  #under = h("span", { class: "where" });
  #state = h("span", { class: "state", role: "status", "data-test": "state" });
  #connect = h("button",
    { type: "button", class: "button primary", "data-test": "connect", onclick: () => this.options.connect() },
    "Connect");
  #disconnect = h("button",
    { type: "button", class: "button", "data-test": "disconnect", onclick: () => this.options.disconnect() },
    "Disconnect");
  menu = h("button",
    {
      type: "button", class: "round menu-button", "data-test": "menu", "aria-label": "Conversations",
      "aria-expanded": "false", "aria-controls": "threads", onclick: () => this.options.menu(),
    },
    icon(ICONS.menu));
  #record = h("button",
    {
      type: "button", class: "round", "data-test": "record-open", "aria-label": "Record of this conversation",
      title: "Record: who asked, what ran, who allowed it", "aria-expanded": "false", hidden: true,
      onclick: () => this.options.record(),
    },
    icon(ICONS.list));
  node = h("header", { class: "header" }, this.menu,
    h("div", { class: "titles" }, this.#title, h("div", { class: "under-title" }, this.#state, this.#under)),
    this.#record, this.#connect, this.#disconnect);

  /** @param {App} app @param {{ connect: () => void, disconnect: () => void, menu: () => void, record: () => void }} options */
  constructor(app, options) {
    this.app = app;
    this.options = options;
    this.update();
  }

  update() {
    const { state, thread } = this.app;
    const isNamed = state.connection.phase !== "signin" && (thread !== null || this.app.rights.mayWrite);
    say(this.#title, !isNamed ? "SRE Agent" : thread ? titleOf(thread) : "New conversation");
    fill(
      this.#under,
      state.info?.demo && h("span",
        { class: "badge demo", "data-test": "demo-mark", title: "A scripted model answers here; no account is used." },
        "Demo model"),
      thread?.cwd ? h("span", { class: "path", title: escaped(thread.cwd) }, escaped(shortPath(thread.cwd))) : null);
    const { phase } = state.connection;
    const [word, tone] = stateOf(state);
    say(this.#state, word);
    this.#state.dataset.tone = tone;
    this.#state.dataset.phase = phase === "online" && !state.ready ? "connecting" : phase;
    const off = ["offline", "forbidden", "signin"].includes(phase);
    show(this.#connect, off);
    // If another page has taken the session over, its banner offers the only action, with the reason.
    show(this.#disconnect, !off && phase !== "taken");
    show(this.menu, phase !== "signin");
    show(this.#record, thread !== null && this.app.rights.role !== null && phase !== "signin");
  }

  /** @param {boolean} open @param {boolean} hadFocus whether it had the focus before it closed */
  showsRecord(open, hadFocus) {
    this.#record.setAttribute("aria-expanded", String(open));
    if (hadFocus) this.#record.focus();
  }
}

/** @param {import("../state/store.js").State} state @returns {[string, string]} */
function stateOf({ connection, ready, doubtful }) {
  if (connection.phase === "connecting" && connection.lost) return WORDS.waiting;
  if (connection.phase !== "online") return WORDS[connection.phase];
  // The socket opens before the session is ready. Show "connected" only once the person can work.
  if (!ready) return WORDS.connecting;
  return doubtful ? ["Checking connection", "wait"] : WORDS.online;
}

/** @param {{ name?: string | null, preview?: string }} thread */
export function titleOf(thread) {
  return escaped(thread.name || (thread.preview ?? "").split("\n", 1)[0].slice(0, 120)) || "New conversation";
}
