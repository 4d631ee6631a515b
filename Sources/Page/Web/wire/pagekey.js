// The page key: the second secret of a sign-in. The browser sends the cookie to every port of the host, but keeps
// localStorage to this origin, port included. The server requires both.

const ITEM = "sre-agent-page-key";
const SIGNED_IN = "sre-agent-was-signed-in";
const HEADER = "SRE-Page-Key";
const SUBPROTOCOL = "sre-agent";

/**
 * If the browser stores nothing, the sign-in lasts as long as the page.
 * @type {string | null}
 */
let kept = null;

/** @returns {string | null} */
function key() {
  try {
    return localStorage.getItem(ITEM) ?? kept;
  } catch {
    return kept;
  }
}

/** @param {string | null} value null: signed out */
export function keepPageKey(value) {
  kept = value;
  try {
    if (value === null) localStorage.removeItem(ITEM);
    else localStorage.setItem(ITEM, value);
  } catch {
    // Storage is disabled or full.
  }
}

/**
 * The headers of each call to the server.
 * @returns {Record<string, string>}
 */
export function pageKeyHeaders() {
  const value = key();
  return value === null ? {} : { [HEADER]: value };
}

/** The subprotocols that the socket offers: a page cannot set a WebSocket's headers. @returns {string[]} */
export function subprotocols() {
  const value = key();
  return value === null ? [] : [SUBPROTOCOL, `${SUBPROTOCOL}-page-key.${value}`];
}

/** Did the server know this browser the last time? Then it most likely does now. */
export function wasSignedIn() {
  try {
    return localStorage.getItem(SIGNED_IN) !== null;
  } catch {
    return false;
  }
}

/** @param {boolean} known */
export function keepSignedIn(known) {
  try {
    if (known) localStorage.setItem(SIGNED_IN, "1");
    else localStorage.removeItem(SIGNED_IN);
  } catch {
    // Storage is disabled or full.
  }
}
