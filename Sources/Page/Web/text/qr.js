// A text as a QR code (ISO/IEC 18004): bytes, error correction level M, versions 1 to 15, so up to 412 bytes.

/** Level M, by version from 1. */
const CORRECTION = [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24];
const BLOCKS = [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10];

/** @type {((x: number, y: number) => boolean)[]} */
const MASKS = [
  (x, y) => (x + y) % 2 === 0, (x, y) => y % 2 === 0, (x) => x % 3 === 0, (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0, (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0, (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

/** @typedef {boolean[][]} Modules rows of dark (true) and light ones, without the light margin of four around them */

/**
 * @param {string} text @param {number} [mask] 0 to 7; otherwise the one that scanners read best
 * @returns {Modules | null} null if the text is too long
 */
export function qrOf(text, mask) {
  const bytes = new TextEncoder().encode(text);
  const version = CORRECTION.findIndex((_, index) => bytes.length + (index < 9 ? 2 : 3) <= dataLength(index + 1)) + 1;
  if (version === 0) return null;
  const words = corrected(dataOf(bytes, version), version);
  const drawings = (mask === undefined ? [...MASKS.keys()] : [mask]).map((one) => drawn(words, version, one));
  return drawings.reduce((best, one) => (penalty(one) < penalty(best) ? one : best));
}

/** @param {number} version */
function alignments(version) {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2;
  const step = Math.floor((version * 8 + count * 3 + 5) / (count * 4 - 4)) * 2;
  return [6, ...Array.from({ length: count - 1 }, (_, index) => version * 4 + 10 - (count - 2 - index) * step)];
}

/**
 * Codewords of a version, with those for correction.
 * @param {number} version
 */
function wordCount(version) {
  const count = version === 1 ? 0 : Math.floor(version / 7) + 2;
  const alignment = version === 1 ? 0 : (25 * count - 10) * count - 55;
  return Math.floor(((16 * version + 128) * version + 64 - alignment - (version >= 7 ? 36 : 0)) / 8);
}

/** @param {number} version */
function dataLength(version) {
  return wordCount(version) - CORRECTION[version - 1] * BLOCKS[version - 1];
}

/**
 * The mode, the length, the bytes, and padding.
 * @param {Uint8Array} bytes @param {number} version
 */
function dataOf(bytes, version) {
  const length = version < 10 ? [bytes.length] : [bytes.length >> 8, bytes.length & 255];
  // Half a byte of mode before everything else, and half a byte of end behind it.
  const half = [4, ...[...length, ...bytes].flatMap((byte) => [byte >> 4, byte & 15]), 0];
  const words = Array.from({ length: half.length / 2 }, (_, index) => (half[2 * index] << 4) | half[2 * index + 1]);
  for (let pad = 0; words.length < dataLength(version); pad += 1) words.push(pad % 2 === 0 ? 0xec : 0x11);
  return words;
}

/**
 * In the field of 256 elements with the polynomial 0x11d.
 * @param {number} one @param {number} other
 */
function times(one, other) {
  let product = 0;
  for (let bit = 7; bit >= 0; bit -= 1) product = (product << 1) ^ ((product >> 7) * 0x11d) ^ (((other >> bit) & 1) * one);
  return product;
}

/**
 * Reed and Solomon's codewords for a block.
 * @param {number[]} data @param {number} degree
 */
function correctionOf(data, degree) {
  let divisor = [1];
  for (let root = 1, count = 0; count < degree; root = times(root, 2), count += 1) {
    divisor = [...divisor, 0].map((factor, index) => factor ^ (index > 0 ? times(divisor[index - 1], root) : 0));
  }
  const rest = [...data, ...Array(degree).fill(0)];
  for (let at = 0; at < data.length; at += 1) {
    const factor = rest[at];
    divisor.forEach((one, index) => { rest[at + index] ^= times(one, factor); });
  }
  return rest.slice(data.length);
}

/**
 * The blocks' words in turn, and then those of their correction.
 * @param {number[]} data @param {number} version
 */
function corrected(data, version) {
  const [count, degree] = [BLOCKS[version - 1], CORRECTION[version - 1]];
  const short = Math.floor(data.length / count);
  const shortBlocks = count - (data.length % count);
  let at = 0;
  const blocks = Array.from({ length: count }, (_, index) => data.slice(at, (at += short + (index < shortBlocks ? 0 : 1))));
  const inTurn = (/** @type {number[][]} */ lists) => Array.from({ length: Math.max(...lists.map((list) => list.length)) }, (_, index) =>
    lists.filter((list) => index < list.length).map((list) => list[index])).flat();
  return [...inTurn(blocks), ...inTurn(blocks.map((block) => correctionOf(block, degree)))];
}

/** @param {number} value @param {number} polynomial @param {number} degree */
function remainder(value, polynomial, degree) {
  let rest = value;
  for (let bit = 0; bit < degree; bit += 1) rest = (rest << 1) ^ ((rest >> (degree - 1)) * polynomial);
  return rest;
}

/** @param {number[]} words @param {number} version @param {number} mask @returns {Modules} */
function drawn(words, version, mask) {
  const size = version * 4 + 17;
  const modules = Array.from({ length: size }, () => /** @type {boolean[]} */ (Array(size).fill(false)));
  const fixed = Array.from({ length: size }, () => Array(size).fill(false));
  const set = (/** @type {number} */ x, /** @type {number} */ y, /** @type {boolean} */ dark) => {
    if (x < 0 || y < 0 || x >= size || y >= size) return;
    modules[y][x] = dark;
    fixed[y][x] = true;
  };
  const square = (/** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ radius, /** @type {number[]} */ light) => {
    for (let dy = -radius; dy <= radius; dy += 1) for (let dx = -radius; dx <= radius; dx += 1) {
      set(x + dx, y + dy, !light.includes(Math.max(Math.abs(dx), Math.abs(dy))));
    }
  };
  for (let at = 0; at < size; at += 1) {
    set(6, at, at % 2 === 0);
    set(at, 6, at % 2 === 0);
  }
  for (const [x, y] of [[3, 3], [size - 4, 3], [3, size - 4]]) square(x, y, 4, [2, 4]);
  const places = alignments(version);
  const last = places.length - 1;
  places.forEach((x, i) => places.forEach((y, j) => {
    const isFinder = (i === 0 && j === 0) || (i === 0 && j === last) || (i === last && j === 0);
    if (!isFinder) square(x, y, 2, [1]);
  }));
  // Level M is 0.
  const format = ((mask << 10) | remainder(mask, 0x537, 10)) ^ 0x5412;
  for (let bit = 0; bit < 15; bit += 1) {
    const dark = ((format >> bit) & 1) === 1;
    set(8, bit < 6 ? bit : bit < 8 ? bit + 1 : size - 15 + bit, dark);
    set(bit < 8 ? size - 1 - bit : bit === 8 ? 7 : 14 - bit, 8, dark);
  }
  set(8, size - 8, true);
  const named = (version << 12) | remainder(version, 0x1f25, 12);
  for (let bit = 0; version >= 7 && bit < 18; bit += 1) {
    const [along, across] = [size - 11 + (bit % 3), Math.floor(bit / 3)];
    set(along, across, ((named >> bit) & 1) === 1);
    set(across, along, ((named >> bit) & 1) === 1);
  }
  let bit = 0;
  for (let right = size - 1; right > 0; right -= 2) {
    if (right === 6) right = 5;
    const isUpward = ((right + 1) & 2) === 0;
    for (let step = 0; step < size; step += 1) for (const x of [right, right - 1]) {
      const y = isUpward ? size - 1 - step : step;
      if (fixed[y][x]) continue;
      modules[y][x] = (((words[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1) === 1 !== MASKS[mask](x, y);
      bit += 1;
    }
  }
  return modules;
}

/**
 * How badly a scanner reads it.
 * @param {Modules} modules
 */
function penalty(modules) {
  const size = modules.length;
  const lines = [...modules, ...modules.map((_, x) => modules.map((row) => row[x]))].map((line) => line.map(Number).join(""));
  let sum = 0;
  for (const line of lines) {
    for (const [run] of line.matchAll(/0{5,}|1{5,}/g)) sum += run.length - 2;
    for (const finder of ["10111010000", "00001011101"]) for (let at = line.indexOf(finder); at >= 0; at = line.indexOf(finder, at + 1)) sum += 40;
  }
  let dark = 0;
  modules.forEach((row, y) => row.forEach((one, x) => {
    dark += Number(one);
    if (x > 0 && y > 0 && row[x - 1] === one && modules[y - 1][x] === one && modules[y - 1][x - 1] === one) sum += 3;
  }));
  return sum + Math.floor(Math.abs(dark * 20 - size * size * 10) / (size * size)) * 10;
}
