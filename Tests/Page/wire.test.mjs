import assert from "node:assert/strict";
import { test } from "node:test";
import { delayBefore } from "../../Sources/Page/Web/wire/backoff.js";
import { Connection } from "../../Sources/Page/Web/wire/connection.js";
import { LostError, Rpc, RpcError } from "../../Sources/Page/Web/wire/rpc.js";

function line() {
  const sent = [];
  const heard = [];
  const timers = [];
  const rpc = new Rpc({
    send: (text) => sent.push(JSON.parse(text)),
    onNotification: (method, params) => heard.push([method, params]),
    onRequest: (id, method, params) => heard.push([id, method, params]),
    setTimer: (run) => timers.push(run),
    clearTimer: () => {},
  });
  return { rpc, sent, heard, timers };
}

test("answers find their questions, in any order", async () => {
  const { rpc, sent } = line();
  const first = rpc.request("a", { x: 1 });
  const second = rpc.request("b");
  rpc.receive(JSON.stringify({ id: sent[1].id, result: 2 }));
  rpc.receive(JSON.stringify({ id: sent[0].id, error: { code: -32600, message: "no" } }));
  assert.equal(await second, 2);
  await assert.rejects(first, (error) => error instanceof RpcError && error.code === -32600 && error.message === "no");
  assert.deepEqual(sent[0], { id: sent[0].id, method: "a", params: { x: 1 } });
});

test("notifications and requests are told apart; a null id asks nothing", () => {
  const { rpc, heard } = line();
  rpc.receive('{"method":"n","params":{"a":1}}');
  rpc.receive('{"method":"r","id":"s-1","params":{}}');
  rpc.receive('{"method":"z","id":null}');
  rpc.receive('{"method":"zero","id":0}');
  assert.deepEqual(heard, [["n", { a: 1 }], ["s-1", "r", {}], ["z", {}], [0, "zero", {}]]);
});

test("nonsense is survived", () => {
  const { rpc, heard } = line();
  for (const text of ["", "{", "null", "[]", "1", '{"id":99,"result":1}', '{"method":5}', '"x"']) rpc.receive(text);
  assert.deepEqual(heard, []);
});

test("a lost connection fails what is open, and a question without an answer has an end", async () => {
  const { rpc, timers } = line();
  const silent = rpc.request("a");
  timers[0]();
  await assert.rejects(silent, LostError);
  const open = rpc.request("b");
  rpc.close();
  await assert.rejects(open, LostError);
  await assert.rejects(rpc.request("c"), LostError);
  assert.equal(rpc.respond("x", {}), false);
});

test("what is asked over one line may be answered over the next", async () => {
  const { rpc, sent, timers } = line();
  const kept = rpc.request("a");
  const lost = rpc.request("b", {}, 60_000);
  rpc.hold();
  assert.equal(rpc.respond("x", {}), false);
  await assert.rejects(rpc.request("c"), /not connected/);
  rpc.resume((text) => sent.push(JSON.parse(text)));
  assert.deepEqual(sent.map(({ method }) => method), ["a", "b"], "nothing is sent twice");
  rpc.receive(JSON.stringify({ id: sent[0].id, result: 1 }));
  assert.equal(await kept, 1);
  // A request that never arrived gets an error soon.
  timers.at(-1)();
  await assert.rejects(lost, (error) => error instanceof LostError && /no answer came/.test(error.message));
  void rpc.request("d");
  assert.ok(sent.at(-1).id > sent[1].id, "an id is never used twice in a session");
});

test("while the line is lost nothing runs out, but for what must not be held", async () => {
  const limits = [];
  const cleared = [];
  const rpc = new Rpc({
    send() {}, onNotification() {}, onRequest() {},
    setTimer: (run, milliseconds) => limits.push([run, milliseconds]) - 1, clearTimer: (timer) => cleared.push(timer),
  });
  const patient = rpc.request("a");
  const impatient = rpc.request("b", {}, 30_000, 3000);
  rpc.hold();
  assert.deepEqual([cleared, limits.slice(2).map(([, milliseconds]) => milliseconds)], [[0, 1], [3000]]);
  limits[2][0]();
  await assert.rejects(impatient, LostError);
  rpc.resume(() => {});
  assert.deepEqual(limits.slice(3).map(([, milliseconds]) => milliseconds), [10_000]);
  rpc.close();
  await assert.rejects(patient, LostError);
});

test("retries: at once, then 1 s doubling to 30 s, with jitter", () => {
  assert.equal(delayBefore(0), 0);
  assert.deepEqual([1, 2, 3, 4, 5, 6, 7, 500].map((attempt) => delayBefore(attempt, () => 1)), [1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000]);
  assert.equal(delayBefore(3, () => 0), 2000);
});

/** A connection whose network is scripted. */
function network(answers) {
  const sockets = [];
  const states = [];
  let lost = 0;
  const forgotten = [];
  class Socket {
    constructor(address) {
      this.address = address;
      sockets.push(this);
    }
    send() {}
    close() {
      queueMicrotask(() => this.onclose?.({ reason: "" }));
    }
  }
  const connection = new Connection({
    address: () => "ws://x", Socket: /** @type {any} */ (Socket), random: () => 0, now: () => 0,
    readInfo: async () => answers.shift() ?? { status: "ok", info: { version: "1" }, skewMs: 0 },
    onState: (state) => states.push(state.phase), onInfo() {}, onOpen() {}, onText() {}, onLost: ({ forget }) => {
      lost += 1;
      forgotten.push(forget);
    },
  });
  return { connection, sockets, states, forgotten, lost: () => lost };
}
const settle = () => new Promise((resolve) => setTimeout(resolve, 5));

test("it connects, and disconnects when asked, without trying again", async () => {
  const { connection, sockets, states, lost } = network([]);
  connection.connect();
  await settle();
  sockets[0].onopen();
  connection.disconnect();
  await settle();
  assert.deepEqual(states, ["connecting", "online", "offline"]);
  assert.deepEqual([sockets.length, lost()], [1, 1]);
});

/** A browser that the server knew the last time. */
function signedInBefore(run) {
  const items = new Map([["sre-agent-was-signed-in", "1"]]);
  globalThis.localStorage = {
    getItem: (name) => items.get(name) ?? null, setItem: (name, value) => items.set(name, value),
    removeItem: (name) => items.delete(name),
  };
  return run(items).finally(() => delete globalThis.localStorage);
}

test("the first socket is dialled beside the call, and nothing that it tells is lost", () => signedInBefore(async () => {
  let answer;
  const told = [];
  const { connection, sockets, states } = network([new Promise((resolve) => (answer = resolve))]);
  connection.options.onOpen = () => told.push("open");
  connection.options.onText = (text) => told.push(text);
  connection.options.onInfo = () => told.push("info");
  connection.connect();
  assert.equal(sockets.length, 1);
  sockets[0].readyState = 1;
  sockets[0].onmessage({ data: "first" });
  await settle();
  assert.deepEqual(told, []);
  answer({ status: "ok", info: { version: "1" }, skewMs: 0 });
  await settle();
  sockets[0].onmessage({ data: "second" });
  assert.deepEqual(told, ["info", "open", "first", "second"]);
  assert.deepEqual([states, sockets.length], [["connecting", "online"], 1]);
  sockets[0].onclose({ reason: "" });
  connection.disconnect();
}));

test("a first socket that was dialled in vain is closed, and is none the next time", () => signedInBefore(async (items) => {
  const { connection, sockets, states } = network([{ status: "signin", message: "Sign in." }]);
  let closed = 0;
  connection.connect();
  sockets[0].close = () => (closed += 1);
  await settle();
  assert.deepEqual([states, closed, items.size], [["connecting", "signin"], 1, 0]);
  connection.connect();
  assert.equal(sockets.length, 1, "only after the answer");
  await settle();
  assert.deepEqual([sockets.length, items.size], [2, 1]);
  connection.disconnect();
}));

test("a first socket that is refused counts as a lost one", () => signedInBefore(async () => {
  const { connection, sockets, states } = network([]);
  connection.connect();
  sockets[0].onclose({ reason: "" });
  await settle();
  assert.equal(states[1], "waiting");
  connection.disconnect();
}));

test("a loss is followed by a try at once", async () => {
  const { connection, sockets, states } = network([]);
  connection.connect();
  await settle();
  sockets[0].onopen();
  sockets[0].onclose({ reason: "" });
  await settle();
  assert.equal(sockets.length, 2);
  assert.deepEqual(states, ["connecting", "online", "waiting", "connecting"]);
  connection.disconnect();
});

/** [code, the phases after the loss, the time of the next attempt, whether the page forgets the session] */
const CLOSES = [
  [1006, ["waiting", "connecting"], 0, false],
  [1001, ["waiting"], 500, false],
  [1011, ["waiting", "connecting"], 0, false],
  [4001, ["taken"], null, false],
  [4003, ["signin"], null, true],
  [4004, ["waiting", "connecting"], 0, true],
  [4008, ["waiting", "connecting"], 0, false],
];
for (const [code, phases, retryAt, forget] of CLOSES) {
  test(`the server closes with ${code}`, async () => {
    const { connection, sockets, states, forgotten } = network([]);
    connection.connect();
    await settle();
    sockets[0].onopen();
    states.length = 0;
    sockets[0].onclose({ code, reason: "" });
    assert.equal(connection.state.retryAt, retryAt);
    await settle();
    assert.deepEqual([states, forgotten], [phases, [forget]]);
    connection.disconnect();
  });
}

test("a session that was taken over is left alone until the person asks", async () => {
  const { connection, sockets } = network([]);
  connection.connect();
  await settle();
  sockets[0].onopen();
  sockets[0].onclose({ code: 4001, reason: "" });
  connection.hurry();
  await settle();
  assert.equal(sockets.length, 1);
  connection.connect();
  await settle();
  assert.equal(sockets.length, 2);
  connection.disconnect();
});

test("a sign-in that ended is not tried again, says why, and goes on once somebody has signed in", async () => {
  const { connection, sockets } = network([]);
  connection.connect();
  await settle();
  sockets[0].onopen();
  sockets[0].onclose({ code: 4003, reason: "revoked" });
  assert.deepEqual(
    [connection.state.message, connection.state.lost], ["Your sign-in ended: the token was revoked or has expired, or you signed out elsewhere.", true]);
  connection.hurry();
  await settle();
  assert.equal(sockets.length, 1);
  connection.connect();
  await settle();
  assert.equal(sockets.length, 2);
  connection.disconnect();
});

test("a server that says “at once” again and again is waited for", async () => {
  const { connection, sockets } = network([]);
  connection.connect();
  await settle();
  for (let times = 0; times < 3; times += 1) {
    sockets.at(-1).onopen();
    sockets.at(-1).onclose({ code: 4008, reason: "" });
    assert.equal(connection.state.retryAt, 0);
    await settle();
  }
  sockets.at(-1).onopen();
  sockets.at(-1).onclose({ code: 4008, reason: "" });
  assert.equal(connection.state.retryAt, 500);
  connection.disconnect();
});

test("a loss is worth a word only when it lasts", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const turns = async () => { for (let times = 0; times < 10; times += 1) await Promise.resolve(); };
  const { connection, sockets } = network([]);
  connection.connect();
  await turns();
  sockets[0].onopen();
  context.mock.timers.tick(1000);
  assert.equal(connection.state.brief, false);
  sockets[0].onclose({ code: 1006, reason: "" });
  assert.equal(connection.state.brief, true);
  context.mock.timers.tick(1000);
  assert.equal(connection.state.brief, false);
  connection.disconnect();
});

for (const status of ["signin", "forbidden"]) {
  test(`no second try when the server says no: ${status}`, async () => {
    const { connection, sockets, states } = network([{ status, message: "no" }]);
    connection.connect();
    await settle();
    assert.deepEqual([sockets.length, states.at(-1)], [0, status]);
  });
}

test("a server out of reach is waited for, longer each time; hurry does not wait", async () => {
  const { connection, states } = network([1, 2, 3].map(() => ({ status: "unreachable", message: "down" })));
  connection.connect();
  await settle();
  assert.deepEqual(states, ["connecting", "waiting", "connecting", "waiting"]);
  assert.equal(connection.state.retryAt, 500);
  connection.hurry();
  await settle();
  assert.equal(connection.state.retryAt, 1000);
  connection.disconnect();
});

test("a socket of the past changes nothing", async () => {
  const { connection, sockets, states } = network([]);
  connection.connect();
  await settle();
  sockets[0].onopen();
  connection.disconnect();
  connection.connect();
  await settle();
  sockets[1].onopen();
  sockets[0].onclose({ reason: "late" });
  assert.equal(states.at(-1), "online");
  connection.disconnect();
});
