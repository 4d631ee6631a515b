// A command's output: the last lines while it runs, all lines on request. Each line is one node, so that the oldest can
// be dropped without touching the rest.

import { fill, h, say } from "../dom.js";
import { Terminal } from "../text/ansi.js";
import { hiddenSentence } from "../text/escapes.js";
import { counted } from "../text/format.js";
import { warningLine } from "./revealed.js";

/** @typedef {import("../state/items.js").Item} Item */

const SHOWN_LINES = 14;
/** The most lines that "show all" draws; a browser is not a pager. */
const MOST_LINES = 8000;
const LONGEST_LINE = 2000;

export class Output {
  #lines = h("pre", { class: "output-lines", tabindex: "0", "data-test": "output", "aria-label": "Output" });
  #more = h("button",
    { type: "button", class: "link-button", "data-test": "show-all", hidden: true, onclick: () => this.#toggle() });
  #warning = h("div", null);
  node = h("div", { class: "output", hidden: true }, this.#warning, this.#more, this.#lines);
  #all = false;
  #terminal = new Terminal(SHOWN_LINES);
  #fed = 0;
  #epoch = 0;
  /** The first line in the document, counted from the start of the output. */
  #from = 0;
  #to = 0;

  /** @param {Item} item */
  constructor(item) {
    this.item = item;
    this.update();
  }

  update() {
    const { item } = this;
    if (this.#epoch !== item.outputEpoch) this.#restart();
    if (this.#fed === item.output.length) return;
    while (this.#fed < item.output.length) this.#terminal.feed(item.output[this.#fed++]);
    this.node.hidden = false;
    this.#draw();
  }

  #toggle() {
    this.#all = !this.#all;
    this.#restart();
    this.update();
  }

  #restart() {
    this.#epoch = this.item.outputEpoch;
    this.#terminal = new Terminal(this.#limit);
    this.#fed = this.#from = this.#to = 0;
    this.#lines.replaceChildren();
  }

  get #limit() {
    return this.#all ? MOST_LINES : SHOWN_LINES;
  }

  /** Draws only the new lines, and the last line, which may have grown. */
  #draw() {
    const { lines, dropped } = this.#terminal;
    const total = dropped + lines.length - (lines.length > 1 && lines[lines.length - 1].length === 0 ? 1 : 0);
    const first = Math.max(dropped, total - this.#limit);
    for (; this.#from < first && this.#from < this.#to; this.#from += 1) this.#lines.firstChild?.remove();
    if (this.#from < first) this.#from = this.#to = first;
    for (const stays = Math.min(total, this.#to) - 1; this.#to > this.#from && this.#to > stays; this.#to -= 1) this.#lines.lastChild?.remove();
    for (; this.#to < total; this.#to += 1) this.#lines.append(lineNode(lines[this.#to - dropped], this.#all));
    this.#drawMore(total);
    const warning = hiddenSentence(this.#terminal.hidden) ?? "";
    if (this.#warning.textContent !== warning) fill(this.#warning, warningLine(warning));
  }

  /** @param {number} total */
  #drawMore(total) {
    this.#more.hidden = total <= SHOWN_LINES;
    if (!this.#all) say(this.#more, `Show all ${counted(total, "line")}`);
    else if (total > MOST_LINES) say(
      this.#more, `Show less (these are the last ${counted(MOST_LINES, "line")} of ${total.toLocaleString("en")})`);
    else say(this.#more, "Show less");
  }
}

/** @param {import("../text/ansi.js").Line} line @param {boolean} whole */
function lineNode(line, whole) {
  const node = h("span", { class: "line" });
  let left = whole ? Infinity : LONGEST_LINE;
  for (const run of line.runs) {
    if (left <= 0) break;
    const text = run.text.length > left ? run.text.slice(0, left) : run.text;
    left -= text.length;
    if (run.classes === "" && !run.escaped) node.append(text);
    else node.append(h("span", { class: run.escaped ? `escape ${run.classes}` : run.classes }, text));
  }
  if (left <= 0 && line.length > LONGEST_LINE) node.append(h("span",
    { class: "quiet" }, ` … ${(line.length - LONGEST_LINE).toLocaleString("en")} more characters`));
  node.append("\n");
  return node;
}
