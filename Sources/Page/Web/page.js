// The page's parts, in their places. Each part gets only parts that exist before it.

import { fragmentFor } from "./address.js";
import { needsSignIn } from "./actions/account.js";
import { openThread } from "./actions/threads.js";
import { Attention } from "./approvals/attention.js";
import { Dock } from "./approvals/dock.js";
import { fill, h, show } from "./dom.js";
import { Palettes } from "./palette/palettes.js";
import { RecordPanel } from "./record/panel.js";
import { AccountForm } from "./signin/account.js";
import { DeviceLink } from "./signin/device.js";
import { TokenForm } from "./signin/token.js";
import { ThreadList } from "./threads/list.js";
import { Inbox } from "./threads/inbox.js";
import { Banners } from "./views/banners.js";
import { ChoicesPanel } from "./views/choices.js";
import { Composer } from "./views/composer.js";
import { Directory } from "./views/directory.js";
import { Empty } from "./views/empty.js";
import { Footer } from "./views/footer.js";
import { Header } from "./views/header.js";
import { LiveRegion } from "./views/liveregion.js";
import { QueuePanel } from "./views/queue.js";
import { Scroll } from "./views/scroll.js";
import { tick } from "./views/ticker.js";
import { Transcript } from "./views/transcript.js";
import { signOut } from "./wire/http.js";

/** @typedef {import("./actions/app.js").App} App */

export class Page {
  #touch = matchMedia("(pointer: coarse)");

  /** @param {App} app @param {import("./connection/link.js").Link} link @param {import("./address.js").Address} address */
  constructor(app, link, address) {
    this.app = app;
    this.address = address;
    const covering = layerIn(address, app);
    const scroller = h("div", { class: "scroller", "data-test": "transcript", tabindex: "0", role: "region", "aria-label": "Messages" });
    this.scroll = new Scroll(scroller);
    this.transcript = new Transcript(app, this.scroll);
    this.tokenForm = new TokenForm(app, () => link.connect());
    this.accountForm = new AccountForm(app);
    this.attention = new Attention(app);
    this.liveRegion = new LiveRegion(app);
    this.banners = new Banners(app, { retry: () => link.hurry(), takeBack: () => link.connect() });
    const directory = new Directory(app);
    this.choices = new ChoicesPanel(app, directory);
    this.composer = new Composer(app, () => this.choices.chosen);
    this.queue = new QueuePanel(app, (queued) => this.composer.takeBack(queued));
    this.empty = new Empty(app, directory, (text) => this.composer.suggest(text));
    this.inbox = new Inbox(app, (id) => this.dock.choose(id));
    this.device = new DeviceLink(app);
    this.footer = new Footer(app, { signOut: () => void link.becomeAfter(signOut), device: this.device.node });
    this.palettes = new Palettes(app, this.#parts(), () => {
      this.threads.close();
    });
    this.threads = new ThreadList(app, {
      foot: [this.palettes.button, this.attention.button, this.footer.node], onToggle: covering(() => this.threads.close()),
      started: () => this.focus(),
    });
    this.record = new RecordPanel(app, { covers: scroller, onToggle: covering(() => this.record.close()) });
    this.header = new Header(app, { menu: this.threads.opener, record: this.record.opener, link });
    this.dock = new Dock(app, {
      // Do not take the focus from a person who is writing, or from a touch device.
      mayTakeFocus: () => document.activeElement === document.body
        || (this.composer.owns(document.activeElement) && this.composer.empty && !this.#touch.matches),
      giveFocusBack: () => this.focus(),
    });
    scroller.append(h("div", { class: "column" },
      this.empty.node, this.inbox.node, this.transcript.node, this.tokenForm.node, this.accountForm.node));
    const stage = h("div", { class: "stage" }, scroller, this.scroll.button, this.record.node);
    const main = h("main", { class: "main", id: "main" },
      this.header.node, this.banners.node, stage, this.dock.node, this.queue.node, this.choices.node, this.composer.node);
    this.composer.acceptDrops(main);
    fill(document.body, ...this.threads.nodes, main, ...this.palettes.nodes, this.device.dialog, this.dock.announcer, this.liveRegion.node);
    this.#listen();
  }

  /** Puts the caret into the message field, except on a touch device, where the keyboard would cover the page. */
  focus() {
    if (!this.#touch.matches) this.composer.focus();
  }

  tick() {
    tick(document.body, () => this.app.state.skewMs);
  }

  /**
   * What the list of actions has other parts do.
   * @returns {Omit<import("./palette/commands.js").Parts, "shortcuts">}
   */
  #parts() {
    return {
      search: (words) => this.threads.search(words), record: () => this.record.toggle(), choices: () => this.choices.open(),
      attach: () => this.composer.pickFiles(), latest: () => this.scroll.toEnd(), write: () => this.focus(),
      device: () => this.device.open(),
    };
  }

  /** What a view asks for without knowing who does it. */
  #listen() {
    const { app } = this;
    document.addEventListener("page:sent", () => this.scroll.toEnd());
    document.addEventListener("page:refill", (event) => this.composer.suggest(/** @type {CustomEvent} */ (event).detail));
    document.addEventListener("page:take-back", (event) => this.composer.takeBack(/** @type {CustomEvent} */ (event).detail));
    document.addEventListener("page:new-thread", () => openThread(app, null));
    document.addEventListener("page:sign-in", () => {
      Object.assign(app.state.account, { requiresOpenaiAuth: true, account: null, known: true });
      app.changes.add("account");
      this.accountForm.node.scrollIntoView({ block: "center" });
    });
  }

  /** @param {Set<string>} keys the changed keys */
  update(keys) {
    const { app } = this;
    const { state } = app;
    const signing = state.connection.phase === "signin";
    this.liveRegion.update(keys);
    this.transcript.update(keys);
    // Most frames of a long answer change only its text.
    if ([...keys].every((key) => key.startsWith("item:"))) return;
    if (keys.has("open")) this.address.show(fragmentFor(state), state.begun);
    this.header.update();
    this.banners.update();
    this.tokenForm.update();
    this.accountForm.update();
    show(this.empty.node, !app.thread && !state.inbox && !signing && !needsSignIn(app));
    show(this.transcript.node, app.thread !== null && !signing);
    show(this.inbox.node, state.inbox && !signing);
    show(this.composer.node, !signing && !state.inbox);
    if (state.inbox) this.inbox.update();
    // Once the person is signed out, do not leave the conversation visible beside the sign-in form.
    document.body.classList.toggle("signing", signing);
    if (keys.has("info") || keys.has("list")) this.empty.update();
    if (["list", "open", "prompts", "info", "connection", "waiting"].some((key) => keys.has(key))) this.threads.update();
    if (keys.has("notices") || keys.has("info") || keys.has("account")) this.footer.update();
    if (keys.has("info") || keys.has("connection")) this.device.update();
    if (keys.has("open") || keys.has("connection")) this.record.update();
    this.dock.update(keys, signing);
    this.composer.update();
    this.choices.update();
    this.queue.update();
    if (signing) show(this.queue.node, false);
    if (signing) show(this.choices.node, false);
    this.attention.update();
    this.tick();
  }
}

/**
 * Makes a part that covers the page a step in the browser's history.
 * @param {import("./address.js").Address} address @param {App} app
 */
function layerIn(address, app) {
  return (/** @type {() => void} */ close) => (/** @type {boolean} */ covers) => {
    if (covers) address.opened(close);
    else address.closed(close, fragmentFor(app.state));
  };
}
