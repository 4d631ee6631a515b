// A button that only reacts to a deliberate press (see guard.js).

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
    // People press Enter while they write. It must not run anything.
    if (event.key === "Enter" || event.repeat) event.preventDefault();
    if (event.key === "Enter" || event.key === " ") press = {
      pressedAt: performance.now(), key: event.key, repeat: event.repeat,
    };
  });
  button.addEventListener("click", () => {
    // A click without a press comes from an assistive device and counts as a press now.
    const meant = press ?? { pressedAt: performance.now() };
    press = null;
    if (guard.accepts(intent, meant)) run();
  });
}
