// A session that outlives its socket: frame counting, and the page's reaction to each server message.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { App } from "../../Sources/Page/Web/actions/app.js";
import { Changes } from "../../Sources/Page/Web/state/changes.js";
import { createState } from "../../Sources/Page/Web/state/state.js";
import { createThread } from "../../Sources/Page/Web/state/thread.js";
import { Continuity } from "../../Sources/Page/Web/connection/continuity.js";
import { Session } from "../../Sources/Page/Web/wire/session.js";

const ID = "0123456789abcdef0123456789abcdef";
const OTHER = "f".repeat(32);
const notice = (resume, next, sessionId = ID) => JSON.stringify({ method: "sre/session", params: { sessionId, resume, next } });
const COMMAND = "item/commandExecution/requestApproval";

test("every frame counts but the server's word about the session", () => {
  const session = new Session();
  assert.equal(session.query, "?session=new");
  assert.deepEqual(session.take(notice("new", 0)), { resume: "new" });
  assert.equal(session.query, `?session=${ID}&after=0`);
  for (const text of ['{"id":1,"result":{}}', "no JSON at all", '{"method":"x","params":{"text":"sre/session"}}']) assert.equal(session.take(text), null);
  assert.equal(session.query, `?session=${ID}&after=3`);
  assert.deepEqual(session.take(notice("ok", 3)), { resume: "ok" });
  session.take("{}");
  assert.equal(session.query, `?session=${ID}&after=4`);
});

test("after a gap it counts on from where the server says", () => {
  const session = new Session();
  session.take(notice("new", 0));
  assert.deepEqual(session.take(notice("gap", 70)), { resume: "gap" });
  session.take("{}");
  assert.equal(session.query, `?session=${ID}&after=71`);
});

test("another session begins anew, whatever it is called", () => {
  for (const resume of ["new", "ok", "gap"]) {
    const session = new Session();
    session.take(notice("new", 0));
    session.take("{}");
    assert.deepEqual(session.take(notice(resume, 0, OTHER)), { resume: "new" });
    assert.equal(session.query, `?session=${OTHER}&after=0`);
    session.forget();
    assert.equal(session.query, "?session=new");
  }
});

/** A page, and a server that answers every request with its entry in `answers`, or not at all. */
function page(answers = {}) {
  const state = createState();
  const app = new App(state, new Changes(() => {}));
  let gaveUp = 0;
  const continuity = new Continuity(app);
  const server = { sent: [], lastId: 0, deaf: false };
  const connect = (...frames) => {
    continuity.opened((text) => {
      const message = JSON.parse(text);
      server.sent.push(message.method ?? "answer");
      server.lastId = message.id ?? server.lastId;
      const answer = server.deaf ? undefined : answers[message.method];
      if (message.id !== undefined && answer) queueMicrotask(() => continuity.heard(JSON.stringify({ id: message.id, ...answer })));
    }, () => { gaveUp += 1; });
    for (const frame of frames) continuity.heard(frame);
  };
  return { app, state, continuity, server, connect, gaveUp: () => gaveUp };
}
const ALL = {
  initialize: { result: {} }, "account/read": { result: {} }, "thread/list": { result: { data: [] } },
  "thread/resume": { result: { thread: { id: "t" } } }, "thread/turns/list": { result: { data: [] } },
};
const settle = () => new Promise((resolve) => setTimeout(resolve, 5));
const ask = (id) => JSON.stringify({ id, method: COMMAND, params: { threadId: "t", turnId: "1", itemId: id, command: "ls" } });

/** The response of `GET /approvals`; null if the server cannot be reached. */
let listed = null;
beforeEach(() => {
  listed = [];
  globalThis.fetch = /** @type {any} */ (async () => {
    if (listed === null) throw new TypeError("no network");
    return { ok: true, json: async () => ({ data: listed }) };
  });
});
const waits = (requestId) => ({ requestId, threadId: "t", method: COMMAND, params: { threadId: "t", itemId: requestId, command: "ls" } });

async function begun() {
  const made = page(ALL);
  made.state.threads.set("t", createThread("t"));
  made.state.open = "t";
  made.connect(notice("new", 0));
  await settle();
  assert.equal(made.state.ready, true);
  made.server.sent.length = 0;
  return made;
}

test("it begins once it is told which session this is", async () => {
  const { server, connect, state } = page(ALL);
  connect();
  await settle();
  assert.deepEqual([server.sent, state.ready], [[], false]);
  const other = page(ALL);
  other.connect(notice("new", 0));
  await settle();
  assert.deepEqual(other.server.sent.slice(0, 2), ["initialize", "initialized"]);
});

test("ok: nothing is asked again, and what was asked before is answered", async () => {
  const { app, continuity, server, connect, state } = await begun();
  continuity.heard(ask("q"));
  const answer = app.request("slow/one");
  const id = server.lastId;
  const { query } = continuity;
  continuity.lost({ forget: false });
  assert.equal(state.ready, false);
  assert.equal(state.prompts.get("q").phase, "open", "it may well wait still");
  await assert.rejects(app.request("meanwhile"), /not connected/);
  assert.equal(continuity.query, query);
  server.sent.length = 0;
  const [, after] = /after=(\d+)/.exec(query);
  connect(notice("ok", Number(after)), JSON.stringify({ id, result: "late" }));
  await settle();
  assert.deepEqual([server.sent, state.ready], [[], true]);
  assert.equal(await answer, "late");
});

test("ok: an answer that never arrived is asked for again, one that did is not", async () => {
  const { continuity, connect, state } = await begun();
  for (const id of ["lost", "heard"]) {
    continuity.heard(ask(id));
    Object.assign(state.prompts.get(id), { phase: "answering", answer: { decision: "accept" } });
  }
  continuity.lost({ forget: false });
  listed = [waits("lost")];
  connect(notice("ok", 0));
  await settle();
  assert.equal(state.prompts.get("lost").phase, "open");
  assert.match(state.prompts.get("lost").message, /did not arrive/);
  assert.equal(state.prompts.get("heard").phase, "answering");
});

test("gap: the open conversation is loaded again, and the list says what waits", async () => {
  const { continuity, server, connect, state } = await begun();
  for (const id of ["still", "over"]) continuity.heard(ask(id));
  continuity.lost({ forget: false });
  listed = [waits("still"), waits("missed"), { ...waits("foreign"), threadId: "elsewhere" }];
  connect(notice("gap", 900));
  await settle();
  assert.ok(!server.sent.includes("initialize"));
  assert.ok(server.sent.includes("thread/resume"));
  assert.deepEqual([...state.prompts].map(([id, { phase }]) => [id, phase]), [["still", "open"], ["missed", "open"]]);
  assert.match(state.trouble, /away too long/);
});

test("gap: when nobody can say what waits, answering will tell", async () => {
  const { continuity, connect, state } = await begun();
  continuity.heard(ask("q"));
  continuity.lost({ forget: false });
  listed = null;
  connect(notice("gap", 900));
  await settle();
  assert.equal(state.prompts.get("q").phase, "open");
});

test("new: begins as on load, with the same conversation open", async () => {
  const { app, continuity, server, connect, state } = await begun();
  continuity.heard(ask("q"));
  const answer = app.request("slow/one");
  continuity.lost({ forget: false });
  server.sent.length = 0;
  connect(notice("new", 0, OTHER));
  await assert.rejects(answer, { name: "LostError" });
  await settle();
  assert.deepEqual(server.sent.slice(0, 2), ["initialize", "initialized"]);
  assert.ok(server.sent.includes("thread/resume"));
  assert.equal(state.open, "t");
  assert.equal(state.prompts.get("q").phase, "stale", "until it is asked again");
});

test("a session that has ended, or had not begun, is not asked for again", async () => {
  const ended = await begun();
  ended.continuity.lost({ forget: true });
  assert.equal(ended.continuity.query, "?session=new");
  const early = page(ALL);
  early.server.deaf = true;
  early.connect(notice("new", 0));
  early.continuity.lost({ forget: false });
  assert.equal(early.continuity.query, "?session=new");
});

test("a person who looks is told after 10 s that nothing was heard", async (context) => {
  const { continuity, server, state } = await begun();
  context.mock.timers.enable({ apis: ["setTimeout", "Date"], now: Date.now() });
  continuity.heard('{"method":"warning","params":{}}');
  const heardAt = Date.now();
  server.deaf = true;
  context.mock.timers.tick(7100);
  continuity.heartbeat.check(true);
  assert.deepEqual(server.sent, ["thread/loaded/list"]);
  context.mock.timers.tick(3000);
  assert.deepEqual([state.doubtful, state.heardAt], [true, heardAt]);
});

test("a silent line is asked after 40 s and given up 12 s later, turn or no turn", async (context) => {
  const { continuity, server, gaveUp, state } = await begun();
  context.mock.timers.enable({ apis: ["setTimeout", "Date"], now: Date.now() });
  server.deaf = true;
  const passes = async (milliseconds) => {
    context.mock.timers.tick(milliseconds);
    continuity.heartbeat.check(false);
    for (let times = 0; times < 10; times += 1) await Promise.resolve();
  };
  await passes(39_000);
  assert.deepEqual(server.sent, []);
  await passes(2000);
  assert.deepEqual(server.sent, ["thread/loaded/list"]);
  assert.equal(state.doubtful, false);
  await passes(4000);
  assert.deepEqual([state.doubtful, gaveUp()], [true, 0]);
  await passes(9000);
  assert.equal(gaveUp(), 1);
  assert.deepEqual(server.sent, ["thread/loaded/list"], "asked once");
});

test("any message counts as a heartbeat", async (context) => {
  const { continuity, server, gaveUp, state } = await begun();
  context.mock.timers.enable({ apis: ["setTimeout", "Date"], now: Date.now() });
  server.deaf = true;
  context.mock.timers.tick(41_000);
  continuity.heartbeat.check(false);
  context.mock.timers.tick(4000);
  assert.equal(state.doubtful, true);
  continuity.heard('{"method":"warning","params":{}}');
  assert.equal(state.doubtful, false);
  context.mock.timers.tick(20_000);
  for (let times = 0; times < 10; times += 1) await Promise.resolve();
  assert.equal(gaveUp(), 0);
});
