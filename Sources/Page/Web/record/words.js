// Describes a record entry in words. Any of them may come from the agent, so the view must make hidden characters
// visible.

import { decisionWord, ruleWords } from "../state/prompts.js";
import { counted, duration } from "../text/format.js";

/**
 * @typedef {import("./group.js").Entry} Entry
 * @typedef {{ tone: "good" | "bad" | "plain", text: string }} Step
 * @typedef {{ title: string, code: boolean, who: string, steps: (Step & { at: number })[] }} Summary
 * `code`: the title is the exact command. `who`: the person who acted, if no step says so.
 */

/** @type {Record<string, string>} */
const LABELS = {
  "server.started": "The server started", "server.stopped": "The server stopped",
  "signin.accepted": "Signed in", "signin.refused": "A sign-in was refused", "signin.ended": "A sign-in ended",
  "request.refused": "A request was refused",
  "session.opened": "A page or program connected", "session.resumed": "A page or program reconnected", "session.closed": "A page or program left",
  "thread.opened": "The conversation was opened", "turn.started": "A request to the agent", "turn.completed": "The agent ended its work",
  "method.called": "Called", "method.refused": "Refused", "alarm": "Alarm",
  "configuration.changed": "The configuration was changed", "token.created": "A token was made",
  "token.revoked": "A token was revoked", "ticket.created": "A link for another device was made",
  "agent.started": "The agent was started", "agent.ended": "The agent ended", "record.gap": "Something is missing here",
};
/** @type {Record<string, string>} */
const ASKED = {
  "item/fileChange/requestApproval": "Change files", "item/permissions/requestApproval": "More permissions",
  "item/tool/requestUserInput": "A question to the person", "mcpServer/elicitation/request": "A question of a tool server",
};

/** @param {import("./group.js").Group} group @returns {Summary} */
export function summaryOf({ entries, asked }) {
  return asked ? summaryOfAsked(entries) : summaryOfEvent(entries[0]);
}

/** @param {Entry} entry @returns {any} */
function detailsOf({ details }) {
  return details !== null && typeof details === "object" ? details : {};
}

/** @param {Entry} entry @returns {Summary} */
function summaryOfEvent(entry) {
  const { kind } = entry;
  const details = detailsOf(entry);
  const words = kind === "turn.started" ? wordsOf(details) : "";
  const [label, said] = labelOf(kind, details);
  const more = [said, details.message, details.reason].filter((text) => typeof text === "string" && text !== "");
  return { title: words || [label, ...more].join(": "), code: false, who: personOf(entry), steps: [] };
}

/**
 * What a person did, by the method's name.
 * @type {Record<string, string>}
 */
const CALLS = {
  "thread/start": "The conversation began", "thread/resume": "Opened the conversation", "thread/fork": "Copied from another conversation",
  "thread/name/set": "Renamed the conversation", "thread/archive": "Archived the conversation",
  "thread/unarchive": "Restored the conversation", "thread/compact/start": "Asked to summarise the conversation",
  "turn/steer": "Added a message", "turn/interrupt": "Stopped the agent",
};
/** @type {Record<string, string>} */
const ENDS = { completed: "The agent was done", interrupted: "The agent was stopped", failed: "The agent stopped because of an error" };

/** @param {string} kind @param {any} details @returns {[string, string?]} a label, and what else there is to say */
function labelOf(kind, { method, status }) {
  if (kind === "turn.completed" && Object.hasOwn(ENDS, status)) return [ENDS[status]];
  if ((kind === "thread.opened" || kind === "method.called") && Object.hasOwn(CALLS, method)) return [CALLS[method]];
  return [Object.hasOwn(LABELS, kind) ? LABELS[kind] : kind, method ?? status];
}

/**
 * The text of a request, as recorded or in codex's input format.
 * @param {any} details
 */
function wordsOf({ words, text, input }) {
  const parts = Array.isArray(input) ? input.map((part) => part?.text).filter((part) => typeof part === "string") : [];
  return [words, text, parts.join("\n")].find((found) => typeof found === "string" && found !== "") ?? "";
}

/** @param {Entry[]} entries @returns {Summary} */
function summaryOfAsked(entries) {
  const found = (/** @type {(details: any) => any} */ read) => entries.map((entry) => read(detailsOf(entry))).find(Boolean);
  // When a rule decides, the command is only in the tool's input.
  const command = found(({ command, params, input }) => command ?? params?.sre?.command ?? params?.command ?? input?.command);
  const changes = found((details) => details.changes ?? details.params?.changes);
  const method = found((details) => details.method) ?? "";
  const title = Array.isArray(command) ? command.join(" ") : command ? String(command) : "";
  return {
    title: title || filesOf(changes) || (Object.hasOwn(ASKED, method) ? ASKED[method] : method || entries[0].kind),
    code: title !== "", who: "",
    steps: entries.flatMap((entry) => {
      const step = stepOf(entry);
      return step ? [{ ...step, at: entry.at }] : [];
    }),
  };
}

/** @param {any} changes as shown to the person */
function filesOf(changes) {
  const paths = Array.isArray(changes) ? changes.map((change) => change?.path).filter((path) => typeof path === "string") : [];
  return paths.length > 0 ? `Change ${paths.join(", ")}` : "";
}

/** @param {Entry} entry @returns {Step | null} null if the entry adds nothing new */
function stepOf(entry) {
  const details = detailsOf(entry);
  switch (entry.kind) {
    case "question.asked":
    case "question.resolved": return null;
    case "decision": return decided(entry, details);
    case "decision.rule": return { tone: "plain", text: `${ruleWords(details)}${noted(details)}` };
    case "decision.timeout": return { tone: "plain", text: `${decisionWord("expired")}${after(details)}` };
    case "decision.void": return { tone: "plain", text: decisionWord("void") };
    case "decision.standing": return { tone: "plain", text: `Allowed by an earlier approval${by(entry)}` };
    case "decision.unattended": return { tone: "plain", text: "Ran without asking: this conversation is unattended" };
    case "answer.rejected": return { tone: "bad", text: `An answer${by(entry)} was not taken${colon(details.message ?? details.reason)}` };
    case "item.completed": return outcome(details);
    default: return { tone: "plain", text: `${entry.kind}${by(entry)}` };
  }
}

/** @param {Entry} entry @param {any} details @returns {Step} */
function decided(entry, details) {
  return { tone: "plain", text: `${decisionWord(details.decision)}${by(entry)}${after(details)}${noted(details)}` };
}

/** @param {any} details @returns {Step} */
function outcome({ status, exitCode, durationMs, outputBytes }) {
  if (status === "declined") return { tone: "plain", text: "Not run" };
  const time = duration(durationMs);
  const size = typeof outputBytes === "number" ? `, ${counted(outputBytes, "byte")} of output` : "";
  const isGood = typeof exitCode === "number" ? exitCode === 0 : status === "completed";
  const end = typeof exitCode === "number" ? `Exit ${exitCode}` : status === "failed" ? "Failed" : status === "completed" ? "Done" : `Ended${colon(status)}`;
  return { tone: isGood ? "good" : "bad", text: `${end}${time ? ` in ${time}` : ""}${size}` };
}

/** @param {Entry} entry */
export function personOf({ actor, role }) {
  return actor ? `${actor}${role ? ` (${role})` : ""}` : "";
}

/** @param {Entry} entry */
function by(entry) {
  const person = personOf(entry);
  return person ? ` by ${person}` : "";
}

/**
 * How long the question was shown before the decision.
 * @param {any} details
 */
function after({ askedAt, shownAt, decidedAt }) {
  const from = shownAt ?? askedAt;
  return typeof from === "number" && decidedAt >= from ? ` after ${duration(decidedAt - from)}` : "";
}

/** @param {any} details */
function noted({ comment, reason }) {
  const words = [...new Set([reason, comment].filter((text) => typeof text === "string" && text !== ""))];
  return words.map((text) => `: “${text}”`).join("");
}

/** @param {unknown} text */
function colon(text) {
  return typeof text === "string" && text !== "" ? `: ${text}` : "";
}
