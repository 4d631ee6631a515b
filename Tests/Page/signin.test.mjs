// Signing in with a token or a link, and what ends it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { installBrowser, shownIn } from "./support/browser.mjs";

installBrowser();
const { App } = await import("../../Sources/Page/Web/actions/app.js");
const { DeviceLink } = await import("../../Sources/Page/Web/signin/device.js");
const { takeTicket, ticketLink, travelsInTheClear } = await import("../../Sources/Page/Web/signin/ticket.js");
const { TokenForm } = await import("../../Sources/Page/Web/signin/token.js");
const { Changes } = await import("../../Sources/Page/Web/state/changes.js");
const { createState } = await import("../../Sources/Page/Web/state/state.js");
const { signInWithTicket } = await import("../../Sources/Page/Web/wire/http.js");
const { Footer } = await import("../../Sources/Page/Web/views/footer.js");

/** Stubs the server's responses, in order; returns the requests. */
function answering(context, ...answers) {
  const asked = [];
  context.mock.method(globalThis, "fetch", async (path, options = {}) => {
    asked.push([options.method ?? "GET", path, options.body]);
    const { status = 200, body = {} } = answers.shift() ?? {};
    return { ok: status < 300, status, headers: new Map(), json: async () => body };
  });
  return asked;
}

test("the ticket leaves the address at once, and nothing else does", () => {
  const replaced = [];
  const history = { replaceState: (_data, _title, url) => replaced.push(url) };
  const at = (hash) => ({ hash, pathname: "/", search: "?a=1" });
  assert.equal(takeTicket(at("#ticket=abc%2Fd"), history), "abc/d");
  assert.equal(takeTicket(at("#ticket=%E0%A4%A"), history), "%E0%A4%A");
  assert.deepEqual(replaced, ["/?a=1", "/?a=1"]);
  for (const hash of ["", "#", "#thread=t1", "#ticket=", "#x&ticket=abc"]) assert.equal(takeTicket(at(hash), history), null, hash);
  assert.equal(replaced.length, 2);
});

test("a link comes back as its ticket", () => {
  const link = new URL(ticketLink({ origin: "https://agent.example", pathname: "/ops/" }, "a b/&#=ü"));
  assert.equal(link.origin, "https://agent.example");
  assert.equal(takeTicket({ hash: link.hash, pathname: "/", search: "" }, { replaceState() {} }), "a b/&#=ü");
});

test("a link also opens a place, and nothing but a place of the page", () => {
  const taken = (place) => {
    const link = new URL(ticketLink({ origin: "https://agent.example" }, "abc", place));
    const replaced = [];
    assert.equal(takeTicket({ hash: link.hash, pathname: "/", search: "" }, { replaceState: (_data, _title, url) => replaced.push(url) }), "abc");
    return replaced[0];
  };
  assert.equal(taken("#/threads/t%201/turns/u"), "/#/threads/t%201/turns/u");
  assert.equal(taken("#/inbox"), "/#/inbox");
  for (const place of ["", "https://evil.example/", "#ticket=other", "#/else", "//evil.example"]) assert.equal(taken(place), "/", place);
});

test("a token is warned about where it would travel in the clear", () => {
  for (const hostname of ["localhost", "127.0.0.1", "[::1]", "::1"]) assert.equal(travelsInTheClear({ protocol: "http:", hostname }), false, hostname);
  for (const hostname of ["10.0.0.5", "agent.example", "localhost.example", "127.0.0.1.example"]) {
    assert.equal(travelsInTheClear({ protocol: "http:", hostname }), true, hostname);
    assert.equal(travelsInTheClear({ protocol: "https:", hostname }), false, hostname);
    assert.equal(shownIn(new TokenForm(appOf(), () => {}, { protocol: "http:", hostname }).node, "signin-clear").length, 1, hostname);
  }
  assert.equal(shownIn(new TokenForm(appOf(), () => {}, { protocol: "https:", hostname: "agent.example" }).node, "signin-clear").length, 0);
});

test("a ticket is posted once, and a refusal says what to do", async (context) => {
  const asked = answering(context, { status: 204 }, { status: 401, body: { error: "no" } }, { status: 429, body: {} });
  assert.equal(await signInWithTicket("abc"), null);
  assert.equal(await signInWithTicket("abc"), "This link has been used or is older than a minute. Make a new one, or sign in with a token.");
  assert.match(await signInWithTicket("abc"), /Too many tries/);
  assert.deepEqual(asked[0], ["POST", "api/v1/sre/login", '{"ticket":"abc"}']);
  assert.equal(asked.length, 3);
});

const appOf = () => new App(createState(), new Changes(() => {}));
const phase = (name, more = {}) => ({ phase: name, message: "", retryAt: null, lost: false, brief: false, ...more });

test("the form says why somebody has to sign in again", () => {
  const app = appOf();
  const form = new TokenForm(app, () => {});
  const update = (connection) => {
    app.state.connection = connection;
    form.update();
  };
  const reason = () => shownIn(form.node, "signin-reason").map((node) => node.textContent);
  update(phase("signin", { message: "Sign in to use this server." }));
  assert.deepEqual([form.node.hidden, reason()], [false, []]);
  update(phase("signin", { lost: true, message: "Your sign-in ended: the token was revoked or has expired." }));
  assert.deepEqual(reason(), ["Your sign-in ended: the token was revoked or has expired."]);
  app.state.ticketRefusal = "This link has been used.";
  update(phase("signin"));
  assert.deepEqual(reason(), ["This link has been used."]);
});

function device(hostname = "agent.example") {
  const state = createState();
  state.info = /** @type {any} */ ({ role: "operator" });
  state.skewMs = 5000;
  const link = new DeviceLink(new App(state, new Changes(() => {})), { origin: `http://${hostname}`, hostname });
  link.update();
  const find = (name) => [...shownIn(link.node, name), ...(link.dialog.open ? shownIn(link.dialog, name) : [])][0];
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return { state, link, find, async make() {
    find("device-link").fire("click");
    await settled();
  } };
}

test("a link for another device stands there for its minute, then it is gone", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_000_000 });
  const asked = answering(context, { body: { ticket: "t/1", expiresAt: 1_065_000 } });
  const { find, make } = device();
  await make();
  assert.deepEqual(asked[0].slice(0, 2), ["POST", "api/v1/sre/tickets"]);
  assert.equal(find("device-address").value, "http://agent.example/#ticket=t%2F1");
  assert.equal(find("device-left").dataset.until, "1065000");
  // The server's clock is five seconds ahead of the page's.
  context.mock.timers.tick(59_999);
  assert.notEqual(find("device-address"), undefined);
  context.mock.timers.tick(1);
  assert.equal(find("device-address"), undefined);
  assert.match(find("device-panel").textContent, /gone/);
});

test("a link that nobody else could open says so; one that was refused says why", async (context) => {
  answering(context, { body: { ticket: "t", expiresAt: Date.now() + 60_000 } }, { status: 403, body: { error: "Not for you." } });
  const { find, make, link, state } = device("127.0.0.1");
  await make();
  assert.match(find("device-panel").textContent, /only this machine has/);
  await make();
  assert.equal(find("device-panel").textContent, "Not for you.");
  state.connection = phase("signin");
  link.update();
  assert.equal(find("device-link"), undefined);
  assert.equal(find("device-panel"), undefined);
  // Nothing of it stays on the page.
  assert.equal(link.dialog.textContent.includes("Not for you."), false);
});

test("a server without tickets is asked for none", () => {
  const { state, link, find } = device();
  state.info = /** @type {any} */ ({ user: "local" });
  link.update();
  assert.equal(find("device-link"), undefined);
});

test("the page says who one is, and only a sign-in can be ended", () => {
  const state = createState();
  let left = 0;
  const footer = new Footer(new App(state, new Changes(() => {})), { signOut: () => left++, device: document.createElement("div") });
  const seen = (info) => {
    state.info = info;
    footer.update();
    return ["person", "role", "signout"].map((name) => shownIn(footer.node, name)[0]?.textContent);
  };
  assert.deepEqual(seen({ user: "token", name: "al\u202eice", role: "approver", version: "1" }), ["You are al\\u202Eice approver", "approver", "Sign out"]);
  shownIn(footer.node, "signout")[0].fire("click");
  assert.equal(left, 1);
  assert.deepEqual(seen({ user: "proxy", name: "bob", role: "viewer", version: "1" }), ["You are bob viewer", "viewer", undefined]);
  assert.deepEqual(seen({ user: "local", version: "1" }), [undefined, undefined, undefined]);
});
