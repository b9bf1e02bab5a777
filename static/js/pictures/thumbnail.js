/** A small picture of a picture. */

import { contextOf, el } from "../widgets/element.js";
import { decodeUpright, fitInto } from "./prepare-picture.js";

const SIDE = 96;

/**
 * A canvas with the picture, at most so many pixels wide and high; null where the browser cannot open it.
 *
 * @param {Blob} blob
 * @returns {Promise<HTMLCanvasElement | null>}
 */
export async function thumbnailOf(blob) {
  const bitmap = await decodeUpright(blob).catch(() => null);
  if (bitmap === null) return null;
  const canvas = el("canvas", fitInto(bitmap.width, bitmap.height, SIDE));
  const context = contextOf(canvas);
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return canvas;
}
