// Which session of the server's this page looks at, and how many of its frames have come. That is all it takes to go
// on where a lost socket left off. Kept in memory only: a tab that is duplicated copies `sessionStorage`, and two tabs
// would take the session from each other.

/**
 * @typedef {{ resume: "new" | "ok" | "gap" }} Notice The server's word at the beginning of each socket. `new`: nothing
 * is left of what was asked before. `ok`: what was missed follows. `gap`: some of it is no longer kept.
 */

const METHOD = "sre/session";
/** A notice is short: no longer frame has to be read twice. */
const LONGEST_NOTICE = 1000;

export class Session {
  /** @type {string | null} */ #id = null;
  #count = 0;

  /** What the socket's address must say. */
  get query() {
    return this.#id === null ? "?session=new" : `?session=${this.#id}&after=${this.#count}`;
  }

  /**
   * Every frame that comes, in order.
   * @param {string} text @returns {Notice | null} null for a frame of the session's own
   */
  take(text) {
    const notice = noticeIn(text);
    if (notice === null) {
      this.#count += 1;
      return null;
    }
    // Somebody else's word for the same session would be a new one.
    const resume = notice.sessionId === this.#id ? notice.resume : "new";
    this.#id = notice.sessionId;
    this.#count = notice.next;
    return { resume };
  }

  /** It has ended, or must not be taken up again. */
  forget() {
    this.#id = null;
    this.#count = 0;
  }
}

/** @param {string} text @returns {any} */
function noticeIn(text) {
  if (text.length > LONGEST_NOTICE || !text.includes(METHOD)) return null;
  try {
    const { method, id, params } = JSON.parse(text);
    return method === METHOD && id === undefined && typeof params?.sessionId === "string" ? params : null;
  } catch {
    return null;
  }
}
