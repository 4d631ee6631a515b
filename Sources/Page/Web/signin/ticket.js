// A link that signs in another device: its fragment holds a ticket that works once. A fragment is sent to no server and
// stands in no log; it leaves the address before anything else happens, so that no history keeps it.

const FORM = /^#ticket=([^&]+)/;

/**
 * Takes the ticket out of the address.
 * @param {{ hash: string, pathname: string, search: string }} location
 * @param {{ replaceState: (data: any, unused: string, url: string) => void }} history
 * @returns {string | null}
 */
export function takeTicket(location, history) {
  const found = FORM.exec(location.hash);
  if (!found) return null;
  history.replaceState(null, "", location.pathname + location.search);
  try {
    return decodeURIComponent(found[1]);
  } catch {
    return found[1];
  }
}

/** @param {string} origin @param {string} ticket */
export function ticketLink(origin, ticket) {
  return `${origin}/#ticket=${encodeURIComponent(ticket)}`;
}

/**
 * This machine's own names: what is sent to them travels on no network.
 * @param {string} hostname as `location` has it
 */
export function isThisMachine(hostname) {
  return hostname === "localhost" || hostname === "127.0.0.1" || hostname === "[::1]" || hostname === "::1";
}

/** @param {{ protocol: string, hostname: string }} location */
export function travelsInTheClear({ protocol, hostname }) {
  return protocol === "http:" && !isThisMachine(hostname);
}
