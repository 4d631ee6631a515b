// A call of a tool: its name and arguments, who allowed it, and what it returned.

import { fill, h, ICONS, icon, show } from "../dom.js";
import { counted, duration } from "../text/format.js";
import { argumentsView, toolName } from "./arguments.js";
import { decisionsOf } from "./decision.js";
import { revealed, warningIn } from "./revealed.js";
import { unknownLine } from "./unknown.js";

/** @typedef {import("../state/items.js").Item} Item @typedef {import("./items.js").Surroundings} Surroundings */

/** A longer result starts folded. */
const SHOWN_CHARACTERS = 1500;

/** @param {Item} item @param {Surroundings} around @returns {import("./items.js").ItemView} */
export function callView(item, around) {
  const name = h("span", null);
  const asked = h("div", null);
  const status = h("div", { class: "command-status" });
  const note = h("p", { class: "call-note quiet", hidden: true });
  const result = h("div", { class: "call-result", "data-test": "call-result", hidden: true });
  const unknown = unknownLine();
  const node = h("div", { class: "block call", role: "group", "data-test": "item-call", "data-type": item.type, "aria-label": "Tool call" },
    h("div", { class: "command-head" }, icon(ICONS.tool), h("div", null, name, asked)),
    h("div", { class: "command-meta" }, h("span", null), status), note, unknown.node, result);
  /** @type {any} */
  let drawn = null;
  const view = {
    node,
    update() {
      if (drawn !== item.data) {
        drawn = item.data;
        const { server, namespace, tool } = item.data;
        fill(name, toolName({ server: server ?? namespace, name: tool ?? "A tool call that began before you joined" }));
        fill(asked, argumentsView(item.data.arguments));
        drawResult(result, item.data);
      }
      fill(note, item.note && revealed(item.note, "prose"));
      show(note, item.note !== "");
      fill(status, ...decisionsOf(item, around), chipOf(item, around),
        item.data.durationMs ? h("span", { class: "quiet" }, duration(item.data.durationMs)) : null);
      unknown.update(item);
    },
  };
  view.update();
  return view;
}

/** @param {Item} item @param {Surroundings} around */
function chipOf(item, around) {
  if (around.waiting(item.id)) return h("span", { class: "chip wait" }, "Waits for approval");
  if (item.unknown !== "") return h("span", { class: "chip warn", "data-test": "outcome-unknown" }, "Outcome unknown");
  if (item.data.status === "declined") return h("span", { class: "chip" }, "Not called");
  if (item.unnamed === "withdrawn") return h("span", { class: "chip", "data-test": "withdrawn" }, "The agent stopped before an answer came");
  if (item.unnamed === "silent") return h("span", { class: "chip" }, "Answered; no result was shown");
  if (item.cut) return h("span", { class: "chip warn", "data-test": "cut" }, "The agent stopped first; it may have been called");
  if (item.live) return h("span", { class: "chip run" }, "Running");
  const isFailed = item.data.status === "failed" || item.data.error || item.data.success === false;
  return isFailed ? h("span", { class: "chip bad" }, "Failed") : h("span", { class: "chip good" }, "Done");
}

/** @param {HTMLElement} node @param {any} data */
function drawResult(node, data) {
  const parts = textsOf(data);
  show(node, parts.length > 0);
  fill(node, parts.length > 0 && h("div", { class: "label" }, data.error ? "It failed" : "It returned"), ...parts.flatMap(partView));
}

/** @param {string} text */
function partView(text) {
  const isLong = text.length > SHOWN_CHARACTERS;
  const shown = h("pre", { class: "call-text", tabindex: "0", "aria-label": "Result" },
    revealed(isLong ? text.slice(0, SHOWN_CHARACTERS) : text, "prose"));
  const more = isLong && h("button", { type: "button", class: "link-button", onclick: (/** @type {MouseEvent} */ event) => {
    fill(shown, revealed(text, "prose"));
    /** @type {HTMLElement} */ (event.currentTarget).remove();
  } }, `Show all ${counted(text.length, "character")}`);
  return [shown, more, warningIn(text, "prose")];
}

/** @param {any} data @returns {string[]} */
function textsOf({ result, contentItems, error }) {
  const content = Array.isArray(result?.content) ? result.content : contentItems ?? [];
  const texts = content.map((/** @type {any} */ part) => (typeof part?.text === "string" ? part.text
    : part?.imageUrl || part?.type === "image" ? "(an image)" : JSON.stringify(part, null, 2)));
  if (texts.length === 0 && result?.structuredContent) texts.push(JSON.stringify(result.structuredContent, null, 2));
  if (error?.message) texts.unshift(String(error.message));
  return texts.filter((/** @type {string} */ text) => text !== "");
}
