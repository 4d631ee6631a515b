// The page key: the second secret of a sign-in. The cookie goes to every port of the host; what lies in localStorage
// stays with this origin, port included. The server wants both.

const ITEM = "sre-agent-page-key";
const HEADER = "SRE-Page-Key";
const SUBPROTOCOL = "sre-agent";

/**
 * Where the browser keeps nothing, the sign-in lasts as long as the page.
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
    // Storage is off or full.
  }
}

/**
 * What each call to the server carries.
 * @returns {Record<string, string>}
 */
export function pageKeyHeaders() {
  const value = key();
  return value === null ? {} : { [HEADER]: value };
}

/** What the socket offers: a WebSocket can carry no header of the page's. @returns {string[]} */
export function subprotocols() {
  const value = key();
  return value === null ? [] : [SUBPROTOCOL, `${SUBPROTOCOL}-page-key.${value}`];
}
