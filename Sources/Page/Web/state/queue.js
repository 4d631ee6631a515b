// Messages that codex sends when the agent is done. codex keeps them, so that they outlast this page and the server.

import { contentOf } from "../text/content.js";

/**
 * @typedef {{ id: string, clientId: string, text: string, attachments: { label: string, input: any }[] }} Queued
 * @typedef {import("./thread.js").Thread} Thread
 */

/** @param {any[]} listed as codex lists them, the next one first @returns {Queued[]} */
export function queuedIn(listed) {
  return listed.map(({ id, clientUserMessageId, input }) => ({ id, clientId: clientUserMessageId, ...contentOf(input ?? []) }));
}

/**
 * Whether a person must send what waits: codex goes on by itself only after a turn that has ended normally.
 * @param {Thread} thread
 */
export function isHeld(thread) {
  return thread.queue.length > 0 && thread.activeTurnId === null && thread.turns[thread.turns.length - 1]?.status !== "completed";
}
