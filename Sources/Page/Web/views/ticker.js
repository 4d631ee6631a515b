// One clock for every running time on the page: time worked, time left, time until a retry.

import { say } from "../dom.js";
import { countdown, duration } from "../text/format.js";

/** @param {HTMLElement} root @param {() => number} skewMs how far the server's clock is ahead of ours */
export function tick(root, skewMs) {
  const now = Date.now();
  for (const node of root.querySelectorAll(".elapsed[data-since]")) {
    const elapsed = now + skewMs() - Number(/** @type {HTMLElement} */ (node).dataset.since);
    say(node, elapsed >= 1000 ? ` ${duration(Math.floor(elapsed / 1000) * 1000)}` : "");
  }
  for (const node of root.querySelectorAll(".countdown[data-until]")) {
    const { until, soon, server } = /** @type {HTMLElement} */ (node).dataset;
    const left = Number(until) - now - (server === undefined ? 0 : skewMs());
    say(node, left > 0 ? (soon === undefined ? countdown(left) : `in ${Math.ceil(left / 1000)} s`) : soon ?? "0:00");
    node.classList.toggle("urgent", left < 60_000);
  }
}
