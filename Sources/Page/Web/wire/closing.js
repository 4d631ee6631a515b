// What a closed socket means: whether to reconnect, when, and to which session.

/**
 * `then`: `again` reconnects at once and then with growing pauses; `now` reconnects at once whatever was tried before;
 * `later` skips the immediate attempt; `stay` waits for the person; `signin` needs a new sign-in. `forget`: the session
 * no longer exists. `message`: the reason, if known.
 * @typedef {{ then: "again" | "now" | "later" | "stay" | "signin", forget: boolean, message: string }} Closing
 */

/** @type {Record<number, Closing>} */
const MEANINGS = {
  1001: { then: "later", forget: false, message: "The server is stopping." },
  // Reconnecting at once would make two pages fight over the session.
  4001: { then: "stay", forget: false, message: "This page was opened elsewhere, too." },
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
