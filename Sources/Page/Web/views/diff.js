// Shows a file change as a diff that is readable on a phone: signs and colors, wrapped lines.

import { h, ICONS, icon } from "../dom.js";
import { renderText } from "../markdown/render.js";
import { diffOf } from "../text/diff.js";
import { warningFor } from "../text/escapes.js";
import { counted, pathBelow } from "../text/format.js";
import { escaped, revealed, warningIn, warningLine } from "./revealed.js";

/** @typedef {import("../text/diff.js").FileUpdateChange} FileUpdateChange */

/** A long diff starts folded in the conversation, but never in an approval. */
const FOLDED_LINES = 40;

/**
 * @param {FileUpdateChange[]} changes
 * @param {{ whole: boolean, cwd: string }} options `cwd`: paths below it are shown without it
 */
export function diffView(changes, { whole, cwd }) {
  return h("div", { class: "diffs", "data-test": "diff" }, ...changes.map((change) => fileView(change, whole, cwd)));
}

/** @param {string} path @param {string} cwd */
function pathView(path, cwd) {
  return h("span", { title: escaped(path) }, revealed(pathBelow(path, cwd)));
}

/** @param {FileUpdateChange} change @param {boolean} whole @param {string} cwd */
function fileView(change, whole, cwd) {
  const diff = diffOf(change);
  const body = h("div", { class: "diff-lines ltr", tabindex: "0", role: "group", "aria-label": `Changes to ${escaped(change.path)}` });
  const folded = !whole && diff.lines.length > FOLDED_LINES;
  body.append(...diff.lines.slice(0, folded ? FOLDED_LINES : undefined).map(lineView));
  const unfold = folded && h("button", {
    type: "button", class: "link-button",
    onclick: (/** @type {MouseEvent} */ event) => {
      body.append(...diff.lines.slice(FOLDED_LINES).map(lineView));
      /** @type {HTMLElement} */ (event.currentTarget).remove();
    },
  }, `Show all ${counted(diff.lines.length, "line")}`);
  // In the conversation, a file can be folded; in an approval, everything stays in sight.
  const [frame, head] = whole ? [h("div", { class: "diff" }), "div"] : [h("details", { class: "diff", open: true }), "summary"];
  frame.append(...nodes(
    h(/** @type {"div"} */ (head), { class: "diff-head" },
      h("span", { class: "diff-verb" }, diff.verb), " ",
      h("span",
        { class: "path" }, pathView(diff.path, cwd), diff.movedTo ? " → " : null,
        diff.movedTo ? pathView(diff.movedTo, cwd) : null),
      h("span", { class: "diff-count" },
        h("span", { class: "plus", "aria-label": counted(diff.added, "line added", "lines added") }, `+${diff.added}`), " ",
        h("span", { class: "minus", "aria-label": counted(diff.removed, "line removed", "lines removed") }, `−${diff.removed}`))),
    diff.leadsTo ? h("p", { class: "outside", "data-test": "diff-link" }, icon(ICONS.warning),
      h("span", null, h("strong", null, "A link. "), "What is written goes to ", h("span", { class: "path" }, revealed(diff.leadsTo)), ".")) : null,
    diff.leadsTo ? warningIn(diff.leadsTo) : null,
    diff.replaced ? h("p", { class: "outside", "data-test": "diff-replaced" }, icon(ICONS.warning), h("span", null, diff.replaced)) : null,
    warningIn(diff.path), warningLine(warningFor(change.diff ?? "", "prose")),
    diff.lines.length > 0 ? body : h("p", { class: "quiet", "data-test": "diff-unseen" }, diff.unseen), unfold));
  return frame;
}

/** @param {...import("../dom.js").Child} children @returns {Node[]} */
function nodes(...children) {
  return /** @type {Node[]} */ (children.filter((child) => child instanceof Node));
}

/** @param {import("../text/diff.js").DiffLine} line */
function lineView(line) {
  const kind = { "+": "added", "-": "removed", " ": "same", "@": "hunk" }[line.sign];
  if (line.sign === "@") return h("div", { class: "diff-line hunk" }, ...renderText(line.text, "prose"));
  return h("div", { class: `diff-line ${kind}` },
    h("span", { class: "number", "aria-hidden": "true" }, String(line.after ?? line.before ?? "")),
    h("span", { class: "sign" }, line.sign === "-" ? "−" : line.sign),
    h("span", { class: "content" }, ...renderText(line.text, "prose")));
}
