// Colors for code: comments, strings, numbers and keywords, and the lines of a diff. Only colors: every character stays
// where it is. An unknown language is left as it is.

/** @typedef {{ text: string, kind: "" | "comment" | "string" | "number" | "keyword" | "added" | "removed" | "hunk" }} Token */

/** Longer code is shown without colors. */
export const LONGEST_COLORED = 12_000;

const STRINGS = String.raw`"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'`;
const NUMBER = String.raw`\b\d[\w.]*\b`;
const HASH = String.raw`(?<![\w$&{])#[^\n]*`;
const SLASHES = String.raw`//[^\n]*|/\*[\s\S]*?\*/`;
const SQL = "select from where and or not insert into values update set delete create table index drop alter join left right "
  + "inner outer on group by order limit as null is in like between union explain analyze";

/** @type {Record<string, { comment: string, string?: string, words: string }>} */
const LANGUAGES = {
  sh: {
    comment: HASH, string: String.raw`"(?:[^"\\]|\\[\s\S])*"|'[^']*'`,
    words: "if then else elif fi for while until do done case esac in function return export local set unset source exit trap",
  },
  python: {
    comment: HASH, string: String.raw`"""[\s\S]*?"""|'''[\s\S]*?'''|${STRINGS}`,
    words: "def class return if elif else for while in not and or is None True False import from as with try except finally "
      + "raise lambda yield pass break continue async await",
  },
  js: {
    comment: SLASHES, string: `${STRINGS}|\`(?:[^\`\\\\]|\\\\[\\s\\S])*\``,
    words: "const let var function return if else for while of in new class extends import export from default async await "
      + "try catch finally throw typeof null undefined true false this switch case break continue",
  },
  go: {
    comment: SLASHES,
    words: "package import func return if else for range var const type struct interface map chan defer select switch case "
      + "break continue nil true false",
  },
  json: { comment: "(?!)", words: "true false null" },
  yaml: { comment: HASH, words: "true false null yes no" },
  ini: { comment: String.raw`(?<=^|\n)[ \t]*[#;][^\n]*`, words: "true false yes no on off" },
  sql: { comment: String.raw`--[^\n]*|/\*[\s\S]*?\*/`, words: `${SQL} ${SQL.toUpperCase()}` },
};
/** @type {Record<string, string>} */
const ALIASES = {
  bash: "sh", shell: "sh", zsh: "sh", console: "sh", py: "python", javascript: "js", typescript: "js", ts: "js", rust: "go",
  c: "go", cpp: "go", java: "go", swift: "go", yml: "yaml", toml: "ini", conf: "ini", systemd: "ini", dockerfile: "sh",
  makefile: "sh", jsonc: "json", psql: "sql",
};

/** @param {string} text @param {string} language @returns {Token[]} whose texts concatenate to the code */
export function highlight(text, language) {
  const name = language.toLowerCase();
  if (text.length > LONGEST_COLORED) return [{ text, kind: "" }];
  if (name === "diff" || name === "patch") return diffTokens(text);
  const known = Object.hasOwn(LANGUAGES, name) ? name : Object.hasOwn(ALIASES, name) ? ALIASES[name] : null;
  return known === null ? [{ text, kind: "" }] : tokens(text, patternOf(known));
}

/** @type {Map<string, RegExp>} */
const patterns = new Map();

/** @param {string} name */
function patternOf(name) {
  let pattern = patterns.get(name);
  if (!pattern) {
    const { comment, string = STRINGS, words } = LANGUAGES[name];
    const keyword = `(?<![\\w.$-])(?:${words.replaceAll(" ", "|")})(?![\\w-])`;
    pattern = new RegExp(`(?<string>${string})|(?<comment>${comment})|(?<keyword>${keyword})|(?<number>${NUMBER})`, "g");
    patterns.set(name, pattern);
  }
  return pattern;
}

/** @param {string} text @param {RegExp} pattern @returns {Token[]} */
function tokens(text, pattern) {
  /** @type {Token[]} */
  const found = [];
  let from = 0;
  for (const match of text.matchAll(pattern)) {
    const at = match.index ?? 0;
    if (at > from) found.push({ text: text.slice(from, at), kind: "" });
    const [kind] = Object.entries(match.groups ?? {}).find(([, value]) => value !== undefined) ?? [""];
    found.push({ text: match[0], kind: /** @type {Token["kind"]} */ (kind) });
    from = at + match[0].length;
  }
  if (from < text.length) found.push({ text: text.slice(from), kind: "" });
  return found;
}

/** @param {string} text @returns {Token[]} */
function diffTokens(text) {
  return text.split(/(?<=\n)/).filter((line) => line !== "").map((line) => ({
    text: line,
    kind: /^@@|^diff |^index /.test(line) ? "hunk" : line.startsWith("+") ? "added" : line.startsWith("-") ? "removed" : "",
  }));
}
