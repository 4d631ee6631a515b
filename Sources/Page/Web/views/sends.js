// This page's own messages until the agent has them: pending, unread, or failed.

import { deliver, dropSend } from "../actions/turns.js";
import { h } from "../dom.js";
import { isAway } from "../state/store.js";
import { escaped, revealed } from "./revealed.js";

/**
 * @typedef {import("../actions/app.js").App} App
 * @typedef {import("../state/thread.js").Thread} Thread
 * @typedef {import("../state/thread.js").Send} Send
 */

/** @param {App} app @param {Thread} thread @param {Send} send */
export function sendView(app, thread, send) {
  const unread = send.state === "sent" && send.steer && thread.activeTurnId === null;
  const text = send.state === "sending" ? (isAway(app.state) ? "Not confirmed yet: the connection is lost." : "Sending…")
    : send.state === "failed" ? send.error
      : unread ? "The agent was done before it read this."
        : send.steer ? "The agent reads this at its next step." : "Sent.";
  const again = send.state === "failed" || unread;
  return h("div", { class: `user-message pending ${again ? "failed" : ""}`, "data-test": "pending-message" },
    h("div", { class: "who" }, "You"), h("div", { class: "user-text" }, revealed(send.text, "prose")),
    send.attachments.length > 0 && h("ul", { class: "attachments-list" }, ...send.attachments.map(({ label }) => h("li", { class: "chip" }, escaped(label)))),
    h("div", { class: "pending-state", role: again ? "alert" : "status" }, text),
    again && h("div", { class: "row" },
      h("button",
        { type: "button", class: "button", "data-test": "send-again", onclick: () => void deliver(app, thread, send) },
        "Send again"),
      h("button", { type: "button", class: "button", onclick: () => {
        dropSend(thread, send);
        app.changedThread(thread.id);
      } }, "Discard")));
}
