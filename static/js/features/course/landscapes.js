/** Losses of a network that has one weight: heights above a line, with their slopes; and where they are drawn. */

const WIDTH = 600;
const TOP = 20;
/** Where a loss of nothing is drawn. */
export const BASE = 250;
const SAMPLES = 120;
/** A random start keeps these shares of the width away from the edges and from what is taken… */
const EDGE = 0.06;
const NEAR = 0.15;
/** …and stands where the slope is larger than this. */
const FLAT = 0.3;
/** Half the length of the line that shows the slope. */
const LEAN = 80;

/**
 * Weights reach `from` … `to`; the first walk begins at `start`, and later ones somewhere between.
 *
 * @typedef {object} Landscape
 * @property {number} from
 * @property {number} to
 * @property {number} start
 * @property {(weight: number) => number} loss
 * @property {(weight: number) => number} slope
 */

/** @type {Record<string, Landscape>} */
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

/**
 * A walk that has left the landscape has flown away, and takes no further step.
 *
 * @param {Landscape} land
 * @param {number} weight
 */
export function isInside({ from, to }, weight) {
  return weight >= from && weight <= to;
}

/**
 * Where a new walk begins: anywhere but at the edges, on a valley's floor, or near one of `taken`.
 *
 * @param {Landscape} land
 * @param {number[]} taken
 * @param {() => number} random from 0 to 1, as Math.random
 */
export function randomStart({ from, to, slope }, taken, random = Math.random) {
  const margin = (to - from) * EDGE;
  for (;;) {
    const weight = Math.round((from + margin + random() * (to - from - 2 * margin)) * 10) / 10;
    const isNear = taken.some((other) => Math.abs(weight - other) < (to - from) * NEAR);
    if (!isNear && Math.abs(slope(weight)) > FLAT) return weight;
  }
}

/**
 * What turns a weight and a loss into a place on the drawing.
 *
 * @param {Landscape} land
 * @returns {(weight: number, height: number) => [x: number, y: number]}
 */
export function placesOn({ from, to, loss }) {
  const highest = Math.max(loss(from), loss(to));
  return (weight, height) => [((weight - from) / (to - from)) * WIDTH, BASE - (height / highest) * (BASE - TOP)];
}

/**
 * The loss as the path of an SVG.
 *
 * @param {Landscape} land
 */
export function curveOf(land) {
  const { from, to, loss } = land;
  const points = Array.from({ length: SAMPLES + 1 }, (_, i) => {
    const weight = from + ((to - from) * i) / SAMPLES;
    return placesOn(land)(weight, loss(weight)).map((value) => value.toFixed(1)).join(" ");
  });
  return `M${points.join("L")}`;
}

/**
 * The whole numbers along the axis.
 *
 * @param {Landscape} land
 */
export function wholeNumbersOf({ from, to }) {
  const first = Math.ceil(from);
  return Array.from({ length: Math.floor(to) - first + 1 }, (_, i) => first + i);
}

/**
 * The ends of the line that touches the loss at a weight.
 *
 * @param {Landscape} land
 * @param {number} weight
 */
export function tangentAt(land, weight) {
  const place = placesOn(land);
  const [x, y] = place(weight, land.loss(weight));
  const [right, up] = place(weight + 1, land.loss(weight) + land.slope(weight));
  const length = Math.hypot(right - x, up - y);
  const [dx, dy] = [((right - x) / length) * LEAN, ((up - y) / length) * LEAN];
  return { x1: x - dx, y1: y - dy, x2: x + dx, y2: y + dy };
}
