// How long to wait before reconnecting: at once, then 1 s, doubling to 30 s. The jitter keeps a whole team's pages from
// reconnecting at the same moment.

const FIRST_MS = 1000;
const LONGEST_MS = 30_000;

/**
 * @param {number} attempt 0 for the first attempt after a loss
 * @param {() => number} [random]
 * @returns {number} milliseconds
 */
export function delayBefore(attempt, random = Math.random) {
  if (attempt <= 0) return 0;
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt - 1, 16));
  return Math.round(full * (0.5 + random() / 2));
}
