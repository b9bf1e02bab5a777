/** Pure geometry of strokes. */

/** @typedef {[x: number, y: number]} Point in units of the paper's side, 0..1 */
/** @typedef {{ to: Point, control: Point | null }} Segment a curve where it has a control point, else a line */

/** Points closer than this (a fifth of a percent of the paper) only add jitter. */
const CLOSEST = 0.002;

/**
 * @param {Point} a
 * @param {Point} b
 */
export function distance([ax, ay], [bx, by]) {
  return Math.hypot(bx - ax, by - ay);
}

/** @param {Point[]} points */
export function pathLength(points) {
  return points.slice(1).reduce((sum, point, i) => sum + distance(points[i], point), 0);
}

/**
 * Where a pointer at (clientX, clientY) is on the paper; a pointer outside keeps its place outside.
 *
 * @param {number} clientX
 * @param {number} clientY
 * @param {{ left: number, top: number, width: number, height: number }} rect
 * @returns {Point}
 */
export function toPaper(clientX, clientY, rect) {
  return [(clientX - rect.left) / rect.width, (clientY - rect.top) / rect.height];
}

/**
 * @param {Point} point
 * @returns {Point}
 */
export function clampToPaper([x, y]) {
  return [Math.min(1, Math.max(0, x)), Math.min(1, Math.max(0, y))];
}

/**
 * @param {Point[]} points
 * @param {Point} next
 */
export function isFarEnough(points, next) {
  return points.length === 0 || distance(points[points.length - 1], next) >= CLOSEST;
}

/**
 * The smooth line through a stroke, as segments that follow the first point.
 *
 * Each inner point becomes the control point of a quadratic curve between the midpoints of its
 * neighbours, so that the tangent is continuous everywhere; the ends are reached exactly.
 *
 * @param {Point[]} points
 * @returns {Segment[]}
 */
export function smoothSegments(points) {
  if (points.length < 2) return [];
  /** @type {Segment[]} */
  const segments = [{ to: midpoint(points[0], points[1]), control: null }];
  for (let i = 1; i < points.length - 1; i += 1) {
    segments.push({ to: midpoint(points[i], points[i + 1]), control: points[i] });
  }
  segments.push({ to: points[points.length - 1], control: null });
  return segments;
}

/**
 * @param {Point} a
 * @param {Point} b
 * @returns {Point}
 */
function midpoint([ax, ay], [bx, by]) {
  return [(ax + bx) / 2, (ay + by) / 2];
}
