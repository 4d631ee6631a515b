// The runs of one line of terminal output, by column.

/** @typedef {import("./ansi.js").Run} Run */

/**
 * The part of a line between two columns.
 * @param {Run[]} runs @param {number} from @param {number} to @returns {Run[]}
 */
export function keptRuns(runs, from, to) {
  /** @type {Run[]} */
  const kept = [];
  let column = 0;
  for (const run of runs) {
    const text = run.text.slice(Math.max(0, from - column), Math.max(0, to - column));
    if (text !== "") kept.push({ ...run, text });
    column += run.text.length;
  }
  return kept;
}

/**
 * The line after one run was written over it.
 * @param {Run[]} runs @param {number} column @param {Run} over @returns {Run[]}
 */
export function written(runs, column, over) {
  const parts = [...keptRuns(runs, 0, column), over, ...keptRuns(runs, column + over.text.length, Infinity)];
  /** @type {Run[]} */
  const joined = [];
  for (const part of parts) {
    const last = joined[joined.length - 1];
    if (last && last.classes === part.classes && last.escaped === part.escaped) last.text += part.text;
    else joined.push({ ...part });
  }
  return joined;
}
