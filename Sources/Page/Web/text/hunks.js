// Parses the hunks of a changed file into numbered lines.

/**
 * @typedef {{ sign: "+" | "-" | " " | "@", text: string, before: number | null, after: number | null }} DiffLine
 * @typedef {[before: number, after: number] | null} HunkPlace the numbers of a hunk's first line; null: not known
 */

/** A patch may locate a hunk by context instead of line numbers: `@@ def main` or a bare `@@`. */
const PLACE = /^@@(?: |$)/;
const HUNK = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/;

/** @param {string} text */
export function split(text) {
  const lines = text.split("\n");
  if (lines[lines.length - 1] === "") lines.pop();
  return lines;
}

/**
 * A patch that waits, as the model wrote it: hunks without line numbers, which the server has looked up.
 * @param {string} text @param {HunkPlace[]} places @returns {DiffLine[]}
 */
export function patched(text, places) {
  const lines = split(text);
  let hunk = 0;
  // The first hunk may begin without a mark.
  const numbers = new Numbers(places[0]);
  return lines.map((line, index) => {
    if (PLACE.test(line)) {
      if (index > 0) hunk += 1;
      numbers.begin(places[hunk]);
      return { sign: "@", text: line, before: null, after: null };
    }
    if (line === "*** End of File") return { sign: "@", text: line, before: null, after: null };
    return numbers.line(line);
  });
}

/** Counts the lines of hunks. */
class Numbers {
  /** @type {HunkPlace} */ #at = null;

  /** @param {HunkPlace} [place] */
  constructor(place = null) {
    this.begin(place);
  }

  /** @param {HunkPlace} [place] */
  begin(place = null) {
    this.#at = place && [...place];
  }

  /** @param {string} line @returns {DiffLine} */
  line(line) {
    const sign = line.startsWith("+") ? "+" : line.startsWith("-") ? "-" : " ";
    const text = sign === " " ? line.replace(/^ /, "") : line.slice(1);
    return { sign, text, before: this.#at && sign !== "+" ? this.#at[0]++ : null, after: this.#at && sign !== "-" ? this.#at[1]++ : null };
  }
}

/** @param {string} text @returns {DiffLine[]} */
export function hunks(text) {
  /** @type {DiffLine[]} */
  const lines = [];
  const numbers = new Numbers();
  let inHunk = false;
  for (const line of split(text)) {
    const hunk = HUNK.exec(line);
    if (hunk || PLACE.test(line)) {
      inHunk = true;
      numbers.begin(hunk && [Number(hunk[1]), Number(hunk[2])]);
      lines.push({ sign: "@", text: line, before: null, after: null });
    } else if (!inHunk && /^(--- |\+\+\+ )/.test(line)) continue;
    else if (line.startsWith("\\")) lines.push({ sign: "@", text: line, before: null, after: null });
    else lines.push(numbers.line(line));
  }
  return lines;
}
