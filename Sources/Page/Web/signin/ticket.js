// A link that signs in another device. Its fragment holds a one-time ticket. Browsers never send a fragment to a
// server, so no log has it. The page removes it from the address before anything else, so that the history does not
// keep it.

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

/**
 * @param {{ origin: string, pathname?: string }} page its address, perhaps below a proxy's path
 * @param {string} ticket
 */
export function ticketLink({ origin, pathname = "/" }, ticket) {
  return `${origin}${pathname}#ticket=${encodeURIComponent(ticket)}`;
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
