/** What may be made of a picture, and its orders. No elements here. */

/** @typedef {import("../../api/generate.js").Order} Order */

const SOME = 20;
const FEW = 10;

/**
 * The order of a wish: "hand" (all ten digits), "like" (more of the same), "way" (to another picture), or a digit.
 *
 * @param {string} wish
 * @param {{ picture: string, first: string | null, seed: number }} what pictures as data URLs
 * @returns {Order}
 */
export function orderOf(wish, { picture, first, seed }) {
  if (wish === "hand") return { like: picture, digits: "0123456789", style: "one", count: FEW };
  if (wish === "like") return { like: picture, count: SOME, seed };
  if (wish === "way") return { like: first ?? picture, to: picture, count: SOME };
  return { like: picture, digits: wish, count: FEW, seed };
}

/**
 * Whether chance has a part in it.
 *
 * @param {string} wish
 */
export function isVaried(wish) {
  return wish !== "hand" && wish !== "way";
}
