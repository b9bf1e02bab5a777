/** Boxes around what was found on a picture. */

/** Room between the ink and its box, so that the line does not hide what it marks; of the longer side. */
const MARGIN = 0.08;

/**
 * Where the rectangle around a box is drawn, as attributes of an SVG `rect`.
 *
 * @param {number[]} box [x, y, width, height] in pixels of the picture
 */
export function frameAround([x, y, width, height]) {
  const margin = MARGIN * Math.max(width, height);
  return { x: x - margin, y: y - margin, width: width + 2 * margin, height: height + 2 * margin };
}
