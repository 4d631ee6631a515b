// A question that has ended: what the agent, or one of its tools, asked the person, and the answer. codex itself does not
// show these in the conversation.

import { h, ICONS, icon } from "../dom.js";
import { decisionLine } from "./decision.js";
import { escaped, revealed, warningIn } from "./revealed.js";

/** @typedef {import("../state/items.js").Item} Item */

/** @param {Item} item @returns {import("./items.js").ItemView} */
export function questionView(item) {
  const { method, params, answer, outcome, mine } = item.data;
  const [title, ...asked] = wordsOf(method, params);
  const node = h("div", { class: "block asked", role: "group", "data-test": "item-question", "aria-label": escaped(title) },
    h("div", { class: "command-head" }, icon(ICONS.question), h("span", null, revealed(title, "prose"))),
    h("div", { class: "asked-words" },
      ...asked.flatMap((text) => [h("p", null, revealed(text, "prose")), warningIn(text, "prose")]),
      ...answersOf(params, answer).map((/** @type {string} */ text) => h("p", { "data-test": "own-answer" }, "Your answer: ", revealed(text, "prose")))),
    h("div", { class: "command-meta" }, h("div", { class: "command-status" },
      ...decisionLine({ requestId: item.id, asks: "", ...outcome, mine, reason: answer?.reason }))));
  return { node, update() {} };
}

/** @param {string} method @param {any} params @returns {string[]} a title, and the texts of the question */
function wordsOf(method, params) {
  switch (method) {
    case "item/tool/requestUserInput":
      return ["The agent asked", ...(params.questions ?? []).map((/** @type {any} */ one) => String(one?.question ?? ""))];
    case "mcpServer/elicitation/request":
      return [`The tool server ${params.serverName ?? "?"} asked`, String(params.message ?? params.url ?? "")];
    case "item/permissions/requestApproval":
      return ["The agent asked for more permissions", String(params.reason ?? "")];
    default: return ["The agent asked something this page does not know", method];
  }
}

/**
 * This page's own answers, except secret ones.
 * @param {any} params @param {any} answer
 */
function answersOf(params, answer) {
  const open = (params.questions ?? []).filter((/** @type {any} */ one) => !one?.isSecret);
  return open.flatMap((/** @type {any} */ one) => answer?.answers?.[one.id]?.answers ?? []).map(String);
}
