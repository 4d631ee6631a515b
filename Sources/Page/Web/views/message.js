// The person's messages and the agent's. Markdown grows without being rebuilt.

import { fill, h, say, show } from "../dom.js";
import { placeBlocks } from "../markdown/blocks.js";
import { renderBlock } from "../markdown/render.js";
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
      node.classList.toggle("writing", item.live);
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

  /** @param {string} text */
  show(text) {
    if (text === this.#text) return;
    if (text.length > LONGEST_MARKDOWN) {
      this.#text = text;
      return fill(this.node, h("pre", { class: "plain" }, revealed(text, "prose")));
    }
    if (!text.startsWith(this.#text.slice(0, this.#settledLength)) || this.#text === "") this.#reset();
    this.#text = text;
    const lines = text.slice(this.#settledLength).split("\n");
    const placed = placeBlocks(lines);
    while (this.node.childNodes.length > this.#settledNodes) this.node.lastChild?.remove();
    for (const { block } of placed) this.node.append(renderBlock(block));
    if (placed.length < 2) return;
    // Blocks before the last one can no longer change.
    const last = placed[placed.length - 1];
    for (let line = 0; line < last.from; line += 1) this.#settledLength += lines[line].length + 1;
    this.#settledNodes += placed.length - 1;
  }

  #reset() {
    this.node.replaceChildren();
    this.#settledLength = 0;
    this.#settledNodes = 0;
  }
}
