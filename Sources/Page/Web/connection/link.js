// The page's link to its server: the connection, and what each connection means to the page.

import { Connection } from "../wire/connection.js";
import { Continuity } from "./continuity.js";
import { readInfo } from "../wire/http.js";
import { subprotocols } from "../wire/pagekey.js";

/** @typedef {import("../actions/app.js").App} App */

export class Link {
  /** @param {App} app @param {URL} page the page's own address */
  constructor(app, page) {
    const { state, changes } = app;
    const socket = new URL("api/v1/sre/socket", page);
    socket.protocol = page.protocol === "https:" ? "wss:" : "ws:";
    this.continuity = new Continuity(app);
    this.connection = new Connection({
      address: () => socket.href + this.continuity.query,
      subprotocols,
      readInfo,
      onState: (next) => {
        state.connection = next;
        changes.add("connection");
      },
      onInfo: (info, skewMs) => {
        state.info = info;
        if (info.development) import("../development.js").then((module) => module.watchForChanges());
        state.skewMs = skewMs;
        if (info.agent) state.agent = info.agent;
        state.refused = info.threadsRefused ?? "";
        // The ticket failed, but this browser was signed in already. Tell the person that they are still signed in as
        // themselves, and not as the person who made the link.
        if (state.ticketRefusal) app.complain(state.ticketRefusal);
        state.ticketRefusal = "";
        changes.add("info", "agent");
      },
      onOpen: (send) => this.continuity.opened(send, () => this.connection.giveUp()),
      onText: (text) => this.continuity.heard(text),
      onLost: (closing) => this.continuity.lost(closing),
    });
  }

  connect() {
    this.connection.connect();
  }

  disconnect() {
    this.connection.disconnect();
  }

  /** Reconnects before the time is up. */
  hurry() {
    this.connection.hurry();
  }

  /** Checks the connection at moments when connections often die silently. */
  mend() {
    this.connection.hurry();
    void this.continuity.heartbeat.probe();
  }

  /**
   * Ends the current session before `change` signs in another person or signs out.
   * @param {() => Promise<void>} change
   */
  async becomeAfter(change) {
    this.connection.disconnect();
    this.continuity.forget();
    await change();
    this.connection.connect();
  }
}
