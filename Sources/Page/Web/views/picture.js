// A picture that a person sent. Drawn from its bytes: the page loads no address that comes from a message.

import { h } from "../dom.js";

const DATA = /^data:(image\/(?:png|jpeg|webp|gif));base64,([A-Za-z0-9+/=]+)$/;
const WIDEST_PX = 480;

/** @param {string} url @returns {HTMLElement | null} null if it is no picture that came with the message */
export function pictureOf(url) {
  const found = DATA.exec(url);
  if (!found) return null;
  const canvas = h("canvas", { class: "picture", role: "img", "aria-label": "A picture that was sent", "data-test": "picture" });
  void draw(canvas, found[1], found[2]);
  return canvas;
}

/** @param {HTMLCanvasElement} canvas @param {string} type @param {string} base64 */
async function draw(canvas, type, base64) {
  try {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const picture = await createImageBitmap(new Blob([bytes], { type }));
    const scale = Math.min(1, WIDEST_PX / picture.width);
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
  } catch {
    canvas.replaceWith(h("p", { class: "quiet" }, "A picture that this browser cannot show."));
  }
}
