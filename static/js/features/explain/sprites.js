/** Sprites: all maps of a layer side by side in one picture of grey levels. No colours here, and no canvas. */

import { matrix, sum, windowAt } from "../../widgets/matrix.js";

/** @typedef {import("../../widgets/matrix.js").Matrix} Matrix */
/** @typedef {{ x: number, y: number, width: number, height: number }} Place */

/**
 * `levels` from 0 to 255 stand for the numbers in `range`; maps are in rows of `columns`; `shape` is the layer's.
 *
 * @typedef {{ levels: Matrix, columns: number, range: [low: number, high: number], shape: number[] }} Sprite
 */

/**
 * The numbers that a sprite's grey levels stand for.
 *
 * @param {Sprite} sprite
 */
export function valuesOf({ levels: { rows, columns, values }, range: [low, high] }) {
  return matrix(rows, columns, values.map((level) => low + (level / 255) * (high - low)));
}

/**
 * Where in a sprite a map is.
 *
 * @param {Sprite} sprite
 * @param {number} map
 * @returns {Place}
 */
export function placeInSprite({ columns, shape }, map) {
  const [height, width] = shape.length === 3 ? shape : [1, shape[0]];
  return { x: (map % columns) * width, y: Math.floor(map / columns) * height, width, height };
}

/**
 * The maps of a sprite in the order of how much there is to see on them (their variance).
 *
 * @param {Sprite} sprite
 */
export function liveliestFirst(sprite) {
  const all = valuesOf(sprite);
  const count = sprite.shape.length === 3 ? sprite.shape[2] : 1;
  const variances = Array.from({ length: count }, (_, map) => {
    const { x, y, width, height } = placeInSprite(sprite, map);
    const { values } = windowAt(all, y, x, height, width);
    return sum(values.map((value) => value * value)) - sum(values) ** 2 / values.length;
  });
  return variances.map((_, map) => map).sort((a, b) => variances[b] - variances[a]);
}

/**
 * Which colours a layer's numbers have: one scale for all maps of a layer, so that they can be compared;
 * the picture itself is ink.
 *
 * @param {number} index
 * @param {[low: number, high: number]} range
 * @returns {import("../../widgets/scales.js").Span}
 */
export function spanOf(index, [low, high]) {
  if (index === 0) return { kind: "ink", limit: 1 };
  return low < 0 ? { kind: "signed", limit: Math.max(-low, high) } : { kind: "positive", limit: high };
}
