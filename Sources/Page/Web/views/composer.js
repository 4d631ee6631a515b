// The message field. Enter sends and Shift+Enter starts a new line; on a touch device, whose keyboard has no such keys,
// Enter starts a new line and the button sends. Ctrl+Enter sends everywhere. The draft survives a lost connection, a
// switch of conversations and a reload.

import { queueMessage } from "../actions/queue.js";
import { sendMessage, stopTurn } from "../actions/turns.js";
import { needsSignIn } from "../actions/account.js";
import { h, ICONS, icon, say, show } from "../dom.js";
import { isAway } from "../state/store.js";
import { Attachments } from "./attachments.js";
import { isEnter } from "./keys.js";
import { Recall } from "./recall.js";
import { escaped } from "./revealed.js";

/** @typedef {import("../actions/app.js").App} App */

const TALLEST_PX = 200;

export class Composer {
  #text = h("textarea", {
    id: "composer", class: "composer-text", "data-test": "composer", rows: "1", autocomplete: "off",
    "aria-label": "Message to the agent", "aria-describedby": "composer-hint",
    onkeydown: (/** @type {KeyboardEvent} */ event) => this.#key(event),
    oninput: () => this.#typed(), onpaste: (/** @type {ClipboardEvent} */ event) => this.#attachments.paste(event),
  });
  #attachments = new Attachments(() => this.update());
  #send = h("button",
    {
      type: "button", class: "round primary", "data-test": "send", "aria-label": "Send", onclick: () => void this.#submit(),
      // The caret stays in the field, and with it a phone's keyboard.
      onmousedown: (/** @type {MouseEvent} */ event) => event.preventDefault(),
    },
    icon(ICONS.send));
  #later = h("button",
    {
      type: "button", class: "round", "data-test": "send-later", "aria-label": "Send when the agent is done", hidden: true,
      title: "Send when the agent is done (Alt+Enter)", onclick: () => void this.#submit(true),
      onmousedown: (/** @type {MouseEvent} */ event) => event.preventDefault(),
    },
    icon(ICONS.later));
  #stop = h("button",
    { type: "button", class: "button stop", "data-test": "stop", hidden: true, onclick: () => void stopTurn(this.app) },
    icon(ICONS.stop), h("span", null, "Stop"));
  #hint = h("p", { id: "composer-hint", class: "composer-hint", role: "status" });
  #row = h("div", { class: "composer-row" }, this.#attachments.button, this.#text, this.#stop, this.#later, this.#send);
  #watching = h("p", { class: "composer-watching quiet", "data-test": "watching", hidden: true });
  node = h("div", { class: "composer" }, this.#attachments.node, this.#hint, this.#row, this.#watching);
  #touch = matchMedia("(pointer: coarse)");
  #recall;
  #sending = false;
  #draftOf = "";

  /** @param {App} app @param {() => import("../actions/turns.js").Choices} choices for the next message */
  constructor(app, choices) {
    this.app = app;
    this.choices = choices;
    this.#recall = new Recall(app);
    this.#hintKeyboard();
    this.#touch.addEventListener("change", () => this.#hintKeyboard());
    this.#restore();
    this.update();
  }

  focus() {
    this.#text.focus({ preventScroll: true });
  }

  /** Lets the person pick files for the message. */
  pickFiles() {
    this.#attachments.button.click();
  }

  /** @param {HTMLElement} target where files for the message can be dropped */
  acceptDrops(target) {
    this.#attachments.acceptDrops(target);
  }

  get empty() {
    return this.#text.value.trim() === "" && this.#attachments.all.length === 0;
  }

  /** @param {Element | null} node */
  owns(node) {
    return node === this.#text;
  }

  /**
   * Puts a text into the field, for the person to read before sending.
   * @param {string} text
   */
  suggest(text) {
    this.#text.value = text;
    this.#typed();
    this.focus();
    this.#text.setSelectionRange(text.length, text.length);
  }

  /**
   * Puts a message that was not sent before what is being written.
   * @param {{ text: string, attachments: import("../actions/attachments.js").Attachment[] }} message
   */
  takeBack({ text, attachments }) {
    this.#attachments.putBack(attachments);
    this.suggest([text, this.#text.value].filter(Boolean).join("\n"));
  }

  update() {
    const { app } = this;
    const running = app.thread?.activeTurnId !== null && app.thread !== null;
    if (this.#draftOf !== this.#draftKey()) this.#changeThread();
    const { mayWrite, role } = app.rights;
    show(this.#row, mayWrite);
    show(this.#watching, !mayWrite);
    if (!mayWrite) {
      show(this.#hint, false);
      return say(this.#watching, `You are signed in as ${escaped(role ?? "")}: you can watch. Writing needs the role operator.`);
    }
    const broken = Boolean(app.thread?.error);
    this.#text.placeholder = broken ? "Not open" : running ? "Add a message…" : app.thread ? "Reply…" : "Ask about this host…";
    this.#text.readOnly = broken;
    this.node.classList.toggle("broken", broken);
    show(this.#stop, running);
    this.#stop.disabled = !app.state.ready || app.thread?.stopping === true;
    say(/** @type {Element} */ (this.#stop.lastElementChild), app.thread?.stopping ? "Stopping…" : "Stop");
    const why = this.#obstacle();
    show(this.#later, running && !this.empty);
    this.#later.disabled = why !== "" || this.#sending;
    this.#send.title = running ? "Send now: the agent reads it at its next step" : "";
    this.#send.disabled = why !== "" || this.#sending || this.empty;
    // A short loss of connection must not move the layout under the person's thumb.
    const hint = broken ? why : this.empty || (!app.state.ready && !isAway(app.state)) ? "" : why;
    say(this.#hint, hint);
    show(this.#hint, hint !== "");
  }

  #obstacle() {
    const { state, thread } = this.app;
    if (state.connection.phase === "taken") return "Opened elsewhere. Your text is kept; continue here to send it.";
    if (!state.ready) return "Not connected. Your text is kept; send it when the connection is back.";
    if (needsSignIn(this.app)) return this.app.rights.mayAdminister ? "Sign in to a model account first."
      : "The agent has no model account yet. Signing in to one needs the role admin.";
    if (thread?.loading && thread.turns.length === 0) return "Loading the conversation first.";
    if (thread?.error) return "This conversation is not open: try again above, or begin a new one. Your text is kept.";
    return "";
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const recalled = this.#recall.key(event, this.#text);
    if (recalled !== null) {
      event.preventDefault();
      return this.suggest(recalled);
    }
    const sends = event.ctrlKey || event.metaKey || event.altKey || !(event.shiftKey || this.#touch.matches);
    if (!isEnter(event) || !sends || event.repeat) return;
    event.preventDefault();
    void this.#submit(event.altKey && !this.#later.hidden);
  }

  #hintKeyboard() {
    this.#text.setAttribute("enterkeyhint", this.#touch.matches ? "enter" : "send");
  }

  #typed() {
    this.#grow();
    this.#keep();
    this.update();
  }

  /** @param {boolean} [later] when the agent is done */
  async #submit(later = false) {
    const text = this.#text.value.trim();
    if (this.empty || this.#sending || this.#obstacle() !== "") return;
    // Clear the field at once: on a slow network, people keep writing while the last message is being sent.
    this.#sending = true;
    const draft = this.#draftKey();
    this.#text.value = "";
    const attachments = this.#attachments.takeOut();
    const isSafe = later ? await queueMessage(this.app, text, attachments) : await sendMessage(this.app, text, this.choices(), attachments);
    this.#sending = false;
    if (!isSafe) this.#attachments.putBack(attachments);
    if (isSafe) this.#recall.sent(text);
    if (isSafe) sessionStorage.removeItem(draft);
    else this.#text.value = [text, this.#text.value].filter(Boolean).join("\n");
    this.#typed();
    if (isSafe && !later) this.#text.dispatchEvent(new CustomEvent("page:sent", { bubbles: true }));
  }

  #grow() {
    this.#text.style.height = "auto";
    this.#text.style.height = `${Math.min(TALLEST_PX, this.#text.scrollHeight)}px`;
  }

  #draftKey() {
    return `draft:${this.app.state.open ?? ""}`;
  }

  #keep() {
    if (this.#text.value === "") sessionStorage.removeItem(this.#draftKey());
    else sessionStorage.setItem(this.#draftKey(), this.#text.value);
  }

  #changeThread() {
    // This page's message began the conversation. Move the current draft to it.
    const before = this.#draftOf;
    const moves = this.#sending && before === "draft:";
    if (moves) this.#draftOf = this.#draftKey();
    else this.#restore();
    this.#attachments.changeDraft(before, this.#draftOf, moves);
  }

  #restore() {
    this.#draftOf = this.#draftKey();
    this.#text.value = sessionStorage.getItem(this.#draftOf) ?? "";
    requestAnimationFrame(() => this.#grow());
  }
}
