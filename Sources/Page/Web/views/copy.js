// Buttons that copy: a command, an output, a code block, an answer, a link to a place.

import { fill, h, ICONS, icon } from "../dom.js";

const SAID_MS = 1600;

/**
 * @param {string} what as in "Copy the command"
 * @param {() => string} text what to copy, read at the press
 * @param {string} test
 */
export function copyButton(what, text, test) {
  const label = `Copy ${what}`;
  const said = h("span", { class: "unseen", role: "status" });
  const button = h("button",
    { type: "button", class: "copy", "data-test": test, "aria-label": label, title: label, onclick: async () => {
      const isDone = await copied(text());
      fill(button, icon(isDone ? ICONS.check : ICONS.close), said);
      said.textContent = isDone ? "Copied" : "This browser did not allow it";
      button.classList.toggle("done", isDone);
      setTimeout(() => {
        fill(button, icon(ICONS.copy), said);
        said.textContent = "";
        button.classList.remove("done");
      }, SAID_MS);
    } },
    icon(ICONS.copy), said);
  return button;
}

/**
 * Without TLS, the page has no clipboard API, but it can copy a selection.
 * @param {string} text
 */
export async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = h("textarea", { class: "unseen", value: text, "aria-hidden": "true" });
    const focused = /** @type {HTMLElement | null} */ (document.activeElement);
    // Behind an open dialog nothing can be selected.
    (document.querySelector("dialog[open]") ?? document.body).append(field);
    field.select();
    const isDone = document.execCommand("copy");
    field.remove();
    focused?.focus();
    return isDone;
  }
}
