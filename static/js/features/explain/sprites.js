/** Sprites: all maps of a layer side by side in one picture of grey levels. No colours here, and no canvas. */

import { matrix, sum, windowAt } from "../../widgets/matrix.js";

/** @typedef {import("../../widgets/matrix.js").Matrix} Matrix */
/** @typedef {{ x: number, y: number, width: number, height: number }} Place */

/** @type {("red" | "green" | "blue")[]} The maps of a colour picture. */
export const CHANNELS = ["red", "green", "blue"];

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
 * Where in a sprite the number of a vector is.
 *
 * @param {Sprite} sprite
 * @param {number} place
 * @returns {Place}
 */
export function placeOfNumber({ columns }, place) {
  return { x: place % columns, y: Math.floor(place / columns), width: 1, height: 1 };
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
 * Which colours a layer's numbers have: one scale for all maps of a layer, so that they can be compared.
 * The picture itself is ink, or light, and each of a photograph's three maps the light of one colour.
 *
 * @param {Pick<import("../../api/explain.js").Layer, "kind" | "shape">} layer
 * @param {[low: number, high: number]} range
 * @param {number} [map] -1 for all of them together
 * @returns {import("../../widgets/scales.js").Span}
 */
export function spanOf({ kind, shape }, [low, high], map = -1) {
  if (kind === "picture") return { kind: "ink", limit: 1 };
  if (kind === "photograph") return { kind: shape[2] === 3 ? (CHANNELS[map] ?? "light") : "light", limit: 1 };
  return low < 0 ? { kind: "signed", limit: Math.max(-low, high) } : { kind: "positive", limit: high };
}
