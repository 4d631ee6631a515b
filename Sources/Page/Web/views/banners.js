// Banners above the conversation for what every person must see at once: alarms, an unattended thread, a lost
// connection, an agent that is down. Each says what is being done, or what to do.

import { endLeftovers } from "../actions/turns.js";
import { openInbox } from "../actions/inbox.js";
import { openThread } from "../actions/threads.js";
import { isAway, waitingElsewhere } from "../state/store.js";
import { fill, h, ICONS, icon } from "../dom.js";
import { counted } from "../text/format.js";
import { titleOf } from "./header.js";
import { revealed } from "./revealed.js";

/** @typedef {import("../actions/app.js").App} App */

export class Banners {
  node = h("div", { class: "banners" });

  /** @param {App} app @param {{ retry: () => void, takeBack: () => void }} options */
  constructor(app, options) {
    this.app = app;
    this.options = options;
  }

  update() {
    const wanted = /** @type {HTMLElement[]} */ ([
      ...this.#alarms(), ...this.#mode(), this.#connection(), this.#agent(), this.#elsewhere(), this.#leftRunning(),
      this.#trouble(),
    ].filter(Boolean));
    // Keep a banner that is shown already: a new node would be announced again, and would lose the focus.
    const standing = [...this.node.children];
    const next = wanted.map((node) => standing.find((old) => isSame(old, node)) ?? node);
    if (next.length !== standing.length || next.some((node, index) => node !== standing[index])) fill(this.node, ...next);
  }

  #alarms() {
    const { app } = this;
    return app.state.alarms.map((alarm) =>
      banner("alarm", "alarm", "alert", [h("strong", null, "Alarm. "), revealed(alarm.message, "prose")],
        alarm.threadId && alarm.threadId !== app.state.open && button(
          "Open the conversation", () => openThread(app, alarm.threadId)),
        button("I have read it", () => {
          app.state.alarms.splice(app.state.alarms.indexOf(alarm), 1);
          app.changes.add("alarms");
        })));
  }

  #mode() {
    const mode = this.app.thread?.mode;
    return [
      mode?.approvals === "unattended" && banner("danger", "mode-unattended", null,
        [h("strong", null, "Unattended. "), "Commands in this conversation run without asking anyone."]),
      mode?.sandbox === "dangerFullAccess" && banner("danger", "mode-full-access", null,
        [h("strong", null, "No sandbox. "), "Commands in this conversation have full access to the host."]),
    ];
  }

  #connection() {
    const { connection } = this.app.state;
    if (connection.phase === "taken") return banner(
      "caution", "taken", "alert",
      [h("strong", null, connection.message), " Only one page at a time can use it. What you typed is kept."],
      button("Continue here", this.options.takeBack));
    if (!isAway(this.app.state)) return null;
    if (connection.phase === "waiting") {
      // Before the first connection, there was none to lose.
      return banner("caution", "reconnecting", "status", [
        this.app.state.info && h("strong", null, "Connection lost. "), connection.message, " Next try ", h("span",
          {
            class: "countdown", "data-until": String(connection.retryAt ?? 0), "data-soon": "now", "aria-live": "off",
          }), ". What you typed is kept."],
      button("Try now", this.options.retry));
    }
    if (connection.phase === "connecting" && connection.lost) return banner(
      "caution", "reconnecting", "status", ["Connecting again…"]);
    if (connection.phase === "online") return banner(
      "caution", "reconnecting", "status", ["Connected. Taking up the conversation where it was…"]);
    if (connection.phase === "forbidden") return banner(
      "danger", "forbidden", "alert", [h("strong", null, "The server refuses this page. "), connection.message]);
    return null;
  }

  #agent() {
    const { agent: { state, message }, stopping } = this.app.state;
    if (stopping && this.app.state.ready) return banner("caution", "server-stopping", "status", [
      h("strong", null, "The server is about to stop. "), "What runs here may still finish, at the latest in ",
      h("span", { class: "countdown", "data-until": String(stopping.endsAt), "data-server": "", "aria-live": "off" }),
      ". The page reconnects by itself when the server is back."]);
    if (state === "restarting") return banner(
      "caution", "agent-status", "status",
      [h("strong", null, "The agent is not running. "), revealed(message, "prose")]);
    if (state === "failed") return banner(
      "danger", "agent-status", "alert",
      [
        h("strong", null, "The agent does not start. "),
        revealed(message || "Look at the server's log for the reason.", "prose"),
      ]);
    const { refused } = this.app.state;
    return refused && banner("danger", "threads-refused", "alert",
      [h("strong", null, "No new conversation can begin. "), revealed(refused, "prose")]);
  }

  #elsewhere() {
    const { app } = this;
    const others = waitingElsewhere(app.state);
    if (others.length === 0 || app.state.inbox) return null;
    const count = others.reduce((sum, other) => sum + other.count, 0);
    const [{ threadId }] = others;
    const thread = app.state.threads.get(threadId) ?? app.state.list.rows.find((row) => row.id === threadId);
    const isNamed = thread && (thread.name || thread.preview);
    const where = others.length > 1 ? `${others.length} other conversations` : isNamed ? `“${titleOf(thread)}”` : "another conversation";
    return banner(
      "caution", "approval-elsewhere", "status",
      [`${counted(count, "approval")} ${count === 1 ? "waits" : "wait"}${app.rights.mayApprove ? " for you" : ""} in ${where}.`],
      button("Open", () => openThread(app, threadId), threadId),
      others.length > 1 && button("Show all", () => openInbox(app)));
  }

  #leftRunning() {
    const { app } = this;
    const { thread } = app;
    if (!thread || thread.leftRunning.length === 0) return null;
    return banner("danger", "left-running", "alert",
      [h("strong", null, "The agent was stopped, but this still runs: "), revealed(thread.leftRunning.join("; "))],
      app.rights.mayWrite && button("End it", () => void endLeftovers(app, thread)));
  }

  #trouble() {
    const { app } = this;
    if (!app.state.trouble) return null;
    return banner("caution", "trouble", "alert", [revealed(app.state.trouble, "prose")], button("Close", () => app.complain("")));
  }
}

/**
 * Compares banners without the time that the ticker has filled in.
 * @param {Element} standing @param {HTMLElement} wanted
 */
function isSame(standing, wanted) {
  const bare = /** @type {Element} */ (standing.cloneNode(true));
  for (const node of bare.querySelectorAll(".countdown")) {
    node.replaceChildren();
    node.classList.remove("urgent");
  }
  return bare.isEqualNode(wanted);
}

/**
 * @param {string} tone
 * @param {string} test
 * @param {string | null} role
 * @param {import("../dom.js").Child[]} words
 * @param {...(Node | false | "" | null | undefined)} actions
 */
function banner(tone, test, role, words, ...actions) {
  return h("div",
    { class: `banner ${tone}`, role, "data-test": test }, icon(ICONS.warning), h("p", null, ...words),
    h("div", { class: "banner-actions" }, ...actions.map((action) => action || null)));
}

/**
 * @param {string} label @param {() => void} run
 * @param {string} [about] distinguishes this button from others with the same label
 */
function button(label, run, about) {
  return h("button", { type: "button", class: "button", onclick: run, "data-about": about }, label);
}
