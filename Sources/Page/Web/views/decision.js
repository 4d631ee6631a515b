// Who decided about an item, what, and when.

import { h } from "../dom.js";
import { decisionWord, endedByItself, ruleWords } from "../state/prompts.js";
import { clock } from "../text/format.js";
import { revealed, warningIn } from "./revealed.js";

/** @typedef {import("../state/thread.js").Decision} Decision */

/** @param {import("../state/items.js").Item} item @param {import("./items.js").Surroundings} around */
export function decisionsOf(item, around) {
  return around.decisions(item.id).flatMap(decisionLine);
}

/** @param {Decision} decision */
export function decisionLine(decision) {
  const words = decisionWords(decision);
  return [h("span", { class: "decision", "data-test": "decision" }, revealed(words, "prose")), warningIn(words, "prose")];
}

/** @param {Decision} decision */
export function decisionWords(decision) {
  if (decision.rule !== undefined) return ruleWords(decision);
  const who = decision.mine ? " by you" : decision.decidedBy ? ` by ${decision.decidedBy}` : endedByItself(decision.decision) ? "" : " elsewhere";
  const when = decision.decidedAt ? ` ${clock(decision.decidedAt)}` : "";
  const outside = decision.asks === "outsideSandbox" ? ", outside the sandbox" : "";
  const words = [decision.reason, decision.comment].filter(Boolean).map((text) => `: “${text}”`).join("");
  return `${decisionWord(decision.decision)}${who}${when}${outside}${words}`;
}
