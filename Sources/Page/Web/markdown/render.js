// Renders the tree of blocks to DOM nodes. All text becomes text nodes, so none of it can be markup.

import { reveal } from "../text/escapes.js";
import { highlight } from "./highlight.js";
import { safeAddress } from "./inline.js";

/** @typedef {import("./blocks.js").Block} Block @typedef {import("./inline.js").Inline} Inline */

/**
 * @param {string} tag
 * @param {Node[]} children
 * @param {string} [name] its class
 */
function element(tag, children, name) {
  const node = document.createElement(tag);
  if (name) node.className = name;
  node.append(...children);
  return node;
}

/** @param {Block[]} blocks @returns {Node[]} */
export function renderBlocks(blocks) {
  return blocks.map(renderBlock);
}

/** @param {Block} block @returns {HTMLElement} */
export function renderBlock(block) {
  switch (block.type) {
    // The page's own heading is h1. Agents start at any level: the rendered levels are h2 to h4.
    case "heading": return element(
      `h${Math.min(4, Math.max(2, block.level))}`, renderInline(block.inline), `heading-${block.level}`);
    case "paragraph": return element("p", renderInline(block.inline));
    case "code": return renderCode(block.text, block.language);
    case "quote": return element("blockquote", renderBlocks(block.blocks));
    case "list": return renderList(block);
    case "table": return renderTable(block);
    case "rule": return document.createElement("hr");
  }
}

/** @param {Inline[]} nodes @returns {Node[]} */
export function renderInline(nodes) {
  return nodes.flatMap((node) => {
    switch (node.type) {
      case "text": return renderText(node.text, "prose");
      case "code": return [element("code", renderText(node.text, "code"))];
      case "strong": return [element("strong", renderInline(node.children))];
      case "em": return [element("em", renderInline(node.children))];
      case "strike": return [element("s", renderInline(node.children))];
      case "link": return renderLink(node.href, node.children);
    }
  });
}

/**
 * Text nodes with each hidden character shown as an escape.
 * @param {string} text @param {"code" | "prose"} kind @returns {Node[]}
 */
export function renderText(text, kind) {
  return reveal(text, kind).map((piece) => {
    if (piece.escape === undefined) return document.createTextNode(piece.text);
    const node = element("span", [document.createTextNode(piece.escape)], "escape");
    node.title = piece.name;
    return node;
  });
}

/** @param {string} href @param {Inline[]} children @returns {Node[]} */
function renderLink(href, children) {
  const link = /** @type {HTMLAnchorElement} */ (element("a", renderInline(children)));
  link.href = href;
  link.target = "_blank";
  link.rel = "noopener noreferrer nofollow";
  link.title = href;
  // A label may claim a different destination, so the host is shown as well.
  const { host } = new URL(href);
  const label = link.textContent ?? "";
  const claimed = safeAddress(label);
  if (label === host || (claimed && new URL(claimed).host === host)) return [link];
  return [link, element("span", [document.createTextNode(` (${host})`)], "link-host")];
}

/** @param {string} text @param {string} language */
function renderCode(text, language) {
  const parts = highlight(text, language).flatMap(({ text: part, kind }) =>
    (kind === "" ? renderText(part, "code") : [element("span", renderText(part, "code"), `code-${kind}`)]));
  return frame(element("code", parts), language);
}

/**
 * A block of code around its text.
 * @param {HTMLElement} code @param {string} language
 */
export function frame(code, language) {
  const pre = element("pre", [code]);
  pre.tabIndex = 0;
  const block = element("div", [pre], "code-block");
  if (language) block.dataset.language = language.slice(0, 20);
  return block;
}

/** @param {Extract<Block, { type: "list" }>} list */
function renderList(list) {
  const node = element(list.ordered ? "ol" : "ul", list.items.map(renderItem));
  if (list.ordered && list.start !== 1) /** @type {HTMLOListElement} */ (node).start = list.start;
  return node;
}

/** @param {import("./blocks.js").ListItem} item */
function renderItem(item) {
  // A paragraph would add its margins between the lines of a plain list.
  const only = item.blocks[0]?.type === "paragraph" ? item.blocks[0] : null;
  const children = only ? [...renderInline(only.inline), ...renderBlocks(item.blocks.slice(1))] : renderBlocks(item.blocks);
  if (item.checked === null) return element("li", children);
  const mark = element("span", [document.createTextNode(item.checked ? "☑ " : "☐ ")], "task-mark");
  return element("li", [mark, ...children], "task");
}

/** @param {Extract<Block, { type: "table" }>} table */
function renderTable(table) {
  /** @param {string} tag @param {Inline[]} cell @param {number} column */
  const cellOf = (tag, cell, column) => element(
    tag, renderInline(cell), table.align[column] ? `align-${table.align[column]}` : undefined);
  const head = element("thead", [element("tr", table.head.map((cell, column) => cellOf("th", cell, column)))]);
  const body = element("tbody", table.rows.map((row) => element("tr", row.map((cell, column) => cellOf("td", cell, column)))));
  const scroller = element("div", [element("table", [head, body])], "table-scroll");
  scroller.tabIndex = 0;
  return scroller;
}
