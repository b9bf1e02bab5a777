/** Learning curves as lines of a drawing, and the epoch at which one would stop. */

/** @typedef {{ left: number, right: number, top: number, bottom: number }} Frame where a chart lies in its drawing */
/** @typedef {{ low: number, high: number }} Range the numbers at the bottom and at the top of a chart */

/**
 * The place of an epoch, which counts from 0.
 *
 * @param {number} epoch
 * @param {number} count
 * @param {Frame} frame
 */
export function across(epoch, count, { left, right }) {
  return left + (count < 2 ? 0 : (epoch / (count - 1)) * (right - left));
}

/**
 * The height of a number. What lies beyond the range lies on its edge.
 *
 * @param {number} value
 * @param {Range} range
 * @param {Frame} frame
 */
export function upwards(value, { low, high }, { top, bottom }) {
  const share = Math.min(1, Math.max(0, (value - low) / (high - low)));
  return bottom - share * (bottom - top);
}

/**
 * The line through all numbers, as the path of an SVG.
 *
 * @param {number[]} values
 * @param {Range} range
 * @param {Frame} frame
 */
export function pathOf(values, range, frame) {
  const points = values.map((value, epoch) => {
    const [x, y] = [across(epoch, values.length, frame), upwards(value, range, frame)];
    return `${x.toFixed(1)} ${y.toFixed(1)}`;
  });
  return `M${points.join("L")}`;
}

/**
 * The epoch with the lowest number: where early stopping, by the validation loss, goes back to.
 *
 * @param {number[]} values
 */
export function lowest(values) {
  return values.indexOf(Math.min(...values));
}
