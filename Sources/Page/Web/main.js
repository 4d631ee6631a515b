// Creates the parts of the page and connects them.

import { needsSignIn } from "./actions/account.js";
import { App } from "./actions/app.js";
import { openThread } from "./actions/threads.js";
import { lookForWaiting } from "./actions/waiting.js";
import { Attention } from "./approvals/attention.js";
import { Dock } from "./approvals/dock.js";
import { fill, h, show } from "./dom.js";
import { RecordPanel } from "./record/panel.js";
import { AccountForm } from "./signin/account.js";
import { DeviceLink } from "./signin/device.js";
import { takeTicket } from "./signin/ticket.js";
import { TokenForm } from "./signin/token.js";
import { Changes, createState } from "./state/store.js";
import { ThreadList } from "./threads/list.js";
import { Banners } from "./views/banners.js";
import { Composer } from "./views/composer.js";
import { Empty } from "./views/empty.js";
import { Footer } from "./views/footer.js";
import { Header } from "./views/header.js";
import { Scroll } from "./views/scroll.js";
import { LiveRegion } from "./views/liveregion.js";
import { tick } from "./views/ticker.js";
import { Transcript } from "./views/transcript.js";
import { Connection } from "./wire/connection.js";
import { Continuity } from "./wire/continuity.js";
import { readInfo, signInWithTicket, signOut } from "./wire/http.js";
import { subprotocols } from "./wire/pagekey.js";

/** How often to ask for approvals in conversations that this page has not subscribed to. */
const LOOK_EVERY_MS = 20_000;

// First of all, remove the ticket from the address.
const ticket = takeTicket(location, history);

const state = createState();
// A hidden page draws no frames, but its title must change.
const changes = new Changes((run) => (document.hidden ? setTimeout(run, 50) : requestAnimationFrame(run)));
const app = new App(state, changes);

const socketAddress = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/api/v1/sre/socket`;
const giveUp = () => connection.giveUp();
/** @type {Connection} */
const connection = new Connection({
  address: () => socketAddress + continuity.query,
  subprotocols,
  readInfo,
  onState: (next) => {
    state.connection = next;
    changes.add("connection");
  },
  onInfo: (info, skewMs) => {
    state.info = info;
    if (info.development) import("./development.js").then((module) => module.watchForChanges());
    state.skewMs = skewMs;
    if (info.agent) state.agent = info.agent;
    state.refused = info.threadsRefused ?? "";
    // The ticket failed, but this browser was signed in already. Tell the person that they are still signed in as
    // themselves, and not as the person who made the link.
    const refusal = tokenForm.takeRefusal();
    if (refusal) app.complain(refusal);
    changes.add("info", "agent");
  },
  onOpen: (send) => continuity.opened(send),
  onText: (text) => continuity.heard(text),
  onLost: (closing) => continuity.lost(closing),
});
/** @type {Continuity} */
const continuity = new Continuity(app, giveUp);

const touch = matchMedia("(pointer: coarse)");
const main = h("main", { class: "main", id: "main" });
const scroller = h("div", { class: "scroller", "data-test": "transcript" });
const scroll = new Scroll(scroller);
const transcript = new Transcript(app, scroll);
/** @type {Empty} */
const empty = new Empty(app, (text) => composer.suggest(text));
/** @type {Composer} */
const composer = new Composer(app, () => empty.cwd);
const banners = new Banners(app, { retry: () => connection.hurry(), takeBack: () => connection.connect() });
const tokenForm = new TokenForm(() => connection.connect());
const accountForm = new AccountForm(app);
const attention = new Attention(app);
const liveRegion = new LiveRegion(app);
const device = new DeviceLink(app);
const footer = new Footer(app, {
  signOut: () => {
    threads.close();
    void becomeAfter(signOut);
  },
  device: device.node,
});
const dock = new Dock(app, {
  // Do not take the focus from a person who is writing, or from a touch device.
  mayTakeFocus: () => document.activeElement === document.body || (composer.owns(document.activeElement) && composer.empty && !touch.matches),
  giveFocusBack: () => touch.matches || composer.focus(),
});
const threads = new ThreadList(app, {
  foot: [attention.button, footer.node],
  onToggle: (open) => {
    header.menu.setAttribute("aria-expanded", String(open));
    if (!open) header.menu.focus();
  },
  started: () => touch.matches || composer.focus(),
});
/** @type {Header} */
const header = new Header(app, {
  connect: () => connection.connect(), disconnect: () => connection.disconnect(), menu: () => threads.toggle(),
  record: () => record.toggle(),
});
const record = new RecordPanel(app, { covers: scroller, onToggle: (open, hadFocus) => header.showsRecord(open, hadFocus) });

const column = h("div", { class: "column" }, empty.node, transcript.node, tokenForm.node, accountForm.node);
scroller.append(column);
main.append(header.node, banners.node, h("div", { class: "stage" }, scroller, scroll.button, record.node), dock.node, composer.node);
fill(document.body, ...threads.nodes, main, dock.announcer, liveRegion.node);

changes.subscribe((keys) => {
  const signing = state.connection.phase === "signin";
  liveRegion.update(keys);
  transcript.update(keys);
  // Most frames of a long answer change only its text.
  if ([...keys].every((key) => key.startsWith("item:"))) return;
  header.update();
  banners.update();
  tokenForm.update(state.connection);
  accountForm.update();
  show(empty.node, !app.thread && !signing && !needsSignIn(app));
  show(transcript.node, app.thread !== null && !signing);
  show(composer.node, !signing);
  // Once the person is signed out, do not leave the conversation visible beside the sign-in form.
  document.body.classList.toggle("signing", signing);
  if (keys.has("info")) empty.update();
  if (["list", "open", "prompts", "info"].some((key) => keys.has(key))) threads.update();
  if (keys.has("notices") || keys.has("info") || keys.has("account")) footer.update();
  if (keys.has("info") || keys.has("connection")) device.update();
  if (keys.has("open") || keys.has("connection")) record.update();
  if (keys.has("open") && location.hash !== fragment()) history.replaceState(null, "", fragment() || location.pathname);
  dock.update(keys, signing);
  composer.update();
  attention.update();
  tick(document.body, () => state.skewMs);
});

function fragment() {
  return state.open ? `#thread=${encodeURIComponent(state.open)}` : "";
}

/**
 * Ends the current session before `change` signs in another person or signs out.
 * @param {() => Promise<void>} change
 */
async function becomeAfter(change) {
  connection.disconnect();
  continuity.forget();
  await change();
  connection.connect();
}

/** @param {string} taken */
async function useTicket(taken) {
  const refusal = await signInWithTicket(taken);
  tokenForm.explain(refusal ?? "");
}

/** @returns {string | null} */
function threadInFragment() {
  const match = /^#thread=(.+)$/.exec(location.hash);
  return match ? decodeURIComponent(match[1]) : null;
}

window.addEventListener("hashchange", () => {
  const late = takeTicket(location, history);
  if (late === null) return openThread(app, threadInFragment());
  changes.add("open");
  void becomeAfter(() => useTicket(late));
});
// Check the connection at moments when connections often die silently.
function mend() {
  connection.hurry();
  void continuity.heartbeat.probe();
}
window.addEventListener("online", mend);
window.addEventListener("offline", mend);
document.addEventListener("visibilitychange", () => document.hidden || mend());
document.addEventListener("page:sent", () => scroll.toEnd());
document.addEventListener("page:refill", (event) => composer.suggest(/** @type {CustomEvent} */ (event).detail));
document.addEventListener("page:new-thread", () => openThread(app, null));
document.addEventListener("page:sign-in", () => {
  state.account.requiresOpenaiAuth = true;
  state.account.account = null;
  state.account.known = true;
  changes.add("account");
  accountForm.node.scrollIntoView({ block: "center" });
});
// The iPhone's keyboard covers the page without resizing it.
window.visualViewport?.addEventListener("resize", () => {
  // Zooming in shrinks the viewport too, and must not squeeze the page.
  if (window.visualViewport?.scale !== 1) return;
  document.documentElement.style.setProperty("--viewport-height", `${window.visualViewport.height}px`);
});
// Runs in the background too: there, only the title, the icon and a notification reach the person.
setInterval(async () => {
  const isMissing = await lookForWaiting(app);
  if (isMissing) void continuity.heartbeat.probe();
}, LOOK_EVERY_MS);
setInterval(() => {
  tick(document.body, () => state.skewMs);
  continuity.heartbeat.check();
}, 1000);

openThread(app, threadInFragment());
changes.add("open", "info", "list");
if (ticket !== null) await useTicket(ticket);
connection.connect();
if (!touch.matches) composer.focus();
