// Follows the end of the conversation while the person is there, and never scrolls away from where they read.

import { h, ICONS, icon, show } from "../dom.js";

const NEAR_PX = 120;

export class Scroll {
  /** Whether there is an end to follow: a conversation is open, rather than the empty page. */
  #hasEnd = false;
  #following = false;
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
    this.#following = this.#hasEnd && scrollHeight - scrollTop - clientHeight < NEAR_PX;
    show(this.button, this.#hasEnd && !this.#following);
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
    else this.#look();
  }

  /** @param {HTMLElement} node */
  toNode(node) {
    this.#following = false;
    node.scrollIntoView({ block: "start" });
    this.#look();
  }

  toEnd() {
    this.#following = true;
    this.scroller.scrollTop = this.scroller.scrollHeight;
    show(this.button, false);
  }

  /**
   * Keeps the visible part in place while `change` inserts content above it.
   * @param {() => Promise<void>} change
   */
  async keepPlace(change) {
    this.#following = false;
    const fromEnd = this.scroller.scrollHeight - this.scroller.scrollTop;
    await change();
    this.scroller.scrollTop = this.scroller.scrollHeight - fromEnd;
  }
}
