/**
 * What each point of a page is, in patterns that can be told apart without colour: paper is bare, a digit's ink full,
 * other ink striped, and what is no page dotted.
 */

import { contextOf } from "./element.js";
import { parseColour } from "./colours.js";

/** @typedef {import("./matrix.js").Matrix} Matrix */
/** @typedef {"paper" | "digit" | "other" | "outside"} Kind */

/** Pixels of a canvas for each point of a map. */
const FINE = 4;

/**
 * The colours of a kind, and where the second one is.
 *
 * @type {Record<Kind, { colours: string[], isSecond: (x: number, y: number) => boolean }>}
 */
const LOOKS = {
  paper: { colours: ["zero"], isSecond: () => false },
  digit: { colours: ["ink"], isSecond: () => false },
  other: { colours: ["most", "zero"], isSecond: (x, y) => (x + y) % 8 > 4 },
  outside: { colours: ["less", "zero"], isSecond: (x, y) => x % 16 < 6 && y % 16 < 6 },
};

/**
 * Paints a matrix of kinds, which are indices into `names`, on a canvas, which gets its size.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Matrix} kinds
 * @param {Kind[]} names
 */
export function paintKinds(canvas, { rows, columns, values }, names) {
  canvas.width = columns * FINE;
  canvas.height = rows * FINE;
  const image = new ImageData(canvas.width, canvas.height);
  const looks = names.map(lookOf);
  for (let y = 0; y < canvas.height; y += 1) {
    for (let x = 0; x < canvas.width; x += 1) {
      const kind = values[Math.floor(y / FINE) * columns + Math.floor(x / FINE)];
      image.data.set([...looks[kind](x, y), 255], (y * canvas.width + x) * 4);
    }
  }
  contextOf(canvas).putImageData(image, 0, 0);
}

/**
 * The colour of each pixel of a kind, in the colours of now.
 *
 * @param {Kind} name
 */
function lookOf(name) {
  const { colours, isSecond } = LOOKS[name];
  const style = getComputedStyle(document.documentElement);
  const [first, second] = colours.map((colour) => parseColour(style.getPropertyValue(`--scale-${colour}`)));
  return (/** @type {number} */ x, /** @type {number} */ y) => (isSecond(x, y) ? second : first);
}
