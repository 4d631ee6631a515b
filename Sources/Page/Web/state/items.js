// One item of a turn: codex's own data, and what has streamed in since.

import { gapIn } from "../text/gaps.js";

/**
 * @typedef {{
 *   id: string,
 *   type: string,
 *   data: any,
 *   text: string,
 *   summary: string[],
 *   content: string[],
 *   output: string[],
 *   outputSize: number,
 *   outputDropped: number,
 *   outputEpoch: number,
 *   live: boolean,
 *   partial: boolean,
 *   startedAt: number | null,
 *   note: string,
 *   unnamed: "" | "asked" | "answered" | "silent" | "withdrawn",
 *   unknown: string,
 *   cut: boolean,
 *   author: import("./timeline.js").Author | null,
 * }} Item
 * `data` is codex's own item. `text`, `summary`, `content` and `output` grow while it is `live`.
 * `outputEpoch` changes when the output is replaced rather than extended. `partial`: the page missed the beginning,
 * which is absent until the item is completed. `unnamed`: only a question mentioned the item, codex has not (yet);
 * `silent`: codex no longer will; `withdrawn`: nor did an answer come. `unknown`: why its outcome is unknown; empty
 * otherwise. `author`: who sent a message, if the server said so. `cut`: nothing more comes, although codex never completed it.
 */

/** The most output kept in memory per command: a phone must survive `cat` of a large log. */
const MOST_OUTPUT = 8 * 1024 * 1024;

/** The item type that each delta implies, for an item that the page has not seen. */
const TYPE_OF_DELTA = {
  "item/agentMessage/delta": "agentMessage",
  "item/plan/delta": "plan",
  "item/reasoning/summaryTextDelta": "reasoning",
  "item/reasoning/summaryPartAdded": "reasoning",
  "item/reasoning/textDelta": "reasoning",
  "item/commandExecution/outputDelta": "commandExecution",
  "item/commandExecution/terminalInteraction": "commandExecution",
  "item/fileChange/patchUpdated": "fileChange",
  "item/mcpToolCall/progress": "mcpToolCall",
};

/** @param {string} method @returns {string | undefined} */
export function typeOfDelta(method) {
  return TYPE_OF_DELTA[/** @type {keyof typeof TYPE_OF_DELTA} */ (method)];
}

/** @param {any} data @param {{ live?: boolean, partial?: boolean, startedAt?: number | null }} options @returns {Item} */
export function createItem(data, { live = false, partial = false, startedAt = null }) {
  /** @type {Item} */
  const item = {
    id: data.id, type: data.type, data, text: "", summary: [], content: [], output: [], outputSize: 0, outputDropped: 0,
    outputEpoch: 0, live, partial, startedAt, note: "", unnamed: "", unknown: "", cut: false, author: null,
  };
  fill(item, data);
  return item;
}

/**
 * Replaces the item's data with codex's current version.
 * @param {Item} item @param {any} data
 */
export function completeItem(item, data) {
  item.type = data.type;
  item.data = data;
  item.live = data.status === "inProgress";
  item.partial = item.partial && item.live;
  item.note = "";
  item.unnamed = "";
  item.unknown = "";
  item.cut = false;
  fill(item, data);
}

/**
 * Nothing more comes for these items. A command is left alone: it may outlive its turn, and codex reports its end.
 * @param {Item[]} items @returns {Item[]} those that were still growing
 */
export function cutShort(items) {
  const growing = items.filter((item) => item.live && item.type !== "commandExecution");
  for (const item of growing) {
    item.live = false;
    item.cut = true;
  }
  return growing;
}

/** @param {Item} item @param {any} data */
function fill(item, data) {
  if (typeof data.text === "string") item.text = data.text;
  if (Array.isArray(data.summary) && data.summary.length > 0) item.summary = [...data.summary];
  if (Array.isArray(data.content) && data.type === "reasoning" && data.content.length > 0) item.content = [...data.content];
  if (typeof data.aggregatedOutput === "string" && isBetter(item, data.aggregatedOutput)) {
    item.output = [data.aggregatedOutput];
    item.outputSize = data.aggregatedOutput.length;
    item.outputDropped = 0;
    item.outputEpoch += 1;
  }
}

/**
 * Whether codex's output replaces the known one. What codex stores is shorter than what it sends while a page watches.
 * @param {Item} item @param {string} output
 */
function isBetter(item, output) {
  const known = item.outputSize + item.outputDropped;
  return output.length !== known && (output.length > known || gapIn([output], output.length) === null);
}

/** @param {Item} item @param {string} method @param {any} params */
export function applyDelta(item, method, params) {
  const delta = typeof params.delta === "string" ? params.delta : "";
  switch (method) {
    case "item/agentMessage/delta":
    case "item/plan/delta":
      item.text += delta;
      break;
    case "item/reasoning/summaryPartAdded":
      grow(item.summary, params.summaryIndex, "");
      break;
    case "item/reasoning/summaryTextDelta":
      grow(item.summary, params.summaryIndex, delta);
      break;
    case "item/reasoning/textDelta":
      grow(item.content, params.contentIndex, delta);
      break;
    case "item/commandExecution/outputDelta":
      addOutput(item, delta);
      break;
    case "item/commandExecution/terminalInteraction":
      if (params.stdin) addOutput(item, `\n[input sent to the command] ${JSON.stringify(params.stdin)}\n`);
      break;
    case "item/fileChange/patchUpdated":
      item.data = { ...item.data, changes: params.changes ?? [] };
      break;
    case "item/mcpToolCall/progress":
      item.note = String(params.message ?? "");
      break;
  }
}

/** @param {string[]} parts @param {number} index @param {string} text */
function grow(parts, index, text) {
  if (!(index >= 0 && index < 1000)) return;
  while (parts.length <= index) parts.push("");
  parts[index] += text;
}

/** @param {Item} item @param {string} text */
function addOutput(item, text) {
  item.output.push(text);
  item.outputSize += text.length;
  while (item.outputSize > MOST_OUTPUT && item.output.length > 1) {
    const gone = /** @type {string} */ (item.output.shift());
    item.outputSize -= gone.length;
    item.outputDropped += gone.length;
    item.outputEpoch += 1;
  }
}
