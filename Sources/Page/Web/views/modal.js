// A dialog over the page. While it is open, no key reaches what is behind it, so no key can answer a question that the
// person does not look at.

import { h } from "../dom.js";

/** @param {string} name @param {string} label @param {...import("../dom.js").Child} children */
export function modal(name, label, ...children) {
  const node = h("dialog", { class: `modal ${name}`, "data-test": name, "aria-label": label }, h("div", { class: "modal-body" }, ...children));
  node.addEventListener("keydown", (event) => event.stopPropagation());
  // Only the dialog itself, around its body, is the place outside.
  node.addEventListener("click", (event) => event.target === node && node.close());
  return node;
}

/** Whether a dialog is open: what is behind it is not in front of the person. */
export function isCovered() {
  return document.querySelector("dialog[open]") !== null;
}

export function isApple() {
  return /Mac|iPhone|iPad/.test(navigator.platform);
}
