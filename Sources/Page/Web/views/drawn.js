// Which part of a conversation is drawn: the newest items at first, and others as the person scrolls to them. A browser
// takes seconds to draw some thousand items, of which a screen shows ten. Pure.

/**
 * @typedef {{ id: string, items: { id: string }[] }[]} Turns oldest first
 * @typedef {{ turn: number, item: number }} Place the index of a turn, and of an item in it
 * @typedef {{ turnId: string, itemId: string | null }} Mark a place that stays the same when items are added
 */

/** The items drawn at first: some screens of a desk. */
const FIRST = 60;
/** The items added at a time, which a frame has the time for. */
const STEP = 20;
/** Fewer undrawn items than this are drawn as well. */
const REST = 10;
/** With more items than this, each frame takes too long. Those farthest from the person go. */
const MOST = 300;

export class Drawn {
  /** @type {Mark | null} */ #first = null;
  /**
   * The first item after the drawn ones. null: all up to the newest are drawn, and so are those that come.
   * @type {Mark | null}
   */
  #after = null;

  /** Begins again with the newest items. */
  reset() {
    this.#first = null;
    this.#after = null;
  }

  /**
   * @param {Turns} turns
   * @returns {{ from: Place, to: Place, hasOlder: boolean, hasNewer: boolean }} `to` is not drawn itself.
   */
  part(turns) {
    const end = { turn: turns.length, item: 0 };
    const after = placeOf(turns, this.#after);
    const to = after && isBefore(forward(turns, after, REST), end) ? after : end;
    let from = placeOf(turns, this.#first);
    if (!from) this.#first = markOf(turns, from = back(turns, to, FIRST));
    if (!isBefore(START, back(turns, from, REST))) from = START;
    return { from, to, hasOlder: isBefore(START, from), hasNewer: to !== end };
  }

  /** @param {Turns} turns */
  older(turns) {
    const { from, to } = this.part(turns);
    const first = back(turns, from, STEP);
    this.#first = markOf(turns, first);
    const most = forward(turns, first, MOST);
    if (isBefore(most, to)) this.#after = markOf(turns, most);
  }

  /** @param {Turns} turns */
  newer(turns) {
    const { from, to } = this.part(turns);
    const after = forward(turns, to, STEP);
    this.#after = markOf(turns, after);
    const most = back(turns, after, MOST);
    if (isBefore(from, most)) this.#first = markOf(turns, most);
  }

  /**
   * Draws a turn and what follows, wherever the person has been.
   * @param {Turns} turns @param {number} turn its index
   */
  beginAt(turns, turn) {
    this.#first = markOf(turns, { turn, item: 0 });
    this.#after = markOf(turns, forward(turns, { turn, item: 0 }, FIRST));
  }

  /**
   * For a person who reads the end.
   * @param {Turns} turns
   */
  trim(turns) {
    const { from, to } = this.part(turns);
    if (isBefore(from, back(turns, to, MOST))) this.reset();
  }
}

/** @type {Place} */
const START = { turn: 0, item: 0 };

/** @param {Place} one @param {Place} other */
const isBefore = (one, other) => one.turn < other.turn || (one.turn === other.turn && one.item < other.item);

/** @param {Turns} turns @param {Place} place @returns {Mark | null} null for the end */
function markOf(turns, { turn, item }) {
  const there = turns[turn];
  return there ? { turnId: there.id, itemId: item > 0 ? there.items[item]?.id ?? null : null } : null;
}

/** @param {Turns} turns @param {Mark | null} mark @returns {Place | null} */
function placeOf(turns, mark) {
  const turn = turns.findIndex(({ id }) => id === mark?.turnId);
  if (mark === null || turn < 0) return null;
  return { turn, item: mark.itemId === null ? 0 : Math.max(0, turns[turn].items.findIndex(({ id }) => id === mark.itemId)) };
}

/**
 * So many items before a place. A turn without items counts as one.
 * @param {Turns} turns @param {Place} place @param {number} count @returns {Place}
 */
function back(turns, { turn, item }, count) {
  for (let left = count; left > 0;) {
    if (item === 0) {
      if (turn === 0) break;
      turn -= 1;
      item = turns[turn].items.length;
    }
    const step = Math.min(item, left);
    item -= step;
    left -= Math.max(1, step);
  }
  return { turn, item };
}

/**
 * So many items after a place.
 * @param {Turns} turns @param {Place} place @param {number} count @returns {Place}
 */
function forward(turns, { turn, item }, count) {
  for (let left = count; left > 0 && turn < turns.length;) {
    const step = Math.min(turns[turn].items.length - item, left);
    item += step;
    left -= Math.max(1, step);
    if (item < turns[turn].items.length) break;
    turn += 1;
    item = 0;
  }
  return { turn, item };
}
