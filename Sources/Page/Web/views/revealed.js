// Shows untrusted text so that nothing in it can hide: escapes for hidden characters, characters in stored order, and a
// warning that names what was found.

import { h, ICONS, icon } from "../dom.js";
import { renderText } from "../markdown/render.js";
import { reveal, warningFor } from "../text/escapes.js";
import { unwrap } from "../text/shell.js";

/** @param {string} text @param {"code" | "prose"} [kind] */
export function revealed(text, kind = "code") {
  return h("span", { class: kind === "code" ? "ltr" : "isolated" }, ...renderText(text, kind));
}

/**
 * The same for places that accept no nodes: a tooltip, a title, a notification.
 * @param {string} text
 */
export function escaped(text) {
  return reveal(text, "prose").map((piece) => piece.escape ?? piece.text).join("");
}

/** codex's own way to run a script. Another shell is worth seeing. */
const USUAL = /^(?:\/usr)?\/bin\/bash -lc ['"]$/;

/**
 * The command without codex's usual shell around it, which a tooltip names; another shell is shown, dimmed.
 * @param {string} command
 */
export function commandText(command) {
  const { before, script, after } = unwrap(command);
  if (USUAL.test(before)) return h("code", { class: "command-text ltr", title: `Run as ${escaped(command).slice(0, 500)}` }, ...renderText(script, "code"));
  return h("code", { class: "command-text ltr" },
    before && h("span", { class: "wrapper" }, ...renderText(before, "code")),
    ...renderText(script, "code"),
    after && h("span", { class: "wrapper" }, ...renderText(after, "code")));
}

/** @param {string | null} warning */
export function warningLine(warning) {
  if (!warning) return null;
  return h("p", { class: "hidden-warning", "data-test": "hidden-warning" }, icon(ICONS.warning), h("span", null, warning));
}

/** @param {string} text @param {"code" | "prose"} [kind] */
export function warningIn(text, kind = "code") {
  return warningLine(warningFor(text, kind));
}
