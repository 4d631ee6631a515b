import assert from "node:assert/strict";
import { test } from "node:test";
import { parseBlocks } from "../../Sources/Page/Web/markdown/blocks.js";
import { Drawn } from "../../Sources/Page/Web/views/drawn.js";

/** @param {...number} counts the items of each turn */
const turnsOf = (...counts) => counts.map((count, turn) => ({
  id: `t${turn}`, items: Array.from({ length: count }, (_, item) => ({ id: `${turn}-${item}` })),
}));

test("a short conversation is drawn as a whole, and stays so while it grows", () => {
  const drawn = new Drawn();
  const turns = turnsOf(3, 4);
  assert.deepEqual(drawn.part(turns), { from: { turn: 0, item: 0 }, to: { turn: 2, item: 0 }, hasOlder: false, hasNewer: false });
  turns.unshift({ id: "older", items: [{ id: "o" }] });
  assert.equal(drawn.part(turns).hasOlder, false);
});

test("a long one from its end; each step adds some, and never too many are drawn", () => {
  const drawn = new Drawn();
  const turns = turnsOf(1000);
  assert.deepEqual(drawn.part(turns).from, { turn: 0, item: 940 });
  for (let step = 0; step < 60; step += 1) {
    drawn.older(turns);
    const { from, to } = drawn.part(turns);
    assert.ok((to.turn === 1 ? 1000 : to.item) - from.item <= 310);
  }
  assert.equal(drawn.part(turns).hasOlder, false);
  assert.equal(drawn.part(turns).hasNewer, true);
  for (let step = 0; step < 60; step += 1) drawn.newer(turns);
  assert.equal(drawn.part(turns).hasNewer, false);
  drawn.trim(turns);
  turns[0].items.push(...turnsOf(300)[0].items.map(({ id }) => ({ id: `new ${id}` })));
  drawn.trim(turns);
  assert.equal(drawn.part(turns).from.item, 1240);
});

test("a turn that a link names is drawn with what follows", () => {
  const drawn = new Drawn();
  const turns = turnsOf(50, 50, 50, 50, 50);
  drawn.beginAt(turns, 1);
  assert.deepEqual(drawn.part(turns), { from: { turn: 1, item: 0 }, to: { turn: 2, item: 10 }, hasOlder: true, hasNewer: true });
});

test("a long list goes on with its number, a long table with its head", () => {
  const list = parseBlocks(Array.from({ length: 450 }, (_, index) => `${index + 1}. entry`).join("\n"));
  assert.deepEqual(list.map(({ start, items }) => [start, items.length]), [[1, 200], [201, 200], [401, 50]]);
  const table = parseBlocks(`| a | b |\n|---|---|\n${"| 1 | 2 |\n".repeat(250)}`);
  assert.deepEqual(table.map(({ head, rows }) => [head.length, rows.length]), [[2, 200], [2, 50]]);
});
