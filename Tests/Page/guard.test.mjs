import assert from "node:assert/strict";
import { test } from "node:test";
import { ARMING_MS, Guard, offers, shortcutOf } from "../../Sources/Page/Web/approvals/guard.js";

/** A prompt that appeared at 1000 and has been read to its end. */
function shown() {
  const guard = new Guard();
  guard.show(1000);
  guard.sawTail();
  return guard;
}

test("a press meant for what was there before is not taken", () => {
  const guard = shown();
  assert.equal(guard.accepts("approve", { pressedAt: 1000 }), false);
  assert.equal(guard.accepts("refuse", { pressedAt: 1000 + ARMING_MS - 1 }), false);
  assert.equal(guard.accepts("approve", { pressedAt: 1000 + ARMING_MS }), true);
  assert.equal(guard.armsIn(1000), ARMING_MS);
});

test("a press that began before the prompt was armed counts by its beginning", () => {
  const guard = shown();
  const press = { pressedAt: 1100 };
  assert.equal(guard.accepts("approve", press), false);
});

test("Enter approves nothing, nor does a held key", () => {
  const guard = shown();
  assert.equal(guard.accepts("approve", { pressedAt: 9000, key: "Enter" }), false);
  assert.equal(guard.accepts("refuse", { pressedAt: 9000, key: "Enter" }), false);
  assert.equal(guard.accepts("approve", { pressedAt: 9000, key: " ", repeat: true }), false);
  assert.equal(guard.accepts("approve", { pressedAt: 9000, key: " " }), true);
});

test("what has not been read to its end can be declined, not approved", () => {
  const guard = new Guard();
  guard.show(0);
  assert.equal(guard.allows("approve", 9000), false);
  assert.equal(guard.allows("refuse", 9000), true);
  guard.sawTail();
  assert.equal(guard.allows("approve", 9000), true);
});

test("a flood: each prompt that takes the place of another starts its own time", () => {
  let now = 0;
  let approved = 0;
  const queue = Array.from({ length: 50 }, () => new Guard());
  queue[0].show(now);
  queue[0].sawTail();
  // A key held down for twenty seconds repeats every 30 ms.
  for (let press = 0; press < 600; press += 1, now += 30) {
    if (!queue[approved].accepts("approve", { pressedAt: now, key: " ", repeat: press > 0 })) continue;
    approved += 1;
    queue[approved].show(now);
    queue[approved].sawTail();
  }
  assert.equal(approved, 0);
});

test("coming back to the window starts the time again", () => {
  const guard = shown();
  guard.hide();
  assert.equal(guard.allows("refuse", 1e9), false);
  guard.show(5000);
  assert.equal(guard.allows("approve", 5000 + ARMING_MS - 1), false);
  assert.equal(guard.allows("approve", 5000 + ARMING_MS), true);
});

test("shortcuts need Alt and nothing else", () => {
  const event = (code, more = {}) => ({ code, altKey: true, ctrlKey: false, metaKey: false, shiftKey: false, ...more });
  assert.equal(shortcutOf(event("KeyY")), "approve");
  assert.equal(shortcutOf(event("KeyN")), "decline");
  assert.equal(shortcutOf(event("KeyX")), "stop");
  assert.equal(shortcutOf(event("Enter")), null);
  assert.equal(shortcutOf(event("KeyY", { altKey: false })), null);
  // AltGr on Windows is Ctrl and Alt.
  assert.equal(shortcutOf(event("KeyY", { ctrlKey: true })), null);
});

test("what codex does not offer is not offered; a refusal always is", () => {
  const available = ["accept", { acceptWithExecpolicyAmendment: {} }, "cancel"];
  assert.equal(offers(available, "accept"), true);
  assert.equal(offers(available, "acceptForSession"), false);
  assert.equal(offers(available, "decline"), true);
  assert.equal(offers(null, "acceptForSession"), true);
});
