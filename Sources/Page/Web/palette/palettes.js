// Opens the lists of actions and of keys, from wherever the person is on the page.

import { isCovered } from "../views/modal.js";
import { wanted } from "./keys.js";
import { Palette } from "./palette.js";
import { Shortcuts } from "./shortcuts.js";

const FIELD = "input, textarea, select, [contenteditable]";

export class Palettes {
  #palette;
  #shortcuts = new Shortcuts();
  button;
  nodes;

  /** @param {import("../actions/app.js").App} app @param {Omit<import("./commands.js").Parts, "shortcuts">} parts @param {() => void} opening */
  constructor(app, parts, opening) {
    this.app = app;
    this.#palette = new Palette(app, { ...parts, shortcuts: () => this.#shortcuts.open() }, opening);
    this.button = this.#palette.button;
    this.nodes = [this.#palette.node, this.#shortcuts.node];
    document.addEventListener("keydown", (event) => this.#key(event));
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const isWriting = event.target instanceof Element && event.target.matches(FIELD);
    const list = wanted(event, isWriting);
    if (list === null || event.isComposing || this.app.state.connection.phase === "signin") return;
    event.preventDefault();
    if (isCovered() || event.repeat) return;
    if (list === "actions") this.#palette.open();
    else this.#shortcuts.open();
  }
}
