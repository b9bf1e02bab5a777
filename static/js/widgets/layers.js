/**
 * What a layer does at one place, in the numbers that were added and multiplied.
 *
 * Arrays are { shape, values }: maps (H, W, C), kernels (K, K, C, F), weights of dense layers (D, F).
 */

import { matrix, products, softmax, sum, winnerOf } from "./matrix.js";

/** @typedef {import("../api/arrays.js").NumberArray} NumberArray */
/** @typedef {import("./matrix.js").Matrix} Matrix */
/** @typedef {{ top: number, left: number }} Corner */

/**
 * (H, W, C) of a shape, where the numbers of a vector (D,) are D maps of a single pixel.
 *
 * @param {number[]} shape
 */
export function asMaps(shape) {
  return shape.length === 3 ? shape : [1, 1, shape[0]];
}

/**
 * One channel of an (H, W, C) array.
 *
 * @param {NumberArray} array
 * @param {number} channel
 */
export function channelOf({ shape, values }, channel) {
  const [height, width, count] = asMaps(shape);
  return matrix(height, width, Array.from({ length: height * width }, (_, i) => values[i * count + channel]));
}

/**
 * The first row and column of the input that a window reads for an output pixel; it may lie outside.
 *
 * @param {number} row
 * @param {number} column
 * @param {Record<string, any>} options of the layer: `stride` and `padding`, for rows and for columns
 * @returns {Corner}
 */
export function cornerOf(row, column, { stride, padding }) {
  return { top: row * stride[0] - padding[0], left: column * stride[1] - padding[1] };
}

/**
 * A window's numbers in one channel; NaN where it looks beyond the edge.
 *
 * @param {NumberArray} array
 * @param {Corner} corner
 * @param {number[]} size height and width
 * @param {number} channel
 */
export function patchOf({ shape, values }, { top, left }, [height, width], channel) {
  const [rows, columns, channels] = shape;
  const valueAt = (/** @type {number} */ i) => {
    const [row, column] = [top + Math.floor(i / width), left + (i % width)];
    const isInside = row >= 0 && row < rows && column >= 0 && column < columns;
    return isInside ? values[(row * columns + column) * channels + channel] : NaN;
  };
  return matrix(height, width, Array.from({ length: height * width }, (_, i) => valueAt(i)));
}

/**
 * A filter's numbers for one channel.
 *
 * @param {NumberArray} weight
 * @param {number} channel
 * @param {number} filter
 */
export function kernelOf({ shape, values }, channel, filter) {
  const [height, width, channels, filters] = shape;
  const place = (/** @type {number} */ i) => (i * channels + channel) * filters + filter;
  return matrix(height, width, Array.from({ length: height * width }, (_, i) => values[place(i)]));
}

/**
 * All weights of one filter, so that its kernels share a scale.
 *
 * @param {NumberArray} weight
 * @param {number} filter
 */
export function filterOf({ shape, values }, filter) {
  const filters = shape[3];
  return Array.from({ length: values.length / filters }, (_, i) => values[i * filters + filter]);
}

/**
 * What each channel adds to one output pixel of a convolution.
 *
 * @param {NumberArray} input
 * @param {NumberArray} weight
 * @param {Corner} corner
 * @param {number} filter
 */
export function channelSums(input, weight, corner, filter) {
  const [height, width, channels] = weight.shape;
  return Array.from({ length: channels }, (_, channel) =>
    sum(products(patchOf(input, corner, [height, width], channel), kernelOf(weight, channel, filter)).values),
  );
}

/**
 * Which number of a window the pooling took, or -1 where it took their mean.
 *
 * @param {string} kind
 * @param {number[]} window
 */
export function pooledIndex(kind, window) {
  if (kind === "MaxPool2D") return winnerOf(window, "max");
  return kind === "MinPool2D" ? winnerOf(window, "min") : -1;
}

/**
 * What each input adds to one output of a dense layer, the farthest from zero first.
 *
 * @param {number} unit
 * @param {{ values: ArrayLike<number> }} input
 * @param {NumberArray} weight
 */
export function contributionsTo(unit, input, weight) {
  const [count, units] = weight.shape;
  return Array.from({ length: count }, (_, index) => {
    const factor = weight.values[index * units + unit];
    return { index, input: input.values[index], weight: factor, product: input.values[index] * factor };
  }).sort((a, b) => Math.abs(b.product) - Math.abs(a.product));
}

/**
 * Softmax, step by step: the score, the score over the temperature, its exponential, the share.
 *
 * The largest is taken away before the exponential, as the network does it: the shares stay the
 * same, and no exponential is too large for a computer.
 *
 * @param {ArrayLike<number>} scores
 * @param {number} temperature
 */
export function softmaxSteps(scores, temperature) {
  const all = Array.from(scores);
  const largest = Math.max(...all) / temperature;
  const shifted = all.map((score) => score / temperature - largest);
  const { powers, total, shares } = softmax(shifted);
  const rows = all.map((score, i) => ({
    score,
    shifted: shifted[i],
    exponential: powers[i],
    probability: shares[i],
  }));
  return { total, rows };
}
