/**
 * The small sums that the course writes out, so that the reader can follow the network's result.
 *
 * A matrix is { rows, columns, values }, its numbers row by row.
 */

export function matrix(rows, columns, values) {
  return { rows, columns, values: Array.from(values) };
}

export function toRows({ rows, columns, values }) {
  return Array.from({ length: rows }, (_, row) => values.slice(row * columns, (row + 1) * columns));
}

/** The number at a place; `outside` where the place is not on the matrix. */
export function numberAt({ rows, columns, values }, row, column, outside = 0) {
  const isInside = row >= 0 && row < rows && column >= 0 && column < columns;
  return isInside ? values[row * columns + column] : outside;
}

/** The window of `height` × `width` numbers whose upper left corner is at (top, left). */
export function windowAt(source, top, left, height, width, outside = 0) {
  const values = [];
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      values.push(numberAt(source, top + row, left + column, outside));
    }
  }
  return matrix(height, width, values);
}

/** How many places a window has along one side. */
export function outputSize(length, window, stride, padding) {
  return Math.floor((length + 2 * padding - window) / stride) + 1;
}

/** Number by number, the product of two matrices of the same shape. */
export function products(a, b) {
  return matrix(a.rows, a.columns, a.values.map((value, i) => value * b.values[i]));
}

export function sum(values) {
  return values.reduce((total, value) => total + value, 0);
}

export function extent(values) {
  return values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);
}

export function negated({ rows, columns, values }) {
  return matrix(rows, columns, values.map((value) => 0 - value));
}

/** Row and column of the largest number. */
export function placeOfHighest({ columns, values }) {
  const index = values.indexOf(extent(values)[1]);
  return [Math.floor(index / columns), index % columns];
}

/** The index of the number that a pooling by maximum or minimum lets through: the first, if several. */
export function winnerOf(values, operation) {
  const [low, high] = extent(values);
  return values.indexOf(operation === "max" ? high : low);
}

export function round(value, decimals) {
  const factor = 10 ** decimals;
  return Math.round(value * factor) / factor;
}

/**
 * What the gradient of one output of a convolution says to everything that took part in it.
 *
 * The output is Σ patch × kernel + bias: so each number of the kernel gets the gradient times the
 * pixel it met, each pixel the gradient times the number of the kernel, and the bias all of it.
 */
export function convolutionGradients(patch, kernel, gradient) {
  const times = (source) => matrix(source.rows, source.columns, source.values.map((value) => gradient * value));
  return { kernel: times(patch), patch: times(kernel), bias: gradient };
}

/** e to the power of each score, their sum, and each one's share of it. */
export function softmax(scores) {
  const powers = scores.map(Math.exp);
  const total = sum(powers);
  return { powers, total, shares: powers.map((power) => power / total) };
}

export function sigmoid(score) {
  return 1 / (1 + Math.exp(-score));
}

/** One step of gradient descent. */
export function descend(weight, slope, rate) {
  return weight - rate * slope;
}
