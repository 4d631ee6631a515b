// A conversation as Markdown, for a ticket or a report: who asked, what ran, who allowed it, what became of it. Pure.

import { plainText } from "../text/ansi.js";
import { reveal } from "../text/escapes.js";
import { duration } from "../text/format.js";
import { usualScript } from "../text/shell.js";
import { decisionText } from "./decision.js";

/** @typedef {import("../state/thread.js").Thread} Thread @typedef {import("../state/items.js").Item} Item */

/** Lines of an output that are kept: its end says most. */
const MOST_LINES = 200;

/** @param {Thread} thread @param {{ title: string, link: string, at: Date }} about */
export function markdownOf(thread, { title, link, at }) {
  const head = [`# ${inLine(title)}`, `${link}  \nSaved ${at.toISOString()}${thread.cwd ? `, working directory \`${thread.cwd}\`` : ""}`];
  return `${[...head, ...thread.turns.flatMap((turn) => turnOf(thread, turn))].filter(Boolean).join("\n\n")}\n`;
}

/** @param {Thread} thread @param {import("../state/thread.js").Turn} turn */
function turnOf(thread, turn) {
  const when = turn.startedAt ? ` · ${new Date(turn.startedAt).toISOString()}` : "";
  const ends = { completed: "Done", interrupted: turn.cutBy === "restart" ? "Broken off: the server restarted" : "Stopped", failed: "Stopped because of an error" };
  const end = ends[/** @type {keyof typeof ends} */ (turn.status)] ?? "Still running";
  return [
    "---", ...turn.items.flatMap((item) => itemOf(thread, item, when)), ...turn.notes.map((note) => `> ${inLine(note)}`),
    turn.error ? `> Error: ${inLine(turn.error.message)}` : "", `_${end}${turn.durationMs ? ` after ${duration(turn.durationMs)}` : ""}_`,
  ];
}

/** @param {Thread} thread @param {Item} item @param {string} when @returns {string[]} */
function itemOf(thread, item, when) {
  const { data } = item;
  const decided = (thread.decisions.get(item.id) ?? []).map((decision) => `- ${inLine(decisionText(decision))}`).join("\n");
  switch (item.type) {
    case "userMessage": return [
      `## ${inLine(item.author?.name ?? "Message")}${when}`,
      (data.content ?? []).map((/** @type {any} */ part) => part.text ?? `(${part.type})`).join("\n"),
    ];
    case "agentMessage": case "plan": return [item.text];
    case "commandExecution": return [
      fenced(usualScript(data.command ?? "") ?? data.command ?? "", "sh"), [decided, `- ${outcomeOf(item)}`].filter(Boolean).join("\n"), outputOf(item),
    ];
    case "fileChange": return [
      ...(data.changes ?? []).map((/** @type {any} */ change) => `\`${change.path}\`\n\n${fenced(change.diff ?? "", "diff")}`),
      [decided, `- ${data.status === "declined" ? "Not applied" : data.status ?? ""}`].filter(Boolean).join("\n"),
    ];
    case "mcpToolCall": case "dynamicToolCall": return [
      `Tool \`${[data.server ?? data.namespace, data.tool].filter(Boolean).join(" · ")}\``, fenced(JSON.stringify(data.arguments ?? {}, null, 2), "json"),
      [decided, `- ${data.status === "declined" ? "Not called" : item.unknown ? `Outcome unknown. ${item.unknown}` : data.status ?? ""}`].filter(Boolean).join("\n"),
      data.result ? fenced((data.result.content ?? []).map((/** @type {any} */ part) => part?.text ?? JSON.stringify(part)).join("\n"), "") : "",
    ];
    case "sreQuestion": return [
      `The agent asked: ${(data.params.questions ?? [{ question: data.params.message ?? data.params.reason ?? data.method }]).map((/** @type {any} */ one) => inLine(one.question ?? "")).join(" ")}`,
      data.outcome ? `- ${inLine(decisionText({ ...data.outcome, mine: data.mine, asks: "", requestId: item.id }))}` : "",
    ];
    default: return [];
  }
}

/** @param {Item} item */
function outcomeOf({ data, unknown, unnamed, live }) {
  if (unknown) return `**Outcome unknown.** ${inLine(unknown)}`;
  if (data.status === "declined" || unnamed === "withdrawn") return "Not run";
  if (live) return "Still running";
  const code = data.exitCode;
  return `${typeof code === "number" ? `Exit ${code}` : data.status ?? ""}${data.durationMs ? ` in ${duration(data.durationMs)}` : ""}`;
}

/** @param {Item} item */
function outputOf({ output }) {
  const lines = plainText(output).replace(/\n+$/, "").split("\n");
  if (lines.length === 1 && lines[0] === "") return "";
  const left = lines.length - MOST_LINES;
  return fenced([...(left > 0 ? [`… ${left} earlier lines`] : []), ...lines.slice(-MOST_LINES)].join("\n"), "");
}

/**
 * A code block that nothing in the text can end.
 * @param {string} text @param {string} language
 */
function fenced(text, language) {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${shown(text)}\n${fence}`;
}

/**
 * One line, in which nothing is markup.
 * @param {string} text
 */
function inLine(text) {
  return shown(String(text).replaceAll(/\s+/g, " ")).replaceAll(/[\\`*_[\]<>#|]/g, "\\$&").trim();
}

/**
 * Hidden characters as escapes, as on the page.
 * @param {string} text
 */
function shown(text) {
  return reveal(text, "prose").map((piece) => piece.escape ?? piece.text).join("");
}
