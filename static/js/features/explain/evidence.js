/** Maps of evidence: where they say most. Maps are numbers row by row; those of digits 28 × 28. */

import { sum } from "../../widgets/matrix.js";

export const SIDE = 28;

const THIRDS = 3;

/**
 * How a map is divided in nine parts.
 *
 * @typedef {object} Parts
 * @property {number} columns of the map
 * @property {number[]} acrossBounds
 * @property {number[]} downBounds
 */

/** @type {Parts} The digit fills the middle 20 points, and is divided in three both ways. */
const OF_DIGIT = { columns: SIDE, acrossBounds: [11, 17], downBounds: [11, 17] };

/**
 * A picture as a whole in three parts both ways.
 *
 * @param {number} rows
 * @param {number} columns
 * @returns {Parts}
 */
export function partsOf(rows, columns) {
  return { columns, acrossBounds: thirdsOf(columns), downBounds: thirdsOf(rows) };
}

const thirdsOf = (/** @type {number} */ length) => [length / 3, (2 * length) / 3];
const third = (/** @type {number} */ place, /** @type {number[]} */ bounds) =>
  bounds.filter((bound) => place >= bound).length;

/**
 * In which of nine parts, row by row, the numbers above zero lie thickest; null where there are none.
 *
 * @param {ArrayLike<number>} values
 * @param {Parts} [parts]
 */
export function thickestPart(values, { columns, acrossBounds, downBounds } = OF_DIGIT) {
  const sums = Array.from({ length: THIRDS * THIRDS }, () => 0);
  Array.from(values).forEach((value, i) => {
    const [row, column] = [Math.floor(i / columns), i % columns];
    if (value > 0) sums[third(row, downBounds) * THIRDS + third(column, acrossBounds)] += value;
  });
  const best = sums.indexOf(Math.max(...sums));
  return sums[best] > 0 ? best : null;
}

/**
 * How each point would have to change for the runner-up to gain on the winner.
 *
 * Above zero: ink that would have to be added; below zero: ink that would have to go. Ink cannot
 * be added where it is, nor taken from where there is none. Neighbours are averaged, since a
 * single point is no stroke.
 *
 * @param {ArrayLike<number>} pixels
 * @param {ArrayLike<number>} winner the gradient of its score
 * @param {ArrayLike<number>} runnerUp
 */
export function changeTowards(pixels, winner, runnerUp) {
  const wish = smooth(Array.from(runnerUp, (value, i) => value - winner[i]));
  return wish.map((value, i) => (value > 0 ? value * (1 - pixels[i]) : value * pixels[i]));
}

/**
 * The mean of each point and its neighbours.
 *
 * @param {ArrayLike<number>} values
 * @param {number} [columns]
 */
export function smooth(values, columns = SIDE) {
  const rows = values.length / columns;
  return Array.from(values, (_, i) => {
    const places = neighboursOf(Math.floor(i / columns), i % columns, rows, columns);
    return sum(places.map((place) => values[place])) / places.length;
  });
}

/**
 * @param {number} row
 * @param {number} column
 * @param {number} rows
 * @param {number} columns
 */
function neighboursOf(row, column, rows, columns) {
  const places = [];
  for (let r = Math.max(0, row - 1); r <= Math.min(rows - 1, row + 1); r += 1) {
    for (let c = Math.max(0, column - 1); c <= Math.min(columns - 1, column + 1); c += 1) places.push(r * columns + c);
  }
  return places;
}
