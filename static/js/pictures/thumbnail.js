/** A small picture of a picture. */

import { contextOf, el } from "../widgets/element.js";

const SIDE = 96;

/**
 * A canvas with the picture, at most so many pixels wide and high; null where the browser cannot open it.
 *
 * @param {Blob} blob
 * @returns {Promise<HTMLCanvasElement | null>}
 */
export async function thumbnailOf(blob) {
  const bitmap = await createImageBitmap(blob, { imageOrientation: "from-image" }).catch(() => null);
  if (bitmap === null) return null;
  const scale = Math.min(1, SIDE / Math.max(bitmap.width, bitmap.height));
  const canvas = el("canvas", {
    width: Math.max(1, Math.round(bitmap.width * scale)),
    height: Math.max(1, Math.round(bitmap.height * scale)),
  });
  const context = contextOf(canvas);
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return canvas;
}
