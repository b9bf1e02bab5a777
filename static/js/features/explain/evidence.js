/** Maps of evidence: where they say most. Maps are 28 × 28 numbers, row by row. */

import { sum } from "../../widgets/matrix.js";

export const SIDE = 28;

/** The digit fills the middle 20 points, and is divided in three both ways. */
const BOUNDS = [11, 17];
const THIRDS = 3;

const third = (/** @type {number} */ place) => BOUNDS.filter((bound) => place >= bound).length;

/**
 * In which of nine parts, row by row, the numbers above zero lie thickest; null where there are none.
 *
 * @param {ArrayLike<number>} values
 */
export function thickestPart(values) {
  const sums = Array.from({ length: THIRDS * THIRDS }, () => 0);
  Array.from(values).forEach((value, i) => {
    if (value > 0) sums[third(Math.floor(i / SIDE)) * THIRDS + third(i % SIDE)] += value;
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
 */
export function smooth(values) {
  return Array.from(values, (_, i) => {
    const around = neighboursOf(Math.floor(i / SIDE), i % SIDE).map((place) => values[place]);
    return sum(around) / around.length;
  });
}

/**
 * @param {number} row
 * @param {number} column
 */
function neighboursOf(row, column) {
  const places = [];
  for (let r = Math.max(0, row - 1); r <= Math.min(SIDE - 1, row + 1); r += 1) {
    for (let c = Math.max(0, column - 1); c <= Math.min(SIDE - 1, column + 1); c += 1) places.push(r * SIDE + c);
  }
  return places;
}
