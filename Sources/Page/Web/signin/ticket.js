// A link that signs in another device. Its fragment holds a one-time ticket. Browsers never send a fragment to a
// server, so no log has it. The page removes it from the address before anything else, so that the history does not
// keep it. The fragment may also name the place to open.

import { INBOX, threadIn } from "../address.js";

const FORM = /^#ticket=([^&]+)(?:&at=([^&]*))?/;

/**
 * Takes the ticket out of the address, and leaves the place there.
 * @param {{ hash: string, pathname: string, search: string }} location
 * @param {{ replaceState: (data: any, unused: string, url: string) => void }} history
 * @returns {string | null}
 */
export function takeTicket(location, history) {
  const found = FORM.exec(location.hash);
  if (!found) return null;
  const place = decoded(found[2] ?? "");
  const isPlace = place === INBOX || threadIn(place) !== null;
  history.replaceState(null, "", location.pathname + location.search + (isPlace ? place : ""));
  return decoded(found[1]);
}

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * @param {{ origin: string, pathname?: string }} page its address, perhaps below a proxy's path
 * @param {string} ticket @param {string} [place] the fragment of what to open there
 */
export function ticketLink({ origin, pathname = "/" }, ticket, place = "") {
  return `${origin}${pathname}#ticket=${encodeURIComponent(ticket)}${place === "" ? "" : `&at=${encodeURIComponent(place)}`}`;
}

/**
 * Whether the host is this machine, whose traffic uses no network.
 * @param {string} hostname as in `location`
 */
export function isThisMachine(hostname) {
  return hostname === "localhost" || hostname === "127.0.0.1" || hostname === "[::1]" || hostname === "::1";
}

/** @param {{ protocol: string, hostname: string }} location */
export function travelsInTheClear({ protocol, hostname }) {
  return protocol === "http:" && !isThisMachine(hostname);
}
