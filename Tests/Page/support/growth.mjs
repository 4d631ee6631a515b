// Measures how a function's cost grows with its input. A busy machine makes everything slower, so this measures only
// processor time, and compares the same function within one process.

import assert from "node:assert/strict";

const FACTOR = 8;
/** The cost of one large input divided by that of small ones of the same total size: linear is 1, quadratic is 8. */
const MOST_GROWTH = 3;
const TRIES = 8;
/** A smaller cost is mostly noise, and users would not notice a quadratic cost below it. */
const LEAST_MS = 5;

/** @param {() => void} run @returns {number} milliseconds of this process on a processor */
function cost(run) {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/**
 * @param {(size: number) => any} make an input; not counted
 * @param {(input: any) => void} run
 * @param {number} size of the large input
 */
export function assertLinear(make, run, size) {
  const [small, large] = [make(Math.floor(size / FACTOR)), make(size)];
  const best = { small: Infinity, large: Infinity };
  let growth = Infinity;
  for (let attempt = 0; attempt < TRIES && growth > MOST_GROWTH; attempt += 1) {
    best.large = Math.min(best.large, cost(() => run(large)));
    best.small = Math.min(best.small, cost(() => {
      for (let part = 0; part < FACTOR; part += 1) run(small);
    }));
    growth = best.large / Math.max(best.small, LEAST_MS);
  }
  assert.ok(growth <= MOST_GROWTH, `one input costs ${growth.toFixed(1)} times as much as its ${FACTOR} parts`);
}
