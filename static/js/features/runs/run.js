/** A training run as the server describes it, and the curves in it. */

/**
 * The metrics of each epoch, of training pictures and (`val_`) of held-out ones; none before the first.
 *
 * @typedef {Partial<Record<Metric | `val_${Metric}`, number[]>>} History
 */

/**
 * Points within the training: where, in epochs, and the mean of the epoch until there.
 *
 * @typedef {{ epoch: number[], loss: number[], accuracy: number[] }} Batches
 * @typedef {"queued" | "running" | "finished" | "failed" | "cancelled"} State
 * @typedef {"loading" | "training" | "calibrating" | "comparing"} Phase
 * @typedef {"loss" | "accuracy"} Metric
 */

/**
 * @typedef {object} Run
 * @property {string} id
 * @property {number} number
 * @property {State} state
 * @property {Phase | null} phase
 * @property {string | null} started_at
 * @property {string | null} compared_with
 * @property {number} epoch whole epochs that are done
 * @property {number} epochs
 * @property {number | null} seconds_left
 * @property {History} history
 * @property {Batches} [batches]
 * @property {{ at: string, text: string }[]} [log]
 */

/** @typedef {{ x: number[], y: number[] }} Curve `x` in epochs, ascending */

/** @param {Pick<Run, "state">} run */
export function isAtWork({ state }) {
  return state === "queued" || state === "running";
}

/**
 * The curves of a run: training by batch and by epoch, held out by epoch.
 *
 * @param {Pick<Run, "history" | "batches">} run
 * @param {Metric} metric
 * @returns {Curve[]}
 */
export function curvesOf({ history, batches }, metric) {
  return [
    { x: batches?.epoch ?? [], y: batches?.[metric] ?? [] },
    byEpoch(history[metric]),
    byEpoch(history[`val_${metric}`]),
  ];
}

/**
 * A value for each epoch as a curve: an epoch's value is that at its end.
 *
 * @param {number[]} [values]
 * @returns {Curve}
 */
export function byEpoch(values = []) {
  return { x: values.map((_, index) => index + 1), y: values };
}

/**
 * Curves over one common `x`, with null where a curve has no point: [x, y of the first, y of the second, …].
 *
 * @param {Curve[]} curves
 * @returns {[number[], ...(number | null)[][]]}
 */
export function align(curves) {
  const all = [...new Set(curves.flatMap(({ x }) => x))].sort((a, b) => a - b);
  const places = new Map(all.map((value, place) => [value, place]));
  const columns = curves.map(({ x, y }) => {
    /** @type {(number | null)[]} */
    const column = Array(all.length).fill(null);
    for (const [index, value] of x.entries()) column[places.get(value) ?? 0] = y[index];
    return column;
  });
  return [all, ...columns];
}

/**
 * What part of the training is done, 0 to 1; null while it has not begun or something else is done.
 *
 * @param {Pick<Run, "phase" | "epoch" | "epochs" | "batches">} run
 */
export function doneOf({ phase, epoch, epochs, batches }) {
  if (phase !== "training" || epochs === 0) return null;
  return Math.min(1, Math.max(epoch, batches?.epoch.at(-1) ?? 0) / epochs);
}

/**
 * The numbers at the bottom and the top of a plot, with some air around the curves; a share goes from 0 to 1.
 *
 * @param {number | null} low
 * @param {number | null} high
 * @param {Metric} metric
 * @returns {[number, number]}
 */
export function rangeOf(low, high, metric) {
  if (low === null || high === null) return [0, 1];
  const air = Math.max((high - low) * 0.08, high * 0.01, 1e-4);
  const top = high + air;
  return [Math.max(0, low - air), metric === "accuracy" ? Math.min(1, top) : top];
}
