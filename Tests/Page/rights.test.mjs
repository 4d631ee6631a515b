import assert from "node:assert/strict";
import { test } from "node:test";
import { rightsOf } from "../../Sources/Page/Web/state/rights.js";

const may = (info) => {
  const { mayWrite, mayApprove, mayAdminister } = rightsOf(info);
  return [mayWrite, mayApprove, mayAdminister];
};

test("each role may do what those before it may", () => {
  assert.deepEqual(may({ role: "viewer" }), [false, false, false]);
  assert.deepEqual(may({ role: "operator" }), [true, false, false]);
  assert.deepEqual(may({ role: "approver" }), [true, true, false]);
  assert.deepEqual(may({ role: "admin" }), [true, true, true]);
});

test("a server without roles: everything is offered", () => {
  for (const info of [null, {}, { user: "local" }]) {
    assert.deepEqual(may(info), [true, true, true]);
    const { role, forSession, lasting } = rightsOf(info);
    assert.deepEqual([role, forSession, lasting], [null, true, true]);
  }
});

test("a role that this page does not know is offered nothing but watching", () => {
  for (const role of ["auditor", "", "ADMIN", "toString"]) assert.deepEqual(may({ role }), [false, false, false], role);
});

test("approvals that last are offered unless the server says no", () => {
  const { forSession, lasting } = rightsOf({ role: "approver", sessionApprovals: false, lastingApprovals: true });
  assert.deepEqual([forSession, lasting], [false, true]);
});
