// The questions that wait for a person, and their outcomes.

/**
 * `open`: can be answered. `answering`: this page's answer is on its way. `stale`: its session is gone or has a gap, so
 * the page does not know whether it still waits. `over`: answered elsewhere, expired or void; shown until read.
 * @typedef {"open" | "answering" | "stale" | "over"} PromptPhase
 * @typedef {{
 *   id: string | number, method: string, params: any, threadId: string | null, itemId: string | null,
 *   phase: PromptPhase, arrivedAt: number, answer: any, message: string,
 *   outcome: { decision: any, decidedBy: string | null, decidedAt: number | null, rule?: string } | null,
 * }} Prompt
 * @typedef {"approved" | "refused" | "unknown"} Verdict
 * @typedef {Map<string | number, Prompt>} Prompts in order of arrival
 */

/** @param {Prompts} prompts @param {string | number} id @param {string} method @param {any} params @param {number} now */
export function addPrompt(prompts, id, method, params, now) {
  const known = prompts.get(id);
  if (known) {
    // Delivered again after a reconnect: it still waits, whatever answer the page had sent.
    known.params = params;
    reopen(known);
    return known;
  }
  /** @type {Prompt} */
  const prompt = {
    id, method, params, threadId: params.threadId ?? params.conversationId ?? null, itemId: params.itemId ?? null,
    phase: "open", arrivedAt: now, answer: null, message: "", outcome: null,
  };
  prompts.set(id, prompt);
  return prompt;
}

/**
 * @param {Prompts} prompts
 * @param {any} params of `serverRequest/resolved`
 * @returns {{ prompt: Prompt, mine: boolean } | null}
 */
export function resolvePrompt(prompts, params) {
  const prompt = prompts.get(params.requestId);
  if (!prompt) return null;
  const said = params.sre ?? {};
  const mine = prompt.answer !== null && typeof said.rule !== "string" && mayBe(prompt.answer.decision, said.decision);
  prompt.outcome = {
    decision: said.decision ?? (mine ? prompt.answer?.decision : null), decidedBy: said.decidedBy ?? null,
    decidedAt: said.decidedAt ?? null, ...(typeof said.rule === "string" ? { rule: said.rule } : {}),
  };
  if (mine) prompts.delete(prompt.id);
  else {
    prompt.answer = null;
    prompt.phase = "over";
    prompt.message = outcomeSentence(prompt.outcome);
  }
  return { prompt, mine };
}

/** Why the server rejected an answer although the question still waits. */
const WAITS_ON = new Set(["malformed", "forbidden", "unrecorded"]);
const UNRECORDED = "Not approved: the record cannot be written. Nothing runs until it can; you may decline.";

/** @param {Prompts} prompts @param {any} params of `sre/answerRejected` */
export function rejectAnswer(prompts, params) {
  const prompt = prompts.get(params.requestId);
  if (!prompt) return null;
  const again = WAITS_ON.has(params.reason);
  prompt.phase = again ? "open" : "over";
  prompt.message = params.reason === "unrecorded" ? UNRECORDED : params.message || "The server did not take this answer. Reload the page and look again.";
  prompt.answer = null;
  if (again) return prompt;
  const itself = params.reason === "expired" || params.reason === "void" ? params.reason : null;
  const { decision = itself, decidedBy = null, decidedAt = null } = params;
  // An earlier `serverRequest/resolved` may have had more detail.
  prompt.outcome = { decision: decision ?? prompt.outcome?.decision ?? null, decidedBy, decidedAt };
  return prompt;
}

/**
 * The question still waits for an answer.
 * @param {Prompt} prompt
 */
function reopen(prompt) {
  prompt.phase = "open";
  if (prompt.answer) prompt.message = "Your answer did not arrive before the connection broke. Please decide again.";
  prompt.answer = null;
}

/**
 * Reopens questions whose answers may have been lost with a socket.
 * @param {Prompt[]} prompts @param {Set<string | number>} waiting the IDs that the server listed after the socket's end
 */
export function reopenUnheard(prompts, waiting) {
  for (const prompt of prompts) if (prompt.phase === "answering" && waiting.has(prompt.id)) reopen(prompt);
}

/**
 * Settles the stale questions.
 * @param {Prompts} prompts
 * @param {Set<string | number> | null} waiting null if the list is unavailable; the server's reply to an answer decides
 */
export function keepWaiting(prompts, waiting) {
  for (const prompt of prompts.values()) {
    if (prompt.phase !== "stale") continue;
    if (waiting === null || waiting.has(prompt.id)) reopen(prompt);
    else prompts.delete(prompt.id);
  }
}

/**
 * Their state is unknown.
 * @param {Prompts} prompts
 */
export function markStale(prompts) {
  for (const prompt of prompts.values()) if (prompt.phase !== "over") prompt.phase = "stale";
}

/**
 * The thread was opened again and the server did not send these questions again, so they no longer wait.
 * @param {Prompts} prompts @param {string} threadId @returns {Prompt[]} the dropped ones
 */
export function dropStale(prompts, threadId) {
  const dropped = [...prompts.values()].filter((prompt) => prompt.phase === "stale" && belongsTo(prompt, threadId));
  for (const prompt of dropped) prompts.delete(prompt.id);
  return dropped;
}

/**
 * A sub-agent asks on behalf of the conversation that started it.
 * @param {Prompt} prompt @param {string | null} threadId
 */
export function belongsTo(prompt, threadId) {
  return prompt.threadId === null || prompt.threadId === threadId || prompt.params.sre?.subAgentOf === threadId;
}

/**
 * When the question expires, or null if it does not expire or is over.
 * @param {Prompt} prompt @returns {number | null}
 */
export function deadlineOf(prompt) {
  return prompt.phase === "over" ? null : prompt.params.sre?.expiresAt ?? null;
}

/** @param {any} decision @returns {Verdict} */
export function verdictOf(decision) {
  const word = decisionWord(decision);
  return word.startsWith("Approved") ? "approved" : word === "Answered" ? "unknown" : "refused";
}

/**
 * Whether this page's answer can be the decision. Another person or the time-out may have been faster.
 * @param {any} ours @param {any} said
 */
function mayBe(ours, said) {
  if (said === "expired" || said === "void") return false;
  const verdicts = [verdictOf(ours), verdictOf(said)];
  return verdicts.includes("unknown") || verdicts[0] === verdicts[1];
}

/** @param {any} decision */
export function decisionWord(decision) {
  if (decision === "accept" || decision === "approved" || decision === "allow") return "Approved";
  if (decision === "acceptForSession" || decision === "approved_for_session") return "Approved for this session";
  if (decision === "decline" || decision === "denied" || decision === "deny") return "Declined";
  if (decision === "cancel" || decision === "abort") return "Stopped";
  if (decision === "expired") return "Declined, because nobody answered in time";
  if (decision === "decision.standing") return "Allowed by an earlier approval";
  if (decision === "decision.unattended") return "Ran without asking: this conversation is unattended";
  if (decision === "restarted") return "No longer asked: the server restarted";
  if (decision === "void") return "No longer asked: the agent was stopped or ended";
  // The server names a rule by its kind: `acceptWithExecpolicyAmendment`, `approved_execpolicy_amendment`.
  if (decision && typeof decision === "object") return "Approved with a rule";
  if (decision === "amendment" || /^(?:accept|approved_)/.test(String(decision))) return "Approved with a rule";
  return "Answered";
}

/**
 * A decision by the configuration, without a person.
 * @param {{ decision: any, rule?: string }} decided
 */
export function ruleWords({ decision, rule }) {
  return `${{ approved: "Allowed", refused: "Denied", unknown: "Decided" }[verdictOf(decision)]} by rule ${rule}`;
}

/** @param {{ decision: any, decidedBy: string | null, rule?: string } | null} outcome */
export function outcomeSentence(outcome) {
  if (outcome?.rule !== undefined) return `${ruleWords(outcome)}.`;
  if (!outcome || (!outcome.decision && !outcome.decidedBy)) return "This question is over: it was answered elsewhere, or it expired.";
  return `${decisionWord(outcome.decision)}${outcome.decidedBy ? ` by ${outcome.decidedBy}` : endedByItself(outcome.decision) ? "" : " on another device"}.`;
}

/**
 * Whether no person decided.
 * @param {any} decision
 */
export function endedByItself(decision) {
  return ["expired", "void", "restarted", "decision.standing", "decision.unattended"].includes(decision);
}
