// The server's session that this page shows, and the number of its frames received: enough to resume after a lost
// socket. Kept only in memory: duplicating a tab copies `sessionStorage`, and two tabs would take the session from each
// other.

/**
 * @typedef {{ resume: "new" | "ok" | "gap" }} Notice The server's first frame on each socket. `new`: a new session
 * without any earlier requests. `ok`: the missed frames follow. `gap`: some of them are no longer kept.
 */

const METHOD = "sre/session";
/** Notices are short, so longer frames are not parsed twice. */
const LONGEST_NOTICE = 1000;

export class Session {
  /** @type {string | null} */ #id = null;
  #count = 0;

  /** The query of the socket's address. */
  get query() {
    return this.#id === null ? "?session=new" : `?session=${this.#id}&after=${this.#count}`;
  }

  /**
   * Takes every frame, in order.
   * @param {string} text @returns {Notice | null} null for an ordinary frame of the session
   */
  take(text) {
    const notice = noticeIn(text);
    if (notice === null) {
      this.#count += 1;
      return null;
    }
    // A notice for another session means a new session.
    const resume = notice.sessionId === this.#id ? notice.resume : "new";
    this.#id = notice.sessionId;
    this.#count = notice.next;
    return { resume };
  }

  /** The session has ended, or must not be resumed. */
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
