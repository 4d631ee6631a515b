// When to redraw: with the next frame while the page is visible. A hidden page gets no frames, and browsers slow its
// timers down to one a minute, but its title and its notifications must not wait.

/** @returns {(run: () => void) => void} */
export function redraws() {
  const channel = new MessageChannel();
  /** @type {(() => void) | null} */
  let waiting = null;
  const perform = () => {
    const run = waiting;
    waiting = null;
    run?.();
  };
  channel.port1.onmessage = perform;
  // The frame that was asked for before the page was hidden does not come.
  document.addEventListener("visibilitychange", () => document.hidden && perform());
  return (run) => {
    waiting = run;
    if (document.hidden) channel.port2.postMessage(null);
    else requestAnimationFrame(perform);
  };
}
