// Decides whether a press on a prompt's button is deliberate. Three conditions: the prompt has been on the screen for a
// moment; the press is a new one and not Enter; and, to approve, the end of the command or diff has been on the screen.
// Pure: the caller passes the time.

/** Long enough that a tap meant for the previous content does not approve the new prompt. */
export const ARMING_MS = 900;

/**
 * @typedef {"approve" | "refuse"} Intent
 * @typedef {{ repeat?: boolean, key?: string, pressedAt: number }} Press When the press began, and with which key.
 */

export class Guard {
  #armedAt = Infinity;
  #tailSeen = false;

  /**
   * The prompt has appeared, or its content has changed.
   * @param {number} now
   */
  show(now) {
    this.#armedAt = now + ARMING_MS;
  }

  /** The prompt has left the screen. */
  hide() {
    this.#armedAt = Infinity;
  }

  /** The end of the command or of the diff has been on the screen. */
  sawTail() {
    this.#tailSeen = true;
  }

  get tailSeen() {
    return this.#tailSeen;
  }

  /**
   * Milliseconds until presses count.
   * @param {number} now
   */
  armsIn(now) {
    return Math.max(0, this.#armedAt - now);
  }

  /** @param {Intent} intent @param {number} now */
  allows(intent, now) {
    return now >= this.#armedAt && (intent === "refuse" || this.#tailSeen);
  }

  /** @param {Intent} intent @param {Press} press */
  accepts(intent, press) {
    if (press.repeat || press.key === "Enter") return false;
    return this.allows(intent, press.pressedAt);
  }
}

/**
 * The keys that answer a prompt. They need Alt, so that typing text cannot answer.
 * @param {{ code: string, altKey: boolean, ctrlKey: boolean, metaKey: boolean, shiftKey: boolean }} event
 * @returns {"approve" | "decline" | "stop" | null}
 */
export function shortcutOf(event) {
  if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return null;
  if (event.code === "KeyY") return "approve";
  if (event.code === "KeyN") return "decline";
  if (event.code === "KeyX") return "stop";
  return null;
}

/**
 * Whether codex's list of possible answers, if it sends one, includes this decision. Refusing is always possible.
 * @param {any} available @param {string} decision
 */
export function offers(available, decision) {
  if (decision === "decline" || decision === "cancel") return true;
  return !Array.isArray(available) || available.includes(decision);
}
