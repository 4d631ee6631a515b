// One group of record entries: what happened, who allowed it, the outcome, and all raw fields on request.

import { fill, h } from "../dom.js";
import { warningFor } from "../text/escapes.js";
import { foldedCommand } from "../views/command.js";
import { revealed, warningLine } from "../views/revealed.js";
import { summaryOf } from "./words.js";

/** @typedef {import("./group.js").Group} Group */

/** Longer entries are cut here; an export has them in full. */
const LONGEST_RAW = 20_000;

/** @param {Group} group */
export function entryView(group) {
  const { title, code, who, steps } = summaryOf(group);
  const said = steps.map((step) => step.text).join("\n");
  return h("li", { class: "record-entry", "data-test": "record-entry", "data-kind": group.asked ? "command" : group.entries[0].kind },
    h("p", { class: "record-when quiet" },
      h("time", { datetime: isoOf(group.entries[0].at) }, timeOf(group.entries[0].at)),
      who && revealed(` · ${who}`, "prose")),
    code ? h("div", { class: "record-command" }, ...foldedCommand(title)) : h("p", { class: "record-words" }, revealed(title, "prose")),
    warningLine(warningFor(title, code ? "code" : "prose")),
    steps.length > 0 && h("ul", { class: "record-steps" }, ...steps.map((step) =>
      h("li", { "data-test": "record-step" },
        h("time", { class: "quiet", datetime: isoOf(step.at) }, timeOf(step.at)), " ",
        h("span", { class: step.tone }, revealed(step.text, "prose"))))),
    warningLine(warningFor(said, "prose")),
    raw(group));
}

/** @param {Group} group */
function raw({ entries }) {
  const body = h("div", null);
  const node = h("details", { class: "record-raw", "data-test": "record-raw" },
    h("summary", null, entries.length === 1 ? "Details" : `Details of ${entries.length} entries`), body);
  node.addEventListener("toggle", () => {
    if (node.open) fill(body, ...entries.map((entry) => h("pre", { class: "raw", tabindex: "0" }, revealed(textOf(entry)))));
  });
  return node;
}

/** @param {import("./group.js").Entry} entry */
function textOf(entry) {
  const text = JSON.stringify({ ...entry, at: isoOf(entry.at) }, null, 2);
  return text.length > LONGEST_RAW ? `${text.slice(0, LONGEST_RAW)}\n… ${text.length - LONGEST_RAW} more characters` : text;
}

/** @param {number} at untrusted: may not be a valid time */
function isoOf(at) {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? String(at) : date.toISOString();
}

/** @param {number} at */
function timeOf(at) {
  return new Date(at).toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
}

/** @param {number} at */
export function dayOf(at) {
  return new Date(at).toLocaleDateString(undefined, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
}
