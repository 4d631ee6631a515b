// A message's parts as the person put them together: the text, and the files and pictures that went with it.

import { counted } from "./format.js";

/** As `actions/attachments.js` writes a text file. */
const FILE = /^([^\n]{1,200}):\n(`{3,})\n([\s\S]*)\n\2$/;

/**
 * A text file that went with a message.
 * @param {any} part @returns {{ name: string, text: string } | null}
 */
export function fileOf(part) {
  const found = part?.type === "text" ? FILE.exec(part.text ?? "") : null;
  return found && { name: found[1], text: found[3] };
}

/**
 * @param {any[]} parts as codex has them
 * @returns {{ text: string, attachments: { label: string, input: any }[] }}
 */
export function contentOf(parts) {
  const texts = /** @type {string[]} */ ([]);
  const attachments = [];
  for (const [index, part] of parts.entries()) {
    // A message that is only text may look like a file.
    const file = parts.length > 1 || index > 0 ? fileOf(part) : null;
    if (file) attachments.push({ label: `${file.name} (${counted(file.text.split("\n").length, "line")})`, input: part });
    else if (part.type === "text") texts.push(part.text ?? "");
    else attachments.push({ label: part.type === "image" ? "A picture" : String(part.name ?? part.path ?? part.type), input: part });
  }
  return { text: texts.join("\n"), attachments };
}
