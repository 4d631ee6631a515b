// Asks whether the agent may call a tool: one of a tool server (MCP), or one of codex's own.

import { h } from "../dom.js";
import { argumentsView, toolName } from "../views/arguments.js";
import { agentsWords, decisions, fromSubAgent } from "./parts.js";

/** @param {import("./kinds.js").App} app @param {import("./kinds.js").Prompt} prompt @returns {import("./kinds.js").Content} */
export function toolPrompt(app, prompt) {
  const { tool } = prompt.params.sre;
  const from = tool.server ? `the tool server ${tool.server}` : "the agent itself";
  return {
    title: "Call this tool?", grave: false, tail: true, reason: true,
    said: `Call the tool ${tool.name} of ${from}?`,
    body: [
      h("div", { class: "prompt-command", "data-test": "prompt-tool" }, toolName(tool), argumentsView(tool.arguments)),
      h("span", { class: "tail" }),
      h("p", { class: "note" }, tool.server
        ? "A tool server runs outside the sandbox, with the rights that its configuration gives it."
        : "One of codex’s own tools."),
      ...fromSubAgent(prompt),
      ...agentsWords(prompt.params.reason),
    ],
    actions: decisions(app, prompt, "Approve"),
  };
}
