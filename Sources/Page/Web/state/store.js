// What the server's messages mean to the page's state.

import { placeAsked, placeEnded, settleAsked } from "./asked.js";
import { noteUnknown } from "./outcomes.js";
import { applyToThread } from "./thread.js";
import { addPrompt, belongsTo, dropStale, rejectAnswer, resolvePrompt, verdictOf } from "./prompts.js";
import { updateRow } from "./rows.js";
import { noteRule, sameDecision } from "./rules.js";

/** @typedef {import("./state.js").State} State */

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
    case "sre/serverStopping":
      state.stopping = { endsAt: Number(params.endsAt) || 0 };
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
  state.endings += 1;
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

/**
 * The thread was opened again, or is no longer followed: questions that did not come again no longer wait.
 * @param {State} state @param {string} threadId @param {boolean} restarted whether the server has restarted meanwhile
 * @returns {string[]} the keys of what changed
 */
export function withdrawStale(state, threadId, restarted) {
  return dropStale(state.prompts, threadId).flatMap((prompt) => {
    // An answer that was on its way may have arrived.
    if (!restarted || prompt.answer !== null) return ["prompts"];
    prompt.outcome = { decision: "restarted", decidedBy: null, decidedAt: null };
    return settle(state, prompt, false);
  });
}

/**
 * The server has restarted: turns that were running have ended with it.
 * @param {State} state
 */
export function noteRestart(state) {
  for (const thread of state.threads.values()) {
    const turn = thread.turns.find((candidate) => candidate.id === thread.activeTurnId);
    if (turn) turn.cutBy = "restart";
  }
}

/** @param {State} state @param {string} requestId */
function unlist(state, requestId) {
  const before = state.waiting.length;
  state.waiting = state.waiting.filter((waiting) => waiting.requestId !== requestId);
  return state.waiting.length === before ? [] : ["waiting", "list"];
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
