// A tool call's arguments as a list that a person can read. Nothing is left out: a person approves what stands here.

import { h } from "../dom.js";
import { revealed, warningIn } from "./revealed.js";

/** Deeper values are shown as JSON. */
const DEEPEST = 3;

/** @param {any} value @returns {HTMLElement} */
export function argumentsView(value) {
  const isEmpty = value === null || value === undefined || (typeof value === "object" && Object.keys(value).length === 0);
  if (isEmpty) return h("p", { class: "quiet" }, "Without arguments.");
  return h("div", { class: "arguments", "data-test": "arguments" }, viewOf(value, 0));
}

/** @param {any} value @param {number} depth @returns {HTMLElement} */
function viewOf(value, depth) {
  if (typeof value === "string") return leaf(value, "argument-text");
  if (value === null || typeof value !== "object") return leaf(JSON.stringify(value) ?? "", "argument-text mono");
  if (depth >= DEEPEST) return leaf(JSON.stringify(value, null, 2), "argument-text mono");
  if (Array.isArray(value)) {
    if (value.length === 0) return leaf("(empty list)", "quiet");
    return h("ol", null, ...value.map((one) => h("li", null, viewOf(one, depth + 1))));
  }
  const entries = Object.entries(value);
  if (entries.length === 0) return leaf("(empty)", "quiet");
  return h("dl", null, ...entries.flatMap(([name, one]) => [
    h("dt", null, revealed(name), warningIn(name)), h("dd", null, viewOf(one, depth + 1)),
  ]));
}

/** @param {string} text @param {string} looks */
function leaf(text, looks) {
  const shown = text === "" ? h("span", { class: "quiet" }, "(empty text)") : revealed(text);
  return h("div", { class: looks }, shown, warningIn(text));
}

/** @param {{ server?: string | null, name: string }} tool */
export function toolName({ server, name }) {
  return h("span", { class: "tool-name", "data-test": "tool-name" },
    server ? h("span", null, revealed(server)) : null, server ? h("span", { class: "quiet" }, " · ") : null,
    h("strong", null, revealed(name)), warningIn(`${server ?? ""} ${name}`));
}
