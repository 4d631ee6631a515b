// The subscribers to changes. Changes are delivered once per frame, so a thousand deltas cause one redraw.

/** Collects changed keys and delivers them at the next frame. */
export class Changes {
  /** @type {Set<string>} */ #keys = new Set();
  /** @type {((keys: Set<string>) => void)[]} */ #listeners = [];
  #scheduled = false;

  /** @param {(run: () => void) => void} schedule */
  constructor(schedule) {
    this.schedule = schedule;
  }

  /** @param {(keys: Set<string>) => void} listener */
  subscribe(listener) {
    this.#listeners.push(listener);
  }

  /** @param {string[]} keys */
  add(...keys) {
    for (const key of keys) this.#keys.add(key);
    if (this.#scheduled || this.#keys.size === 0) return;
    this.#scheduled = true;
    this.schedule(() => this.flush());
  }

  flush() {
    this.#scheduled = false;
    const keys = this.#keys;
    this.#keys = new Set();
    if (keys.size > 0) for (const listener of this.#listeners) listener(keys);
  }
}
