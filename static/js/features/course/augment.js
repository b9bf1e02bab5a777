/**
 * Augmentation of one picture, as training does it (cnn/data/augment_pictures.py): both are tested with the
 * same numbers.
 */

import { mapped, matrix, numberAt } from "../../widgets/matrix.js";

/** @typedef {import("../../widgets/matrix.js").Matrix} Matrix */

/**
 * What is done to a picture.
 *
 * @typedef {object} Changes
 * @property {boolean} flip
 * @property {number} rotate degrees, clockwise
 * @property {number} shear radians
 * @property {number} zoom share by which it becomes larger
 * @property {number} down share of the height by which the window moves over it
 * @property {number} across share of the width
 * @property {number} brightness what all numbers are multiplied by
 * @property {number} cutout side of the square that is cut out, as a share
 * @property {number} cut_row where its middle lies, as a share
 * @property {number} cut_column
 */

/** @typedef {Partial<Record<string, number | true>>} Amounts largest amounts, by name */

/** @type {Changes} */
export const NO_CHANGE = {
  flip: false,
  rotate: 0,
  shear: 0,
  zoom: 0,
  down: 0,
  across: 0,
  brightness: 1,
  cutout: 0,
  cut_row: 0.5,
  cut_column: 0.5,
};

/** What is shown in the place of what was cut out. */
const CUT = 0.5;

/**
 * "zoom=0.2,flip" as largest amounts.
 *
 * @param {string} text
 * @returns {Amounts}
 */
export function readAmounts(text) {
  return Object.fromEntries(
    text.split(",").map((part) => {
      const [name, amount] = part.split("=");
      return [name, amount === undefined ? true : Number(amount)];
    }),
  );
}

/**
 * Changes at random, as training draws them.
 *
 * @param {Amounts} amounts
 * @param {() => number} [random] a number from 0 to 1
 * @returns {Changes}
 */
export function drawChanges(amounts, random = Math.random) {
  const most = (/** @type {string} */ name) => Number(amounts[name] ?? 0);
  const draw = (/** @type {string} */ name) => (2 * random() - 1) * most(name);
  return {
    flip: amounts.flip === true && random() < 0.5,
    rotate: draw("rotate"),
    shear: draw("shear"),
    zoom: draw("zoom"),
    down: draw("shift"),
    across: draw("shift"),
    brightness: (1 + most("brightness")) ** (2 * random() - 1),
    cutout: most("cutout"),
    cut_row: random(),
    cut_column: random(),
  };
}

/**
 * The changed picture.
 *
 * @param {Matrix[]} channels each 0 to 1
 * @param {Changes} changes
 */
export function augmented(channels, changes) {
  return channels.map((channel) => cut(lit(moved(channel, changes), changes), changes));
}

/**
 * Every cell gets the number from where it comes. Beyond the edge there is more of the edge.
 *
 * @param {Matrix} channel
 * @param {Changes} changes
 */
function moved(channel, { flip, rotate, shear, zoom, down, across }) {
  const { rows, columns } = channel;
  const source = flip ? mirrored(channel) : channel;
  const angle = (rotate / 180) * Math.PI;
  const size = 1 / (1 + zoom);
  return mapped(source, (_, i) => {
    const row = Math.floor(i / columns) - (rows - 1) / 2;
    const column = (i % columns) - (columns - 1) / 2 + Math.tan(shear) * row;
    const fromRow = (Math.cos(angle) * row - Math.sin(angle) * column) * size + down * rows;
    const fromColumn = (Math.sin(angle) * row + Math.cos(angle) * column) * size + across * columns;
    return sample(source, fromRow + (rows - 1) / 2, fromColumn + (columns - 1) / 2);
  });
}

/** @param {Matrix} source */
function mirrored({ rows, columns, values }) {
  return matrix(rows, columns, values.map((_, i) => values[i - 2 * (i % columns) + columns - 1]));
}

/**
 * The number between cells, mixed of the four around it.
 *
 * @param {Matrix} source
 * @param {number} row
 * @param {number} column
 */
function sample(source, row, column) {
  const inRow = Math.min(source.rows - 1, Math.max(0, row));
  const inColumn = Math.min(source.columns - 1, Math.max(0, column));
  const [top, left] = [Math.floor(inRow), Math.floor(inColumn)];
  const [lower, right] = [inRow - top, inColumn - left];
  const across = (/** @type {number} */ line) =>
    numberAt(source, line, left) * (1 - right) + numberAt(source, line, left + 1) * right;
  return across(top) * (1 - lower) + across(top + 1) * lower;
}

/**
 * @param {Matrix} channel
 * @param {Changes} changes
 */
function lit(channel, { brightness }) {
  return mapped(channel, (value) => Math.min(1, value * brightness));
}

/**
 * @param {Matrix} channel
 * @param {Changes} changes
 */
function cut(channel, { cutout, cut_row, cut_column }) {
  const { rows, columns } = channel;
  return mapped(channel, (value, i) => {
    const down = Math.abs(Math.floor(i / columns) + 0.5 - cut_row * rows);
    const across = Math.abs((i % columns) + 0.5 - cut_column * columns);
    return down < (cutout * rows) / 2 && across < (cutout * columns) / 2 ? CUT : value;
  });
}
