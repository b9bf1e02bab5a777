/** Moving through a grid, by the arrow keys and by a pointer. */

/** @typedef {[row: number, column: number]} Place */
/** @typedef {{ rows: number, columns: number }} Size */

/** @type {Record<string, Place>} */
const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/**
 * The index that a key leads to from `index`, among `count` in rows of `columns`, as one goes through a list;
 * undefined for other keys.
 *
 * @param {string} key
 * @param {number} index
 * @param {number} count
 * @param {number} columns
 */
export function indexForKey(key, index, count, columns) {
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  if (!(key in STEPS)) return undefined;
  if (index < 0) return 0;
  const [down, right] = STEPS[key];
  const next = index + down * columns + right;
  return next >= 0 && next < count ? next : index;
}

/**
 * The cell that a key leads to: one further with the arrows; with Home and End to the ends of the row, with
 * Ctrl to those of the grid; undefined for other keys.
 *
 * @param {{ key: string, ctrlKey?: boolean }} event
 * @param {Place} place
 * @param {Size} size
 * @returns {Place | undefined}
 */
export function placeForKey({ key, ctrlKey = false }, [row, column], size) {
  if (key === "Home") return [ctrlKey ? 0 : row, 0];
  if (key === "End") return [ctrlKey ? size.rows - 1 : row, size.columns - 1];
  const step = STEPS[key];
  return ctrlKey ? undefined : step && nearestPlace([row + step[0], column + step[1]], size);
}

/**
 * The cell under a pointer; beyond the edge, the nearest.
 *
 * @param {{ clientX: number, clientY: number }} pointer
 * @param {{ left: number, top: number, width: number, height: number }} rect where the grid is on the screen
 * @param {Size} size
 */
export function placeForPointer({ clientX, clientY }, rect, size) {
  const row = Math.floor(((clientY - rect.top) / rect.height) * size.rows);
  const column = Math.floor(((clientX - rect.left) / rect.width) * size.columns);
  return nearestPlace([row, column], size);
}

/**
 * The cell of the grid that is nearest to a place.
 *
 * @param {Place} place
 * @param {Size} size
 * @returns {Place}
 */
export function nearestPlace([row, column], { rows, columns }) {
  return [Math.min(rows - 1, Math.max(0, row)), Math.min(columns - 1, Math.max(0, column))];
}
