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
