// What a connection means to the page: initialize once, resume after a lost connection, and reload what was missed if
// the server no longer has it.

import { loadQueue } from "../actions/queue.js";
import { loadList, resumeThread } from "../actions/threads.js";
import { confirmAnswers, lookForWaiting, recoverPrompts } from "../actions/waiting.js";
import { Titles } from "../actions/titles.js";
import { loginCompleted, readAccount } from "../actions/account.js";
import { markStale } from "../state/prompts.js";
import { noteRestart, receive, receiveRequest, withdrawStale } from "../state/store.js";
import { sentenceOf } from "../text/trouble.js";
import { Rpc } from "../wire/rpc.js";
import { Session } from "../wire/session.js";
import { Heartbeat } from "./heartbeat.js";

/** @typedef {import("../actions/app.js").App} App */

const HELLO = {
  clientInfo: { name: "sre-agent-page", title: "SRE Agent", version: "1" }, capabilities: { experimentalApi: true },
};
/** The server names the session in its first frame. */
const NOTICE_LIMIT_MS = 10_000;
const GAP = "The page was away too long: the server no longer has everything it missed. "
  + "This conversation was loaded again.";

export class Continuity {
  #session = new Session();
  /** @type {((text: string) => void) | null} */ #send = null;
  /** @type {any} */ #noticeTimer = null;
  /** Whether the server has received `initialize`. It must not receive it twice. */
  #begun = false;
  /** When the server of the last session had started. A later server has restarted. */
  #serverStart = 0;

  #titles;
  /** Drops a connection that is dead. */
  #giveUp = () => {};

  /** @param {App} app */
  constructor(app) {
    this.app = app;
    this.heartbeat = new Heartbeat(app, () => this.#giveUp());
    this.#titles = new Titles(app);
  }

  /** The query of the next socket's address. */
  get query() {
    return this.#session.query;
  }

  /** @param {(text: string) => void} send @param {() => void} giveUp called when the connection is dead */
  opened(send, giveUp) {
    this.#send = send;
    this.#giveUp = giveUp;
    this.#noticeTimer = setTimeout(giveUp, NOTICE_LIMIT_MS);
  }

  /** @param {string} text */
  heard(text) {
    this.heartbeat.heard();
    const notice = this.#session.take(text);
    if (notice === null || this.#send === null) return this.app.rpc?.receive(text);
    clearTimeout(this.#noticeTimer);
    if (notice.resume === "new") void this.#begin(this.#send);
    else void this.#goOn(this.#send, notice.resume === "gap");
  }

  /** @param {{ forget: boolean }} closing whether the session no longer exists */
  lost({ forget }) {
    const { app } = this;
    clearTimeout(this.#noticeTimer);
    this.#send = null;
    app.rpc?.hold();
    app.state.ready = false;
    app.changes.add("connection", "prompts");
    // A session that was lost before it was initialized is not worth resuming.
    if (forget || !this.#begun) this.forget();
  }

  /** The next connection starts a new session. */
  forget() {
    this.#session.forget();
    this.#begun = false;
    this.app.rpc?.close();
    this.app.rpc = null;
  }

  /**
   * Starts a new session.
   * @param {(text: string) => void} send
   */
  async #begin(send) {
    const { app } = this;
    app.rpc?.close();
    this.#begun = false;
    const start = app.state.info?.startedAt ?? 0;
    app.state.restarted = this.#serverStart > 0 && start > this.#serverStart;
    this.#serverStart = start;
    if (app.state.restarted) noteRestart(app.state);
    app.state.followed.clear();
    markStale(app.state.prompts);
    // Questions of other conversations are listed, and the server sends them again when a conversation opens.
    for (const id of app.state.threads.keys()) {
      if (id !== app.state.open) app.changes.add(...withdrawStale(app.state, id, app.state.restarted));
    }
    const rpc = new Rpc({
      send,
      onNotification: (method, params) => this.#hear(method, params),
      onRequest: (id, method, params) => this.#ask(id, method, params),
    });
    app.rpc = rpc;
    try {
      await rpc.request("initialize", HELLO);
      rpc.notify("initialized");
    } catch (error) {
      if (app.rpc !== rpc) return;
      // If the agent is not ready, a banner says why already.
      if (app.state.agent.state === "ready") app.complain(sentenceOf(error, "begin the session"));
      return this.#giveUp();
    }
    this.#begun = true;
    this.#beReady();
    void readAccount(app);
    if (app.state.open) await resumeThread(app, app.state.open);
    if (app.rpc !== rpc) return;
    void loadList(app, {});
    void lookForWaiting(app);
  }

  /**
   * Resumes the previous session.
   * @param {(text: string) => void} send @param {boolean} missed whether the server lacks some of the frames
   */
  async #goOn(send, missed) {
    const { app } = this;
    app.rpc?.resume(send);
    if (missed) markStale(app.state.prompts);
    this.#beReady();
    if (!missed) return confirmAnswers(app);
    void recoverPrompts(app);
    if (app.state.open) {
      app.complain(GAP);
      await resumeThread(app, app.state.open);
    }
    void loadList(app, {});
    void readAccount(app);
  }

  #beReady() {
    this.app.state.ready = true;
    this.app.state.stopping = null;
    this.app.changes.add("connection", "prompts");
  }

  /** @param {string} method @param {any} params */
  #hear(method, params) {
    const { app } = this;
    const before = app.state.agent.state;
    app.changes.add(...receive(app.state, method, params));
    if (method === "account/login/completed") void loginCompleted(app, params);
    if (method === "account/updated") void readAccount(app);
    // The agent came back as a new process. Its running work may have ended with the old one.
    this.#titles.heard(method, params);
    if (method === "thread/queue/changed") void loadQueue(app, params.threadId);
    if (method === "sre/waiting") void lookForWaiting(app);
    const isBack = method === "sre/agentStatus" && params.state === "ready" && before !== "ready";
    if (!isBack) return;
    void readAccount(app);
    if (app.state.open) void resumeThread(app, app.state.open);
  }

  /** @param {string | number} id @param {string} method @param {any} params */
  #ask(id, method, params) {
    this.app.changes.add(...receiveRequest(this.app.state, id, method, params, Date.now()));
  }
}
