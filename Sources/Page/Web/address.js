// The page's address: each conversation has its own, and the browser's Back and Forward move between them. A layer that
// covers the page (the list on a phone, the record) is a step of its own, so that Back closes it.

const FORM = /^#\/threads\/([^/?]+)(?:\/turns\/([^/?]+))?$/;
/** Addresses of earlier versions, which people have kept. */
const FORMER = /^#thread=(.+)$/;

/** @param {string} hash @returns {string | null} the thread's id */
export function threadIn(hash) {
  const found = FORM.exec(hash) ?? FORMER.exec(hash);
  if (!found) return null;
  try {
    return decodeURIComponent(found[1]);
  } catch {
    return null;
  }
}

export const INBOX = "#/inbox";

/** @param {{ open: string | null, inbox: boolean }} state */
export function fragmentFor({ open, inbox }) {
  return inbox ? INBOX : fragmentOf(open);
}

/**
 * A place in a conversation.
 * @param {string} hash @returns {string | null} the turn's id
 */
export function placeIn(hash) {
  const turn = FORM.exec(hash)?.[2];
  return turn === undefined ? null : decodeURIComponent(turn);
}

/**
 * A link to a place, for others.
 * @param {{ origin: string, pathname: string }} page @param {string} thread @param {string} turn
 */
export function linkTo({ origin, pathname }, thread, turn) {
  return `${linkToThread({ origin, pathname }, thread)}/turns/${encodeURIComponent(turn)}`;
}

/**
 * A link to a conversation, for others.
 * @param {{ origin: string, pathname: string }} page @param {string} thread
 */
export function linkToThread({ origin, pathname }, thread) {
  return `${origin}${pathname}${fragmentOf(thread)}`;
}

/** @param {string | null} id @returns {string} a fragment; empty for a new conversation */
export function fragmentOf(id) {
  return id === null ? "" : `#/threads/${encodeURIComponent(id)}`;
}

/**
 * The parts of `window` that this needs.
 * @typedef {{
 *   location: { hash: string, pathname: string, search: string },
 *   history: { state: any, pushState: (state: any, unused: string, url?: string) => void,
 *     replaceState: (state: any, unused: string, url?: string) => void, back: () => void },
 * }} Place
 */

export class Address {
  /**
   * What closes each open layer.
   * @type {(() => void)[]}
   */
  #layers = [];

  /** @param {Place} place */
  constructor(place) {
    this.place = place;
    // A reload closed the layers.
    if (place.history.state?.layer) place.history.replaceState(null, "");
  }

  get thread() {
    return threadIn(this.place.location.hash);
  }

  /** The turn to show. */
  get turn() {
    return placeIn(this.place.location.hash);
  }

  get isInbox() {
    return this.place.location.hash === INBOX;
  }

  /**
   * Something else is open.
   * @param {string} fragment @param {boolean} begun whether it began on the empty page, whose place it takes
   */
  show(fragment, begun) {
    const { location, history } = this.place;
    if (location.hash === fragment) return;
    // The address of an earlier version means the same place. A layer's step has no other use once it is left.
    const isSame = !this.isInbox && fragment !== INBOX && this.thread === threadIn(fragment);
    const stays = begun || isSame || this.#layers.length > 0 || history.state?.layer;
    this.#layers = [];
    const url = location.pathname + location.search + fragment;
    if (stays) history.replaceState(null, "", url);
    else history.pushState(null, "", url);
  }

  /** @param {() => void} close */
  opened(close) {
    this.#layers.push(close);
    this.place.history.pushState({ layer: true }, "");
  }

  /**
   * The layer was closed on the page itself.
   * @param {() => void} close @param {string} fragment of what is open
   */
  closed(close, fragment) {
    if (!this.#layers.includes(close)) return;
    if (fragmentFor({ open: this.thread, inbox: this.isInbox }) !== fragment) return this.show(fragment, false);
    this.#layers = this.#layers.filter((other) => other !== close);
    if (this.place.history.state?.layer) this.place.history.back();
  }

  /** The person went back or forward. Closes the uppermost layer. */
  moved() {
    if (!this.place.history.state?.layer || this.#layers.length > 1) this.#layers.pop()?.();
  }
}
