// JSON-RPC over any text transport: matches answers to requests, and dispatches incoming messages. Has no socket and no
// clock of its own, so tests use plain strings. It may lose its transport and get another: a request sent over the
// first may be answered over the second.

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

/** The agent's error message, with JSON-RPC's code. */
export class RpcError extends Error {
  /** @param {string} message @param {number} [code] @param {any} [data] */
  constructor(message, code = 0, data = undefined) {
    super(message);
    this.name = "RpcError";
    this.code = code;
    this.data = data;
  }
}

/** The connection was lost before the answer came. Whether the request was carried out is unknown. */
export class LostError extends Error {
  constructor(message = "The connection was lost before the server answered.") {
    super(message);
    this.name = "LostError";
  }
}

const ANSWER_LIMIT_MS = 30_000;
/** After a reconnect, a request from before is answered soon, or the server never received it. */
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
   * @param {number | null} [heldMs] how long it may wait while disconnected; null: no limit
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

  /** The connection was lost. Open requests stay open, because the next connection may answer them. */
  hold() {
    this.#send = null;
    for (const [id, waiting] of this.#waiting) {
      this.clearTimer(waiting.timer);
      waiting.timer = waiting.heldMs === null ? null : this.#failAfter(id, waiting.heldMs);
    }
  }

  /**
   * A new connection to the same session. Requests lost with the old connection get no answer and must not wait for
   * one.
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

  /** Fails every open request now, so that none waits forever. */
  close() {
    this.#send = null;
    for (const { reject, timer } of this.#waiting.values()) {
      this.clearTimer(timer);
      reject(new LostError());
    }
    this.#waiting.clear();
  }
}
