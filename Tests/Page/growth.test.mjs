import assert from "node:assert/strict";
import { test } from "node:test";
import { assertLinear } from "./support/growth.mjs";

test("the measure itself tells linear from quadratic", () => {
  const work = (/** @type {number} */ steps) => {
    let sum = 0;
    for (let step = 0; step < steps; step += 1) sum = (sum * 31 + step) | 0;
    return sum;
  };
  const size = 8000;
  assertLinear((count) => count, (count) => work(count * 2000), size);
  assert.throws(() => assertLinear((count) => count, (count) => work(count * count), size), /times as much/);
});
