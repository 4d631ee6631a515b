// Tells a person who looks elsewhere that a question waits: in the title, the icon, and a notification.

import { openThread } from "../actions/threads.js";
import { h, ICONS, icon, show } from "../dom.js";
import { belongsTo } from "../state/prompts.js";
import { waitingElsewhere } from "../state/store.js";
import { titleOf } from "../views/header.js";
import { escaped } from "../views/revealed.js";

/** @typedef {import("../actions/app.js").App} App */

const NAME = "SRE Agent";

export class Attention {
  #icon = /** @type {HTMLLinkElement} */ (document.querySelector('link[rel="icon"]'));
  #seen = new Set();
  /** Browsers ask for the permission only after a click. */
  button = h("button",
    { type: "button", class: "button quiet", "data-test": "notify", hidden: true, title: "Notify me when approval is needed", onclick: () => void this.#ask() },
    icon(ICONS.bell), "Notify me");

  /** @param {App} app */
  constructor(app) {
    this.app = app;
    this.#offer();
  }

  #offer() {
    show(this.button, "Notification" in window && Notification.permission === "default" && window.isSecureContext);
  }

  async #ask() {
    const permission = await Notification.requestPermission();
    this.#offer();
    if (permission === "granted") await worker();
  }

  update() {
    const waiting = [...this.app.state.prompts.values()].filter((prompt) => prompt.phase === "open");
    const count = waitingElsewhere(this.app.state).reduce(
      (sum, other) => sum + other.count, waiting.filter((prompt) => belongsTo(prompt, this.app.state.open)).length);
    const { thread } = this.app;
    const where = this.app.state.connection.phase === "signin" ? "Sign in" : thread ? titleOf(thread) : "";
    const title = [count > 0 && `(${count}) Approval needed`, where, NAME].filter(Boolean).join(" · ");
    if (document.title !== title) document.title = title;
    const href = count > 0 ? "page/icon-waiting.svg" : "page/icon.svg";
    if (this.#icon.getAttribute("href") !== href) this.#icon.setAttribute("href", href);
    const badge = /** @type {any} */ (navigator);
    if (badge.setAppBadge) void badge.setAppBadge(count).catch(() => {});
    for (const prompt of waiting) this.#tell(
      prompt.id, String(prompt.params.command ?? ""), prompt.params.sre?.subAgentOf ?? prompt.threadId ?? "");
    for (const { requestId, params, threadId } of this.app.state.waiting) {
      if (!this.app.state.prompts.has(requestId)) this.#tell(requestId, String(params?.command ?? ""), threadId);
    }
    // If the answer gets lost, the question waits again and needs a new notification: the person believes it is
    // answered.
    for (const prompt of this.app.state.prompts.values()) if (prompt.phase === "answering") this.#seen.delete(prompt.id);
  }

  /**
   * Notifies once per question, whether it was delivered or only listed.
   * @param {string | number} id @param {string} command @param {string} thread
   */
  #tell(id, command, thread) {
    if (this.#seen.has(id)) return;
    this.#seen.add(id);
    if (document.hidden || !document.hasFocus()) void notify(
      escaped(command) || "Open the page to see what the agent asks.", String(id), thread,
      () => openThread(this.app, thread || null));
  }
}

/** Phones show notifications only through a service worker. This worker does nothing else. */
async function worker() {
  if (!("serviceWorker" in navigator)) return null;
  try {
    const policy = /** @type {any} */ (window).trustedTypes?.createPolicy(
      "sre-notifier", { createScriptURL: () => "page/notifier.js" });
    return await navigator.serviceWorker.register(policy ? policy.createScriptURL("") : "page/notifier.js");
  } catch {
    return null;
  }
}

/** @param {string} text @param {string} tag @param {string} thread @param {() => void} open */
async function notify(text, tag, thread, open) {
  if (!("Notification" in window) || Notification.permission !== "granted") return;
  const options = { body: text.slice(0, 200), tag, icon: "page/icon-waiting.svg", requireInteraction: true, data: { thread } };
  const registration = await navigator.serviceWorker?.getRegistration("page/");
  if (registration) return registration.showNotification("Approval needed", options);
  try {
    const shown = new Notification("Approval needed", options);
    shown.onclick = () => {
      window.focus();
      open();
    };
  } catch {
    // A phone refuses without a service worker. The title and the icon remain.
  }
}
