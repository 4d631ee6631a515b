// One thread: applies codex's notifications to turns and items. Changes its argument and returns the changed keys, so
// that only those views are redrawn. No clock, no DOM, no socket.

import { endUnnamed } from "./asked.js";
import { applyDelta, completeItem, createItem, cutShort, typeOfDelta } from "./items.js";
import { noteUnknown } from "./outcomes.js";

/**
 * @typedef {import("./items.js").Item} Item
 * @typedef {{ message: string, codexErrorInfo?: any, additionalDetails?: string | null }} TurnError
 * @typedef {{ step: string, status: "pending" | "inProgress" | "completed" }} PlanStep
 * @typedef {{
 *   id: string, status: string, items: Item[], error: TurnError | null, retrying: TurnError | null,
 *   plan: PlanStep[] | null, planExplanation: string | null, notes: string[],
 *   startedAt: number | null, durationMs: number | null, partial: boolean, cutBy: "" | "restart",
 * }} Turn `cutBy`: what ended the turn, if it was interrupted.
 * @typedef {{ requestId: string | number, decision: any, decidedBy: string | null, decidedAt: number | null, mine: boolean, asks: string, reason?: string, comment?: string, rule?: string }} Decision
 * @typedef {{ clientId: string, text: string, attachments: import("../actions/attachments.js").Attachment[], model: string | null, effort: string | null, steer: boolean, state: "sending" | "sent" | "failed", error: string }} Send
 * @typedef {{
 *   id: string, name: string | null, preview: string, cwd: string, status: any,
 *   mode: { approvals: string, sandbox: string } | null,
 *   turns: Turn[], activeTurnId: string | null, olderCursor: string | null, loadingOlder: boolean,
 *   loading: boolean, error: string, decisions: Map<string, Decision[]>, sends: Send[], stopping: boolean,
 *   usage: { used: number, window: number } | null, leftRunning: string[], queue: import("./queue.js").Queued[], unknown: Map<string, import("./outcomes.js").Unknown>,
 * }} Thread
 * `unknown`: the items that ran when the agent died, by item ID. `queue`: what is sent when the agent is done.
 */

const SPOKEN = new Set(["agentMessage", "reasoning", "plan"]);

/** @param {string} id @returns {Thread} */
export function createThread(id) {
  return {
    id, name: null, preview: "", cwd: "", status: { type: "idle" }, mode: null, turns: [], activeTurnId: null, olderCursor: null,
    loadingOlder: false, loading: false, error: "", decisions: new Map(), sends: [], stopping: false, usage: null, leftRunning: [],
    queue: [], unknown: new Map(),
  };
}

/** @param {Thread} thread @param {any} data codex's thread */
export function describeThread(thread, data) {
  thread.name = data.name ?? thread.name;
  thread.preview = data.preview || thread.preview;
  thread.cwd = data.cwd ?? thread.cwd;
  thread.status = data.status ?? thread.status;
}

/** @param {Thread} thread @param {string} turnId @returns {Turn} */
export function turnOf(thread, turnId) {
  const known = thread.turns.find((turn) => turn.id === turnId);
  if (known) return known;
  const turn = createTurn({ id: turnId, status: "inProgress" });
  thread.turns.push(turn);
  return turn;
}

/** @param {any} data @returns {Turn} */
function createTurn(data) {
  return {
    id: data.id, status: data.status, items: [], error: data.error ?? null, retrying: null, plan: null, planExplanation: null,
    notes: [], startedAt: data.startedAt ? data.startedAt * 1000 : null, durationMs: data.durationMs ?? null, partial: false,
    cutBy: "",
  };
}

/** @param {Thread} thread @param {Turn} turn @param {string} itemId */
const itemKey = (thread, turn, itemId) => `item:${thread.id}/${turn.id}/${itemId}`;

/**
 * @param {Thread} thread
 * @param {string} method
 * @param {any} params
 * @returns {string[]} the keys of what changed
 */
export function applyToThread(thread, method, params) {
  const own = `thread:${thread.id}`;
  switch (method) {
    case "turn/started":
    case "turn/completed":
      return settleTurn(thread, params.turn, method === "turn/completed");
    case "item/started":
    case "item/completed": {
      const keys = placeItem(thread, params, method === "item/completed");
      const isUnknown = method === "item/completed" && params.sre?.outcome === "unknown";
      return isUnknown ? [...keys, ...noteUnknown(thread, { ...params, message: "" })] : keys;
    }
    case "turn/plan/updated": {
      const turn = turnOf(thread, params.turnId);
      turn.plan = params.plan ?? [];
      turn.planExplanation = params.explanation ?? null;
      return [own];
    }
    case "error": {
      const turn = turnOf(thread, params.turnId);
      if (params.willRetry) turn.retrying = params.error;
      else turn.error = params.error;
      return [own];
    }
    case "model/rerouted":
      turnOf(thread, params.turnId).notes.push(`The request was answered by the model ${params.toModel} instead of ${params.fromModel}.`);
      return [own];
    case "thread/status/changed":
      thread.status = params.status;
      return [own];
    case "thread/name/updated":
      thread.name = params.threadName ?? null;
      return [own];
    case "thread/tokenUsage/updated":
      thread.usage = usageIn(params.tokenUsage) ?? thread.usage;
      // codex sends this after everything that the model asked for has ended.
      return ["usage", ...endUnnamed(thread, thread.turns.find((turn) => turn.id === params.turnId))];
    case "sre/threadMode":
      thread.mode = { approvals: params.approvals, sandbox: params.sandbox };
      return [own];
    default:
      return typeOfDelta(method) ? growItem(thread, method, params) : [];
  }
}

/**
 * How much of the model's memory the conversation takes.
 * @param {any} usage
 */
function usageIn(usage) {
  const [used, window] = [usage?.last?.totalTokens, usage?.modelContextWindow];
  return used >= 0 && window > 0 ? { used, window } : null;
}

/** @param {Thread} thread @param {any} data @param {boolean} over */
function settleTurn(thread, data, over) {
  const turn = turnOf(thread, data.id);
  turn.status = data.status ?? turn.status;
  turn.error = data.error ?? turn.error;
  turn.startedAt = data.startedAt ? data.startedAt * 1000 : turn.startedAt;
  turn.durationMs = data.durationMs ?? turn.durationMs;
  if (!over) {
    thread.activeTurnId = data.id;
    return [`thread:${thread.id}`];
  }
  turn.retrying = null;
  if (thread.activeTurnId === data.id) thread.activeTurnId = null;
  thread.stopping = false;
  // The final summary completes items whose beginning the page missed.
  const keys = [`thread:${thread.id}`];
  for (const item of data.items ?? []) {
    const known = turn.items.find((candidate) => candidate.id === item.id);
    if (known && !known.partial) continue;
    if (known) completeItem(known, item);
    else turn.items.push(createItem(item, {}));
    keys.push(itemKey(thread, turn, item.id));
  }
  keys.push(...endUnnamed(thread, turn));
  for (const item of [...cutShort(turn.items), ...turn.items.filter((one) => one.live)]) keys.push(itemKey(thread, turn, item.id));
  return keys;
}

/** @param {Thread} thread @param {any} params @param {boolean} completed */
function placeItem(thread, params, completed) {
  const turn = turnOf(thread, params.turnId);
  const known = turn.items.find((item) => item.id === params.item.id);
  turn.retrying = null;
  if (known && params.sre?.author) known.author = params.sre.author;
  if (known) {
    if (completed) completeItem(known, params.item);
    else {
      known.type = params.item.type;
      known.data = params.item;
      known.live = true;
      known.cut = false;
      known.unnamed = "";
      known.startedAt = params.startedAtMs ?? known.startedAt;
    }
    return [itemKey(thread, turn, known.id), ...claimSend(thread, params.item)];
  }
  // The agent says one thing after the other. codex does not complete a message that a person's message cut off.
  const spoken = SPOKEN.has(params.item.type) || params.item.type === "userMessage"
    ? cutShort(turn.items.filter((item) => SPOKEN.has(item.type))) : [];
  const item = createItem(params.item, { live: !completed, startedAt: params.startedAtMs ?? null });
  item.author = params.sre?.author ?? null;
  turn.items.push(item);
  // Commands may run in parallel. When the agent speaks again, it has all their results.
  const ended = SPOKEN.has(params.item.type) ? endUnnamed(thread, turn) : [];
  const cut = spoken.map((item) => itemKey(thread, turn, item.id));
  return [`thread:${thread.id}`, ...cut, ...ended, ...claimSend(thread, params.item)];
}

/**
 * A message of this page that codex has echoed is no longer pending.
 * @param {Thread} thread @param {any} item
 */
function claimSend(thread, item) {
  if (item.type !== "userMessage" || !item.clientId) return [];
  const before = thread.sends.length;
  thread.sends = thread.sends.filter((send) => send.clientId !== item.clientId);
  return thread.sends.length === before ? [] : [`thread:${thread.id}`];
}

/** @param {Thread} thread @param {string} method @param {any} params */
function growItem(thread, method, params) {
  const turn = turnOf(thread, params.turnId);
  let item = turn.items.find((candidate) => candidate.id === params.itemId);
  const keys = [];
  if (!item) {
    item = createItem({ type: typeOfDelta(method), id: params.itemId }, { live: true, partial: true });
    turn.items.push(item);
    keys.push(`thread:${thread.id}`);
  }
  if (item.cut) [item.live, item.cut] = [true, false];
  // The item is already complete, so it includes any late delta.
  if (!item.live && item.type !== "commandExecution") return keys;
  if (item.unnamed === "silent") item.live = true;
  item.unnamed = "";
  applyDelta(item, method, params);
  keys.push(itemKey(thread, turn, item.id));
  return keys;
}
