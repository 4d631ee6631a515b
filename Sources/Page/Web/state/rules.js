// Decisions that the server's rules made without asking a person. The conversation shows each beside its command.

import { settleAsked } from "./asked.js";
import { verdictOf } from "./prompts.js";

/** @typedef {import("./thread.js").Thread} Thread @typedef {import("./thread.js").Decision} Decision */

/** Rules apply only to commands. */
const METHOD = "item/commandExecution/requestApproval";

/**
 * @param {Thread} thread @param {any} params of `sre/decidedByRule`
 * @returns {string[]} the keys of what changed
 */
export function noteRule(thread, params) {
  const { turnId, itemId } = params;
  if (typeof itemId !== "string") return [];
  const rule = String(params.rule ?? "");
  const decision = params.decision === "allow" ? "accept" : "decline";
  const others = (thread.decisions.get(itemId) ?? []).filter((other) => !sameDecision(other, null, rule));
  thread.decisions.set(itemId, [...others, {
    requestId: `rule:${rule}`, decision, decidedBy: null, decidedAt: null, mine: false, asks: "command", rule,
  }]);
  // codex announces a command only when it begins, so it never announces a denied one.
  const asked = /** @type {any} */ ({ method: METHOD, params });
  const keys = settleAsked(thread, asked, verdictOf(decision));
  return [...keys, `item:${thread.id}/${turnId}/${itemId}`];
}

/**
 * The server may report the same decision in more than one way.
 * @param {Decision} known @param {string | number | null} requestId @param {string | undefined} rule
 */
export function sameDecision(known, requestId, rule) {
  return known.requestId === requestId || (rule !== undefined && known.rule === rule);
}
