// Finds what a person means by a few letters.

/**
 * How well the words fit: 0 is best; null: not at all. Each word must be somewhere in the label.
 * @param {string} label @param {string} words
 */
function distance(label, words) {
  const [text, sought] = [label.toLowerCase(), words.toLowerCase().split(/\s+/).filter(Boolean)];
  let sum = 0;
  for (const word of sought) {
    const at = text.indexOf(word);
    if (at < 0) return null;
    sum += at === 0 ? 0 : new RegExp(`[^\\p{L}\\p{N}]${word.replaceAll(/[^\p{L}\p{N}]/gu, "\\$&")}`, "u").test(text) ? 1 : 2;
  }
  return sum;
}

/**
 * @template {{ label: string }} Item
 * @param {Item[]} items @param {string} words @returns {Item[]} the best first, and otherwise in their order
 */
export function matching(items, words) {
  return items.map((item, index) => ({ item, index, far: distance(item.label, words) }))
    .filter(({ far }) => far !== null)
    .sort((one, other) => /** @type {number} */ (one.far) - /** @type {number} */ (other.far) || one.index - other.index)
    .map(({ item }) => item);
}
