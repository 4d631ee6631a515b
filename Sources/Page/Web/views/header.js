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
  #word = h("span", null);
  #silence = h("span", { class: "elapsed", "aria-live": "off", hidden: true });
  #state = h("span", { class: "state", role: "status", "data-test": "state" }, h("span", null, this.#word, this.#silence));
  #connect = h("button",
    { type: "button", class: "button primary", "data-test": "connect", onclick: () => this.options.link.connect() },
    "Connect");
  #disconnect = h("button",
    {
      type: "button", class: "round", "data-test": "disconnect", "aria-label": "Disconnect this page",
      title: "Disconnect this page. The agent goes on; its questions still wait.",
      onclick: () => this.options.link.disconnect(),
    },
    icon(ICONS.unplug));
  node;

  /**
   * @param {App} app
   * @param {{ menu: HTMLElement, record: HTMLElement, link: { connect: () => void, disconnect: () => void } }} options
   */
  constructor(app, options) {
    this.app = app;
    this.options = options;
    this.node = h("header", { class: "header" }, options.menu,
      h("div", { class: "titles" }, this.#title, h("div", { class: "under-title" }, this.#state, this.#under)),
      options.record, this.#connect, this.#disconnect);
    this.update();
  }

  update() {
    const { state, thread } = this.app;
    const signing = state.connection.phase === "signin";
    const isNamed = !signing && (thread !== null || this.app.rights.mayWrite);
    const title = !isNamed ? "SRE Agent" : state.inbox ? "Waiting questions" : thread ? titleOf(thread) : "New conversation";
    say(this.#title, title);
    this.#title.title = isNamed && thread ? title : "";
    fill(
      this.#under,
      state.info?.demo && h("span",
        { class: "badge demo", "data-test": "demo-mark", title: "A scripted model answers here; no account is used." },
        "Demo model"),
      !signing && thread?.cwd ? h("span", { class: "path", title: escaped(thread.cwd) }, escaped(shortPath(thread.cwd))) : null);
    const { phase } = state.connection;
    const [word, tone] = stateOf(state);
    say(this.#word, word);
    // Counted by this page's own clock.
    const since = state.doubtful && phase === "online" ? String(state.heardAt + state.skewMs) : "";
    if (since === "") this.#silence.removeAttribute("data-since");
    else this.#silence.dataset.since = since;
    if (since === "") say(this.#silence, "");
    show(this.#silence, since !== "");
    this.#state.dataset.tone = tone;
    this.#state.dataset.phase = phase === "online" && !state.ready ? "connecting" : phase;
    // The sign-in form says what to do, and offers the only way on.
    show(this.#state, phase !== "signin");
    show(this.#connect, phase === "offline" || phase === "forbidden");
    // If another page has taken the session over, its banner offers the only action, with the reason.
    show(this.#disconnect, !["offline", "forbidden", "signin", "taken"].includes(phase));
    show(this.options.menu, phase !== "signin");
    show(this.options.record, thread !== null && this.app.rights.role !== null && phase !== "signin");
  }
}

/** @param {import("../state/state.js").State} state @returns {[string, string]} */
function stateOf({ connection, ready, doubtful }) {
  if (connection.phase === "connecting" && connection.lost) return WORDS.waiting;
  if (connection.phase !== "online") return WORDS[connection.phase];
  // The socket opens before the session is ready. Show "connected" only once the person can work.
  if (!ready) return WORDS.connecting;
  return doubtful ? ["Nothing heard for", "wait"] : WORDS.online;
}

/** @param {{ name?: string | null, preview?: string }} thread */
export function titleOf(thread) {
  return escaped(thread.name || (thread.preview ?? "").split("\n", 1)[0].slice(0, 120)) || "New conversation";
}
