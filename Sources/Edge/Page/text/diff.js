// What a file change does, line by line. codex sends unified hunks for an update and the bare
// content for a file that is added or deleted.

/**
 * @typedef {{ sign: "+" | "-" | " " | "@", text: string, before: number | null, after: number | null }} DiffLine
 * @typedef {{ path: string, movedTo: string | null, verb: string, lines: DiffLine[], added: number, removed: number }} FileDiff
 * @typedef {{ path: string, kind?: { type?: string, move_path?: string | null } | string, diff?: string }} FileUpdateChange
 */

/** A patch may name a place by its words instead of by numbers: `@@ def main` or a bare `@@`. */
const PLACE = /^@@(?: |$)/;
const HUNK = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/;

/** @param {string} text */
function split(text) {
  const lines = text.split("\n");
  if (lines[lines.length - 1] === "") lines.pop();
  return lines;
}

/** @param {FileUpdateChange} change @returns {FileDiff} */
export function diffOf(change) {
  const kind = typeof change.kind === "string" ? change.kind : change.kind?.type ?? "update";
  const movedTo = typeof change.kind === "object" ? change.kind.move_path ?? null : null;
  const text = change.diff ?? "";
  const bare = kind === "add" || kind === "delete";
  const lines = bare && !text.startsWith("@@ ") ? whole(text, kind === "add" ? "+" : "-") : hunks(text);
  return {
    path: change.path,
    movedTo,
    verb: kind === "add" ? "New file" : kind === "delete" ? "Deleted" : movedTo ? "Moved" : "Changed",
    lines,
    added: lines.filter((line) => line.sign === "+").length,
    removed: lines.filter((line) => line.sign === "-").length,
  };
}

/** @param {string} text @param {"+" | "-"} sign @returns {DiffLine[]} */
function whole(text, sign) {
  return split(text).map((line, index) => ({
    sign,
    text: line,
    before: sign === "-" ? index + 1 : null,
    after: sign === "+" ? index + 1 : null,
  }));
}

/** @param {string} text @returns {DiffLine[]} */
function hunks(text) {
  /** @type {DiffLine[]} */
  const lines = [];
  let before = 0;
  let after = 0;
  let inHunk = false;
  let numbered = false;
  for (const line of split(text)) {
    const hunk = HUNK.exec(line);
    if (hunk) {
      [before, after] = [Number(hunk[1]), Number(hunk[2])];
      inHunk = numbered = true;
      lines.push({ sign: "@", text: line, before: null, after: null });
    } else if (PLACE.test(line)) {
      inHunk = true;
      numbered = false;
      lines.push({ sign: "@", text: line, before: null, after: null });
    } else if (!inHunk && /^(--- |\+\+\+ )/.test(line)) continue;
    else if (line.startsWith("+")) lines.push({ sign: "+", text: line.slice(1), before: null, after: numbered ? after++ : null });
    else if (line.startsWith("-")) lines.push({
      sign: "-", text: line.slice(1), before: numbered ? before++ : null, after: null,
    });
    else if (line.startsWith("\\")) lines.push({ sign: "@", text: line, before: null, after: null });
    else lines.push({
      sign: " ", text: line.replace(/^ /, ""), before: numbered ? before++ : null, after: numbered ? after++ : null,
    });
  }
  return lines;
}
