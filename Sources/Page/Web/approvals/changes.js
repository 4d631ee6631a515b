// Asks whether the agent may change files. The diff came before the question, with its item.

import { h } from "../dom.js";
import { counted } from "../text/format.js";
import { diffView } from "../views/diff.js";
import { agentsWords, decisions, fromSubAgent, place } from "./parts.js";

/** @param {import("./kinds.js").App} app @param {import("./kinds.js").Prompt} prompt @returns {import("./kinds.js").Content} */
export function changesPrompt(app, prompt) {
  const changes = changesOf(app, prompt);
  const cwd = app.state.threads.get(prompt.threadId ?? "")?.cwd ?? "";
  const title = changes ? `Change ${changes.length === 1 ? "this file" : `these ${changes.length} files`}?` : "Change files?";
  const body = [
    changes ? diffView(changes, { whole: true, cwd })
      : h("p",
        { class: "note", "data-test": "diff-missing" },
        "The server has not sent what would change. Decline, and ask the agent to show it first."),
    h("span", { class: "tail" }),
    ...(changes ? place("in", cwd) : []),
    ...place("It also asks to write anywhere below", prompt.params.grantRoot),
    ...fromSubAgent(prompt),
    ...agentsWords(prompt.params.reason),
  ];
  const actions = decisions(app, prompt, "Approve");
  return {
    title, grave: Boolean(prompt.params.grantRoot), body, tail: true, reason: true,
    said: `${title} ${changes ? counted(changes.length, "file") : ""}`,
    // A person cannot approve changes that the page cannot show.
    actions: changes ? actions : actions.filter((action) => action.intent === "refuse"),
  };
}

/** @param {import("./kinds.js").App} app @param {import("./kinds.js").Prompt} prompt */
export function changesOf(app, prompt) {
  const own = prompt.params.changes ?? prompt.params.fileChanges;
  if (Array.isArray(own)) return own;
  const thread = app.state.threads.get(prompt.threadId ?? "");
  for (const turn of thread?.turns ?? []) {
    const item = turn.items.find((candidate) => candidate.id === prompt.itemId);
    if (item?.data.changes?.length > 0) return item?.data.changes;
  }
  return null;
}
