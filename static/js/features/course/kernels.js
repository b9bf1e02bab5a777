/** Filters to begin with. All their numbers are tenths, so that every product can be checked by hand. */

import { matrix } from "../../widgets/matrix.js";

/** @typedef {import("../../widgets/matrix.js").Matrix} Matrix */

/** @type {Record<string, number[]>} */
export const KERNELS = {
  upright: [-1, 0, 1, -1, 0, 1, -1, 0, 1],
  level: [-1, -1, -1, 0, 0, 0, 1, 1, 1],
  outline: [-1, -1, -1, -1, 8, -1, -1, -1, -1],
  sharpen: [0, -1, 0, -1, 5, -1, 0, -1, 0],
  blur: [0.1, 0.1, 0.1, 0.1, 0.2, 0.1, 0.1, 0.1, 0.1],
  emboss: [-2, -1, 0, -1, 1, 1, 0, 1, 2],
  nothing: [0, 0, 0, 0, 1, 0, 0, 0, 0],
};

/** @type {Record<string, [red: number[], green: number[], blue: number[]]>} A slice for each channel. */
const COLOUR_KERNELS = {
  edges: [KERNELS.upright, KERNELS.upright, KERNELS.upright],
  warm: [middle(1), middle(0), middle(-1)],
  grey: [middle(0.3), middle(0.6), middle(0.1)],
};

/** @param {number} weight which alone counts */
function middle(weight) {
  return [0, 0, 0, 0, weight, 0, 0, 0, 0];
}

/** @param {string} name */
export function slicesNamed(name) {
  return COLOUR_KERNELS[name].map((weights) => matrix(3, 3, weights));
}

/**
 * The name of a colour kernel of the list; "" for the reader's own.
 *
 * @param {Matrix[]} slices
 */
export function nameOfSlices(slices) {
  const isOne = (/** @type {string} */ name) =>
    COLOUR_KERNELS[name].every((weights, i) => weights.every((weight, j) => weight === slices[i].values[j]));
  return Object.keys(COLOUR_KERNELS).find(isOne) ?? "";
}

/** @param {string} name */
export function kernelNamed(name) {
  return matrix(3, 3, KERNELS[name]);
}

/**
 * The name of a kernel of the list; "" for the reader's own.
 *
 * @param {Matrix} kernel
 */
export function nameOf({ values }) {
  return Object.keys(KERNELS).find((name) => KERNELS[name].every((value, i) => value === values[i])) ?? "";
}
