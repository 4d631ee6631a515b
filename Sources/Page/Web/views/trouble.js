// A model error: its meaning, what to do, and the original message.

import { h, ICONS, icon } from "../dom.js";
import { troubleOf } from "../text/trouble.js";
import { revealed } from "./revealed.js";

/** @typedef {import("../actions/app.js").App} App */

/** @param {App} app @param {import("../state/thread.js").TurnError} error @param {import("../state/thread.js").Turn} turn */
export function troubleCard(app, error, turn) {
  const trouble = troubleOf(error);
  const { mayWrite, mayAdminister } = app.rights;
  const asked = turn.items.find((item) => item.type === "userMessage")?.data.content?.find((/** @type {any} */ part) => part.type === "text")?.text;
  return h("div", { class: "trouble", role: "alert", "data-test": "turn-error" },
    h("div", { class: "trouble-title" }, icon(ICONS.warning), h("strong", null, trouble.title)),
    h("p", null, trouble.advice),
    trouble.detail && h("details", null,
      h("summary", null, "What the server said"),
      h("pre", { class: "raw", tabindex: "0" }, revealed(trouble.detail, "prose"))),
    h("div", { class: "row" },
      mayWrite && trouble.retry && asked && button("Write it again", "refill", asked),
      mayAdminister && trouble.signIn && button("Sign in", "sign-in"),
      mayWrite && trouble.fresh && button("New conversation", "new-thread")));
}

/**
 * The card does not handle the action itself; it dispatches an event.
 * @param {string} label @param {string} wish @param {string} [detail]
 */
function button(label, wish, detail) {
  return h("button", {
    type: "button", class: "button",
    onclick: (/** @type {MouseEvent} */ event) => event.currentTarget?.dispatchEvent(new CustomEvent(
      `page:${wish}`, { bubbles: true, detail })),
  }, label);
}
