// Message sequences recorded from the real codex app-server (0.163.0) with a scripted model: one JSON value a line.
// `{result}` and `{page}` lines are responses to our requests, all others are codex's messages.

import { readFileSync } from "node:fs";
import { createState } from "../../../Sources/Page/Web/state/state.js";
import { receive, receiveRequest } from "../../../Sources/Page/Web/state/store.js";
import { createThread, describeThread } from "../../../Sources/Page/Web/state/thread.js";

/** @param {string} name @returns {any[]} */
export function recording(name) {
  const text = readFileSync(new URL(`../recordings/${name}.jsonl`, import.meta.url), "utf8");
  return text.split("\n").filter(Boolean).map((line) => JSON.parse(line));
}

/** A page that has opened a recording's thread and received no message yet. @param {any[]} lines */
export function pageFor(lines) {
  const state = createState();
  const id = lines.find((line) => line.result?.thread)?.result.thread.id ?? lines.find((line) => line.params?.threadId).params.threadId;
  const thread = createThread(id);
  const started = lines.find((line) => line.result?.thread);
  if (started) describeThread(thread, started.result.thread);
  state.threads.set(id, thread);
  state.open = id;
  return { state, thread };
}

/** Plays lines into a page. @param {any} state @param {any[]} lines @param {(line: any, keys: string[]) => void} [after] */
export function play(state, lines, after = () => {}) {
  for (const line of lines) {
    if (!line.method) continue;
    const keys = line.id === undefined ? receive(state, line.method, line.params) : receiveRequest(state, line.id, line.method, line.params, 0);
    after(line, keys);
  }
}
