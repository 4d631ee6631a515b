// Parses terminal output into lines of styled runs. Colors become class names. Within its line, the cursor moves as in a
// terminal, because progress bars need that. Titles and link targets are left out. Every other escape sequence has no
// effect: it moves nothing, erases nothing, and hides nothing.

import { reveal } from "./escapes.js";
import { keptRuns, written } from "./runs.js";

/**
 * @typedef {{ text: string, classes: string, escaped: boolean }} Run
 * @typedef {{ runs: Run[], length: number }} Line
 */

/** CSI, then the string sequences (OSC, DCS, SOS, PM, APC) with their terminator, then two-character escapes. */
const SEQUENCE = /\x1b\[([0-?]*)[ -/]*([@-~])|\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[()][0-9A-Za-z]|\x1b[=>78cDEHMNOZ]|\x08|\r\n|\r|\n/g;
/** An incomplete sequence, which the next chunk may complete. */
const UNFINISHED = /\x1b(?:\[[0-?]*[ -/]*|[\]PX^_][^\x07\x1b]{0,2048}\x1b?|[()])?$/;

/** Sequences without anything to show: titles, the directory, links' targets, a shell's marks. */
const SILENT = /^\x1b\](?:[0-2]|7|8|133);/;
/** The longest line, in characters, that is overwritten in part. */
const LONGEST_EDITED = 2000;

/** The nearest of the 16 named colors. Exact colors would not suit both the light and the dark scheme. */
export function nearestOf16(/** @type {number} */ red, /** @type {number} */ green, /** @type {number} */ blue) {
  const brightest = Math.max(red, green, blue);
  if (brightest < 60) return 0;
  if (brightest - Math.min(red, green, blue) < 40) return brightest > 200 ? 15 : brightest > 128 ? 7 : 8;
  const half = brightest * 0.6;
  const base = (red > half ? 1 : 0) | (green > half ? 2 : 0) | (blue > half ? 4 : 0);
  return brightest > 192 ? base + 8 : base;
}

/** @param {number} index in the 256-color table */
function fromTable(index) {
  if (index < 16) return index;
  if (index >= 232) return index < 238 ? 0 : index < 244 ? 8 : index < 250 ? 7 : 15;
  const level = (/** @type {number} */ n) => (n === 0 ? 0 : 55 + n * 40);
  const cube = index - 16;
  return nearestOf16(level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6));
}

/** The state of SGR ("select graphic rendition"). "Conceal" is deliberately left out. */
export class Style {
  /** @type {number | null} */ foreground = null;
  /** @type {number | null} */ background = null;
  /** @type {Set<string>} */ marks = new Set();

  /** @param {string} parameters the text between `ESC [` and `m` */
  apply(parameters) {
    const codes = parameters.replaceAll(":", ";").split(";").map((code) => (code === "" ? 0 : Number(code)));
    for (let at = 0; at < codes.length; at += 1) {
      const code = codes[at];
      if (code === 38 || code === 48) {
        const [colour, used] = extended(codes, at + 1);
        if (code === 38) this.foreground = colour;
        else this.background = colour;
        at += used;
      } else this.#one(code);
    }
  }

  #one(/** @type {number} */ code) {
    const mark = { 1: "bold", 2: "dim", 3: "italic", 4: "underline", 7: "inverse", 9: "strike" }[code];
    const off = { 22: ["bold", "dim"], 23: ["italic"], 24: ["underline"], 27: ["inverse"], 29: ["strike"] }[code];
    if (code === 0) {
      this.foreground = this.background = null;
      this.marks.clear();
    } else if (mark) this.marks.add(mark);
    else if (off) for (const name of off) this.marks.delete(name);
    else if (code >= 30 && code <= 37) this.foreground = code - 30;
    else if (code >= 90 && code <= 97) this.foreground = code - 82;
    else if (code === 39) this.foreground = null;
    else if (code >= 40 && code <= 47) this.background = code - 40;
    else if (code >= 100 && code <= 107) this.background = code - 92;
    else if (code === 49) this.background = null;
  }

  get classes() {
    const names = [...this.marks].map((mark) => `ansi-${mark}`);
    if (this.foreground !== null) names.push(`ansi-fg-${this.foreground}`);
    // Text on a background of its own color would be invisible.
    if (this.background !== null && this.background !== this.foreground) names.push(`ansi-bg-${this.background}`);
    return names.join(" ");
  }
}

/** @param {number[]} codes @param {number} at @returns {[number | null, number]} color, number of codes used */
function extended(codes, at) {
  if (codes[at] === 5 && codes[at + 1] >= 0 && codes[at + 1] <= 255) return [fromTable(codes[at + 1]), 2];
  if (codes[at] === 2) {
    const [red, green, blue] = [codes[at + 1] || 0, codes[at + 2] || 0, codes[at + 3] || 0];
    return [nearestOf16(red, green, blue), 4];
  }
  return [null, 1];
}

/** Takes chunks and keeps the last `keep` lines. Counts the lines dropped before those. */
export class Terminal {
  /** @type {Line[]} */ lines = [{ runs: [], length: 0 }];
  /** Lines dropped from the front. */
  dropped = 0;
  /** Characters shown as escapes, counted by name, dropped lines included. @type {Map<string, number>} */
  hidden = new Map();
  #style = new Style();
  #carry = "";
  /** The cursor's column in the last line, in characters as shown. */
  #column = 0;

  /** @param {number} [keep] lines to keep; default: all */
  constructor(keep = Infinity) {
    this.keep = keep;
  }

  /** @param {string} chunk */
  feed(chunk) {
    let text = this.#carry + chunk;
    this.#carry = "";
    const cut = text.endsWith("\r") ? text.length - 1 : text.slice(-4096).search(UNFINISHED) + Math.max(0, text.length - 4096);
    if (cut >= Math.max(0, text.length - 4096) && cut < text.length) {
      this.#carry = text.slice(cut);
      text = text.slice(0, cut);
    }
    this.#consume(text);
  }

  /** No more chunks: shows an incomplete sequence as text. */
  end() {
    const rest = this.#carry;
    this.#carry = "";
    if (rest !== "\r") this.#write(rest);
  }

  /** @param {string} text */
  #consume(text) {
    let from = 0;
    for (const match of text.matchAll(SEQUENCE)) {
      const at = match.index ?? 0;
      this.#write(text.slice(from, at));
      from = at + match[0].length;
      if (match[2] === "m") this.#style.apply(match[1]);
      else if (match[0] === "\n" || match[0] === "\r\n") this.#newLine();
      else if (match[0] === "\r") this.#moveTo(0);
      else if (match[0] === "\b") this.#moveTo(this.#column - 1);
      else if (match[2] !== undefined) this.#control(match[2], Number(match[1] || 0));
      else if (!SILENT.test(match[0])) this.#write(match[0]);
    }
    this.#write(text.slice(from));
  }

  /** @param {number} column */
  #moveTo(column) {
    const line = this.lines[this.lines.length - 1];
    this.#column = Math.max(0, Math.min(column, line.length));
    // Overwriting a part of a very long line costs too much: there, a carriage return begins it anew.
    if (line.length <= LONGEST_EDITED) return;
    if (column === 0) [line.runs, line.length] = [[], 0];
    this.#column = line.length;
  }

  /**
   * What moves the cursor within its line, or erases a part of it.
   * @param {string} name @param {number} value 0 if missing
   */
  #control(name, value) {
    if (name === "G") this.#moveTo((value || 1) - 1);
    if (name === "C") this.#moveTo(this.#column + (value || 1));
    if (name === "D") this.#moveTo(this.#column - (value || 1));
    if (name !== "K") return;
    const line = this.lines[this.lines.length - 1];
    if (value === 0) line.runs = keptRuns(line.runs, 0, this.#column);
    if (value === 2) line.runs = [];
    if (value === 0 || value === 2) line.length = this.#column = value === 0 ? this.#column : 0;
  }

  #newLine() {
    this.#column = 0;
    this.lines.push({ runs: [], length: 0 });
    // Drop lines in batches: dropping one at a time would move the whole array for each line.
    if (this.lines.length > this.keep * 2) {
      const excess = this.lines.length - this.keep;
      this.lines.splice(0, excess);
      this.dropped += excess;
    }
  }

  /** @param {string} text */
  #write(text) {
    if (text === "") return;
    const line = this.lines[this.lines.length - 1];
    const classes = this.#style.classes;
    for (const piece of reveal(text, "prose")) {
      const escaped = piece.escape !== undefined;
      if (piece.escape !== undefined) this.hidden.set(piece.name, (this.hidden.get(piece.name) ?? 0) + 1);
      const shown = piece.escape ?? piece.text;
      const run = { text: shown, classes, escaped };
      if (this.#column < line.length) line.runs = written(line.runs, this.#column, run);
      else {
        const last = line.runs[line.runs.length - 1];
        if (last && last.classes === classes && last.escaped === escaped) last.text += shown;
        else line.runs.push(run);
      }
      this.#column += shown.length;
      line.length = Math.max(line.length, this.#column);
    }
  }
}

/** @param {string} text @returns {Line[]} */
export function linesOf(text) {
  const terminal = new Terminal();
  terminal.feed(text);
  terminal.end();
  return terminal.lines;
}

/**
 * An output as text, without colors, as it stands on the screen.
 * @param {string[]} chunks
 */
export function plainText(chunks) {
  const terminal = new Terminal();
  for (const chunk of chunks) terminal.feed(chunk);
  terminal.end();
  return terminal.lines.map((line) => line.runs.map((run) => run.text).join("")).join("\n");
}
