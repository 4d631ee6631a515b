// JSON-RPC over any transport that carries text: matches answers to questions, and sorts what
// comes in. Knows no socket and no clock of its own, so it is tested with plain strings.

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

export class Rpc {
  #next = 1;
  /** @type {Map<number, { resolve: (result: any) => void, reject: (error: Error) => void, timer: any }>} */
  #waiting = new Map();
  #closed = false;

  /** @param {RpcOptions} options */
  constructor(options) {
    this.options = options;
    this.setTimer = options.setTimer ?? ((run, milliseconds) => setTimeout(run, milliseconds));
    this.clearTimer = options.clearTimer ?? ((timer) => clearTimeout(timer));
  }

  /**
   * @param {string} method
   * @param {any} [params]
   * @param {number} [limitMs] some requests are never answered (interrupting a turn that has just ended)
   * @returns {Promise<any>}
   */
  request(method, params = {}, limitMs = ANSWER_LIMIT_MS) {
    if (this.#closed) return Promise.reject(new LostError());
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      const timer = this.setTimer(() => {
        this.#waiting.delete(id);
        reject(new LostError(`The server did not answer within ${Math.round(limitMs / 1000)} seconds.`));
      }, limitMs);
      this.#waiting.set(id, { resolve, reject, timer });
      this.options.send(JSON.stringify({ id, method, params }));
    });
  }

  /** @param {string} method @param {any} [params] */
  notify(method, params) {
    if (!this.#closed) this.options.send(JSON.stringify(params === undefined ? { method } : { method, params }));
  }

  /** @param {string | number} id @param {any} result */
  respond(id, result) {
    if (this.#closed) return false;
    this.options.send(JSON.stringify({ id, result }));
    return true;
  }

  /** @param {string | number} id @param {number} code @param {string} message */
  respondError(id, code, message) {
    if (this.#closed) return false;
    this.options.send(JSON.stringify({ id, error: { code, message } }));
    return true;
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

  /** Every question still open fails now, rather than never. */
  close() {
    this.#closed = true;
    for (const { reject, timer } of this.#waiting.values()) {
      this.clearTimer(timer);
      reject(new LostError());
    }
    this.#waiting.clear();
  }
}
