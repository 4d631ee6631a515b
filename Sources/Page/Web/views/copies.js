// Offers of a copy of the conversation, each with what it means before it is made: nothing is undone.

import { editAgain, forkThread } from "../actions/fork.js";
import { fill, h, ICONS, icon, show } from "../dom.js";

/**
 * @typedef {import("../actions/app.js").App} App
 * @typedef {import("../state/thread.js").Turn} Turn
 * @typedef {import("../state/items.js").Item} Item
 */

const UNDONE = "What commands have done and the files that they changed are not undone.";

/**
 * @param {{ test: string, label: string, path: string, meaning: string, action: string, run: () => void | Promise<unknown> }} offer
 * @returns {{ button: HTMLButtonElement, panel: HTMLElement }} the panel opens with the button
 */
function offer({ test, label, path, meaning, action, run }) {
  const panel = h("div", { class: "copy-offer", role: "group", "aria-label": label, "data-test": `${test}-offer`, hidden: true });
  const open = (/** @type {boolean} */ isOpen) => {
    show(panel, isOpen);
    button.setAttribute("aria-expanded", String(isOpen));
    if (!isOpen) return button.focus();
    const go = h("button", { type: "button", class: "button", "data-test": `${test}-go`, onclick: async () => {
      go.disabled = true;
      await run();
      go.disabled = false;
      show(panel, false);
      button.setAttribute("aria-expanded", "false");
    } }, action);
    fill(panel, h("p", { class: "small" }, meaning, " ", h("strong", null, UNDONE)),
      h("div", { class: "row" }, go, h("button", { type: "button", class: "button quiet", onclick: () => open(false) }, "Cancel")));
    panel.scrollIntoView({ block: "nearest" });
    go.focus();
  };
  const button = h("button",
    { type: "button", class: "copy", "data-test": test, "aria-label": label, title: label, "aria-expanded": "false", onclick: () => open(panel.hidden) },
    icon(path));
  panel.addEventListener("keydown", (event) => event.key === "Escape" && open(false));
  return { button, panel };
}

/** @param {App} app @param {string} threadId @param {string} turnId */
export function forkOffer(app, threadId, turnId) {
  return offer({
    test: "fork-here", label: "Continue from here in a copy", path: ICONS.fork,
    meaning: "The copy has the conversation up to here. This one stays as it is.",
    action: "Continue in a copy", run: () => forkThread(app, threadId, { lastTurnId: turnId }),
  });
}

/**
 * @param {App} app @param {string} threadId @param {Turn} turn @param {Item} item a person's message
 * @param {() => boolean} isMine
 * @returns {{ nodes: HTMLElement[], update: () => void }}
 */
export function editOffer(app, threadId, turn, item, isMine) {
  const { button, panel } = offer({
    test: "edit-again", label: "Change this message and send it again", path: ICONS.edit,
    meaning: "A copy of the conversation begins before this message, without all that came after it. This conversation stays as it is.",
    action: "Change it in a copy", run: () => editAgain(app, threadId, turn.id, item.data.content ?? []),
  });
  return {
    nodes: [button, panel],
    update() {
      // A message that the agent got in between did not begin its turn.
      const isFirst = turn.items.find(({ type }) => type === "userMessage") === item;
      const isOffered = isFirst && isMine() && app.rights.mayWrite && turn.status !== "inProgress";
      show(button, isOffered);
      if (!isOffered) show(panel, false);
    },
  };
}
