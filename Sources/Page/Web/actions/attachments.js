// Files that a person adds to a message. The agent gets pictures as they are, and text files as text.

/**
 * `input`: codex's form of it. `label`: for the person.
 * @typedef {{ label: string, input: any }} Attachment
 * @typedef {{ attachment: Attachment } | { refusal: string }} Taken
 */

/** Models look at pictures of at most this size; larger ones only cost time. */
const LARGEST_SIDE_PX = 1568;
const MOST_TEXT = 400_000;
/** A longer paste becomes an attachment: it would bury the message. */
export const LONG_PASTE = 4000;
const SUFFIX = { "image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WebP", "image/gif": "GIF" };

/** @param {File} file @returns {Promise<Taken>} */
export async function take(file) {
  const name = file.name || "picture";
  if (Object.hasOwn(SUFFIX, file.type)) return takePicture(file, name);
  if (file.size > MOST_TEXT) return { refusal: `${name} is too long for a message: put it on the host and name its path.` };
  const text = await file.text();
  if (text.includes("\0") || text.includes("\uFFFD")) return { refusal: `${name} is neither a picture nor text, so the agent cannot read it from here.` };
  return { attachment: textAttachment(name, text) };
}

/** @param {string} name @param {string} text @returns {Attachment} */
export function textAttachment(name, text) {
  const lines = text.split("\n").length;
  return {
    label: `${name} (${lines.toLocaleString("en")} ${lines === 1 ? "line" : "lines"})`,
    input: { type: "text", text: `${name}:\n${fenced(text)}`, text_elements: [] },
  };
}

/** @param {string} text */
function fenced(text) {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}\n${text}\n${fence}`;
}

/** @param {File} file @param {string} name @returns {Promise<Taken>} */
async function takePicture(file, name) {
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, LARGEST_SIDE_PX / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    // A photograph is smaller as JPEG; a screenshot must stay sharp.
    const url = file.type === "image/jpeg" ? canvas.toDataURL("image/jpeg", 0.85) : canvas.toDataURL("image/png");
    return { attachment: { label: `${name} (${canvas.width} × ${canvas.height})`, input: { type: "image", url } } };
  } catch {
    return { refusal: `${name} cannot be read as a picture.` };
  }
}
