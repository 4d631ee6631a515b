// The page's whole state, and the subscribers to its changes. Changes are delivered once per frame, so a thousand
// deltas cause one redraw.

import { placeAsked, placeEnded, settleAsked } from "./asked.js";
import { noteUnknown } from "./outcomes.js";
import { applyToThread } from "./thread.js";
import { addPrompt, belongsTo, rejectAnswer, resolvePrompt, verdictOf } from "./prompts.js";
import { noteRule, sameDecision } from "./rules.js";

/**
 * @typedef {import("./thread.js").Thread} Thread
 * @typedef {{ requiresOpenaiAuth: boolean, account: any, known: boolean, login: any, error: string }} AccountState
 * @typedef {{ rows: any[], cursor: string | null, archived: boolean, loading: boolean, error: string, loaded: boolean, search: string }} ListState
 * @typedef {{
 *   connection: import("../wire/connection.js").ConnectionState,
 *   ready: boolean,
 *   info: import("../wire/http.js").Info | null,
 *   skewMs: number,
 *   account: AccountState,
 *   agent: { state: string, message: string },
 *   refused: string,
 *   list: ListState,
 *   open: string | null,
 *   threads: Map<string, Thread>,
 *   prompts: import("./prompts.js").Prompts,
 *   alarms: { threadId: string, itemId: string, message: string }[],
 *   notices: string[],
 *   trouble: string,
 *   waiting: { requestId: string, threadId: string, command: string }[],
 *   doubtful: boolean,
 * }} State
 * `doubtful`: the connection is open but does not answer.
 * `refused`: why no new conversation can begin, although open ones continue.
 * `waiting`: the server's list of approvals in all conversations.
 */

/** @returns {State} */
export function createState() {
  return {
    connection: { phase: "offline", message: "", retryAt: null, lost: false, brief: false },
    ready: false,
    info: null,
    skewMs: 0,
    account: { requiresOpenaiAuth: false, account: null, known: false, login: null, error: "" },
    agent: { state: "ready", message: "" },
    refused: "",
    list: { rows: [], cursor: null, archived: false, loading: false, error: "", loaded: false, search: "" },
    open: null,
    threads: new Map(),
    prompts: new Map(),
    alarms: [],
    notices: [],
    trouble: "",
    waiting: [],
    doubtful: false,
  };
}

/**
 * Disconnected for long enough to tell the person.
 * @param {State} state
 */
export function isAway({ ready, connection }) {
  return !ready && !connection.brief;
}

/**
 * Handles a notification from the server.
 * @param {State} state @param {string} method @param {any} params
 * @returns {string[]} the keys of what changed
 */
export function receive(state, method, params) {
  switch (method) {
    case "serverRequest/resolved": return resolved(state, params);
    case "sre/answerRejected": return rejected(state, params);
    case "sre/alarm":
      state.alarms.push({ threadId: params.threadId, itemId: params.itemId, message: String(params.message ?? "") });
      return ["alarms"];
    case "sre/agentStatus":
      state.agent = { state: params.state, message: String(params.message ?? "") };
      return ["agent"];
    case "sre/threadsRefused":
      state.refused = String(params.message ?? "");
      return ["agent"];
    case "sre/outcomeUnknown": {
      const cut = state.threads.get(params.threadId);
      return cut ? noteUnknown(cut, params) : [];
    }
    case "sre/decidedByRule": {
      const ruled = state.threads.get(params.threadId);
      return ruled ? noteRule(ruled, params) : [];
    }
    case "sre/commandsStopped": {
      const stopped = state.threads.get(params.threadId);
      if (!stopped) return [];
      stopped.leftRunning = (params.left ?? []).map(String);
      return [`thread:${params.threadId}`];
    }
    case "sre/agentFault":
    case "warning":
    case "guardianWarning":
    case "configWarning":
    case "deprecationNotice": {
      const text = String(params.message ?? params.summary ?? "");
      if (text === "" || state.notices.includes(text)) return [];
      state.notices.push(text);
      return ["notices"];
    }
    default: {
      const keys = updateRow(state.list, method, params);
      const thread = state.threads.get(params.threadId ?? "");
      return thread ? [...keys, ...applyToThread(thread, method, params)] : keys;
    }
  }
}

/** @param {State} state @param {string | number} id @param {string} method @param {any} params @param {number} now */
export function receiveRequest(state, id, method, params, now) {
  addPrompt(state.prompts, id, method, params, now);
  const thread = state.threads.get(params.threadId ?? "");
  return ["prompts", ...(thread ? placeAsked(thread, method, params) : [])];
}

/** @param {State} state @param {any} params */
function resolved(state, params) {
  const found = resolvePrompt(state.prompts, params);
  const keys = unlist(state, params.requestId);
  return found ? [...keys, ...settle(state, found.prompt, found.mine)] : keys;
}

/** @param {State} state @param {any} params */
function rejected(state, params) {
  const prompt = rejectAnswer(state.prompts, params);
  if (!prompt) return [];
  return prompt.phase === "over" ? [...unlist(state, params.requestId), ...settle(state, prompt, false)] : ["prompts"];
}

/**
 * Tells the thread of a finished question.
 * @param {State} state @param {import("./prompts.js").Prompt} prompt @param {boolean} mine
 */
function settle(state, prompt, mine) {
  const { outcome } = prompt;
  const thread = state.threads.get(prompt.threadId ?? "") ?? state.threads.get(prompt.params.sre?.subAgentOf ?? "");
  if (!thread || !outcome) return ["prompts"];
  const placed = placeEnded(thread, prompt, mine);
  if (!prompt.itemId) return ["prompts", ...placed];
  if (outcome.decision || outcome.decidedBy) {
    // The page of a person who answers too late learns of the outcome twice.
    const others = (thread.decisions.get(prompt.itemId) ?? []).filter((other) => !sameDecision(other, prompt.id, outcome.rule));
    thread.decisions.set(prompt.itemId, [...others, {
      ...outcome, requestId: prompt.id, mine, asks: prompt.params.sre?.asks ?? "command",
      reason: mine ? prompt.answer?.reason : undefined,
    }]);
  }
  return ["prompts", ...placed, ...settleAsked(thread, prompt, verdictOf(outcome.decision))];
}

/** @param {State} state @param {string} requestId */
function unlist(state, requestId) {
  const before = state.waiting.length;
  state.waiting = state.waiting.filter((waiting) => waiting.requestId !== requestId);
  return state.waiting.length === before ? [] : ["waiting", "list"];
}

/** @param {ListState} list @param {string} method @param {any} params */
function updateRow(list, method, params) {
  const row = list.rows.find((candidate) => candidate.id === params.threadId);
  if (method === "thread/status/changed" && row) row.status = params.status;
  else if (method === "thread/name/updated" && row) row.name = params.threadName ?? null;
  else if (method === "thread/started" && params.thread && !list.archived) {
    const known = list.rows.some((candidate) => candidate.id === params.thread.id);
    if (known || list.search || params.thread.parentThreadId || params.thread.ephemeral) return [];
    list.rows.unshift(params.thread);
  } else if (method === (list.archived ? "thread/unarchived" : "thread/archived") || method === "thread/deleted") {
    list.rows = list.rows.filter((candidate) => candidate.id !== params.threadId);
  } else return [];
  return ["list"];
}

/**
 * Questions in conversations other than the open one: delivered ones and listed ones.
 * @param {State} state @returns {{ threadId: string, count: number }[]}
 */
export function waitingElsewhere(state) {
  /** @type {Map<string, Set<string | number>>} */
  const byThread = new Map();
  const add = (/** @type {string} */ threadId, /** @type {string | number} */ id) => byThread.set(
    threadId, (byThread.get(threadId) ?? new Set()).add(id));
  for (const prompt of state.prompts.values()) {
    if (prompt.phase === "open" && !belongsTo(prompt, state.open)) add(
      prompt.params.sre?.subAgentOf ?? prompt.threadId, prompt.id);
  }
  for (const { requestId, threadId } of state.waiting) {
    if (threadId !== state.open && !state.prompts.has(requestId)) add(threadId, requestId);
  }
  return [...byThread].map(([threadId, ids]) => ({ threadId, count: ids.size }));
}

/** Collects changed keys and delivers them at the next frame. */
export class Changes {
  /** @type {Set<string>} */ #keys = new Set();
  /** @type {((keys: Set<string>) => void)[]} */ #listeners = [];
  #scheduled = false;

  /** @param {(run: () => void) => void} schedule */
  constructor(schedule) {
    this.schedule = schedule;
  }

  /** @param {(keys: Set<string>) => void} listener */
  subscribe(listener) {
    this.#listeners.push(listener);
  }

  /** @param {string[]} keys */
  add(...keys) {
    for (const key of keys) this.#keys.add(key);
    if (this.#scheduled || this.#keys.size === 0) return;
    this.#scheduled = true;
    this.schedule(() => this.flush());
  }

  flush() {
    this.#scheduled = false;
    const keys = this.#keys;
    this.#keys = new Set();
    if (keys.size > 0) for (const listener of this.#listeners) listener(keys);
  }
}
