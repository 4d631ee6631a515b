// A decision in words, with its full time: a saved conversation is read on other days.

import { decisionWord, endedByItself, ruleWords } from "../state/prompts.js";

/** @param {import("../state/thread.js").Decision} decision */
export function decisionText(decision) {
  if (decision.rule !== undefined) return ruleWords(decision);
  const who = decision.decidedBy ? ` by ${decision.decidedBy}` : decision.mine ? " by the person who saved this" : endedByItself(decision.decision) ? "" : " by somebody";
  const when = decision.decidedAt ? ` at ${new Date(decision.decidedAt).toISOString()}` : "";
  const outside = decision.asks === "outsideSandbox" ? ", outside the sandbox" : "";
  const words = [decision.reason, decision.comment].filter(Boolean).map((text) => `: “${text}”`).join("");
  return `${decisionWord(decision.decision)}${who}${when}${outside}${words}`;
}
