// Maps each kind of item to its view.

import { callView } from "./call.js";
import { changesView } from "./changes.js";
import { commandView } from "./command.js";
import { agentMessage, proposedPlan, userMessage } from "./message.js";
import { questionView } from "./question.js";
import { reasoningView } from "./thinking.js";
import { toolView } from "./tool.js";

/**
 * @typedef {{ node: HTMLElement, update: () => void }} ItemView
 * @typedef {{
 *   waiting: (itemId: string) => boolean,
 *   turnRuns: () => boolean,
 *   cwd: () => string,
 *   author: (item: import("../state/items.js").Item) => { name: string, mine: boolean },
 *   edit: (item: import("../state/items.js").Item) => { nodes: HTMLElement[], update: () => void },
 *   decisions: (itemId: string) => import("../state/thread.js").Decision[],
 * }} Surroundings What an item's view may ask about the rest.
 */

/** @type {Record<string, (item: import("../state/items.js").Item, around: Surroundings) => ItemView>} */
const VIEWS = {
  userMessage,
  agentMessage,
  plan: proposedPlan,
  reasoning: reasoningView,
  commandExecution: commandView,
  fileChange: changesView,
  sreQuestion: questionView,
  mcpToolCall: callView,
  dynamicToolCall: callView,
};

/** @param {import("../state/items.js").Item} item @param {Surroundings} around @returns {ItemView} */
export function viewOf(item, around) {
  return (Object.hasOwn(VIEWS, item.type) ? VIEWS[item.type] : toolView)(item, around);
}
