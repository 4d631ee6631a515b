// All lines of a long output: draws only those in sight. The lines have the same height, because they do not wrap.

import { fill, h } from "../dom.js";

/** Lines drawn above and below the visible ones. */
const BEYOND = 30;
/** Until a line has been measured. */
const ASSUMED_HEIGHT_PX = 19;
const NEAR_END_PX = 40;

export class Lines {
  #space = h("div", { class: "lines-space" });
  #window = h("div", { class: "lines-window" });
  node = h("pre",
    {
      class: "output-lines", tabindex: "0", "data-test": "output", "aria-label": "Whole output",
      onscroll: () => this.#draw(false),
    },
    this.#space);
  /** @type {import("../text/ansi.js").Line[]} */ #lines = [];
  #count = 0;
  #height = ASSUMED_HEIGHT_PX;
  #from = 0;
  #to = 0;

  /** @param {(line: import("../text/ansi.js").Line) => HTMLElement} drawLine */
  constructor(drawLine) {
    this.drawLine = drawLine;
    this.#space.append(this.#window);
  }

  /** @param {import("../text/ansi.js").Line[]} lines @param {number} count how many of them are shown */
  show(lines, count) {
    const { scrollTop, scrollHeight, clientHeight } = this.node;
    const follows = this.#count > 0 && scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
    this.#lines = lines;
    this.#count = count;
    this.#draw(true);
    if (follows) this.toEnd();
  }

  /** @param {number} index of the line to put into the middle */
  toLine(index) {
    this.node.scrollTop = index * this.#height - this.node.clientHeight / 2;
    this.#draw(false);
  }

  toEnd() {
    this.node.scrollTop = this.node.scrollHeight;
    this.#draw(false);
  }

  /** @param {boolean} anew whether the lines have changed */
  #draw(anew) {
    const top = Math.floor(this.node.scrollTop / this.#height);
    const room = Math.ceil((this.node.clientHeight || 0) / this.#height);
    const from = Math.max(0, Math.min(top - BEYOND, this.#count - room - BEYOND));
    const to = Math.min(this.#count, top + room + BEYOND);
    if (!anew && from === this.#from && to === this.#to) return;
    [this.#from, this.#to] = [from, to];
    fill(this.#window, ...this.#lines.slice(from, to).map(this.drawLine));
    this.#measure();
    this.#space.style.height = `${this.#count * this.#height}px`;
    this.#window.style.transform = `translateY(${from * this.#height}px)`;
  }

  #measure() {
    const first = /** @type {HTMLElement | null} */ (this.#window.firstElementChild);
    const height = first?.getBoundingClientRect?.().height ?? 0;
    if (height > 0) this.#height = height;
  }
}
