/** Places on the plane of codes: x and y from -1 to 1, y upwards. No elements here. */

/** @typedef {[x: number, y: number]} Place */

const SIDE = 10;

/** The middles of the map's cells, row by row from the top: ten to a row, as sheets are. */
export function mapPlaces() {
  const step = 2 / SIDE;
  return Array.from({ length: SIDE * SIDE }, (_, cell) => {
    const [row, column] = [Math.floor(cell / SIDE), cell % SIDE];
    return /** @type {Place} */ ([-1 + (column + 0.5) * step, 1 - (row + 0.5) * step].map(rounded));
  });
}

/**
 * The place of a point on the screen within the map's box.
 *
 * @param {{ clientX: number, clientY: number }} point
 * @param {{ left: number, top: number, width: number, height: number }} box
 * @returns {Place}
 */
export function placeAt({ clientX, clientY }, { left, top, width, height }) {
  const x = ((clientX - left) / width) * 2 - 1;
  const y = 1 - ((clientY - top) / height) * 2;
  return [rounded(clamped(x)), rounded(clamped(y))];
}

/**
 * Where the mark of a place is, in per cent of the map from the left and the top.
 *
 * @param {Place} place
 */
export function markAt([x, y]) {
  return { left: (x + 1) * 50, top: (1 - y) * 50 };
}

/** @param {number} value */
function clamped(value) {
  return Math.min(1, Math.max(-1, value));
}

/** @param {number} value */
function rounded(value) {
  return Math.round(value * 1000) / 1000;
}
