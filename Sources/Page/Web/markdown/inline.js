// Parses inline Markdown into a tree in linear time: open delimiters go on a stack, and each is visited at most once
// more.

/**
 * @typedef {{ type: "text", text: string }
 *   | { type: "code", text: string }
 *   | { type: "strong" | "em" | "strike", children: Inline[] }
 *   | { type: "link", href: string, children: Inline[] }} Inline
 * @typedef {{ mark: string, at: number }} Open
 */

/** Emphasis nested deeper than this stays text. */
const DEEPEST = 12;
const LONGEST_URL = 2048;

const TOKEN = /\\[!-/:-@[-`{-~]|`+|\*+|_+|~~+|!?\[|\]|https?:\/\/[^\s<>`[\]]+|<https?:\/\/[^\s<>]+>/g;

/**
 * The only addresses a link may have. Names and passwords in an address are there to deceive.
 * @param {string} address
 * @returns {string | null} the address in its normal form
 */
export function safeAddress(address) {
  if (address.length > LONGEST_URL || !/^https?:\/\//i.test(address)) return null;
  try {
    const url = new URL(address);
    const web = url.protocol === "https:" || url.protocol === "http:";
    return web && url.username === "" && url.password === "" ? url.href : null;
  } catch {
    return null;
  }
}

/** @param {string} text @returns {Inline[]} */
export function parseInline(text) {
  return new Parser(text).run();
}

class Parser {
  /** @type {Inline[]} */ #out = [];
  /** @type {Open[]} */ #open = [];
  /** How many of each mark wait on the stack: a closing mark without one is text at once. */
  #waiting = new Map();

  /** @param {string} text */
  constructor(text) {
    this.text = text;
    this.runs = codeRuns(text);
  }

  run() {
    let from = 0;
    TOKEN.lastIndex = 0;
    const token = new RegExp(TOKEN);
    for (let match = token.exec(this.text); match; match = token.exec(this.text)) {
      this.#say(this.text.slice(from, match.index));
      from = this.#take(match[0], match.index);
      token.lastIndex = from;
    }
    this.#say(this.text.slice(from));
    return this.#out;
  }

  /** @param {string} text */
  #say(text) {
    if (text === "") return;
    const last = this.#out[this.#out.length - 1];
    // A waiting delimiter's own node must stay its own.
    if (last?.type === "text" && this.#open[this.#open.length - 1]?.at !== this.#out.length - 1) last.text += text;
    else this.#out.push({ type: "text", text });
  }

  /** @param {string} token @param {number} at @returns {number} where to go on */
  #take(token, at) {
    const end = at + token.length;
    if (token[0] === "\\") this.#say(token[1]);
    else if (token[0] === "`") return this.#code(token, at);
    else if (token[0] === "*" || token[0] === "_" || token[0] === "~") this.#emphasis(token, at);
    else if (token.endsWith("[")) this.#wait(token, token);
    else if (token === "]") return this.#link(end);
    else return this.#bareAddress(token, at);
    return end;
  }

  /** @param {string} run @param {number} at */
  #code(run, at) {
    const close = this.runs.closing(run.length, at);
    if (close === -1) {
      this.#say(run);
      return at + run.length;
    }
    const inner = this.text.slice(at + run.length, close).replaceAll("\n", " ");
    const padded = inner.startsWith(" ") && inner.endsWith(" ") && inner.trim() !== "";
    this.#out.push({ type: "code", text: padded ? inner.slice(1, -1) : inner });
    return close + run.length;
  }

  /** @param {string} run @param {number} at */
  #emphasis(run, at) {
    const before = at === 0 ? " " : this.text[at - 1];
    const after = this.text[at + run.length] ?? " ";
    const inWord = /[\p{L}\p{N}]/u.test(before) && /[\p{L}\p{N}]/u.test(after);
    // snake_case and __init__.py are names, not emphasis.
    if ((run[0] === "_" && inWord) || run.length > 3 || (run[0] === "~" && run.length !== 2)) return this.#say(run);
    const parts = run[0] === "~" ? ["~~"] : run.length === 3 ? [run[0] + run[0], run[0]] : [run];
    const closes = !/\s/.test(before);
    const opens = !/\s/.test(after);
    for (const mark of closes ? [...parts].reverse() : parts) {
      if (closes && this.#waiting.get(mark)) this.#close(mark);
      else if (opens && this.#open.length < DEEPEST * 64) this.#wait(mark, mark);
      else this.#say(mark);
    }
  }

  /** @param {string} mark @param {string} shown */
  #wait(mark, shown) {
    this.#open.push({ mark, at: this.#out.length });
    this.#waiting.set(mark, (this.#waiting.get(mark) ?? 0) + 1);
    this.#out.push({ type: "text", text: shown });
  }

  /**
   * Pops the stack down to the nearest matching mark. The marks above it stay text.
   * @param {(open: Open) => boolean} wanted
   */
  #unwind(wanted) {
    for (let open = this.#open.pop(); open; open = this.#open.pop()) {
      this.#waiting.set(open.mark, this.#waiting.get(open.mark) - 1);
      if (wanted(open)) return open;
    }
    return null;
  }

  /** @param {string} mark */
  #close(mark) {
    const open = /** @type {Open} */ (this.#unwind((candidate) => candidate.mark === mark));
    const children = this.#out.splice(open.at + 1);
    if (children.length === 0 || depthOf(children) >= DEEPEST) {
      for (const child of children) this.#out.push(child);
      return this.#say(mark);
    }
    const type = mark === "~~" ? "strike" : mark.length === 2 ? "strong" : "em";
    this.#out[open.at] = { type, children };
  }

  /**
   * Handles `](`: a link's address, or plain text.
   * @param {number} after
   */
  #link(after) {
    const has = (this.#waiting.get("[") ?? 0) + (this.#waiting.get("![") ?? 0) > 0;
    if (!has) {
      this.#say("]");
      return after;
    }
    const found = this.text[after] === "(" ? addressAt(this.text, after + 1) : null;
    const open = /** @type {Open} */ (this.#unwind(({ mark }) => mark.endsWith("[")));
    const href = found && safeAddress(found.address);
    if (!found || !href) {
      // An unsafe address is no link: show everything as text, the address included.
      this.#say(`]${found ? `(${found.address})` : ""}`);
      return found ? found.end : after;
    }
    const children = this.#out.splice(open.at + 1);
    const label = children.length > 0 ? children : [/** @type {Inline} */ ({ type: "text", text: href })];
    this.#out[open.at] = {
      type: "link", href, children: depthOf(label) < DEEPEST ? withoutLinks(label) : [{ type: "text", text: href }],
    };
    return found.end;
  }

  /** @param {string} token @param {number} at */
  #bareAddress(token, at) {
    if (token.length > LONGEST_URL) {
      this.#say(token);
      return at + token.length;
    }
    const bracketed = token[0] === "<";
    let address = bracketed ? token.slice(1, -1) : token.replace(/[.,;:!?'"*_~)\]}]+$/, "");
    if (!bracketed && token.slice(address.length).startsWith(")") && address.includes("(")) address += ")";
    const href = safeAddress(address);
    const end = at + (bracketed ? token.length : address.length);
    if (href) this.#out.push({ type: "link", href, children: [{ type: "text", text: address }] });
    else this.#say(this.text.slice(at, end));
    return end;
  }
}

/**
 * A link inside a link's label would make the address ambiguous.
 * @param {Inline[]} nodes @returns {Inline[]}
 */
function withoutLinks(nodes) {
  return nodes.flatMap((node) => {
    if (node.type === "link") return withoutLinks(node.children);
    if (node.type === "text" || node.type === "code") return [node];
    return [{ ...node, children: withoutLinks(node.children) }];
  });
}

/** @param {Inline[]} nodes @returns {number} */
function depthOf(nodes) {
  let deepest = 0;
  for (const node of nodes) if ("children" in node) deepest = Math.max(deepest, 1 + depthOf(node.children));
  return deepest;
}

/** @param {string} text @param {number} at just after the parenthesis */
function addressAt(text, at) {
  let depth = 0;
  const limit = Math.min(text.length, at + LONGEST_URL);
  for (let end = at; end < limit && text[end] !== "\n"; end += 1) {
    if (text[end] === "(") depth += 1;
    else if (text[end] === ")" && depth > 0) depth -= 1;
    else if (text[end] === ")") {
      const inside = text.slice(at, end).trim();
      return { address: inside.replace(/\s+("[^"]*"|'[^']*')$/, "").replace(/^<(.*)>$/, "$1"), end: end + 1 };
    }
  }
  return null;
}

/**
 * Indexes the runs of backticks by length, so that finding the end of a code span is a look-up.
 * @param {string} text
 */
function codeRuns(text) {
  /** @type {Map<number, number[]>} */
  const places = new Map();
  for (const match of text.matchAll(/`+/g)) {
    const list = places.get(match[0].length) ?? [];
    list.push(match.index ?? 0);
    places.set(match[0].length, list);
  }
  /** @type {Map<number, number>} */
  const cursors = new Map();
  return {
    /** @param {number} length @param {number} after */
    closing(length, after) {
      const list = places.get(length) ?? [];
      let cursor = cursors.get(length) ?? 0;
      while (cursor < list.length && list[cursor] <= after) cursor += 1;
      cursors.set(length, cursor);
      return cursor < list.length ? list[cursor] : -1;
    },
  };
}
