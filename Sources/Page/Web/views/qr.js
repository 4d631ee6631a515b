// A QR code as a picture: dark on light in both color schemes, since many scanners read nothing else.

import { qrOf } from "../text/qr.js";

const SVG = "http://www.w3.org/2000/svg";
/** Scanners need a light margin of four modules. */
const MARGIN = 4;

/**
 * @param {string} text @param {string} label for those who do not see it
 * @returns {SVGElement | null} null if the text is too long for a code that a camera reads well
 */
export function qrView(text, label) {
  const modules = qrOf(text);
  if (modules === null) return null;
  const drawn = modules.map((row, y) => [...row.map(Number).join("").matchAll(/1+/g)].map(({ 0: run, index }) => `M${index} ${y}h${run.length}v1h-${run.length}z`).join("")).join("");
  const side = modules.length + 2 * MARGIN;
  const picture = document.createElementNS(SVG, "svg");
  for (const [name, value] of [["viewBox", `${-MARGIN} ${-MARGIN} ${side} ${side}`], ["class", "qr"], ["role", "img"], ["aria-label", label], ["shape-rendering", "crispEdges"], ["data-test", "qr"]]) picture.setAttribute(name, value);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", drawn);
  picture.appendChild(path);
  return picture;
}
