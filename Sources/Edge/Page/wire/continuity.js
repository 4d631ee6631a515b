// What being connected means to the page: say hello, take up the open thread where it was, notice
// silence. Resumable sessions will change this file and nothing else: today each socket is a new
// session, and `thread/resume` is how one goes on.

import { loadList, resumeThread } from "../actions/threads.js";
import { lookForWaiting } from "../actions/waiting.js";
import { loginCompleted, readAccount } from "../actions/account.js";
import { markStale } from "../state/prompts.js";
import { receive, receiveRequest } from "../state/store.js";
import { sentenceOf } from "../text/trouble.js";
import { Rpc } from "./rpc.js";

/** @typedef {import("../actions/app.js").App} App */

const HELLO = {
  clientInfo: { name: "sre-agent-page", title: "SRE Agent", version: "1" }, capabilities: { experimentalApi: true },
};
/** A turn that runs says something now and then; after this long the line itself is in doubt. */
const SILENT_MS = 45_000;
const PROBE_LIMIT_MS = 8000;
export class Continuity {
  #heardAt = 0;

  /** @param {App} app @param {() => void} giveUp when the line is dead */
  constructor(app, giveUp) {
    this.app = app;
    this.giveUp = giveUp;
  }

  /** @param {(text: string) => void} send */
  async opened(send) {
    const { app } = this;
    const rpc = new Rpc({
      send,
      onNotification: (method, params) => this.#hear(method, params),
      onRequest: (id, method, params) => this.#ask(id, method, params),
    });
    app.rpc = rpc;
    this.#heardAt = Date.now();
    try {
      await rpc.request("initialize", HELLO);
      rpc.notify("initialized");
    } catch (error) {
      if (app.rpc !== rpc) return;
      app.complain(sentenceOf(error, "begin the session"));
      return this.giveUp();
    }
    app.state.ready = true;
    app.changes.add("connection");
    void readAccount(app);
    if (app.state.open) await resumeThread(app, app.state.open);
    if (app.rpc !== rpc) return;
    void loadList(app, {});
    void lookForWaiting(app);
  }

  /** @param {string} text */
  heard(text) {
    this.#heardAt = Date.now();
    this.app.rpc?.receive(text);
  }

  lost() {
    const { app } = this;
    app.rpc?.close();
    app.rpc = null;
    app.state.ready = false;
    markStale(app.state.prompts);
    app.changes.add("connection", "prompts");
  }

  /** A phone that slept keeps a dead socket for minutes. Ask something; any answer will do. */
  async probe() {
    const { app } = this;
    const { rpc } = app;
    if (!rpc || !app.state.ready) return;
    const asked = Date.now();
    await rpc.request("thread/loaded/list", { limit: 1 }, PROBE_LIMIT_MS).catch(() => {});
    if (app.rpc === rpc && this.#heardAt < asked) this.giveUp();
  }

  probeIfSilent() {
    const busy = [...this.app.state.threads.values()].some((thread) => thread.activeTurnId !== null);
    if (busy && Date.now() - this.#heardAt > SILENT_MS) void this.probe();
  }

  /** @param {string} method @param {any} params */
  #hear(method, params) {
    const { app } = this;
    const before = app.state.agent.state;
    app.changes.add(...receive(app.state, method, params));
    if (method === "account/login/completed") void loginCompleted(app, params);
    if (method === "account/updated") void readAccount(app);
    // The agent came back as a new process: what it was doing may have ended with the old one.
    const isBack = method === "sre/agentStatus" && params.state === "ready" && before !== "ready";
    if (isBack && app.state.open) void resumeThread(app, app.state.open);
  }

  /** @param {string | number} id @param {string} method @param {any} params */
  #ask(id, method, params) {
    this.app.changes.add(...receiveRequest(this.app.state, id, method, params, Date.now()));
  }
}
