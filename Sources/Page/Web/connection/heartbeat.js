// Detects a connection that died silently. The server's pings only help the server: a browser answers them without
// telling scripts. So a page that has received nothing for a while must send a request itself.

/** @typedef {import("../actions/app.js").App} App */

/** Together with the answer's time limit, a dead connection is noticed within a minute. */
const SILENT_MS = 40_000;
/** The same while a person may be looking: with the time for an answer, they are told after 10 s. */
const SILENT_SEEN_MS = 7000;
const ANSWER_LIMIT_MS = 12_000;
/** After this long without an answer, the page no longer shows "connected". */
const DOUBT_AFTER_MS = 3000;

export class Heartbeat {
  #heardAt = 0;
  #heard = 0;
  #asking = false;

  /** @param {App} app @param {() => void} giveUp called when the connection is dead */
  constructor(app, giveUp) {
    this.app = app;
    this.giveUp = giveUp;
  }

  heard() {
    this.#heardAt = Date.now();
    this.#heard += 1;
    this.#doubt(false);
  }

  /** Sends a request; any answer will do. For moments when connections die: a phone wakes up, a network changes. */
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

  /**
   * Called periodically.
   * @param {boolean} isSeen whether the page is visible
   */
  check(isSeen) {
    if (Date.now() - this.#heardAt > (isSeen ? SILENT_SEEN_MS : SILENT_MS)) void this.probe();
  }

  /** @param {boolean} doubtful */
  #doubt(doubtful) {
    if (this.app.state.doubtful === doubtful) return;
    this.app.state.doubtful = doubtful;
    this.app.state.heardAt = this.#heardAt;
    this.app.changes.add("connection");
  }
}
