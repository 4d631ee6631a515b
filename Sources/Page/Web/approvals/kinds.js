// The kinds of questions that the agent can ask, and the answers that each kind takes.

import { changesPrompt } from "./changes.js";
import { commandPrompt } from "./command.js";
import { elicitationPrompt } from "./elicitation.js";
import { permissionsPrompt } from "./permissions.js";
import { questionsPrompt } from "./questions.js";
import { toolPrompt } from "./tool.js";
import { unknownPrompt } from "./unknown.js";

/**
 * @typedef {import("../actions/app.js").App} App
 * @typedef {import("../state/prompts.js").Prompt} Prompt
 * @typedef {{
 *   label: string, intent: import("./guard.js").Intent, test: string, look: "primary" | "plain" | "quiet", lasts?: "session" | "always",
 *   key?: "approve" | "decline" | "stop", ready?: () => boolean, run: (reason: string, note: string) => void,
 * }} Action
 * @typedef {{ title: string, grave: boolean, body: (Node | null)[], tail: boolean, reason: boolean, actions: Action[], said: string, conversational?: boolean, withdraw?: () => void }} Content
 * `lasts`: the answer covers more than this request, which not every server allows. `tail`: the person must see the end
 * of the command or diff before approving. `said`: for a screen reader. `conversational`: every person who may write
 * may answer, because the answer approves nothing.
 */

const COMMAND = "item/commandExecution/requestApproval";

/** @type {Record<string, (app: App, prompt: Prompt) => Content>} */
const KINDS = {
  [COMMAND]: commandPrompt,
  "item/fileChange/requestApproval": changesPrompt,
  "item/permissions/requestApproval": permissionsPrompt,
  "item/tool/requestUserInput": questionsPrompt,
  "mcpServer/elicitation/request": elicitationPrompt,
};

/** @param {App} app @param {Prompt} prompt @returns {Content} */
export function contentOf(app, prompt) {
  if (prompt.params.sre?.tool && prompt.method === COMMAND) return toolPrompt(app, prompt);
  return (Object.hasOwn(KINDS, prompt.method) ? KINDS[prompt.method] : unknownPrompt)(app, prompt);
}
