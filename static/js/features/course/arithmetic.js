/** The sums that only the course writes out: sizes, gradients, and steps against them. */

import { mapped } from "../../widgets/matrix.js";

/** @typedef {import("../../widgets/matrix.js").Matrix} Matrix */

/**
 * How many places a window has along one side.
 *
 * @param {number} length
 * @param {number} window
 * @param {number} stride
 * @param {number} padding
 */
export function outputSize(length, window, stride, padding) {
  return Math.floor((length + 2 * padding - window) / stride) + 1;
}

/**
 * What the gradient of one output of a convolution says to everything that took part in it.
 *
 * The output is Σ patch × kernel + bias: so each number of the kernel gets the gradient times the
 * pixel it met, each pixel the gradient times the number of the kernel, and the bias all of it.
 *
 * @param {Matrix} patch
 * @param {Matrix} kernel
 * @param {number} gradient
 */
export function convolutionGradients(patch, kernel, gradient) {
  const times = (/** @type {Matrix} */ source) => mapped(source, (value) => gradient * value);
  return { kernel: times(patch), patch: times(kernel), bias: gradient };
}

/** @param {number} score */
export function sigmoid(score) {
  return 1 / (1 + Math.exp(-score));
}

/**
 * The cross-entropy of an answer that gave the true class this probability.
 *
 * @param {number} probability
 */
export function crossEntropy(probability) {
  return 0 - Math.log(probability);
}

/**
 * One step of gradient descent.
 *
 * @param {number} weight
 * @param {number} slope
 * @param {number} rate
 */
export function descend(weight, slope, rate) {
  return weight - rate * slope;
}
