// What can be done now, as the list of actions shows it.

import { linkToThread } from "../address.js";
import { openInbox } from "../actions/inbox.js";
import { saveThread } from "../actions/save.js";
import { forkThread } from "../actions/fork.js";
import { openThread } from "../actions/threads.js";
import { compact, stopTurn } from "../actions/turns.js";
import { ICONS } from "../dom.js";
import { copied } from "../views/copy.js";
import { titleOf } from "../views/header.js";

/**
 * @typedef {{ label: string, icon: string, keys?: string, under?: string, run: () => void }} Command
 * @typedef {{
 *   search: (words: string) => void, record: () => void, choices: () => void, attach: () => void, shortcuts: () => void,
 *   latest: () => void, device: () => void, write: () => void,
 * }} Parts what other parts of the page do
 */

/** @param {import("../actions/app.js").App} app @param {Parts} parts @returns {Command[]} */
export function commandsOf(app, parts) {
  const { thread, state, rights } = app;
  const { mayWrite, role } = rights;
  const id = thread?.id ?? "";
  const waiting = state.waiting.length;
  /** @type {(Command | false)[]} */
  const all = [
    thread !== null && thread.activeTurnId !== null && mayWrite && { label: "Stop the agent", icon: ICONS.stop, run: () => void stopTurn(app) },
    waiting > 0 && { label: `Waiting questions (${waiting})`, icon: ICONS.inbox, run: () => openInbox(app) },
    mayWrite && { label: "New conversation", icon: ICONS.plus, run: () => {
      openThread(app, null);
      parts.write();
    } },
    waiting === 0 && { label: "Waiting questions", icon: ICONS.inbox, run: () => openInbox(app) },
    mayWrite && { label: "Search all conversations", icon: ICONS.search, run: () => parts.search("") },
    thread !== null && role !== null && { label: "Record: who asked, what ran, who allowed it", icon: ICONS.list, run: parts.record },
    thread !== null && { label: "Go to the newest message", icon: ICONS.down, run: parts.latest },
    thread !== null && { label: "Copy a link to this conversation", icon: ICONS.link, run: () => void copied(linkToThread(location, id)) },
    thread !== null && { label: "Save this conversation as Markdown", icon: ICONS.download, run: () => void saveThread(app, id) },
    thread !== null && mayWrite && { label: "Continue this conversation in a copy", icon: ICONS.copy, run: () => void forkThread(app, id) },
    thread !== null && mayWrite && thread.activeTurnId === null && { label: "Summarise this conversation to make room", icon: ICONS.file, run: () => void compact(app) },
    mayWrite && { label: "Add a picture or a file", icon: ICONS.attach, run: parts.attach },
    mayWrite && { label: thread ? "Choose the model" : "Choose the model and permissions", icon: ICONS.sliders, run: parts.choices },
    role !== null && { label: "Open on another device", icon: ICONS.device, run: parts.device },
    { label: "Keyboard shortcuts", icon: ICONS.key, keys: "?", run: parts.shortcuts },
  ];
  return /** @type {Command[]} */ (all.filter(Boolean));
}

/** @param {import("../actions/app.js").App} app @returns {Command[]} the other conversations, the last used first */
export function conversationsOf(app) {
  const { list, open } = app.state;
  if (list.archived) return [];
  return list.rows.filter(({ id }) => id !== open).map((row) => {
    const known = app.state.threads.get(row.id);
    return { label: titleOf({ name: row.name ?? known?.name, preview: row.preview || known?.preview }), icon: ICONS.terminal, under: "Conversation", run: () => openThread(app, row.id) };
  });
}
