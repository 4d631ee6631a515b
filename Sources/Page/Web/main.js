// Starts the page: the state, the link to the server, the parts, and what the browser reports.

import { openInbox } from "./actions/inbox.js";
import { App } from "./actions/app.js";
import { openThread } from "./actions/threads.js";
import { lookForWaiting } from "./actions/waiting.js";
import { Address } from "./address.js";
import { Page } from "./page.js";
import { redraws } from "./redraw.js";
import { takeTicket } from "./signin/ticket.js";
import { Changes } from "./state/changes.js";
import { createState } from "./state/state.js";
import { signInWithTicket } from "./wire/http.js";
import { Link } from "./connection/link.js";

/** A fallback: the server tells at once that a question waits in a conversation which the page does not follow. */
const LOOK_EVERY_MS = 20_000;

// First of all, remove the ticket from the address.
const ticket = takeTicket(location, history);

const app = new App(createState(), new Changes(redraws()));
const link = new Link(app, new URL(document.baseURI));
const address = new Address(window);
const page = new Page(app, link, address);
app.changes.subscribe((keys) => page.update(keys));

/** @param {string} taken */
async function useTicket(taken) {
  app.state.ticketRefusal = (await signInWithTicket(taken)) ?? "";
}

/** @param {string | null} id @param {string | null} [turn] */
function go(id, turn = null) {
  if (address.isInbox) return app.state.inbox || openInbox(app);
  if (id !== app.state.open || turn !== null || app.state.inbox) openThread(app, id, turn);
}

window.addEventListener("popstate", () => {
  address.moved();
  go(address.thread, address.turn);
});
window.addEventListener("hashchange", () => {
  const late = takeTicket(location, history);
  if (late === null) return go(address.thread, address.turn);
  if (address.thread !== null || address.isInbox) go(address.thread);
  app.changes.add("open");
  void link.becomeAfter(() => useTicket(late));
});
window.addEventListener("online", () => link.mend());
window.addEventListener("offline", () => link.mend());
document.addEventListener("visibilitychange", () => document.hidden || link.mend());
// A click on a notification.
navigator.serviceWorker?.addEventListener("message", ({ data }) => typeof data?.open === "string" && go(data.open));
// The iPhone's keyboard covers the page without resizing it.
window.visualViewport?.addEventListener("resize", () => {
  // Zooming in shrinks the viewport too, and must not squeeze the page.
  if (window.visualViewport?.scale !== 1) return;
  document.documentElement.style.setProperty("--viewport-height", `${window.visualViewport.height}px`);
});
setInterval(async () => {
  const isMissing = await lookForWaiting(app);
  if (isMissing) void link.continuity.heartbeat.probe();
}, LOOK_EVERY_MS);
setInterval(() => {
  page.tick();
  link.continuity.heartbeat.check(!document.hidden);
}, 1000);

if (address.isInbox) openInbox(app);
else openThread(app, address.thread, address.turn);
app.changes.add("open", "info", "list");
if (ticket !== null) await useTicket(ticket);
link.connect();
page.focus();
