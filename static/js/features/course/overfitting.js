/** Step 13: learning curves with and without augmentation, and where one would stop. */

import { say } from "../../text/catalogue.js";
import { el, find, svg } from "../../widgets/element.js";
import { formatNumber, formatShare } from "../../widgets/numbers.js";
import { across, lowest, pathOf, upwards } from "./curves.js";
import { drawnPart, fill, inputPart, part, slider } from "./parts.js";
import { RUNS } from "./recorded-runs.js";

/** @typedef {import("./curves.js").Range} Range */
/** @typedef {typeof RUNS.plain} Run */

const FRAME = { left: 46, right: 312, top: 8, bottom: 156 };
const EPOCHS = RUNS.plain.loss.length;
/** Rows of the table of all: one in so many epochs. */
const ROW_EVERY = 10;

/** @type {Record<"loss" | "accuracy", { range: Range, ticks: number[], write: (value: number) => string }>} */
const QUANTITIES = {
  loss: { range: { low: 0, high: 2 }, ticks: [0, 0.5, 1, 1.5, 2], write: (value) => formatNumber(value, 1) },
  accuracy: { range: { low: 0.5, high: 1 }, ticks: [0.5, 0.6, 0.7, 0.8, 0.9, 1], write: formatShare },
};

/** @param {HTMLElement} root */
export function startOverfitting(root) {
  const charts = Object.entries(RUNS).flatMap(([name, run]) => [
    drawChart(root, name, run, "loss"),
    drawChart(root, name, run, "accuracy"),
  ]);
  inputPart(root, "epoch").max = String(EPOCHS);
  const epoch = slider(root, "epoch", show);
  epoch.value = lowest(RUNS.plain.val_loss) + 1;
  part(root, "all").append(...rowsOfAll());

  function show() {
    const now = epoch.value - 1;
    for (const move of charts) move(now);
    for (const [name, run] of Object.entries(RUNS)) {
      for (const [quantity, text] of numbersOf(run, now)) fill(root, { [`${name}-${quantity}-now`]: text });
    }
    fill(root, { words: wordsAt(now) });
  }

  show();
}

/**
 * Draws both lines of a chart. Returns what moves its mark to an epoch.
 *
 * @param {HTMLElement} root
 * @param {string} name
 * @param {Run} run
 * @param {"loss" | "accuracy"} quantity
 */
function drawChart(root, name, run, quantity) {
  const chart = drawnPart(root, `${name}-${quantity}`);
  const { range, ticks, write } = QUANTITIES[quantity];
  const validation = run[`val_${quantity}`];
  const grid = find(chart, ".chart-grid", SVGElement);
  grid.append(...ticks.flatMap((tick) => tickAt(tick, range, write)), ...epochTicks());
  find(chart, ".chart-training", SVGElement).setAttribute("d", pathOf(run[quantity], range, FRAME));
  find(chart, ".chart-validation", SVGElement).setAttribute("d", pathOf(validation, range, FRAME));
  const line = find(chart, ".chart-now", SVGElement);
  const point = find(chart, ".curve-point", SVGElement);
  return (/** @type {number} */ epoch) => {
    const x = String(across(epoch, EPOCHS, FRAME));
    for (const end of ["x1", "x2"]) line.setAttribute(end, x);
    point.setAttribute("cx", x);
    point.setAttribute("cy", String(upwards(validation[epoch], range, FRAME)));
  };
}

/**
 * @param {number} tick
 * @param {Range} range
 * @param {(value: number) => string} write
 */
function tickAt(tick, range, write) {
  const y = upwards(tick, range, FRAME);
  const line = svg("line", { x1: FRAME.left, x2: FRAME.right, y1: y, y2: y });
  return [line, svg("text", { x: FRAME.left - 6, y: y + 4, "text-anchor": "end" }, write(tick))];
}

function epochTicks() {
  const ends = [0, Math.round(EPOCHS / 2) - 1, EPOCHS - 1];
  return ends.map((epoch) => {
    const place = { x: across(epoch, EPOCHS, FRAME), y: FRAME.bottom + 16 };
    return svg("text", { ...place, "text-anchor": epoch === EPOCHS - 1 ? "end" : "middle" }, String(epoch + 1));
  });
}

/**
 * The four numbers of an epoch, by name.
 *
 * @param {Run} run
 * @param {number} epoch
 */
function numbersOf(run, epoch) {
  return [
    ["loss", formatNumber(run.loss[epoch], 2)],
    ["val_loss", formatNumber(run.val_loss[epoch], 2)],
    ["accuracy", formatShare(run.accuracy[epoch])],
    ["val_accuracy", formatShare(run.val_accuracy[epoch])],
  ];
}

function rowsOfAll() {
  const isShown = (/** @type {number} */ epoch) => epoch === 0 || (epoch + 1) % ROW_EVERY === 0;
  const epochs = RUNS.plain.loss.map((_, epoch) => epoch).filter(isShown);
  return epochs.map((epoch) => {
    const numbers = Object.values(RUNS).flatMap((run) => numbersOf(run, epoch));
    const cells = numbers.map(([, text]) => el("td", {}, text));
    return el("tr", {}, el("th", { scope: "row" }, String(epoch + 1)), ...cells);
  });
}

/** @param {number} epoch */
function wordsAt(epoch) {
  const { plain, augmented } = RUNS;
  const written = {
    epoch: epoch + 1,
    plain: formatShare(plain.val_accuracy[epoch]),
    augmented: formatShare(augmented.val_accuracy[epoch]),
    gap: formatShare(plain.accuracy[epoch] - plain.val_accuracy[epoch]),
    best: lowest(plain.val_loss) + 1,
  };
  if (epoch === lowest(plain.val_loss)) return say("overfitting.best", written);
  return say(epoch < lowest(plain.val_loss) ? "overfitting.early" : "overfitting.late", written);
}
