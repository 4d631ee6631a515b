// What codex leaves out of a long output, and the lines that it writes in its place. A command can print the same line, so
// it counts only in an output that is as long as one that codex has cut.

/** @type {{ form: RegExp, least: number, note: string, here: (found: RegExpExecArray) => string }[]} */
const GAPS = [
  {
    form: /^\.\.\. (\d+) bytes omitted \.\.\.$/m, least: 1_000_000,
    note: "Only the first and the last half megabyte were kept.",
    here: ([, bytes]) => `⋯ ${Number(bytes).toLocaleString("en")} bytes are missing here: they were not kept ⋯`,
  },
  {
    form: /^\.\.\. command output truncated for persistence \.\.\.$/m, least: 60_000,
    note: "Only the first and the last 32 kilobytes were kept.",
    here: () => "⋯ The middle is missing here: it was not kept ⋯",
  },
];

/**
 * @param {string[]} chunks of an output, or one line of it
 * @param {number} size of the whole output, in characters
 * @returns {{ note: string, here: string } | null}
 */
export function gapIn(chunks, size) {
  for (const { form, least, note, here } of GAPS) {
    if (size < least) continue;
    for (const chunk of chunks) {
      const found = form.exec(chunk);
      if (found) return { note, here: here(found) };
    }
  }
  return null;
}
