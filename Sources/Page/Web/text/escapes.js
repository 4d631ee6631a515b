// Makes characters visible that a person cannot see, or that change the order in which others appear. A person must
// approve exactly what they read.

/**
 * A stretch of text as it is, or one hidden character with its escape.
 * @typedef {{ text: string, escape?: undefined } | { text: string, escape: string, name: string }} Piece
 */

/** Joiners and selectors inside an emoji draw nothing by themselves, so they may stay. */
const INSIDE_EMOJI = [
  String.raw`(?<=\p{Extended_Pictographic}\uFE0F?|\p{Emoji_Modifier})\u200D(?=\p{Extended_Pictographic})`,
  String.raw`(?<=\p{Extended_Pictographic})\uFE0F`,
  String.raw`(?<=[0-9#*])\uFE0F(?=\u20E3)`,
].join("|");

/** Controls, format characters (bidi, zero width, tags), separators, surrogates, private use, fillers, selectors. */
const HIDDEN = [
  String.raw`[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}`,
  String.raw`\u034F\u115F\u1160\u17B4\u17B5\u180B-\u180F\u2800\u3164\uFE00-\uFE0F\uFFA0\u{E0100}-\u{E01EF}]`,
].join("");

/** Blanks that look like a space but are not: harmless in prose, never in a command. */
const ODD_SPACES = String.raw`[\u00A0\u1680\u2000-\u200A\u202F\u205F\u3000]`;

const IN_PROSE = new RegExp(`${INSIDE_EMOJI}|[\\n\\t]|(${HIDDEN})`, "gu");
const IN_CODE = new RegExp(`${INSIDE_EMOJI}|[\\n\\t]|(${HIDDEN}|${ODD_SPACES})`, "gu");
const ANY = new RegExp(`${HIDDEN}|${ODD_SPACES}`, "u");

/** @type {[number, number, string][]} */
const NAMES = [
  [0x1b, 0x1b, "terminal escape"],
  [0x00, 0x1f, "control character"],
  [0x7f, 0x9f, "control character"],
  [0xad, 0xad, "soft hyphen"],
  [0x61c, 0x61c, "bidirectional control"],
  [0x115f, 0x1160, "blank letter"],
  [0x200b, 0x200d, "zero-width character"],
  [0x200e, 0x200f, "bidirectional control"],
  [0x2028, 0x2029, "line separator"],
  [0x202a, 0x202e, "bidirectional control"],
  [0x2060, 0x2064, "zero-width character"],
  [0x2066, 0x2069, "bidirectional control"],
  [0x2800, 0x2800, "blank letter"],
  [0x3164, 0x3164, "blank letter"],
  [0xd800, 0xdfff, "broken character"],
  [0xe000, 0xf8ff, "private-use character"],
  [0xfe00, 0xfe0f, "invisible selector"],
  [0xfeff, 0xfeff, "zero-width character"],
  [0xffa0, 0xffa0, "blank letter"],
  [0xe0000, 0xe007f, "invisible tag"],
  [0xe0100, 0xe01ef, "invisible selector"],
  [0xf0000, 0x10ffff, "private-use character"],
];
const ODD_SPACE = new RegExp(ODD_SPACES, "u");

/** @param {string} character */
export function nameOf(character) {
  if (ODD_SPACE.test(character)) return "unusual space";
  const code = /** @type {number} */ (character.codePointAt(0));
  return NAMES.find(([from, to]) => code >= from && code <= to)?.[2] ?? "invisible character";
}

/** @param {string} character */
export function escapeOf(character) {
  const code = /** @type {number} */ (character.codePointAt(0));
  if (code === 0x0d) return "\\r";
  const hex = code.toString(16).toUpperCase();
  if (code <= 0xff) return `\\x${hex.padStart(2, "0")}`;
  return code <= 0xffff ? `\\u${hex.padStart(4, "0")}` : `\\u{${hex}}`;
}

/**
 * Splits text into parts to show as they are and characters to show escaped.
 * @param {string} text
 * @param {"code" | "prose"} [kind] in prose, unusual spaces stay, because some languages use them
 * @returns {Piece[]}
 */
export function reveal(text, kind = "code") {
  if (!ANY.test(text)) return text === "" ? [] : [{ text }];
  /** @type {Piece[]} */
  const pieces = [];
  let from = 0;
  for (const match of text.matchAll(kind === "code" ? IN_CODE : IN_PROSE)) {
    const hidden = match[1];
    if (hidden === undefined) continue;
    const at = match.index ?? 0;
    if (at > from) pieces.push({ text: text.slice(from, at) });
    pieces.push({ text: hidden, escape: escapeOf(hidden), name: nameOf(hidden) });
    from = at + hidden.length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from) });
  return pieces;
}

const WORD = /[\p{L}\p{N}_.-]+/gu;
const LATIN = /\p{Script=Latin}/u;
const LOOK_ALIKE = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}]/u;

/**
 * The first word that mixes Latin letters with letters of a script that has Latin look-alikes.
 * @param {string} text
 */
function mixedWord(text) {
  if (!LOOK_ALIKE.test(text)) return null;
  return (text.match(WORD) ?? []).find((word) => LATIN.test(word) && LOOK_ALIKE.test(word)) ?? null;
}

/**
 * @param {Map<string, number>} counts hidden characters, counted by name
 * @returns {string | null}
 */
export function hiddenSentence(counts) {
  const parts = [...counts].map(([name, count]) => (count === 1 ? `1 ${name}` : `${count} × ${name}`));
  return parts.length > 0 ? `Hidden characters, shown here as escapes: ${parts.join(", ")}.` : null;
}

/**
 * A warning about a text, or null if it hides nothing.
 * @param {string} text
 * @param {"code" | "prose"} [kind]
 * @returns {string | null}
 */
export function warningFor(text, kind = "code") {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const piece of reveal(text, kind)) {
    if (piece.escape !== undefined) counts.set(piece.name, (counts.get(piece.name) ?? 0) + 1);
  }
  const mixed = kind === "code" ? mixedWord(text) : null;
  const hidden = hiddenSentence(counts);
  const alike = mixed ? `“${mixed.slice(0, 40)}” mixes alphabets: a letter may not be the one it looks like.` : "";
  return [hidden, alike].filter(Boolean).join(" ") || null;
}
