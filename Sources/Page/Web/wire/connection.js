// Keeps one socket open: asks the server whether the page may connect, connects, and reconnects after a loss. Does not
// look at the messages.

import { delayBefore } from "./backoff.js";
import { meaningOf } from "./closing.js";
import { keepSignedIn, wasSignedIn } from "./pagekey.js";

/**
 * The state of a connection. It goes offline -> connecting -> online. From `connecting` and `online` it goes to
 * `waiting` (until the next attempt) if the network fails, to `signin` or `forbidden` if another attempt would be
 * useless, to `taken` if another page has taken the session over, and to `offline` if the person disconnects. `lost`:
 * the page is trying to get back online; with `signin`, it was online until the sign-in ended, and `message` says why.
 * `brief`: the loss is less than a moment old. Most losses end before they need a message.
 * @typedef {"offline" | "connecting" | "online" | "waiting" | "signin" | "forbidden" | "taken"} Phase
 * @typedef {{ phase: Phase, message: string, retryAt: number | null, lost: boolean, brief: boolean }} ConnectionState
 * @typedef {{
 *   address: () => string,
 *   subprotocols?: () => string[],
 *   readInfo: () => Promise<import("./http.js").InfoAnswer>,
 *   onState: (state: ConnectionState) => void,
 *   onInfo: (info: import("./http.js").Info, skewMs: number) => void,
 *   onOpen: (send: (text: string) => void) => void,
 *   onText: (text: string) => void,
 *   onLost: (closing: { forget: boolean }) => void,
 *   Socket?: typeof WebSocket,
 *   now?: () => number,
 *   random?: () => number,
 * }} ConnectionOptions
 */

const OPEN_LIMIT_MS = 10_000;
/** A socket that lived longer than this resets the backoff. */
const GOOD_AFTER_MS = 5000;
const BRIEF_MS = 1000;
/** An attempt without a result for this long may be stuck in a network that no longer exists. */
const STUCK_MS = 2000;
/** How often the server may say "reconnect now" without a good socket in between. */
const MOST_HASTE = 3;

export class Connection {
  #attempt = 0;
  #haste = 0;
  /** Numbers the attempts, so that events of a superseded one are ignored. */
  #try = 0;
  /** @type {WebSocket | null} */ #socket = null;
  /** @type {any} */ #timer = null;
  /** @type {any} */ #moment = null;
  #begunAt = 0;
  #openedAt = 0;
  /** @type {ConnectionState} */ state = { phase: "offline", message: "", retryAt: null, lost: false, brief: false };

  /** @param {ConnectionOptions} options */
  constructor(options) {
    this.options = options;
    this.now = options.now ?? Date.now;
  }

  connect() {
    if (this.state.phase === "online" || this.state.phase === "connecting") return;
    this.#attempt = 0;
    this.#beginMoment();
    this.#begin();
  }

  /** Reconnects before the time is up: the network is back, or the person asks. */
  hurry() {
    const isStuck = this.state.phase === "connecting" && this.now() - this.#begunAt > STUCK_MS;
    if (this.state.phase === "waiting" || isStuck) this.#begin();
  }

  disconnect() {
    const wasOnline = this.state.phase === "online";
    this.#leave();
    this.#become("offline", "", false);
    if (wasOnline) this.options.onLost({ forget: false });
  }

  /** The socket is open but silent: drops it and reconnects. */
  giveUp() {
    if (this.#socket) this.#lose(this.#try, { then: "again", forget: false, message: "The connection went silent." });
  }

  /** @param {Phase} phase @param {string} message @param {boolean} lost @param {number | null} [retryAt] */
  #become(phase, message, lost, retryAt = null) {
    this.state = { phase, message, lost, retryAt, brief: this.#moment !== null };
    this.options.onState(this.state);
  }

  #beginMoment() {
    clearTimeout(this.#moment);
    this.#moment = setTimeout(() => {
      this.#moment = null;
      this.state = { ...this.state, brief: false };
      this.options.onState(this.state);
    }, BRIEF_MS);
  }

  /** Ends the current attempt. Its later events are ignored. */
  #leave() {
    this.#try += 1;
    clearTimeout(this.#timer);
    clearTimeout(this.#moment);
    this.#moment = null;
    this.#socket?.close(1000);
    this.#socket = null;
  }

  async #begin() {
    clearTimeout(this.#timer);
    // A stuck socket must not open later.
    this.#socket?.close();
    this.#socket = null;
    const mine = ++this.#try;
    this.#begunAt = this.now();
    this.#become("connecting", "", this.state.lost);
    // The page opens a round trip earlier.
    const early = mine === 1 && wasSignedIn() ? this.#dial() : null;
    const answer = await this.options.readInfo();
    if (mine !== this.#try) return;
    if (answer.status !== "ok") {
      early?.socket.close();
      this.#socket = null;
      if (answer.status === "unreachable") return this.#retry(answer.message);
      keepSignedIn(false);
      return this.#become(answer.status, answer.message, false);
    }
    keepSignedIn(true);
    this.options.onInfo(answer.info, answer.skewMs);
    this.#open(mine, early ?? this.#dial());
  }

  /** Opens a socket and keeps what it tells until `#open`. */
  #dial() {
    const Socket = this.options.Socket ?? WebSocket;
    const socket = new Socket(this.options.address(), this.options.subprotocols?.() ?? []);
    this.#socket = socket;
    /** @type {{ socket: WebSocket, heard: MessageEvent[], closed: CloseEvent | null }} */
    const dialled = { socket, heard: [], closed: null };
    socket.onmessage = (event) => dialled.heard.push(event);
    socket.onclose = (event) => (dialled.closed = event);
    return dialled;
  }

  /** @param {number} mine @param {{ socket: WebSocket, heard: MessageEvent[], closed: CloseEvent | null }} dialled */
  #open(mine, { socket, heard, closed }) {
    this.#timer = setTimeout(() => socket.close(), OPEN_LIMIT_MS);
    const opened = () => {
      if (mine !== this.#try) return;
      clearTimeout(this.#timer);
      this.#openedAt = this.now();
      this.#become("online", "", false);
      this.options.onOpen((text) => socket.send(text));
    };
    /** @param {MessageEvent} event */
    const told = (event) => {
      if (mine === this.#try && typeof event.data === "string") this.options.onText(event.data);
    };
    socket.onopen = opened;
    socket.onmessage = told;
    socket.onclose = (event) => this.#lose(mine, meaningOf(event, this.state.phase === "online"));
    if (socket.readyState === 1 || heard.length > 0) opened();
    heard.forEach(told);
    if (closed) this.#lose(mine, meaningOf(closed, this.state.phase === "online"));
  }

  /** @param {number} mine @param {import("./closing.js").Closing} closing */
  #lose(mine, { then, forget, message }) {
    if (mine !== this.#try) return;
    const wasOnline = this.state.phase === "online";
    if (wasOnline && this.now() - this.#openedAt > GOOD_AFTER_MS) this.#attempt = this.#haste = 0;
    this.#leave();
    const isFinal = then === "stay" || then === "signin";
    if (wasOnline && !isFinal) this.#beginMoment();
    if (wasOnline) this.options.onLost({ forget });
    if (then === "stay") return this.#become("taken", message, false);
    if (then === "signin") return this.#become("signin", message, true);
    if (then === "now" && this.#haste++ < MOST_HASTE) this.#attempt = 0;
    if (then === "later") this.#attempt = Math.max(this.#attempt, 1);
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
