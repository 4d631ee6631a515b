// Keeps one socket open: asks first whether we may, connects, and after a loss tries again. What is
// said over the socket is none of its business.

import { delayBefore } from "./backoff.js";

/**
 * Where a connection stands. It goes offline -> connecting -> online; from `connecting` and `online`
 * to `waiting` (until the next try) when the network fails, to `signin` or `forbidden` when trying
 * again would be no use, and to `offline` when the person disconnects.
 * @typedef {"offline" | "connecting" | "online" | "waiting" | "signin" | "forbidden"} Phase
 * @typedef {{ phase: Phase, message: string, retryAt: number | null, lost: boolean }} ConnectionState
 * @typedef {{
 *   url: string,
 *   readInfo: () => Promise<import("./http.js").InfoAnswer>,
 *   onState: (state: ConnectionState) => void,
 *   onInfo: (info: import("./http.js").Info, skewMs: number) => void,
 *   onOpen: (send: (text: string) => void) => void,
 *   onText: (text: string) => void,
 *   onLost: () => void,
 *   Socket?: typeof WebSocket,
 *   now?: () => number,
 *   random?: () => number,
 * }} ConnectionOptions
 */

const OPEN_LIMIT_MS = 10_000;
/** A socket that lived this long was good: the next loss starts counting from the beginning. */
const GOOD_AFTER_MS = 5000;

export class Connection {
  #attempt = 0;
  /** Each try has a number; what a superseded one still says is ignored. */
  #try = 0;
  /** @type {WebSocket | null} */ #socket = null;
  /** @type {any} */ #timer = null;
  #openedAt = 0;
  /** @type {ConnectionState} */ state = { phase: "offline", message: "", retryAt: null, lost: false };

  /** @param {ConnectionOptions} options */
  constructor(options) {
    this.options = options;
    this.now = options.now ?? Date.now;
  }

  connect() {
    if (this.state.phase === "online" || this.state.phase === "connecting") return;
    this.#attempt = 0;
    this.#begin();
  }

  /** Now, rather than when the time is up: the network is back, or the person asks. */
  hurry() {
    if (this.state.phase === "waiting") this.#begin();
  }

  disconnect() {
    this.#try += 1;
    clearTimeout(this.#timer);
    const wasOnline = this.#socket !== null;
    this.#socket?.close(1000);
    this.#socket = null;
    this.#become("offline", "", false);
    if (wasOnline) this.options.onLost();
  }

  /** The socket is open but nothing comes through: give it up and connect anew. */
  giveUp() {
    const socket = this.#socket;
    if (!socket) return;
    socket.close();
    this.#lose(this.#try, "The connection went silent.");
  }

  /** @param {Phase} phase @param {string} message @param {boolean} lost @param {number | null} [retryAt] */
  #become(phase, message, lost, retryAt = null) {
    this.state = { phase, message, lost, retryAt };
    this.options.onState(this.state);
  }

  async #begin() {
    clearTimeout(this.#timer);
    const mine = ++this.#try;
    const lost = this.state.lost;
    this.#become("connecting", "", lost);
    const answer = await this.options.readInfo();
    if (mine !== this.#try) return;
    if (answer.status === "unreachable") return this.#retry(answer.message);
    if (answer.status !== "ok") return this.#become(answer.status, answer.message, false);
    this.options.onInfo(answer.info, answer.skewMs);
    this.#open(mine);
  }

  /** @param {number} mine */
  #open(mine) {
    const Socket = this.options.Socket ?? WebSocket;
    const socket = new Socket(this.options.url);
    this.#socket = socket;
    this.#timer = setTimeout(() => socket.close(), OPEN_LIMIT_MS);
    socket.onopen = () => {
      if (mine !== this.#try) return;
      clearTimeout(this.#timer);
      this.#openedAt = this.now();
      this.#become("online", "", false);
      this.options.onOpen((text) => socket.send(text));
    };
    socket.onmessage = (event) => {
      if (mine === this.#try && typeof event.data === "string") this.options.onText(event.data);
    };
    socket.onclose = (event) => this.#lose(
      mine, event.reason || (this.#openedAt ? "The connection was lost." : "The server did not open a connection."));
  }

  /** @param {number} mine @param {string} message */
  #lose(mine, message) {
    if (mine !== this.#try) return;
    const wasOnline = this.state.phase === "online";
    if (wasOnline && this.now() - this.#openedAt > GOOD_AFTER_MS) this.#attempt = 0;
    this.#try += 1;
    this.#socket = null;
    clearTimeout(this.#timer);
    if (wasOnline) this.options.onLost();
    this.#retry(message);
  }

  /** @param {string} message */
  #retry(message) {
    const delay = delayBefore(this.#attempt, this.options.random);
    this.#attempt += 1;
    this.#become("waiting", message, true, this.now() + delay);
    this.#timer = setTimeout(() => this.#begin(), delay);
  }
}
