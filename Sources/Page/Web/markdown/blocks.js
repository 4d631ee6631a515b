// Parses Markdown into a tree of blocks. HTML stays text: no block type can hold it.

import { parseInline } from "./inline.js";

/**
 * @typedef {import("./inline.js").Inline} Inline
 * @typedef {"left" | "right" | "center" | null} Align
 * @typedef {{ blocks: Block[], checked: boolean | null }} ListItem
 * @typedef {{ type: "heading", level: number, inline: Inline[] }
 *   | { type: "paragraph", inline: Inline[] }
 *   | { type: "code", language: string, text: string }
 *   | { type: "quote", blocks: Block[] }
 *   | { type: "list", ordered: boolean, start: number, items: ListItem[] }
 *   | { type: "table", align: Align[], head: Inline[][], rows: Inline[][][] }
 *   | { type: "rule" }} Block
 * @typedef {{ block: Block, from: number, to: number }} PlacedBlock Lines `from`..`to` of the source.
 */

/** Quotes and lists nested deeper than this stay plain text. */
const DEEPEST = 8;
/** No real table has a longer delimiter row; parsing a longer one would only cost time. */
const WIDEST_DELIMITERS = 1000;
/** A longer list or table is continued in another block, so that a growing one is cheap to draw again. */
const MOST_ROWS = 200;

const FENCE = /^ {0,3}(`{3,}|~{3,})([^`]*)$/;
const HEADING = /^ {0,3}(#{1,6})(?:[ \t](.*))?$/;
const RULE = /^ {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$/;
const QUOTE = /^ {0,3}> ?/;
const MARKER = /^( *)([-*+]|\d{1,9}[.)])(?:( +)(.*)|)$/;
const DELIMITERS = /^ {0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/;

/** @param {string} source @returns {Block[]} */
export function parseBlocks(source) {
  return placeBlocks(source.split("\n")).map((placed) => placed.block);
}

/**
 * @param {string[]} lines
 * @param {number} [depth]
 * @param {Block | null} [before] the block that ends right before these lines
 * @returns {PlacedBlock[]} with line numbers, so that a growing text is parsed again only from its last block
 */
export function placeBlocks(lines, depth = 0, before = null) {
  /** @type {PlacedBlock[]} */
  const placed = [];
  let at = 0;
  while (at < lines.length) {
    if (lines[at].trim() === "") {
      at += 1;
      before = null;
      continue;
    }
    /** @type {[Block, number]} */
    const read = before?.type === "table" && isRow(lines[at]) ? readRows(lines, at, before) : readBlock(lines, at, depth);
    const [block, next] = read;
    placed.push({ block, from: at, to: next });
    before = block;
    at = next;
  }
  return placed;
}

/** @param {string[]} lines @param {number} at @param {number} depth @returns {[Block, number]} */
function readBlock(lines, at, depth) {
  const line = lines[at];
  const fence = FENCE.exec(line);
  if (fence) return readCode(lines, at, fence);
  const heading = HEADING.exec(line);
  if (heading) return [{ type: "heading", level: heading[1].length, inline: parseInline(headingText(heading[2])) }, at + 1];
  if (RULE.test(line)) return [{ type: "rule" }, at + 1];
  if (depth < DEEPEST && QUOTE.test(line)) return readQuote(lines, at, depth);
  if (depth < DEEPEST && MARKER.test(line)) return readList(lines, at, depth);
  if (startsTable(lines, at)) return readTable(lines, at);
  let end = at + 1;
  while (end < lines.length && !endsParagraph(lines, end, depth)) end += 1;
  return [{ type: "paragraph", inline: parseInline(lines.slice(at, end).map((text) => text.trim()).join("\n")) }, end];
}

/**
 * The heading without its closing number signs.
 * @param {string} [text]
 */
function headingText(text = "") {
  return text.trim().replace(/(?:^|[ \t])#+$/, "").trim();
}

/** @param {string} line */
function indentOf(line) {
  return line.length - line.trimStart().length;
}

/** @param {string[]} lines @param {number} at @param {number} depth */
function endsParagraph(lines, at, depth) {
  const line = lines[at];
  if (line.trim() === "" || FENCE.test(line) || HEADING.test(line) || RULE.test(line)) return true;
  return (depth < DEEPEST && (QUOTE.test(line) || MARKER.test(line))) || startsTable(lines, at);
}

/** @param {string[]} lines @param {number} at @param {RegExpExecArray} fence @returns {[Block, number]} */
function readCode(lines, at, fence) {
  const indent = indentOf(lines[at]);
  /** @type {string[]} */
  const body = [];
  for (let end = at + 1; end < lines.length; end += 1) {
    const text = lines[end].trim();
    if (text.length >= fence[1].length && text.replaceAll(fence[1][0], "") === "") {
      return [{ type: "code", language: fence[2].trim().split(/\s/, 1)[0], text: body.join("\n") }, end + 1];
    }
    body.push(lines[end].replace(new RegExp(`^ {0,${indent}}`), ""));
  }
  // An unclosed fence: everything to the end is code.
  return [{ type: "code", language: fence[2].trim().split(/\s/, 1)[0], text: body.join("\n") }, lines.length];
}

/** @param {string[]} lines @param {number} at @param {number} depth @returns {[Block, number]} */
function readQuote(lines, at, depth) {
  let end = at;
  while (end < lines.length && QUOTE.test(lines[end])) end += 1;
  const inner = lines.slice(at, end).map((line) => line.replace(QUOTE, ""));
  return [{ type: "quote", blocks: placeBlocks(inner, depth + 1).map((placed) => placed.block) }, end];
}

/** @param {string[]} lines @param {number} at @param {number} depth @returns {[Block, number]} */
function readList(lines, at, depth) {
  const first = /** @type {RegExpExecArray} */ (MARKER.exec(lines[at]));
  const ordered = /\d/.test(first[2]);
  /** @type {ListItem[]} */
  const items = [];
  while (at < lines.length && items.length < MOST_ROWS) {
    const marker = MARKER.exec(lines[at]);
    if (!marker || marker[1].length > first[1].length + 1 || /\d/.test(marker[2]) !== ordered) break;
    if (RULE.test(lines[at])) break;
    const width = marker[1].length + marker[2].length + 1;
    const body = [marker[4] ?? ""];
    at += 1;
    while (at < lines.length && belongs(lines, at, width, marker[1].length)) {
      body.push(lines[at].replace(new RegExp(`^ {0,${width}}`), ""));
      at += 1;
    }
    items.push(itemOf(body, depth));
    // Blank lines between the items of a list do not end it.
    let next = at;
    while (next < lines.length && lines[next].trim() === "") next += 1;
    if (next > at && next < lines.length && MARKER.test(lines[next]) && indentOf(lines[next]) <= first[1].length + 1) at = next;
  }
  return [{ type: "list", ordered, start: ordered ? Number.parseInt(first[2], 10) : 1, items }, at];
}

/**
 * Whether a line continues a list item whose text is indented by `width`.
 * @param {string[]} lines @param {number} at @param {number} width @param {number} outer
 */
function belongs(lines, at, width, outer) {
  const line = lines[at];
  const enough = Math.min(width, outer + 2);
  if (line.trim() === "") return at + 1 < lines.length && lines[at + 1].trim() !== "" && indentOf(lines[at + 1]) >= enough;
  if (indentOf(line) >= enough) return true;
  // A lazy continuation: plain text right after the item's own paragraph.
  return lines[at - 1].trim() !== "" && indentOf(line) >= outer && !endsParagraph(lines, at, 0);
}

/** @param {string[]} body @param {number} depth @returns {ListItem} */
function itemOf(body, depth) {
  const task = /^\[([ xX])\] (.*)$/.exec(body[0]);
  if (task) body[0] = task[2];
  return { blocks: placeBlocks(body, depth + 1).map((placed) => placed.block), checked: task ? task[1] !== " " : null };
}

/** @param {string[]} lines @param {number} at */
function startsTable(lines, at) {
  if (at + 1 >= lines.length || lines[at + 1].length > WIDEST_DELIMITERS) return false;
  return lines[at].includes("|") && lines[at + 1].includes("-") && DELIMITERS.test(lines[at + 1])
    && cellsOf(lines[at]).length === cellsOf(lines[at + 1]).length;
}

/** @param {string[]} lines @param {number} at @returns {[Block, number]} */
function readTable(lines, at) {
  const head = cellsOf(lines[at]);
  const align = cellsOf(lines[at + 1]).map((cell) => /** @type {Align} */ (
    cell.endsWith(":") ? (cell.startsWith(":") ? "center" : "right") : cell.startsWith(":") ? "left" : null));
  return readRows(lines, at + 2, { align, head: head.map((cell) => parseInline(cell)) });
}

/** @param {string} line */
const isRow = (line) => line.includes("|") && line.trim() !== "";

/**
 * Rows below a head. Where they are too many for one table, the next one has the same head.
 * @param {string[]} lines @param {number} at @param {{ align: Align[], head: Inline[][] }} table @returns {[Block, number]}
 */
function readRows(lines, at, { align, head }) {
  let end = at;
  while (end < lines.length && end < at + MOST_ROWS && isRow(lines[end])) end += 1;
  const rows = lines.slice(at, end).map((line) => {
    const cells = cellsOf(line);
    return head.map((_, column) => parseInline(cells[column] ?? ""));
  });
  return [{ type: "table", align, head, rows }, end];
}

/**
 * Splits a row at its bars, except escaped bars and bars inside code.
 * @param {string} line
 */
function cellsOf(line) {
  const cells = line.trim().match(/(?:\\.|`[^`]*`|[^|])+|\|/g) ?? [];
  /** @type {string[]} */
  const out = [];
  let current = "";
  for (const cell of cells) {
    if (cell === "|") {
      out.push(current);
      current = "";
    } else current += cell;
  }
  out.push(current);
  if (out[0] === "") out.shift();
  if (out[out.length - 1]?.trim() === "") out.pop();
  return out.map((cell) => cell.trim().replaceAll("\\|", "|"));
}
