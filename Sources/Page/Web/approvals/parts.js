// Parts shared by several kinds of prompts.

import { answer, stopAsking } from "../actions/answers.js";
import { h } from "../dom.js";
import { offers } from "./guard.js";
import { revealed, warningIn } from "../views/revealed.js";

/**
 * @typedef {import("./kinds.js").App} App
 * @typedef {import("./kinds.js").Prompt} Prompt
 * @typedef {import("./kinds.js").Action} Action
 */

/**
 * The agent's own reason, kept apart from verified facts.
 * @param {string | null | undefined} reason
 */
export function agentsWords(reason) {
  if (!reason) return [];
  return [h("figure", { class: "agents-words", "data-test": "agent-reason" },
    h("figcaption", null, "The agent says"), h("blockquote", null, revealed(reason, "prose"))), warningIn(reason, "prose")];
}

/** @param {string} label @param {string | null | undefined} path */
export function place(label, path) {
  if (!path) return [];
  return [
    h("p",
      { class: "place" }, h("span", { class: "label" }, label), " ",
      h("span", { class: "path", "data-test": "prompt-cwd" }, revealed(path))),
    warningIn(path),
  ];
}

/** @param {Prompt} prompt */
export function fromSubAgent(prompt) {
  return prompt.params.sre?.subAgentOf ? [h("p", { class: "note" }, "Asked by a helper that the agent of this conversation has started.")] : [];
}

/**
 * The four answers to an approval.
 * @param {App} app @param {Prompt} prompt @param {string} approve @returns {Action[]}
 */
export function decisions(app, prompt, approve) {
  const available = prompt.params.availableDecisions;
  /** @type {Action[]} */
  const actions = [
    {
      label: "Decline", intent: "refuse", test: "decline", look: "plain", key: "decline",
      run: (reason, note) => answer(app, prompt, { decision: "decline", ...(reason ? { reason } : {}), ...noted(note) }),
    },
    {
      label: approve, intent: "approve", test: "approve", look: "primary", key: "approve",
      run: (_, note) => answer(app, prompt, { decision: "accept", ...noted(note) }),
    },
    {
      label: "Stop the agent", intent: "refuse", test: "stop-turn", look: "quiet", key: "stop",
      run: (_, note) => answer(app, prompt, { decision: "cancel", ...noted(note) }),
    },
    {
      label: "Approve for this session", intent: "approve", test: "approve-session", look: "quiet", lasts: "session",
      run: (_, note) => answer(app, prompt, { decision: "acceptForSession", ...noted(note) }),
    },
  ];
  const decisionOf = { approve: "accept", "approve-session": "acceptForSession", decline: "decline", "stop-turn": "cancel" };
  return actions.filter((action) => offers(available, decisionOf[/** @type {keyof typeof decisionOf} */ (action.test)]));
}

/**
 * The note goes only into the record: the agent does not see it.
 * @param {string} note
 */
function noted(note) {
  return note ? { comment: note } : {};
}

/**
 * Only for a question that belongs to a turn.
 * @param {App} app @param {Prompt} prompt @returns {Action[]}
 */
export function stopAction(app, prompt) {
  if (!prompt.params.turnId) return [];
  return [{
    label: "Stop the agent", intent: "refuse", test: "stop-turn", look: "quiet", key: "stop",
    run: () => void stopAsking(app, prompt),
  }];
}
