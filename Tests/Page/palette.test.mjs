import assert from "node:assert/strict";
import { test } from "node:test";
import { SHORTCUTS, wanted, written } from "../../Sources/Page/Web/palette/keys.js";
import { matching } from "../../Sources/Page/Web/palette/match.js";
import { Recall } from "../../Sources/Page/Web/views/recall.js";

const press = (key, held = {}) => ({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, isComposing: false, ...held });

test("which keys open a list", () => {
  assert.equal(wanted(press("k", { ctrlKey: true }), true), "actions");
  assert.equal(wanted(press("K", { metaKey: true }), true), "actions");
  for (const held of [{}, { altKey: true }, { ctrlKey: true, altKey: true }, { ctrlKey: true, shiftKey: true }, { ctrlKey: true, metaKey: true }]) {
    assert.equal(wanted(press("k", held), false), null, JSON.stringify(held));
  }
  assert.equal(wanted(press("?", { shiftKey: true }), false), "shortcuts");
  assert.equal(wanted(press("?", { shiftKey: true }), true), null);
  assert.equal(wanted(press("/", { ctrlKey: true }), true), "shortcuts");
  assert.equal(wanted(press("/"), false), null);
});

test("keys are written as on the device", () => {
  assert.deepEqual([written("Ctrl+K", true), written("Alt+Y", true), written("Ctrl+K", false)], ["⌘+K", "⌥+Y", "Ctrl+K"]);
  assert.ok(SHORTCUTS.flatMap(([, keys]) => keys).every(([keys, meaning]) => keys !== "" && meaning !== ""));
});

test("each word must fit, and the beginnings of words come first", () => {
  const items = ["Search all conversations", "New conversation", "Disk on db-7", "Save as (Markdown)", "NewRelic alarm"].map((label) => ({ label }));
  const found = (words) => matching(items, words).map(({ label }) => label);
  assert.deepEqual(found(""), items.map(({ label }) => label));
  assert.deepEqual(found("new"), ["New conversation", "NewRelic alarm"]);
  assert.deepEqual(found("conv"), ["Search all conversations", "New conversation"]);
  assert.deepEqual(found("db disk"), ["Disk on db-7"]);
  assert.deepEqual(found("(mark"), ["Save as (Markdown)"]);
  assert.deepEqual(found("elic"), ["NewRelic alarm"]);
  assert.deepEqual(found("conv zebra"), []);
});

/** A field with the caret at its end, or where `caret` is. */
const field = (value, caret = value.length) => ({ value, selectionStart: caret, selectionEnd: caret });

function recallIn(items, sent = [], info = null) {
  const recall = new Recall({ thread: { turns: [{ items }] }, state: { info } });
  for (const text of sent) recall.sent(text);
  return (key, ...at) => recall.key(press(key), field(...at));
}

const message = (text, author = null) => ({ type: "userMessage", author, data: { content: [{ type: "text", text }] } });

test("arrow up brings back what one wrote, and arrow down goes back to nothing", () => {
  const key = recallIn([message("one"), message("two")], ["elsewhere", "two"]);
  assert.equal(key("ArrowDown", ""), null);
  assert.equal(key("ArrowUp", ""), "two");
  assert.equal(key("ArrowUp", "two"), "one");
  assert.equal(key("ArrowUp", "one"), "elsewhere");
  assert.equal(key("ArrowUp", "elsewhere"), null);
  assert.equal(key("ArrowDown", "elsewhere"), "one");
  assert.equal(key("ArrowDown", "one"), "two");
  assert.equal(key("ArrowDown", "two"), "");
});

test("what is being written is never replaced", () => {
  const key = recallIn([message("one")]);
  assert.equal(key("ArrowUp", "mine"), null);
  assert.equal(key("ArrowUp", ""), "one");
  assert.equal(key("ArrowUp", "one, changed"), null);
});

test("in a text of several lines the arrows first move the caret", () => {
  const key = recallIn([message("older"), message("a\nb")]);
  assert.equal(key("ArrowUp", ""), "a\nb");
  assert.equal(key("ArrowUp", "a\nb"), null);
  assert.equal(key("ArrowDown", "a\nb", 0), null);
  assert.equal(key("ArrowUp", "a\nb", 0), "older");
});

test("only one's own messages come back", () => {
  const key = recallIn([message("mine", { id: "ann" }), message("theirs", { id: "bob" }), message("nobody's")], [], { role: "admin", userId: "ann" });
  assert.equal(key("ArrowUp", ""), "mine");
  assert.equal(key("ArrowUp", "mine"), null);
});
