// What one typed before, in an empty message field: arrow up, as in a shell.

/** @typedef {import("../actions/app.js").App} App */

export class Recall {
  /** What this page has sent, over all conversations, the last one first. */
  #sent = /** @type {string[]} */ ([]);
  /** @type {string[]} */ #texts = [];
  #at = -1;

  /** @param {App} app */
  constructor(app) {
    this.app = app;
  }

  /** @param {string} text */
  sent(text) {
    if (text !== "") this.#sent.unshift(text);
    this.#at = -1;
  }

  /**
   * @param {{ key: string, altKey: boolean, ctrlKey: boolean, metaKey: boolean, shiftKey: boolean, isComposing: boolean }} press
   * @param {{ value: string, selectionStart: number, selectionEnd: number }} field
   * @returns {string | null} the text to put into the field; null: the key does what it does otherwise
   */
  key({ key, altKey, ctrlKey, metaKey, shiftKey, isComposing }, { value, selectionStart, selectionEnd }) {
    const step = { ArrowUp: 1, ArrowDown: -1 }[key];
    if (step === undefined || altKey || ctrlKey || metaKey || shiftKey || isComposing || selectionStart !== selectionEnd) return null;
    if (value === "") {
      if (step < 0) return null;
      this.#texts = this.#all();
      this.#at = -1;
    } else if (this.#at < 0 || value !== this.#texts[this.#at]) return null;
    // Within a text of several lines, the arrows first move the caret.
    const beyond = step > 0 ? value.slice(0, selectionStart) : value.slice(selectionEnd);
    const at = this.#at + step;
    if (beyond.includes("\n") || at >= this.#texts.length) return null;
    this.#at = at;
    return this.#texts[at] ?? "";
  }

  /** The open conversation's first, then the others', each once. */
  #all() {
    const { thread, state } = this.app;
    const own = (thread?.turns ?? []).flatMap((turn) => turn.items)
      .filter(({ type, author }) => type === "userMessage" && (author ? author.id === state.info?.userId : !state.info?.role))
      .map(({ data }) => String(data.content?.find((/** @type {any} */ part) => part.type === "text")?.text ?? ""));
    return [...new Set([...own.reverse(), ...this.#sent])].filter((text) => text !== "");
  }
}
