// The top of the page: which conversation this is, and whether we are connected.

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
  node = h("header", { class: "header" }, this.menu,
    h("div", { class: "titles" }, this.#title, h("div", { class: "under-title" }, this.#state, this.#under)),
    this.#connect, this.#disconnect);

  /** @param {App} app @param {{ connect: () => void, disconnect: () => void, menu: () => void }} options */
  constructor(app, options) {
    this.app = app;
    this.options = options;
    this.update();
  }

  update() {
    const { state, thread } = this.app;
    say(this.#title, state.connection.phase === "signin" ? "SRE Agent" : thread ? titleOf(thread) : "New conversation");
    fill(
      this.#under,
      state.info?.demo && h("span",
        { class: "badge demo", "data-test": "demo-mark", title: "A scripted model answers here; no account is used." },
        "Demo model"),
      thread?.cwd ? h("span", { class: "path", title: escaped(thread.cwd) }, escaped(shortPath(thread.cwd))) : null);
    const [word, tone] = WORDS[state.connection.phase];
    // The socket is open before the session is: say "connected" when one can work.
    const settled = state.connection.phase !== "online" || state.ready;
    say(this.#state, settled ? word : "Connecting");
    this.#state.dataset.tone = settled ? tone : "wait";
    this.#state.dataset.phase = settled ? state.connection.phase : "connecting";
    const off = ["offline", "forbidden", "signin"].includes(state.connection.phase);
    show(this.#connect, off);
    show(this.#disconnect, !off);
  }
}

/** @param {{ name?: string | null, preview?: string }} thread */
export function titleOf(thread) {
  return escaped(thread.name || (thread.preview ?? "").split("\n", 1)[0].slice(0, 120)) || "New conversation";
}
