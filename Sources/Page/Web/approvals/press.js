// A button that answers only to a press that was meant: see guard.js for what that is.

/**
 * @param {HTMLButtonElement} button
 * @param {import("./guard.js").Intent} intent
 * @param {import("./guard.js").Guard} guard
 * @param {() => void} run
 */
export function guarded(button, intent, guard, run) {
  /** @type {import("./guard.js").Press | null} */
  let press = null;
  button.addEventListener("pointerdown", () => {
    press = { pressedAt: performance.now() };
  });
  button.addEventListener("keydown", (event) => {
    // Enter is what people hit while they write; it must not run anything.
    if (event.key === "Enter" || event.repeat) event.preventDefault();
    if (event.key === "Enter" || event.key === " ") press = {
      pressedAt: performance.now(), key: event.key, repeat: event.repeat,
    };
  });
  button.addEventListener("click", () => {
    // Without a press before it, an assistive device clicked: that is one, now.
    const meant = press ?? { pressedAt: performance.now() };
    press = null;
    if (guard.accepts(intent, meant)) run();
  });
}
