// Notices a connection that has died without a word. The server's pings do that for the server: a browser answers them
// and keeps them from scripts, so a page that has heard nothing for a while must ask something itself.

/** @typedef {import("../actions/app.js").App} App */

/** With the time that an answer may take, a dead line is noticed within a minute. */
const SILENT_MS = 40_000;
const ANSWER_LIMIT_MS = 12_000;
/** Without an answer for so long, "connected" is no longer what a person should read. */
const DOUBT_AFTER_MS = 3000;

export class Heartbeat {
  #heardAt = 0;
  #heard = 0;
  #asking = false;

  /** @param {App} app @param {() => void} giveUp when the line is dead */
  constructor(app, giveUp) {
    this.app = app;
    this.giveUp = giveUp;
  }

  heard() {
    this.#heardAt = Date.now();
    this.#heard += 1;
    this.#doubt(false);
  }

  /** Ask something; any answer will do. For moments in which lines die: a phone wakes up, a network changes. */
  async probe() {
    const { app } = this;
    const { rpc } = app;
    if (!rpc || !app.state.ready || this.#asking) return;
    this.#asking = true;
    const before = this.#heard;
    const timer = setTimeout(() => this.#doubt(app.state.ready && this.#heard === before), DOUBT_AFTER_MS);
    await rpc.request("thread/loaded/list", { limit: 1 }, ANSWER_LIMIT_MS).catch(() => {});
    clearTimeout(timer);
    this.#asking = false;
    if (app.rpc === rpc && this.#heard === before) this.giveUp();
  }

  /** Called now and then. */
  check() {
    if (Date.now() - this.#heardAt > SILENT_MS) void this.probe();
  }

  /** @param {boolean} doubtful */
  #doubt(doubtful) {
    if (this.app.state.doubtful === doubtful) return;
    this.app.state.doubtful = doubtful;
    this.app.changes.add("connection");
  }
}
