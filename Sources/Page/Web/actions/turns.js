// Turns: send a message, add to a running turn, stop it, and stop commands that it left running.

import { applyToThread } from "../state/thread.js";
import { sentenceOf } from "../text/trouble.js";
import { LostError, RpcError } from "../wire/rpc.js";
import { freshId } from "./app.js";
import { resumeThread, startThread, whenOpen } from "./threads.js";

/**
 * @typedef {import("./app.js").App} App
 * @typedef {import("../state/thread.js").Thread} Thread
 * @typedef {import("../state/thread.js").Send} Send
 */

/** codex does not answer an interrupt of a turn that has just ended. */
const INTERRUPT_LIMIT_MS = 8000;

/**
 * What a person chose for the next messages; null: as it is. `cwd`, `sandbox` and `approvals` are for a message that
 * begins a conversation.
 * @typedef {{
 *   cwd: string, model: string | null, effort: string | null, sandbox: string | null, approvals: string | null,
 * }} Choices
 */

/**
 * @param {App} app @param {string} text @param {Choices} choices
 * @param {import("./attachments.js").Attachment[]} [attachments]
 * @returns {Promise<boolean>} whether the thread has taken the text (sending may still fail there, visibly)
 */
export async function sendMessage(app, text, choices, attachments = []) {
  let thread = app.thread;
  if (!thread) {
    try {
      thread = await startThread(app, choices);
    } catch (error) {
      app.complain(sentenceOf(error, "start a conversation"));
      return false;
    }
  }
  /** @type {Send} */
  const send = { clientId: freshId(), text, attachments, model: choices.model, effort: choices.effort, steer: thread.activeTurnId !== null, state: "sending", error: "" };
  thread.sends.push(send);
  // The first message names the conversation until codex has its own preview.
  if (thread.preview === "") thread.preview = text || attachments[0]?.label || "";
  app.changes.add("list");
  app.changedThread(thread.id);
  void deliver(app, thread, send);
  return true;
}

/**
 * Sends a message, also again after a failure.
 * @param {App} app @param {Thread} thread @param {Send} send
 */
export async function deliver(app, thread, send) {
  send.state = "sending";
  send.error = "";
  app.changedThread(thread.id);
  await whenOpen(thread);
  const message = {
    threadId: thread.id, clientUserMessageId: send.clientId,
    input: [
      ...(send.text === "" ? [] : [{ type: "text", text: send.text, text_elements: [] }]),
      ...send.attachments.map(({ input }) => input),
    ],
  };
  const chosen = { ...(send.model ? { model: send.model } : {}), ...(send.effort ? { effort: send.effort } : {}) };
  try {
    if (thread.activeTurnId !== null && (await steered(app, message, thread.activeTurnId))) send.steer = true;
    else {
      send.steer = false;
      const { turn } = await app.request("turn/start", { ...message, ...chosen });
      // The notification may have come first, and the turn may even be over.
      if (!thread.turns.some((known) => known.id === turn.id)) applyToThread(thread, "turn/started", { turn });
    }
    send.state = "sent";
  } catch (error) {
    // The message may have arrived unconfirmed. The resumed thread shows it, and removes it from the pending messages.
    if (error instanceof LostError && app.state.ready) await resumeThread(app, thread.id);
    if (!thread.sends.includes(send)) return;
    send.state = "failed";
    send.error = sentenceOf(error, "send the message");
  }
  app.changedThread(thread.id);
}

/**
 * @param {App} app @param {any} message @param {string} turnId
 * @returns {Promise<boolean>} false if the turn had just ended
 */
async function steered(app, message, turnId) {
  try {
    await app.request("turn/steer", { ...message, expectedTurnId: turnId });
    return true;
  } catch (error) {
    if (error instanceof RpcError && /no active turn|expected active turn/.test(error.message)) return false;
    throw error;
  }
}

/** @param {Thread} thread @param {Send} send */
export function dropSend(thread, send) {
  thread.sends = thread.sends.filter((other) => other !== send);
}

/**
 * Has the conversation summarised, so that more fits into the model's memory.
 * @param {App} app
 */
export async function compact(app) {
  const { thread } = app;
  if (!thread) return;
  try {
    await app.request("thread/compact/start", { threadId: thread.id });
  } catch (error) {
    app.complain(sentenceOf(error, "summarise the conversation"));
  }
}

/** @param {App} app */
export async function stopTurn(app) {
  const thread = app.thread;
  if (!thread?.activeTurnId) return;
  const turnId = thread.activeTurnId;
  thread.stopping = true;
  app.changedThread(thread.id);
  try {
    await app.request("turn/interrupt", { threadId: thread.id, turnId }, INTERRUPT_LIMIT_MS);
  } catch (error) {
    if (thread.activeTurnId === turnId) app.complain(sentenceOf(error, "stop the turn"));
  }
  thread.stopping = false;
  app.changedThread(thread.id);
}

/**
 * Interrupting a turn does not end its running command. The server ends the command, and reports if it could not. This
 * is the second try.
 * @param {App} app @param {Thread} thread
 */
export async function endLeftovers(app, thread) {
  try {
    const { data } = await app.request("thread/backgroundTerminals/list", { threadId: thread.id });
    for (const { processId } of data) await app.request(
      "thread/backgroundTerminals/terminate", { threadId: thread.id, processId });
    thread.leftRunning = [];
  } catch (error) {
    app.complain(`${sentenceOf(error, "end what is still running")} It can also be ended on the host itself.`);
  }
  app.changedThread(thread.id);
}
