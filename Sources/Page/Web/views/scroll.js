// Follows the end of the conversation while the person is there, and never scrolls away from where they read.

import { h, ICONS, icon, show } from "../dom.js";

const NEAR_PX = 120;
/** Nearer than this, what is not yet drawn is drawn. */
const NEAR_SCREENS = 2;

export class Scroll {
  /** Whether there is an end to follow: a conversation is open, rather than the empty page. */
  #hasEnd = false;
  #following = false;
  /** What the person comes near to, while scrolling, is drawn. */
  beyond = { hasNewer: () => false, older: () => {}, newer: () => {}, newest: () => {} };
  button = h("button",
    { type: "button", class: "to-latest", "data-test": "jump-latest", hidden: true, onclick: () => this.toEnd() },
    icon(ICONS.down), "Latest");

  /** @param {HTMLElement} scroller */
  constructor(scroller) {
    this.scroller = scroller;
    scroller.addEventListener("scroll", () => this.#look(), { passive: true });
    // If the prompt or the keyboard takes up room, stay at the end.
    new ResizeObserver(() => this.settle()).observe(scroller);
  }

  #look() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    const below = scrollHeight - scrollTop - clientHeight;
    const hasNewer = this.beyond.hasNewer();
    this.#following = this.#hasEnd && !hasNewer && below < NEAR_PX;
    show(this.button, this.#hasEnd && !this.#following);
    if (!this.#hasEnd) return;
    if (scrollTop < clientHeight * NEAR_SCREENS) this.beyond.older();
    else if (hasNewer && below < clientHeight * NEAR_SCREENS) this.beyond.newer();
  }

  get isFollowing() {
    return this.#following;
  }

  /** The person wants to see something else than the end. */
  leaveEnd() {
    this.#following = false;
  }

  /**
   * Starts at the end of another conversation, or at the top of the empty page.
   * @param {boolean} atEnd
   */
  begin(atEnd) {
    this.#hasEnd = atEnd;
    this.#following = atEnd;
    this.scroller.scrollTop = atEnd ? this.scroller.scrollHeight : 0;
    show(this.button, false);
  }

  /** Call this after the content has grown. */
  settle() {
    if (this.#following) this.scroller.scrollTop = this.scroller.scrollHeight;
    this.#look();
  }

  /** @param {HTMLElement} node */
  toNode(node) {
    this.#following = false;
    // `scrollIntoView` would also scroll the page, and its header out of sight.
    this.scroller.scrollTop += node.getBoundingClientRect().top - this.scroller.getBoundingClientRect().top;
    this.#look();
  }

  toEnd() {
    this.beyond.newest();
    this.#following = true;
    this.scroller.scrollTop = this.scroller.scrollHeight;
    show(this.button, false);
  }

  /**
   * Keeps the visible part in place while `change` changes what is above it.
   * @param {() => void} change @param {Element | null} seen what stays where it is
   */
  keepPlace(change, seen) {
    const before = seen?.getBoundingClientRect().top ?? 0;
    change();
    if (seen?.isConnected) this.scroller.scrollTop += seen.getBoundingClientRect().top - before;
  }
}
