// What the end of a socket means: whether to come back, when, and to which session.

/**
 * `then`: `again` at once and then with growing pauses, `now` whatever was tried before, `later` without trying at
 * once, `stay` away until the person asks, `signin` because nobody is signed in any more. `forget`: the session is no
 * more. `message`: why, where that is known.
 * @typedef {{ then: "again" | "now" | "later" | "stay" | "signin", forget: boolean, message: string }} Closing
 */

/** @type {Record<number, Closing>} */
const MEANINGS = {
  1001: { then: "later", forget: false, message: "The server is stopping." },
  // Taking it back at once would make two pages fight for it.
  4001: { then: "stay", forget: false, message: "This session was opened elsewhere." },
  4003: { then: "signin", forget: true, message: "Your sign-in ended: the token was revoked or has expired, or you signed out elsewhere." },
  4004: { then: "now", forget: true, message: "The session has ended." },
  4008: { then: "now", forget: false, message: "The connection is too slow for what the agent says." },
};

/** @param {{ code?: number, reason?: string }} event @param {boolean} wasOpen @returns {Closing} */
export function meaningOf({ code = 1006, reason = "" }, wasOpen) {
  if (wasOpen && Object.hasOwn(MEANINGS, code)) return MEANINGS[code];
  const message = reason || (wasOpen ? "" : "The server did not open a connection.");
  return { then: "again", forget: false, message };
}
