// Shows untrusted text so that nothing in it can hide: escapes for hidden characters, characters in stored order, and a
// warning that names what was found.

import { h, ICONS, icon } from "../dom.js";
import { renderText } from "../markdown/render.js";
import { reveal, warningFor } from "../text/escapes.js";
import { unwrap, usualScript } from "../text/shell.js";

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

/**
 * The full command, with its shell wrapper dimmed.
 * @param {string} command
 */
export function commandText(command) {
  const { before, script, after } = unwrap(command);
  return h("code", { class: "command-text ltr" },
    before && h("span", { class: "wrapper" }, ...renderText(before, "code")),
    ...renderText(script, "code"),
    after && h("span", { class: "wrapper" }, ...renderText(after, "code")));
}

/**
 * A command that was asked about already: without codex's usual shell around it, which a tooltip names.
 * @param {string} command
 */
export function scriptText(command) {
  const script = usualScript(command);
  if (script === null) return commandText(command);
  return h("code", { class: "command-text ltr", title: `Run as ${escaped(command.slice(0, 500))}` }, ...renderText(script, "code"));
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
