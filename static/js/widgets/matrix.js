/** Matrices, and the sums that are shown of them, so that the reader can follow the network's result. */

/** @typedef {{ rows: number, columns: number, values: number[] }} Matrix its numbers row by row */

/**
 * @param {number} rows
 * @param {number} columns
 * @param {Iterable<number> | ArrayLike<number>} values
 * @returns {Matrix}
 */
export function matrix(rows, columns, values) {
  return { rows, columns, values: Array.from(values) };
}

/**
 * @param {Matrix} source
 * @returns {number[][]}
 */
export function toRows({ rows, columns, values }) {
  return Array.from({ length: rows }, (_, row) => values.slice(row * columns, (row + 1) * columns));
}

/**
 * Channels of the same shape as rows of places, each with a number for every channel.
 *
 * @param {Matrix[]} channels
 * @returns {number[][][]}
 */
export function toPlaces(channels) {
  const [{ rows, columns }] = channels;
  const places = Array.from({ length: rows * columns }, (_, i) => channels.map(({ values }) => values[i]));
  return Array.from({ length: rows }, (_, row) => places.slice(row * columns, (row + 1) * columns));
}

/**
 * The matrix of what `change` makes of each number.
 *
 * @param {Matrix} source
 * @param {(value: number, index: number) => number} change
 */
export function mapped({ rows, columns, values }, change) {
  return matrix(rows, columns, values.map(change));
}

/**
 * The number at a place; `outside` where the place is not on the matrix.
 *
 * @param {Matrix} source
 * @param {number} row
 * @param {number} column
 * @param {number} [outside]
 */
export function numberAt({ rows, columns, values }, row, column, outside = 0) {
  const isInside = row >= 0 && row < rows && column >= 0 && column < columns;
  return isInside ? values[row * columns + column] : outside;
}

/**
 * The window of `height` × `width` numbers whose upper left corner is at (top, left).
 *
 * @param {Matrix} source
 * @param {number} top
 * @param {number} left
 * @param {number} height
 * @param {number} width
 * @param {number} [outside]
 */
export function windowAt(source, top, left, height, width, outside = 0) {
  const values = [];
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      values.push(numberAt(source, top + row, left + column, outside));
    }
  }
  return matrix(height, width, values);
}

/**
 * Number by number, the product of two matrices of the same shape. NaN stands for what is beyond an
 * edge: there is nothing, which counts as 0.
 *
 * @param {Matrix} a
 * @param {Matrix} b
 */
export function products(a, b) {
  return mapped(a, (value, i) => (Number.isNaN(value) ? 0 : value * b.values[i]));
}

/** @param {Matrix} source */
export function negated(source) {
  return mapped(source, (value) => 0 - value);
}

/** @param {Iterable<number>} values */
export function sum(values) {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

/**
 * [smallest, largest]; NaN is no number.
 *
 * @param {ArrayLike<number>} values
 * @returns {[low: number, high: number]}
 */
export function extent(values) {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < values.length; i += 1) {
    if (values[i] < low) low = values[i];
    if (values[i] > high) high = values[i];
  }
  return [low, high];
}

/**
 * How far from zero numbers go.
 *
 * @param {...ArrayLike<number>} lists
 */
export function magnitude(...lists) {
  return Math.max(...lists.map(extent).flatMap(([low, high]) => [-low, high]));
}

/**
 * The index of the number that a pooling by maximum or minimum lets through: the first, if several.
 *
 * @param {number[]} values
 * @param {"max" | "min"} operation
 */
export function winnerOf(values, operation) {
  const [low, high] = extent(values);
  return values.indexOf(operation === "max" ? high : low);
}

/**
 * Row and column of the largest number.
 *
 * @param {Matrix} source
 * @returns {[row: number, column: number]}
 */
export function placeOfHighest({ columns, values }) {
  const index = winnerOf(values, "max");
  return [Math.floor(index / columns), index % columns];
}

/**
 * Index of the number farthest from zero.
 *
 * @param {number[]} values
 */
export function strongest(values) {
  return values.reduce((best, value, i) => (Math.abs(value) > Math.abs(values[best]) ? i : best), 0);
}

/**
 * @param {number} value
 * @param {number} decimals
 */
export function round(value, decimals) {
  const factor = 10 ** decimals;
  return Math.round(value * factor) / factor;
}

/**
 * e to the power of each score, their sum, and each one's share of it.
 *
 * @param {number[]} scores
 */
export function softmax(scores) {
  const powers = scores.map(Math.exp);
  const total = sum(powers);
  return { powers, total, shares: powers.map((power) => power / total) };
}
