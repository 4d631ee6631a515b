// Follows the end of the conversation while the person is there, and never pulls them away from
// where they read.

import { h, ICONS, icon, show } from "../dom.js";

const NEAR_PX = 120;

export class Scroll {
  /** Whether there is an end to follow: a conversation, not the page before one. */
  #hasEnd = false;
  #following = false;
  button = h("button",
    { type: "button", class: "to-latest", "data-test": "jump-latest", hidden: true, onclick: () => this.toEnd() },
    icon(ICONS.down), "Latest");

  /** @param {HTMLElement} scroller */
  constructor(scroller) {
    this.scroller = scroller;
    scroller.addEventListener("scroll", () => this.#look(), { passive: true });
    // The prompt or the keyboard took room away: the end stays the end.
    new ResizeObserver(() => this.settle()).observe(scroller);
  }

  #look() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    this.#following = this.#hasEnd && scrollHeight - scrollTop - clientHeight < NEAR_PX;
    show(this.button, this.#hasEnd && !this.#following);
  }

  /**
   * Another conversation, or none: from its end, or from its beginning.
   * @param {boolean} atEnd
   */
  begin(atEnd) {
    this.#hasEnd = atEnd;
    this.#following = atEnd;
    this.scroller.scrollTop = atEnd ? this.scroller.scrollHeight : 0;
    show(this.button, false);
  }

  /** After the content grew. */
  settle() {
    if (this.#following) this.scroller.scrollTop = this.scroller.scrollHeight;
    else this.#look();
  }

  toEnd() {
    this.#following = true;
    this.scroller.scrollTop = this.scroller.scrollHeight;
    show(this.button, false);
  }

  /**
   * Something is put in above: what was in sight stays in sight.
   * @param {() => Promise<void>} change
   */
  async keepPlace(change) {
    this.#following = false;
    const fromEnd = this.scroller.scrollHeight - this.scroller.scrollTop;
    await change();
    this.scroller.scrollTop = this.scroller.scrollHeight - fromEnd;
  }
}
