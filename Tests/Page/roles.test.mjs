// What an approval offers each role. The server enforces the roles.

import assert from "node:assert/strict";
import { test } from "node:test";
import { installBrowser, observed, shownIn } from "./support/browser.mjs";

installBrowser();
Object.assign(globalThis, { sessionStorage: { getItem: () => null, removeItem() {} }, requestAnimationFrame() {} });
const { App } = await import("../../Sources/Page/Web/actions/app.js");
const { Dock } = await import("../../Sources/Page/Web/approvals/dock.js");
const { Changes } = await import("../../Sources/Page/Web/state/changes.js");
const { createState } = await import("../../Sources/Page/Web/state/state.js");
const { receive, receiveRequest } = await import("../../Sources/Page/Web/state/store.js");

const { AccountForm } = await import("../../Sources/Page/Web/signin/account.js");
const { Row } = await import("../../Sources/Page/Web/threads/row.js");
const { Composer } = await import("../../Sources/Page/Web/views/composer.js");
const { Empty } = await import("../../Sources/Page/Web/views/empty.js");
const { Directory } = await import("../../Sources/Page/Web/views/directory.js");

const METHOD = "item/commandExecution/requestApproval";
const ANSWERS = ["decline", "approve", "stop-turn", "approve-session"];

/** A page with one or more approvals, armed and read to the end. */
function asked(context, info, { method = METHOD, params = {}, count = 1 } = {}) {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  let now = 0;
  context.mock.method(performance, "now", () => now);
  const state = createState();
  Object.assign(state, { info, ready: true, open: "t" });
  const app = new App(state, new Changes(() => {}));
  const sent = [];
  app.rpc = /** @type {any} */ ({ respond: (id, result) => sent.push([id, result]) });
  for (let id = 1; id <= count; id += 1) {
    receiveRequest(state, `r${id}`, method, { threadId: "t", turnId: "u", itemId: `i${id}`, command: `echo ${id}`, ...params }, 0);
  }
  const dock = new Dock(app, { mayTakeFocus: () => false, giveFocusBack() {} });
  const page = {
    state, sent, dock,
    update: () => dock.update(new Set(["prompts"]), false),
    wait(milliseconds) {
      now += milliseconds;
      context.mock.timers.tick(milliseconds);
    },
    offered: (names = ANSWERS) => names.filter((name) => shownIn(dock.node, name).length > 0),
    press(name) {
      const [button] = shownIn(dock.node, name);
      button.fire("pointerdown");
      button.fire("click");
    },
    find: (name) => shownIn(dock.node, name)[0],
  };
  page.update();
  for (const see of observed.splice(0)) see();
  page.wait(2000);
  return page;
}

test("a viewer and an operator see all of it, and in place of the buttons what they lack", (context) => {
  for (const role of ["viewer", "operator"]) {
    const page = asked(context, { role });
    assert.deepEqual(page.offered(), []);
    assert.equal(page.find("needs-role").textContent, "Approving needs the role approver.");
    assert.equal(page.find("prompt-command").textContent, "echo 1");
    assert.equal(page.find("decline-reason"), undefined);
    document.fire("keydown", { code: "KeyY", altKey: true });
    assert.deepEqual(page.sent, []);
    context.mock.timers.reset();
    context.mock.restoreAll();
  }
});

test("an approver, and whoever uses a server without roles, decides", (context) => {
  for (const info of [{ role: "approver" }, { role: "admin", sessionApprovals: true }, { user: "local" }]) {
    const page = asked(context, info);
    assert.deepEqual(page.offered(), ANSWERS);
    assert.equal(page.find("needs-role"), undefined);
    page.press("approve");
    assert.deepEqual(page.sent, [["r1", { decision: "accept" }]]);
    context.mock.timers.reset();
    context.mock.restoreAll();
  }
});

test("what the agent asks in conversation is answered by whoever may write", (context) => {
  const question = { method: "item/tool/requestUserInput", params: { questions: [{ id: "q", question: "Which host?" }] } };
  for (const [role, offered, lacking] of [["viewer", [], "Answering needs the role operator."], ["operator", ["decline", "approve", "stop-turn"], undefined]]) {
    const page = asked(context, { role }, question);
    assert.deepEqual([page.offered(), page.find("needs-role")?.textContent], [offered, lacking]);
    context.mock.timers.reset();
    context.mock.restoreAll();
  }
  assert.equal(asked(context, { role: "operator" }, { method: "mcpServer/elicitation/request", params: { mode: "form" } }).find("needs-role").textContent, "Answering needs the role approver.");
});

test("where no approval may last, none is offered that does", (context) => {
  const info = { role: "admin", sessionApprovals: false };
  assert.deepEqual(asked(context, info).offered(), ["decline", "approve", "stop-turn"]);
  context.mock.timers.reset();
  context.mock.restoreAll();
  const permissions = { method: "item/permissions/requestApproval", params: { permissions: { network: { enabled: true } } } };
  assert.deepEqual(asked(context, info, permissions).offered(), ["decline", "approve", "stop-turn"]);
});

test("a role that changes while the question stands changes what is offered", (context) => {
  const page = asked(context, { role: "operator" });
  page.state.info = /** @type {any} */ ({ role: "approver" });
  page.update();
  assert.deepEqual(page.offered(), ANSWERS);
});

test("nobody is asked who is no longer signed in", (context) => {
  const page = asked(context, { role: "approver" });
  page.dock.update(new Set(["connection"]), true);
  assert.deepEqual([page.dock.node.hidden, page.offered()], [true, []]);
  page.update();
  assert.deepEqual(page.offered(), ANSWERS);
});

test("a note is folded away, and goes with whatever is decided", (context) => {
  for (const [name, decision] of [["approve", "accept"], ["approve-session", "acceptForSession"], ["stop-turn", "cancel"], ["decline", "decline"]]) {
    const page = asked(context, { role: "approver" });
    assert.equal(page.find("note"), undefined);
    page.press("add-note");
    assert.equal(document.activeElement, page.find("note"));
    assert.equal(page.find("add-note"), undefined);
    page.find("note").value = " seen with bob ";
    page.press(name);
    assert.deepEqual(page.sent, [["r1", { decision, comment: "seen with bob" }]]);
    context.mock.timers.reset();
    context.mock.restoreAll();
  }
});

test("a reason and a note are two things; neither is sent empty", (context) => {
  const page = asked(context, { role: "approver" });
  page.find("decline-reason").value = "not now";
  page.press("decline");
  assert.deepEqual(page.sent, [["r1", { decision: "decline", reason: "not now" }]]);
});

test("a server without roles is offered no note: it would not know the member", (context) => {
  const page = asked(context, { user: "local" });
  assert.equal(page.find("add-note"), undefined);
  assert.notEqual(page.find("decline-reason"), undefined);
});

test("the record cannot be written: the question waits on, and says what to do", (context) => {
  const page = asked(context, { role: "approver" });
  page.press("approve");
  receive(page.state, "sre/answerRejected", { requestId: "r1", reason: "unrecorded", message: "disk full" });
  page.update();
  assert.equal(
    page.find("prompt-message").textContent,
    "Not approved: the record cannot be written. Nothing runs until it can; you may decline.");
  assert.deepEqual(page.offered(), ANSWERS);
  page.press("decline");
  assert.deepEqual(page.sent.at(-1), ["r1", { decision: "decline" }]);
});

test("twenty questions at once: a held key confirms none of them, a press only one", (context) => {
  const page = asked(context, { role: "approver" }, { count: 20 });
  const settle = () => {
    for (const [id] of page.sent) receive(page.state, "serverRequest/resolved", { requestId: id, sre: { decision: "accept" } });
    page.update();
    for (const see of observed.splice(0)) see();
  };
  const hold = () => {
    for (let repeat = 0; repeat < 400; repeat += 1) {
      document.fire("keydown", { code: "KeyY", altKey: true, repeat: true });
      settle();
      page.wait(30);
    }
  };
  hold();
  assert.equal(page.sent.length, 0);
  document.fire("keydown", { code: "KeyY", altKey: true, repeat: false });
  settle();
  hold();
  assert.deepEqual(page.sent.map(([id]) => id), ["r1"]);
  // Repeated clicks do not help either: a new approval does not accept an answer yet.
  for (let press = 0; press < 20; press += 1) {
    document.fire("keydown", { code: "KeyY", altKey: true, repeat: false });
    settle();
    page.wait(30);
  }
  assert.equal(page.sent.length, 2);
});

/** @param {any} info */
function pageOf(info) {
  const state = createState();
  Object.assign(state, { info, ready: true });
  return new App(state, new Changes(() => {}));
}

test("a viewer has nothing to write with, and is told what writing takes", () => {
  const seen = (info) => {
    const { node } = new Composer(pageOf(info), () => "");
    return ["composer", "send", "watching"].map((name) => shownIn(node, name)[0]?.textContent);
  };
  assert.deepEqual(seen({ role: "viewer" }), [undefined, undefined, "You are signed in as viewer: you can watch. Writing needs the role operator."]);
  for (const info of [{ role: "operator" }, { user: "local" }]) assert.deepEqual(seen(info), ["", "", undefined]);
});

test("a viewer is offered no conversation to begin, to rename or to archive", () => {
  for (const [info, offered] of [[{ role: "viewer" }, 0], [{ role: "operator" }, 1], [null, 1]]) {
    const app = pageOf(info);
    const row = new Row(app, "t", () => {});
    row.update({ id: "t", preview: "x" }, false);
    const empty = new Empty(app, new Directory(app), () => {});
    empty.update();
    shownIn(row.node, "thread-menu")[0].fire("click");
    const menu = ["save-markdown", "rename", "archive"].map((name) => shownIn(row.node, name).length);
    assert.deepEqual([menu, shownIn(empty.node, "cwd").length], [[1, offered, offered], offered]);
  }
});

test("who cannot approve is not told that it waits for them", () => {
  const row = (info) => {
    const app = pageOf(info);
    app.state.waiting = [{ requestId: "r", threadId: "t", command: "ls" }];
    const view = new Row(app, "t", () => {});
    view.update({ id: "t", preview: "x" }, false);
    return view.node.textContent;
  };
  assert.match(row({ role: "operator" }), /Waits for approval/);
  assert.match(row({ role: "approver" }), /Waits for you/);
});

test("only an admin signs the agent in to a model account", () => {
  for (const [role, offered] of [["approver", 0], ["admin", 1], [undefined, 1]]) {
    const app = pageOf({ role });
    Object.assign(app.state.account, { known: true, requiresOpenaiAuth: true });
    const form = new AccountForm(app);
    form.update();
    assert.deepEqual([shownIn(form.node, "login-device").length, shownIn(form.node, "account-needs-admin").length], [offered, 1 - offered]);
  }
});
