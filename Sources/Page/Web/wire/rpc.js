// JSON-RPC over any transport that carries text: matches answers to questions, and sorts what
// comes in. Knows no socket and no clock of its own, so it is tested with plain strings. It may lose
// its transport and get another: what was asked over the first may be answered over the second.

/**
 * @typedef {{ method: string, params?: any, id?: string | number }} Incoming
 * @typedef {{
 *   send: (text: string) => void,
 *   onNotification: (method: string, params: any) => void,
 *   onRequest: (id: string | number, method: string, params: any) => void,
 *   setTimer?: (run: () => void, milliseconds: number) => any,
 *   clearTimer?: (timer: any) => void,
 * }} RpcOptions
 */

/** The agent's own words for what went wrong, with JSON-RPC's code. */
export class RpcError extends Error {
  /** @param {string} message @param {number} [code] @param {any} [data] */
  constructor(message, code = 0, data = undefined) {
    super(message);
    this.name = "RpcError";
    this.code = code;
    this.data = data;
  }
}

/** The connection went away before the answer came: nobody knows whether it was carried out. */
export class LostError extends Error {
  constructor(message = "The connection was lost before the server answered.") {
    super(message);
    this.name = "LostError";
  }
}

const ANSWER_LIMIT_MS = 30_000;
/** What was asked before the line broke is answered soon after it is back, or was never heard. */
const RESUMED_LIMIT_MS = 10_000;

/**
 * @typedef {{
 *   resolve: (result: any) => void, reject: (error: Error) => void, timer: any, limitMs: number, heldMs: number | null,
 * }} Waiting
 */

export class Rpc {
  #next = 1;
  /** @type {Map<number, Waiting>} */ #waiting = new Map();
  /** @type {((text: string) => void) | null} */ #send;

  /** @param {RpcOptions} options */
  constructor(options) {
    this.options = options;
    this.#send = options.send;
    this.setTimer = options.setTimer ?? ((run, milliseconds) => setTimeout(run, milliseconds));
    this.clearTimer = options.clearTimer ?? ((timer) => clearTimeout(timer));
  }

  /**
   * @param {string} method
   * @param {any} [params]
   * @param {number} [limitMs] some requests are never answered (interrupting a turn that has just ended)
   * @param {number | null} [heldMs] how long it may wait for a line that broke; null for as long as it takes
   * @returns {Promise<any>}
   */
  request(method, params = {}, limitMs = ANSWER_LIMIT_MS, heldMs = null) {
    const send = this.#send;
    if (!send) return Promise.reject(new LostError("The page is not connected."));
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      const seconds = Math.round(limitMs / 1000);
      const timer = this.#failAfter(id, limitMs, `The server did not answer within ${seconds} seconds.`);
      this.#waiting.set(id, { resolve, reject, timer, limitMs, heldMs });
      send(JSON.stringify({ id, method, params }));
    });
  }

  /** @param {number} id @param {number} milliseconds @param {string} [words] */
  #failAfter(id, milliseconds, words) {
    return this.setTimer(() => {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      waiting?.reject(new LostError(words));
    }, milliseconds);
  }

  /** @param {string} method @param {any} [params] */
  notify(method, params) {
    this.#send?.(JSON.stringify(params === undefined ? { method } : { method, params }));
  }

  /** @param {string | number} id @param {any} result */
  respond(id, result) {
    this.#send?.(JSON.stringify({ id, result }));
    return this.#send !== null;
  }

  /** @param {string | number} id @param {number} code @param {string} message */
  respondError(id, code, message) {
    this.#send?.(JSON.stringify({ id, error: { code, message } }));
    return this.#send !== null;
  }

  /** @param {string} text one message */
  receive(text) {
    /** @type {any} */
    let message;
    try {
      message = JSON.parse(text);
    } catch {
      return;
    }
    if (message === null || typeof message !== "object") return;
    if (typeof message.method === "string") {
      if (message.id === undefined || message.id === null) this.options.onNotification(message.method, message.params ?? {});
      else this.options.onRequest(message.id, message.method, message.params ?? {});
      return;
    }
    const waiting = this.#waiting.get(message.id);
    if (!waiting) return;
    this.#waiting.delete(message.id);
    this.clearTimer(waiting.timer);
    if (message.error) waiting.reject(new RpcError(
      String(message.error.message ?? "unknown error"), message.error.code, message.error.data));
    else waiting.resolve(message.result);
  }

  /** The line broke. What is open stays open: it may be answered over the next. */
  hold() {
    this.#send = null;
    for (const [id, waiting] of this.#waiting) {
      this.clearTimer(waiting.timer);
      waiting.timer = waiting.heldMs === null ? null : this.#failAfter(id, waiting.heldMs);
    }
  }

  /**
   * Another line to the same server's session. What got lost with the first has no answer and must not wait for one.
   * @param {(text: string) => void} send
   */
  resume(send) {
    this.#send = send;
    for (const [id, waiting] of this.#waiting) {
      this.clearTimer(waiting.timer);
      waiting.timer = this.#failAfter(
        id, Math.min(waiting.limitMs, RESUMED_LIMIT_MS), "The connection broke, and no answer came when it was back.");
    }
  }

  /** Every question still open fails now, rather than never. */
  close() {
    this.#send = null;
    for (const { reject, timer } of this.#waiting.values()) {
      this.clearTimer(timer);
      reject(new LostError());
    }
    this.#waiting.clear();
  }
}
