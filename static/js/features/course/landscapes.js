/** Losses of a network that has one weight: heights above a line, with their slopes. */

export const LANDSCAPES = {
  /** Half the squared distance from 2: the slope is the distance itself. */
  one: {
    from: -3,
    to: 7,
    start: -2,
    loss: (weight) => (weight - 2) ** 2 / 2,
    slope: (weight) => weight - 2,
  },
  /** A shallow valley on the right, where the walk starts, and a deeper one on the left. */
  two: {
    from: -3.2,
    to: 3.2,
    start: 2.9,
    loss: (weight) => weight ** 4 / 8 - weight ** 2 + weight / 2 + 4,
    slope: (weight) => weight ** 3 / 2 - 2 * weight + 1 / 2,
  },
};

/** A walk that has left the landscape has flown away, and takes no further step. */
export function isInside({ from, to }, weight) {
  return weight >= from && weight <= to;
}
