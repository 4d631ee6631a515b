// The inbox: everything that waits, over all conversations.

import { followWaiting, lookForWaiting } from "./waiting.js";

/** @typedef {import("./app.js").App} App */

/** @param {App} app */
export function openInbox(app) {
  Object.assign(app.state, { open: null, inbox: true, begun: false, place: null, trouble: "" });
  app.changes.add("open", "trouble", "prompts", "list");
  followWaiting(app);
  void lookForWaiting(app);
}
