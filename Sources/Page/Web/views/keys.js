// What a key press means, where input methods and on-screen keyboards differ.

/**
 * An Enter that ends a line or sends, rather than one that chooses a word of an input method. Safari sends that one after
 * the composition has ended, with no other mark than its key code.
 * @param {KeyboardEvent} event
 */
export function isEnter(event) {
  return event.key === "Enter" && !event.isComposing && event.keyCode !== 229;
}
