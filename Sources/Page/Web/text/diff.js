// Parses a file change into lines. codex sends unified hunks for an update, and the plain content for an added or
// deleted file.

import { counted } from "./format.js";
import { hunks, patched, split } from "./hunks.js";

/**
 * @typedef {import("./hunks.js").DiffLine} DiffLine
 * @typedef {{ path: string, movedTo: string | null, verb: string, lines: DiffLine[], added: number, removed: number, unseen: string, replaced: string, leadsTo: string }} FileDiff
 * `unseen`: what happens to content that no lines show. `replaced`: a file that already exists there. `leadsTo`: the
 * target if the path goes through a link.
 * @typedef {{ why: "binary" | "tooLong" | "unreadable", bytes?: number }} Hidden
 * @typedef {{ path: string, kind?: { type?: string, move_path?: string | null } | string, diff?: string, sre?: { hidden?: Hidden, replaces?: string, leadsTo?: string, hunks?: HunkPlace[] } }} FileUpdateChange
 * @typedef {import("./hunks.js").HunkPlace} HunkPlace
 */

/** @param {FileUpdateChange} change @returns {FileDiff} */
export function diffOf(change) {
  const kind = typeof change.kind === "string" ? change.kind : change.kind?.type ?? "update";
  const movedTo = typeof change.kind === "object" ? change.kind.move_path ?? null : null;
  const text = movedTo ? withoutMove(change.diff ?? "", movedTo) : change.diff ?? "";
  const bare = kind === "add" || kind === "delete";
  const shown = bare ? whole(text, kind === "add" ? "+" : "-") : change.sre?.hunks ? patched(text, change.sre.hunks) : hunks(text);
  const replaces = change.sre?.replaces;
  const lines = replaces ? [...whole(replaces, "-"), ...shown] : shown;
  return {
    path: change.path,
    movedTo,
    verb: kind === "add" ? (isReplaced(change, kind) ? "Replaced" : "New file") : kind === "delete" ? "Deleted" : movedTo ? "Moved" : "Changed",
    lines,
    added: lines.filter((line) => line.sign === "+").length,
    removed: lines.filter((line) => line.sign === "-").length,
    unseen: lines.length > 0 ? "" : unseenOf(kind, change.sre?.hidden),
    replaced: isReplaced(change, kind) ? replacedOf(change.sre?.hidden) : "",
    leadsTo: change.sre?.leadsTo ?? "",
  };
}

/**
 * codex appends a moved file's target to its diff. Those lines are not part of the file.
 * @param {string} diff @param {string} movedTo
 */
function withoutMove(diff, movedTo) {
  const words = `\n\nMoved to: ${movedTo}`;
  return diff.endsWith(words) ? diff.slice(0, -words.length) : diff;
}

/** @param {FileUpdateChange} change @param {string} kind */
function isReplaced(change, kind) {
  return change.sre?.replaces !== undefined || (kind !== "delete" && change.sre?.hidden !== undefined);
}

/** @param {Hidden | undefined} hidden */
function replacedOf(hidden) {
  if (!hidden) return "A file already exists here. It will be replaced.";
  return `${unseenOf("delete", hidden).replace("deleted", "replaced")} It already exists.`;
}

/** @param {string} kind @param {Hidden | undefined} hidden */
function unseenOf(kind, hidden) {
  if (kind === "add") return "An empty file.";
  if (kind !== "delete") return "No change of content.";
  if (!hidden) return "The file is empty.";
  const size = hidden.bytes === undefined ? "" : ` of ${counted(hidden.bytes, "byte")}`;
  if (hidden.why === "binary") return `A binary file${size} is deleted.`;
  if (hidden.why === "tooLong") return `A file${size}, too long to be shown, is deleted.`;
  return "A file is deleted, and the server cannot read what is in it.";
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
