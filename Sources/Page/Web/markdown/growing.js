// A long text that grows at its end: what has been drawn stays, because a browser lays out a text of 200 KB in a tenth of
// a second, each time that it changes.

import { renderText } from "./render.js";

/** The lines of one part. */
const PART_LINES = 100;

export class GrowingText {
  #text = "";
  /** How many characters are in complete parts. */
  #settled = 0;

  /** @param {HTMLElement} node @param {"code" | "prose"} kind */
  constructor(node, kind) {
    this.node = node;
    this.kind = kind;
  }

  /** @param {string} text */
  show(text) {
    if (text === this.#text) return;
    if (text.startsWith(this.#text.slice(0, this.#settled)) && this.#text !== "") this.node.lastChild?.remove();
    else {
      this.node.replaceChildren();
      this.#settled = 0;
    }
    this.#text = text;
    for (let from = this.#settled; from < text.length;) {
      const to = endOfPart(text, from);
      const part = document.createElement("span");
      part.className = "part";
      part.append(...renderText(text.slice(from, to), this.kind));
      this.node.append(part);
      this.#settled = from;
      from = to;
    }
  }
}

/** @param {string} text @param {number} from */
function endOfPart(text, from) {
  let to = from;
  for (let lines = 0; lines < PART_LINES; lines += 1) {
    to = text.indexOf("\n", to) + 1;
    if (to === 0) return text.length;
  }
  return to;
}
