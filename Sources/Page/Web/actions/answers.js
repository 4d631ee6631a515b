// A person's answer to one of the agent's questions.

import { sentenceOf } from "../text/trouble.js";

/** @typedef {import("./app.js").App} App @typedef {import("../state/prompts.js").Prompt} Prompt */

/** After this long without confirmation from the server, the page says so instead of looking finished. */
const CONFIRM_LIMIT_MS = 6000;
const DECLINED = -32000;

/** @param {App} app @param {Prompt} prompt @param {any} result */
export function answer(app, prompt, result) {
  give(app, prompt, result, () => app.rpc?.respond(prompt.id, result) ?? false);
}

/**
 * For a question whose answers the page does not know: an error means "no" in every dialect.
 * @param {App} app @param {Prompt} prompt
 */
export function refuse(app, prompt) {
  give(
    app, prompt, { decision: "decline" },
    () => app.rpc?.respondError(prompt.id, DECLINED, "Declined by the person at the page.") ?? false);
}

/** @param {App} app @param {Prompt} prompt @param {any} result @param {() => boolean} send */
function give(app, prompt, result, send) {
  if (prompt.phase !== "open") return;
  if (!app.state.ready || !send()) {
    prompt.message = "Not sent: the page is not connected. Decide again when it is.";
  } else {
    prompt.phase = "answering";
    prompt.answer = result;
    prompt.message = "";
    setTimeout(() => {
      if (prompt.phase !== "answering") return;
      prompt.message = "The server has not confirmed this answer yet.";
      app.changes.add("prompts");
    }, CONFIRM_LIMIT_MS);
  }
  app.changes.add("prompts");
}

/**
 * Closes a prompt that the person has read.
 * @param {App} app @param {Prompt} prompt
 */
export function dismiss(app, prompt) {
  app.state.prompts.delete(prompt.id);
  app.changes.add("prompts");
}

/**
 * Stops the turn that asked.
 * @param {App} app @param {Prompt} prompt
 */
export async function stopAsking(app, prompt) {
  if (!prompt.threadId || !prompt.params.turnId) return refuse(app, prompt);
  try {
    await app.request("turn/interrupt", { threadId: prompt.threadId, turnId: prompt.params.turnId }, CONFIRM_LIMIT_MS);
  } catch (error) {
    prompt.message = sentenceOf(error, "stop the turn");
    app.changes.add("prompts");
  }
}
