// A command's output: the last lines while it runs, and all lines on request. Where codex kept only a part, the page says
// so at the place.

import { fill, h, say, show } from "../dom.js";
import { plainText, Terminal } from "../text/ansi.js";
import { hiddenSentence } from "../text/escapes.js";
import { counted } from "../text/format.js";
import { gapIn } from "../text/gaps.js";
import { copyButton } from "./copy.js";
import { Lines } from "./lines.js";
import { warningLine } from "./revealed.js";

/** @typedef {import("../state/items.js").Item} Item */

const SHOWN_LINES = 14;
/** The most lines kept for "show all"; codex itself keeps 1 MiB of output. */
const MOST_LINES = 100_000;
const LONGEST_LINE = 2000;

export class Output {
  #tail = h("pre", { class: "output-lines", tabindex: "0", "data-test": "output", "aria-label": "Output" });
  #whole = new Lines((line) => this.#lineNode(line, true));
  #more = h("button",
    { type: "button", class: "link-button", "data-test": "show-all", hidden: true, onclick: () => this.#toggle() });
  #note = h("p", { class: "output-note quiet", "data-test": "output-note", hidden: true });
  #warning = h("div", null);
  #place = h("div", null, this.#tail);
  #copy = copyButton("the output", () => plainText(this.item.output), "copy-output");
  node = h("div", { class: "output", hidden: true },
    this.#warning, h("div", { class: "output-head" }, this.#more, this.#copy), this.#note, this.#place);
  #all = false;
  #terminal = new Terminal(SHOWN_LINES);
  #fed = 0;
  #epoch = 0;
  /** The first line of the tail, counted from the start of the output. */
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
    fill(this.#place, this.#all ? this.#whole.node : this.#tail);
    this.#restart();
    this.update();
    if (!this.#all) return;
    this.#whole.toEnd();
    this.#whole.node.focus({ preventScroll: true });
  }

  #restart() {
    this.#epoch = this.item.outputEpoch;
    this.#terminal = new Terminal(this.#all ? MOST_LINES : SHOWN_LINES);
    this.#fed = this.#from = this.#to = 0;
    this.#tail.replaceChildren();
  }

  #draw() {
    const { lines, dropped } = this.#terminal;
    const total = dropped + lines.length - (lines.length > 1 && lines[lines.length - 1].length === 0 ? 1 : 0);
    if (this.#all) this.#whole.show(lines, total - dropped);
    else this.#drawTail(total);
    this.#drawMore(total);
    const warning = hiddenSentence(this.#terminal.hidden) ?? "";
    if (this.#warning.textContent !== warning) fill(this.#warning, warningLine(warning));
  }

  /**
   * Draws only the new lines, and the last line, which may have grown.
   * @param {number} total
   */
  #drawTail(total) {
    const { lines, dropped } = this.#terminal;
    const first = Math.max(dropped, total - SHOWN_LINES);
    for (; this.#from < first && this.#from < this.#to; this.#from += 1) this.#tail.firstChild?.remove();
    if (this.#from < first) this.#from = this.#to = first;
    for (const stays = Math.min(total, this.#to) - 1; this.#to > this.#from && this.#to > stays; this.#to -= 1) this.#tail.lastChild?.remove();
    for (; this.#to < total; this.#to += 1) this.#tail.append(this.#lineNode(lines[this.#to - dropped], false));
  }

  /** @param {number} total */
  #drawMore(total) {
    const { item } = this;
    this.#more.hidden = total <= SHOWN_LINES;
    const gap = item.live ? null : gapIn(item.output, item.outputSize);
    say(this.#more, this.#all ? "Show less" : `Show all ${counted(total, "line")}${gap ? " that were kept" : ""}`);
    const dropped = this.#all ? this.#terminal.dropped : 0;
    const note = [
      gap?.note,
      item.outputDropped > 0 && `The first ${counted(item.outputDropped, "character")} were not kept by this page.`,
      dropped > 0 && `These are the last ${counted(total - dropped, "line")}.`,
    ].filter(Boolean).join(" ");
    const there = `${note}${this.#all}`;
    if (this.#note.dataset.drawn === there) return;
    this.#note.dataset.drawn = there;
    fill(this.#note, note, gap && this.#all && h("button",
      { type: "button", class: "link-button", "data-test": "to-gap", onclick: () => this.#toGap() }, "Go to the missing part"));
    show(this.#note, note !== "");
  }

  #toGap() {
    this.#whole.toLine(this.#terminal.lines.findIndex((line) => this.#gapIn(line) !== null));
    this.#whole.node.scrollIntoView({ block: "nearest" });
  }

  /** @param {import("../text/ansi.js").Line} line */
  #gapIn(line) {
    return line.length < 80 && line.runs.length === 1 ? gapIn([line.runs[0].text], this.item.outputSize) : null;
  }

  /** @param {import("../text/ansi.js").Line} line @param {boolean} whole */
  #lineNode(line, whole) {
    const gap = this.#gapIn(line);
    return gap ? h("span", { class: "line gap", "data-test": "output-gap" }, `${gap.here}\n`) : lineNode(line, whole);
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
