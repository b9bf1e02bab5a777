/** The digits of one picture, each cut out as a picture of its own. */

import { canvasToBlob } from "../widgets/canvas-file.js";
import { contextOf, el } from "../widgets/element.js";
import { decodeUpright } from "./prepare-picture.js";

/** @typedef {[x: number, y: number, width: number, height: number]} Box */
/** @typedef {{ left: number, top: number, right: number, bottom: number }} Area */

/** Of the longer side: the paper around a digit that is cut out with it. */
const MARGIN = 0.3;

/**
 * Files with one digit each; null where the browser cannot open the picture, or makes no others of it.
 *
 * @param {Blob} picture
 * @param {Box[]} boxes in reading order
 * @param {(number: number) => string} nameOf
 * @returns {Promise<{ name: string, file: File }[] | null>}
 */
export async function cutOut(picture, boxes, nameOf) {
  const bitmap = await decodeUpright(picture).catch(() => null);
  if (bitmap === null) return null;
  try {
    // All at once: a browser may let a second pass before it makes a file of a canvas.
    const made = await Promise.all(areasAround(boxes, bitmap).map((area) => pngOf(bitmap, area)));
    const whole = made.filter((png) => png !== null);
    if (whole.length < made.length) return null;
    return whole.map((png, i) => {
      const name = nameOf(i + 1);
      return { name, file: new File([png], name, { type: "image/png" }) };
    });
  } finally {
    bitmap.close();
  }
}

/**
 * What is cut out for each box: with a margin, but within the picture and no more than half-way to a neighbour.
 *
 * @param {Box[]} boxes
 * @param {{ width: number, height: number }} size
 * @returns {Area[]}
 */
export function areasAround(boxes, { width, height }) {
  const areas = boxes.map(([x, y, w, h]) => ({ left: x, top: y, right: x + w, bottom: y + h }));
  return areas.map((area) => {
    const margin = MARGIN * Math.max(area.right - area.left, area.bottom - area.top);
    const room = { left: margin, top: margin, right: margin, bottom: margin };
    for (const other of areas) if (other !== area) keepApart(area, other, room);
    return {
      left: Math.max(0, Math.floor(area.left - room.left)),
      top: Math.max(0, Math.floor(area.top - room.top)),
      right: Math.min(width, Math.ceil(area.right + room.right)),
      bottom: Math.min(height, Math.ceil(area.bottom + room.bottom)),
    };
  });
}

/**
 * Lessens the room on the side where another digit is.
 *
 * @param {Area} area
 * @param {Area} other
 * @param {Area} room
 */
function keepApart(area, other, room) {
  const isBeside = other.top < area.bottom && other.bottom > area.top;
  const isAbove = other.left < area.right && other.right > area.left;
  const half = (/** @type {number} */ gap) => Math.max(0, gap / 2);
  if (isBeside && other.right <= area.left) room.left = Math.min(room.left, half(area.left - other.right));
  if (isBeside && other.left >= area.right) room.right = Math.min(room.right, half(other.left - area.right));
  if (isAbove && other.bottom <= area.top) room.top = Math.min(room.top, half(area.top - other.bottom));
  if (isAbove && other.top >= area.bottom) room.bottom = Math.min(room.bottom, half(other.top - area.bottom));
}

/**
 * @param {ImageBitmap} bitmap
 * @param {Area} area
 * @returns {Promise<Blob | null>}
 */
function pngOf(bitmap, { left, top, right, bottom }) {
  const [width, height] = [right - left, bottom - top];
  const canvas = el("canvas", { width, height });
  const context = contextOf(canvas);
  context.fillStyle = "#fff";
  context.fillRect(0, 0, width, height);
  context.drawImage(bitmap, left, top, width, height, 0, 0, width, height);
  return canvasToBlob(canvas);
}
