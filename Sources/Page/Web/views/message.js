// The person's messages and the agent's. Markdown grows without being rebuilt.

import { fill, h, say, show } from "../dom.js";
import { placeBlocks } from "../markdown/blocks.js";
import { GrowingText } from "../markdown/growing.js";
import { LONGEST_COLORED } from "../markdown/highlight.js";
import { frame, renderBlock } from "../markdown/render.js";
import { fileOf } from "../text/content.js";
import { warningFor } from "../text/escapes.js";
import { counted } from "../text/format.js";
import { copyButton } from "./copy.js";
import { pictureOf } from "./picture.js";
import { escaped, revealed, warningIn, warningLine } from "./revealed.js";

/** @typedef {import("../state/items.js").Item} Item @typedef {import("./items.js").ItemView} ItemView */

/** Longer texts are shown without formatting: a text of this size is a dump, not prose. */
const LONGEST_MARKDOWN = 200_000;

/** @param {Item} item @param {import("./items.js").Surroundings} around @returns {ItemView} */
export function userMessage(item, around) {
  const parts = (item.data.content ?? []).filter((/** @type {any} */ part, /** @type {number} */ index) => index === 0 || !fileIn(part));
  const files = (item.data.content ?? []).slice(1).map(fileIn).filter(Boolean);
  const texts = parts.map((/** @type {any} */ part) =>
    part.type === "text" ? part.text : part.type === "image" && String(part.url).startsWith("data:image/") ? "" : `[${part.type}${part.path ? ` ${part.path}` : part.name ? ` ${part.name}` : ""}]`);
  const text = texts.filter((/** @type {string} */ one) => one !== "").join("\n");
  const pictures = (item.data.content ?? []).map((/** @type {any} */ part) => (part.type === "image" ? pictureOf(part.url ?? "") : null));
  const who = h("div", { class: "who", "data-test": "author" });
  const edit = around.edit(item);
  const node = h("div", { class: "user-message", "data-test": "item-user" },
    who, h("div", { class: "user-text" }, revealed(text, "prose")), ...files, ...pictures, warningIn(text, "prose"), ...edit.nodes);
  const view = {
    node,
    update() {
      const { name, mine } = around.author(item);
      say(who, escaped(name));
      node.classList.toggle("others", !mine);
      edit.update();
    },
  };
  view.update();
  return view;
}

/**
 * A text file that went with a message, folded.
 * @param {any} part @returns {HTMLElement | null}
 */
function fileIn(part) {
  const file = fileOf(part);
  if (!file) return null;
  const { name, text } = file;
  return h("details", { class: "sent-file", "data-test": "sent-file" },
    h("summary", null, revealed(name, "prose"), h("span", { class: "quiet" }, ` ${counted(text.split("\n").length, "line")}`)),
    h("pre", { class: "raw", tabindex: "0" }, revealed(text, "prose")), warningIn(text, "prose"));
}

/** @param {Item} item @returns {ItemView} */
export function agentMessage(item) {
  const prose = new Prose();
  const warning = h("div", null);
  const early = h("p",
    { class: "quiet", hidden: true },
    "You joined while this was being written; its beginning appears when it is complete.");
  const copy = copyButton("the answer", () => item.text, "copy-answer");
  const node = h("div", { class: "agent-message", "data-test": "item-agent" }, early, prose.node, warning, copy);
  let warned = false;
  const view = {
    node,
    update() {
      prose.show(item.text);
      early.hidden = !item.partial;
      prose.markEnd(item.live);
      show(copy, !item.live && item.text !== "");
      if (!item.live) addCopies(prose.node);
      if (!item.live && !warned) {
        const sentence = warningFor(item.text, "prose");
        fill(warning, warningLine(sentence));
        warned = true;
      }
    },
  };
  view.update();
  return view;
}

/** @param {Item} item @returns {ItemView} */
export function proposedPlan(item) {
  const prose = new Prose();
  const node = h("div",
    { class: "card plan-text", "data-test": "item-plan" }, h("h2", { class: "card-title" }, "Proposed plan"),
    prose.node);
  const view = { node, update: () => prose.show(item.text) };
  view.update();
  return view;
}

/**
 * Code blocks can be copied once they are complete.
 * @param {HTMLElement} prose
 */
function addCopies(prose) {
  for (const table of prose.querySelectorAll(".table-scroll")) {
    if (!table.querySelector(".copy")) table.prepend(copyButton("the table", () => tabsOf(table), "copy-table"));
  }
  for (const block of prose.querySelectorAll(".code-block")) {
    if (!block.querySelector(".copy")) block.append(copyButton("the code", () => block.querySelector("code")?.textContent ?? "", "copy-code"));
  }
}

/**
 * A table as a spreadsheet takes it.
 * @param {Element} table
 */
function tabsOf(table) {
  return [...table.querySelectorAll("tr")].map((row) => [...row.children].map((cell) => cell.textContent?.replaceAll(/\s+/g, " ")).join("\t")).join("\n");
}

/** Shows a text that mostly grows at its end. Parses and rebuilds only the last block. */
export class Prose {
  node = h("div", { class: "prose" });
  #text = "";
  #settledLength = 0;
  #settledNodes = 0;
  /**
   * The settled block right before the rest.
   * @type {import("../markdown/blocks.js").Block | null}
   */
  #before = null;
  /** @type {GrowingText | null} */ #plain = null;
  /** @type {Element | null} */ #marked = null;
  /**
   * The last block, if it is a long code.
   * @type {{ text: GrowingText, language: string } | null}
   */
  #code = null;

  /** @param {string} text */
  show(text) {
    if (text === this.#text) return;
    if (text.length > LONGEST_MARKDOWN) {
      this.#text = text;
      if (!this.#plain) {
        this.#plain = new GrowingText(h("pre", { class: "plain isolated" }), "prose");
        fill(this.node, this.#plain.node);
      }
      return this.#plain.show(text);
    }
    if (this.#plain || this.#text === "" || !text.startsWith(this.#text.slice(0, this.#settledLength))) this.#reset();
    this.#text = text;
    const lines = text.slice(this.#settledLength).split("\n");
    const placed = placeBlocks(lines, 0, this.#before);
    const grown = this.#grow(placed[0]?.block) ? 1 : 0;
    while (this.node.childNodes.length > this.#settledNodes + grown) this.node.lastChild?.remove();
    for (const { block } of placed.slice(grown)) this.node.append(this.#draw(block));
    if (placed.length < 2) return;
    // Blocks before the last one can no longer change.
    const last = placed[placed.length - 1];
    for (let line = 0; line < last.from; line += 1) this.#settledLength += lines[line].length + 1;
    this.#settledNodes += placed.length - 1;
    const settled = placed[placed.length - 2];
    this.#before = settled.to === last.from ? settled.block : null;
  }

  /**
   * Shows a caret at the end. On the last block itself: a rule for the end of all prose costs a look at all of it.
   * @param {boolean} grows
   */
  markEnd(grows) {
    const last = grows ? this.node.lastElementChild : null;
    if (this.#marked !== last) this.#marked?.classList.remove("writing");
    this.#marked = last;
    last?.classList.add("writing");
  }

  /**
   * Extends the last block in its place, if it is a long code.
   * @param {import("../markdown/blocks.js").Block | undefined} block
   */
  #grow(block) {
    if (block?.type !== "code" || block.language !== this.#code?.language) return false;
    this.#code.text.show(block.text);
    return true;
  }

  /** @param {import("../markdown/blocks.js").Block} block */
  #draw(block) {
    this.#code = null;
    if (block.type !== "code" || block.text.length <= LONGEST_COLORED) return renderBlock(block);
    const text = new GrowingText(document.createElement("code"), "code");
    text.show(block.text);
    this.#code = { text, language: block.language };
    return frame(text.node, block.language);
  }

  #reset() {
    this.#plain = null;
    this.#code = null;
    this.node.replaceChildren();
    this.#settledLength = 0;
    this.#settledNodes = 0;
    this.#before = null;
  }
}
