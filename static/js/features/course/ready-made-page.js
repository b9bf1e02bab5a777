/** A page for those who have none at hand: a sum on a ruled line, and its answer in a box. */

import { BUILT_IN } from "./built-in.js";

/** @typedef {import("../../drawing/drawing.js").Stroke} Stroke */
/** @typedef {import("../../drawing/geometry.js").Point} Point */

const PEN = 0.024;

/** @type {Point[]} */
const TWO = [
  [0.02, 0.24], [0.1, 0.07], [0.28, 0.01], [0.46, 0.09], [0.5, 0.25], [0.42, 0.44], [0.25, 0.66], [0.06, 0.92],
  [0.03, 0.97], [0.09, 0.97], [0.3, 0.96], [0.56, 0.97],
];
/** @type {Point[]} */
const SEVEN = [
  [0.02, 0.05], [0.3, 0.03], [0.53, 0.02], [0.55, 0.03], [0.52, 0.12], [0.4, 0.45], [0.29, 0.75], [0.24, 1],
];
/** @type {Point[][]} */
const FIVE = BUILT_IN.map(({ points }) => points.map(([x, y]) => [(x - 0.33) / 0.6, (y - 0.19) / 0.6]));

/** @type {Stroke[]} */
export const READY_MADE_PAGE = [
  ...FIVE.map((points) => written(points, 0.2, 0.15, 0.22)),
  written([[0.02, 0.5], [0.5, 0.49], [0.98, 0.5]], 0.44, 0.21, 0.11),
  written([[0.5, 0.02], [0.51, 0.5], [0.5, 0.98]], 0.44, 0.21, 0.11),
  written(TWO, 0.66, 0.15, 0.22),
  { tool: "pen", width: 0.01, points: [[0.1, 0.47], [0.9, 0.47]] },
  { tool: "pen", width: 0.01, points: [[0.38, 0.54], [0.64, 0.54]] },
  { tool: "pen", width: 0.01, points: [[0.64, 0.54], [0.64, 0.84]] },
  { tool: "pen", width: 0.01, points: [[0.64, 0.84], [0.38, 0.84]] },
  { tool: "pen", width: 0.01, points: [[0.38, 0.84], [0.38, 0.54]] },
  written(SEVEN, 0.45, 0.58, 0.22),
];

/**
 * Points of a form, brought to a place on the paper and a height.
 *
 * @param {Point[]} points
 * @param {number} left
 * @param {number} top
 * @param {number} height
 * @returns {Stroke}
 */
function written(points, left, top, height) {
  return { tool: "pen", width: PEN, points: points.map(([x, y]) => [left + x * height, top + y * height]) };
}
