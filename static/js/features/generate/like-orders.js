/** The orders of pictures that are like one. No elements here. */

/** As many as fill two rows. */
const MORE = 20;

/**
 * One picture, and more, of which it is the first: the same seed begins with the same numbers.
 *
 * @param {{ like: string, shows: string | undefined, seed: number }} what the picture as a data URL, and its class
 */
export function likeOrders({ like, shows, seed }) {
  const order = shows === undefined ? { like, seed } : { like, seed, class: shows };
  return { one: { ...order, count: 1 }, more: { ...order, count: MORE } };
}
