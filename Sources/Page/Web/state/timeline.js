// A thread's history from the server's record: who sent each message, what was asked and decided, what became of it. codex
// keeps none of this, so a conversation that one opens tells the same story as one that was watched.

import { placeAsked, placeEnded, settleAsked } from "./asked.js";
import { createItem } from "./items.js";
import { noteUnknown } from "./outcomes.js";
import { endedByItself, verdictOf } from "./prompts.js";

/**
 * @typedef {import("./thread.js").Thread} Thread @typedef {import("./thread.js").Turn} Turn
 * @typedef {import("./thread.js").Decision} Decision
 * @typedef {{ id?: string, name: string, role?: string }} Author
 * @typedef {{ at: number, kind: string, author?: Author, itemId?: string, requestId?: string, details?: any }} TimelineEvent
 * @typedef {{ turnId: string | null, status?: string | null, message?: string, events: TimelineEvent[] }} TimelineTurn
 */

/** Decisions without a question. */
const UNASKED = new Set(["decision.rule", "decision.standing", "decision.unattended"]);
/** @type {Record<string, string>} */
const BY_ITSELF = { "decision.timeout": "expired", "decision.void": "void" };

/**
 * @param {Thread} thread @param {TimelineTurn[]} history newest first
 * @param {string | undefined} me the signed-in person's id
 * @returns {string[]} the keys of what changed
 */
export function applyTimeline(thread, history, me) {
  for (const { turnId, status, events } of history) {
    const turn = thread.turns.find((candidate) => candidate.id === turnId);
    if (!turn) continue;
    if (status === "unknown") turn.cutBy = "restart";
    nameAuthors(turn, events);
    const asked = new Map(events.filter(({ kind }) => kind === "question.asked").map((event) => [event.requestId, event]));
    for (const event of events) applyEvent(thread, turn, event, asked.get(event.requestId), events, me);
  }
  const items = thread.turns.flatMap((turn) => turn.items.map((item) => `item:${thread.id}/${turn.id}/${item.id}`));
  return [`thread:${thread.id}`, ...items];
}

/**
 * @param {Thread} thread @param {Turn} turn @param {TimelineEvent} event
 * @param {TimelineEvent | undefined} question @param {TimelineEvent[]} events @param {string | undefined} me
 */
function applyEvent(thread, turn, event, question, events, me) {
  const details = event.details ?? {};
  if (event.kind === "alarm") return note(turn, `Alarm. ${details.message ?? ""}`);
  if (event.kind === "item.completed" && details.status === "unknown") return noteUnknown(thread, {
    turnId: turn.id, item: lostItem(event), message: String(details.message ?? ""),
  });
  const isDecision = event.kind === "decision" || UNASKED.has(event.kind) || Object.hasOwn(BY_ITSELF, event.kind);
  if (!isDecision || !event.itemId) return;
  const decision = decisionOf(event, question, me);
  const known = thread.decisions.get(event.itemId) ?? [];
  if (known.some((other) => other.requestId === decision.requestId || (decision.rule !== undefined && other.rule === decision.rule))) return;
  thread.decisions.set(event.itemId, [...known, decision]);
  if (question) placeInOrder(thread, turn, question, decision, events);
}

/** @param {TimelineEvent} event @param {TimelineEvent | undefined} question @param {string | undefined} me @returns {Decision} */
function decisionOf({ kind, at, author, requestId, details = {} }, question, me) {
  const decision = BY_ITSELF[kind] ?? details.decision ?? null;
  return {
    requestId: requestId ?? `${kind}:${details.rule ?? details.approval?.requestId ?? ""}`,
    decision: kind === "decision.rule" || kind === "decision" || Object.hasOwn(BY_ITSELF, kind) ? decision : kind,
    decidedBy: endedByItself(decision) ? null : author?.name ?? null, decidedAt: details.decidedAt ?? at,
    mine: author?.id !== undefined && author.id === me,
    asks: question?.details?.params?.sre?.asks ?? "command", reason: details.reason ?? undefined, comment: details.comment ?? undefined,
    ...(kind === "decision.rule" ? { rule: String(details.rule ?? "") } : {}),
  };
}

/**
 * The item of a question that codex never showed, at its place in the turn.
 * @param {Thread} thread @param {Turn} turn @param {TimelineEvent} question @param {Decision} decision
 * @param {TimelineEvent[]} events
 */
function placeInOrder(thread, turn, question, decision, events) {
  const { method, params, changes } = question.details ?? {};
  if (!method || !params) return;
  const before = turn.items.length;
  const prompt = /** @type {any} */ ({
    id: question.requestId, method, params: { ...params, turnId: turn.id }, answer: null, outcome: decision,
  });
  placeEnded(thread, prompt, decision.mine);
  placeAsked(thread, method, prompt.params);
  placePatch(turn, question.itemId, changes, decision);
  settleAsked(thread, prompt, verdictOf(decision.decision));
  if (turn.items.length === before) return;
  const [item] = turn.items.splice(-1);
  turn.items.splice(placeOf(turn, question, events), 0, item);
}

/**
 * codex never shows a patch that was declined.
 * @param {Turn} turn @param {string | undefined} id @param {any} changes @param {Decision} decision
 */
function placePatch(turn, id, changes, decision) {
  if (!id || !Array.isArray(changes) || turn.items.some((item) => item.id === id)) return;
  const status = verdictOf(decision.decision) === "refused" ? "declined" : "completed";
  turn.items.push(createItem({ type: "fileChange", id, changes, status }, {}));
}

/** @param {Turn} turn @param {TimelineEvent} question @param {TimelineEvent[]} events */
function placeOf(turn, question, events) {
  const indexOf = (/** @type {TimelineEvent} */ { itemId }) => turn.items.findIndex((item) => item.id === itemId);
  const later = events.slice(events.indexOf(question)).map(indexOf).find((index) => index >= 0);
  if (later !== undefined) return later;
  const earlier = events.slice(0, events.indexOf(question)).map(indexOf).filter((index) => index >= 0).at(-1) ?? 0;
  // The agent had the last word in a turn that was completed.
  const isWord = (/** @type {number} */ end, /** @type {string} */ type) => end > earlier + 1 && turn.items[end - 1].type === type;
  let end = turn.items.length;
  if (turn.status !== "completed" || !isWord(end, "agentMessage")) return end;
  end -= 1;
  while (isWord(end, "reasoning")) end -= 1;
  return end;
}

/** @param {Turn} turn @param {TimelineEvent[]} events */
function nameAuthors(turn, events) {
  const sent = events.flatMap(({ kind, author, details }) => {
    if (kind === "turn.started") return [{ author, clientId: details?.clientUserMessageId }];
    return details?.method === "turn/steer" ? [{ author, clientId: details.params?.clientUserMessageId }] : [];
  });
  const messages = turn.items.filter((item) => item.type === "userMessage");
  messages.forEach((item, index) => {
    const own = sent.find(({ clientId }) => clientId && clientId === item.data.clientId) ?? (item.data.clientId ? undefined : sent[index]);
    item.author ??= own?.author ?? null;
  });
}

/** @param {Turn} turn @param {string} text */
function note(turn, text) {
  if (!turn.notes.includes(text)) turn.notes.push(text);
}

/** @param {TimelineEvent} event */
function lostItem({ itemId, details }) {
  const type = details.type ?? "commandExecution";
  return { ...details, type, id: itemId, status: "failed", command: details.command ?? "", cwd: details.cwd ?? "", aggregatedOutput: null, exitCode: null };
}
