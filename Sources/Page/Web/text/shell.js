// codex wraps the agent's command in a shell: `/bin/bash -lc 'df -h'`. The wrapper adds no information, so it is shown
// dimmed. It is shown at all because it is part of what runs.

/**
 * @param {string} command
 * @returns {{ before: string, script: string, after: string }} the parts, which concatenate to the command
 */
export function unwrap(command) {
  const match = /^((?:\/usr)?(?:\/bin\/)?(?:ba|z|da)?sh -l?c )(['"])([\s\S]*)\2$/.exec(command);
  // A quote inside means that the outer quotes are not the wrapper's own pair.
  if (!match || (match[2] === "'" && match[3].includes("'"))) return { before: "", script: command, after: "" };
  if (match[2] === '"' && /(?<!\\)(?:\\\\)*"/.test(match[3])) return { before: "", script: command, after: "" };
  return { before: match[1] + match[2], script: match[3], after: match[2] };
}

/** codex's own way to run a script. Another shell is worth seeing. */
const USUAL = /^(?:\/usr)?\/bin\/bash -lc (?=['"])/;
/** A part of a shell word: in single quotes, in double quotes, or without any special character. */
const PART = /'([^']*)'|"((?:[^"\\$`]|\\[\s\S])*)"|([A-Za-z0-9_@%+=:,./-]+)/y;

/**
 * The script that codex's usual shell runs, as the agent wrote it; null if it is another shell, or none.
 * @param {string} command @returns {string | null}
 */
export function usualScript(command) {
  const start = USUAL.exec(command)?.[0].length;
  return start === undefined ? null : wordIn(command.slice(start));
}

/**
 * What a single word of the shell stands for; null if the text is more than one word, or would be expanded.
 * @param {string} text @returns {string | null}
 */
function wordIn(text) {
  let word = "";
  PART.lastIndex = 0;
  while (PART.lastIndex < text.length) {
    const part = PART.exec(text);
    if (!part) return null;
    word += part[1] ?? part[2]?.replaceAll(/\\([\\"$`])/g, "$1") ?? part[3];
  }
  return word;
}
