// All other items: a summary line, and the raw data on request.

import { fill, h } from "../dom.js";
import { duration } from "../text/format.js";
import { revealed } from "./revealed.js";

/** @typedef {import("../state/items.js").Item} Item */

const LONGEST_RAW = 20_000;

/** @param {Item} item @returns {import("./items.js").ItemView} */
export function toolView(item) {
  const line = h("summary", null);
  const raw = h("pre", { class: "raw", tabindex: "0" });
  const node = h("details", { class: "tool", "data-test": "item-other", "data-type": item.type }, line, raw);
  node.addEventListener("toggle", () => {
    if (node.open) fill(raw, revealed(rawOf(item)));
  });
  const view = {
    node,
    update() {
      fill(line, revealed(labelOf(item), "prose"), chipOf(item),
        item.unknown && h("span", { class: "quiet" }, ` ${item.unknown}`),
        item.note && h("span", { class: "quiet" }, revealed(` ${item.note}`, "prose")),
        item.data.durationMs ? h("span", { class: "quiet" }, ` ${duration(item.data.durationMs)}`) : null);
      if (node.open) fill(raw, revealed(rawOf(item)));
    },
  };
  view.update();
  return view;
}

/** @param {Item} item */
function chipOf(item) {
  if (item.unknown !== "") return h("span", { class: "chip warn", "data-test": "outcome-unknown" }, "Outcome unknown");
  if (item.live) return h("span", { class: "chip run" }, "Running");
  if (item.cut) return h("span", { class: "chip", "data-test": "cut" }, "Not finished: the agent stopped first");
  return item.data.status === "failed" || item.data.error ? h("span", { class: "chip bad" }, "Failed") : null;
}

/** @param {Item} item */
function rawOf(item) {
  const text = JSON.stringify(item.data, null, 2);
  return text.length > LONGEST_RAW ? `${text.slice(0, LONGEST_RAW)}\n… ${text.length - LONGEST_RAW} more characters` : text;
}

/** @param {Item} item @returns {string} */
function labelOf({ type, data, live, cut }) {
  switch (type) {
    case "webSearch": return `Searched the web: ${data.query ?? ""}`;
    case "imageView": return `Looked at the image ${data.path}`;
    case "contextCompaction": return live || cut ? "Summarising the conversation to make room" : "Summarised the conversation to make room";
    case "collabAgentToolCall": return `Sub-agent: ${data.tool}${data.prompt ? ` “${data.prompt}”` : ""}`;
    case "subAgentActivity": return `Sub-agent ${data.agentPath ?? ""} ${data.kind ?? ""}`;
    case "sleep": return `Waited ${duration(data.durationMs)}`;
    case "enteredReviewMode": return `Review began: ${data.review ?? ""}`;
    case "exitedReviewMode": return "Review ended";
    case "hookPrompt": return "The server told the agent something";
    case "functionCallOutput": return `Result of ${data.name}`;
    default: return `Something this page does not know: ${type}`;
  }
}
