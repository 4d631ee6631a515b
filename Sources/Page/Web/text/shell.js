// codex wraps what the agent wrote in a shell: `/bin/bash -lc 'df -h'`. The wrapper says nothing
// new, so it is shown dimmed; but it is shown, because it is part of what runs.

/**
 * @param {string} command
 * @returns {{ before: string, script: string, after: string }} whose concatenation is the command
 */
export function unwrap(command) {
  const match = /^((?:\/usr)?(?:\/bin\/)?(?:ba|z|da)?sh -l?c )(['"])([\s\S]*)\2$/.exec(command);
  // A quote inside would mean that the outer pair is not the wrapper's own.
  if (!match || (match[2] === "'" && match[3].includes("'"))) return { before: "", script: command, after: "" };
  if (match[2] === '"' && /(?<!\\)(?:\\\\)*"/.test(match[3])) return { before: "", script: command, after: "" };
  return { before: match[1] + match[2], script: match[3], after: match[2] };
}
