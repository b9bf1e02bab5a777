/** Numbers as pictures, one pixel each, and pictures as numbers. */

import { contextOf, el } from "./element.js";
import { matrix } from "./matrix.js";
import { scaleOf } from "./scales.js";

/** @typedef {import("./matrix.js").Matrix} Matrix */

/** How much shines through of what is faint, 0 to 255. */
const FAINT = 31;

/**
 * Paints a matrix on a canvas, which gets its size; from the `faintFrom`th number on it only shines through.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Matrix} numbers
 * @param {import("./scales.js").Span} span
 * @param {number} [faintFrom]
 */
export function paintMatrix(canvas, { rows, columns, values }, span, faintFrom = Infinity) {
  canvas.width = columns;
  canvas.height = rows;
  const image = new ImageData(columns, rows);
  image.data.set(scaleOf(span).paint(values));
  for (let i = faintFrom; i < values.length; i += 1) image.data[i * 4 + 3] = FAINT;
  contextOf(canvas).putImageData(image, 0, 0);
}

/**
 * Paints red, green and blue, each 0 to 1, on a canvas, which gets their size.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Matrix[]} channels
 */
export function paintColours(canvas, channels) {
  const [{ rows, columns, values }] = channels;
  canvas.width = columns;
  canvas.height = rows;
  const image = new ImageData(columns, rows);
  for (let i = 0; i < values.length; i += 1) {
    image.data.set([...channels.map((channel) => channel.values[i] * 255), 255], i * 4);
  }
  contextOf(canvas).putImageData(image, 0, 0);
}

/**
 * A new canvas with a matrix painted on it.
 *
 * @param {Matrix} numbers
 * @param {import("./scales.js").Span} span
 */
export function paintedCanvas(numbers, span) {
  const canvas = el("canvas");
  paintMatrix(canvas, numbers, span);
  return canvas;
}

/**
 * The grey levels of a picture, 0 to 255.
 *
 * @param {string} url
 */
export async function greyLevelsOf(url) {
  const image = new Image();
  image.src = url;
  await image.decode();
  const { naturalWidth: width, naturalHeight: height } = image;
  const context = contextOf(el("canvas", { width, height }));
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  return matrix(height, width, data.filter((_, i) => i % 4 === 0));
}
