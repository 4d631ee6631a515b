// The open conversation: its turns in order, pending messages, and the button that loads older turns.

import { loadOlder, openThread, resumeThread } from "../actions/threads.js";
import { fill, h, show } from "../dom.js";
import { isAway } from "../state/store.js";
import { Drawn } from "./drawn.js";
import { sendView } from "./sends.js";
import { TurnView } from "./turn.js";

/** @typedef {import("../actions/app.js").App} App */

export class Transcript {
  #older = h("button",
    { type: "button", class: "button older", "data-test": "older", hidden: true, onclick: () => this.#loadOlder() },
    "Show earlier messages");
  #state = h("div", { class: "transcript-state" });
  #turns = h("div", { class: "turns" });
  #sends = h("div", { class: "sends" });
  node = h("div",
    { class: "transcript", role: "log", "aria-live": "off", "aria-label": "Conversation" }, this.#older,
    this.#state, this.#turns, this.#sends);
  /** @type {Map<string, TurnView>} */ #views = new Map();
  /** @type {string | null | undefined} */ #shown = undefined;
  #drawnSends = "";
  #drawn = new Drawn();
  /** @type {"older" | "newer" | null} */ #extending = null;

  /** @param {App} app @param {import("./scroll.js").Scroll} scroll */
  constructor(app, scroll) {
    this.app = app;
    this.scroll = scroll;
    scroll.beyond = {
      hasNewer: () => this.#drawn.part(app.thread?.turns ?? []).hasNewer,
      older: () => this.#extendSoon("older"),
      newer: () => this.#extendSoon("newer"),
      newest: () => this.#toNewest(),
    };
  }

  /** @param {Set<string>} keys the changed keys */
  update(keys) {
    const { thread } = this.app;
    if (keys.has("open") && this.#shown !== (thread?.id ?? null)) this.#switch();
    if (!thread) return;
    if (keys.has(`history:${thread.id}`) && !this.scroll.isFollowing) {
      this.scroll.keepPlace(() => this.#redraw(thread, keys), this.#firstSeen());
    } else this.#redraw(thread, keys);
    if (!this.#goToPlace()) this.scroll.settle();
  }

  /** The first item that the person sees. */
  #firstSeen() {
    const { top } = this.scroll.scroller.getBoundingClientRect();
    for (const item of this.#turns.querySelectorAll(".turn-items > *")) {
      if (item.getBoundingClientRect().bottom > top) return item;
    }
    return null;
  }

  /** @param {import("../state/thread.js").Thread} thread @param {Set<string>} keys the changed keys */
  #redraw(thread, keys) {
    if (keys.has("connection")) this.#drawState(thread);
    // Pending messages show the state of the connection.
    const drawThread = keys.has("open") || keys.has(`thread:${thread.id}`) || (keys.has("connection") && thread.sends.length > 0);
    if (drawThread && this.scroll.isFollowing && !this.node.contains(document.activeElement)) this.#drawn.trim(thread.turns);
    if (drawThread) this.#draw(thread);
    if (keys.has("prompts")) for (const view of this.#views.values()) view.updateAll();
    else if (drawThread) this.#views.get(thread.turns[thread.turns.length - 1]?.id)?.updateAll();
    const prefix = `item:${thread.id}/`;
    for (const key of keys) {
      if (!key.startsWith(prefix)) continue;
      const [turnId, itemId] = splitOnce(key.slice(prefix.length));
      this.#views.get(turnId)?.updateItem(itemId);
    }
  }

  /** Shows the turn that a link or a search names. */
  #goToPlace() {
    const { app: { state: { place }, thread } } = this;
    const index = thread?.turns.findIndex(({ id }) => id === place) ?? -1;
    if (place === null || !thread || index < 0) return false;
    const { from, to } = this.#drawn.part(thread.turns);
    if (index < from.turn || index >= to.turn || (index === from.turn && from.item > 0)) {
      this.#drawn.beginAt(thread.turns, index);
      this.#draw(thread);
    }
    const view = this.#views.get(place);
    if (!view) return false;
    this.app.state.place = null;
    this.scroll.toNode(view.node);
    view.node.classList.add("found");
    setTimeout(() => view.node.classList.remove("found"), 3000);
    return true;
  }

  #switch() {
    this.#shown = this.app.thread?.id ?? null;
    this.#views.clear();
    this.#drawn.reset();
    this.#turns.replaceChildren();
    this.#sends.replaceChildren();
    this.#drawnSends = "";
    this.#state.replaceChildren();
    show(this.#older, false);
    this.scroll.begin(this.#shown !== null);
  }

  /** @param {import("../state/thread.js").Thread} thread */
  #draw(thread) {
    const { from, to, hasOlder, hasNewer } = this.#drawn.part(thread.turns);
    const turns = thread.turns.slice(from.turn, to.item > 0 ? to.turn + 1 : to.turn);
    const ids = new Set(turns.map((turn) => turn.id));
    for (const [id, view] of this.#views) {
      if (ids.has(id)) continue;
      view.node.remove();
      this.#views.delete(id);
    }
    turns.forEach((turn, index) => {
      /** @type {[number, number | undefined]} */
      const items = [index === 0 ? from.item : 0, from.turn + index === to.turn ? to.item : undefined];
      let view = this.#views.get(turn.id);
      if (view && view.turn === turn) view.update(...items);
      else {
        view?.node.remove();
        view = new TurnView(this.app, thread, turn, ...items);
        this.#views.set(turn.id, view);
      }
      const there = this.#turns.children[index];
      if (there !== view.node) this.#turns.insertBefore(view.node, there ?? null);
    });
    const drawn = JSON.stringify([thread.sends, thread.activeTurnId, isAway(this.app.state)]);
    if (drawn !== this.#drawnSends) fill(this.#sends, ...thread.sends.map((send) => sendView(this.app, thread, send)));
    this.#drawnSends = drawn;
    show(this.#sends, !hasNewer);
    show(this.#older, thread.olderCursor !== null || hasOlder);
    this.#older.textContent = thread.loadingOlder ? "Loading earlier messages…" : "Show earlier messages";
    this.#drawState(thread);
  }

  /** @param {import("../state/thread.js").Thread} thread */
  #drawState(thread) {
    if (thread.error) {
      fill(this.#state, h("div", { class: "trouble", role: "alert", "data-test": "thread-error" }, h("p", null, thread.error),
        h("div", { class: "row" },
          h("button", { type: "button", class: "button", onclick: () => void resumeThread(this.app, thread.id) }, "Try again"),
          this.app.rights.mayWrite && h("button",
            { type: "button", class: "button", onclick: () => openThread(this.app, null) }, "New conversation"))));
    } else if (isComing(this.app, thread)) {
      fill(
        this.#state,
        h("div",
          { class: "skeleton", role: "status", "aria-label": "Loading the conversation" }, h("span", null),
          h("span", null), h("span", null)));
    } else fill(this.#state);
  }

  /** @param {"older" | "newer"} which with the next frame, one step at a time */
  #extendSoon(which) {
    const waits = this.#extending !== null;
    this.#extending = which;
    if (waits) return;
    requestAnimationFrame(() => {
      const direction = this.#extending ?? which;
      this.#extending = null;
      this.#extend(direction);
    });
  }

  /** @param {"older" | "newer"} direction */
  #extend(direction) {
    const { thread } = this.app;
    if (!thread || this.node.hidden) return;
    const { hasOlder, hasNewer } = this.#drawn.part(thread.turns);
    if (direction === "older" ? hasOlder : hasNewer) this.#keepPlace(thread, direction);
  }

  /** @param {import("../state/thread.js").Thread} thread @param {"older" | "newer"} direction */
  #keepPlace(thread, direction) {
    const items = this.#turns.querySelectorAll(".turn-items > *");
    this.scroll.keepPlace(() => {
      this.#drawn[direction](thread.turns);
      this.#draw(thread);
    }, direction === "older" ? items[0] : items[items.length - 1]);
  }

  #toNewest() {
    const { thread } = this.app;
    if (!thread || !this.#drawn.part(thread.turns).hasNewer) return;
    this.#drawn.reset();
    this.#draw(thread);
  }

  /** What is loaded is drawn first. */
  async #loadOlder() {
    const { thread } = this.app;
    if (!thread) return;
    this.scroll.leaveEnd();
    if (!this.#drawn.part(thread.turns).hasOlder) await loadOlder(this.app, thread.id);
    if (thread === this.app.thread) this.#keepPlace(thread, "older");
  }
}

/** @param {App} app @param {import("../state/thread.js").Thread} thread */
function isComing(app, thread) {
  if (thread.turns.length > 0 || thread.sends.length > 0) return false;
  return thread.loading || (!app.state.ready && ["connecting", "online", "waiting"].includes(app.state.connection.phase));
}

/** @param {string} text @returns {[string, string]} */
function splitOnce(text) {
  const at = text.indexOf("/");
  return [text.slice(0, at), text.slice(at + 1)];
}
