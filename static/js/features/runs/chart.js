/** A plot of curves over epochs, drawn by uPlot in the page's colours. */

import { say } from "../../text/catalogue.js";
import { onColoursChange } from "../../widgets/scales.js";
import { align, rangeOf } from "./run.js";
import { formatMark } from "./words.js";

/** @typedef {typeof import("uplot")} Library */
/** @typedef {import("uplot")} Plot */
/** @typedef {import("./run.js").Metric} Metric */

/**
 * A curve, with the line of the legend whose colour, width and dashes it has.
 *
 * @typedef {import("./run.js").Curve & { swatch: Element, hasPoints: boolean }} ShownCurve
 */

const HEIGHT = 240;
const EPOCH_STEPS = [1, 2, 5, 10, 20, 50, 100];
/** Pixels between marks, at least. */
const EPOCH_SPACE = 32;
const MARK_SPACE = 36;

/** uPlot is no module: the page loads it by a script of its own. */
const library = () => /** @type {{ uPlot: Library }} */ (/** @type {unknown} */ (globalThis)).uPlot;

export class Chart {
  #place;
  #onPoint;
  /** @type {Plot | null} */
  #plot = null;
  /** @type {Element[]} */
  #swatches = [];
  #epochs = 1;
  /** @type {Metric} */
  #metric = "accuracy";

  /**
   * `onPoint(values)` is told the numbers under the pointer, one for each curve; or the last ones.
   *
   * @param {HTMLElement} place
   * @param {(values: (number | null)[]) => void} onPoint
   */
  constructor(place, onPoint) {
    this.#place = place;
    this.#onPoint = onPoint;
    new ResizeObserver(() => this.#fit()).observe(place);
    onColoursChange(() => this.#plot?.redraw());
  }

  /**
   * Draws curves, in place of those of before.
   *
   * @param {ShownCurve[]} curves
   * @param {number} epochs at the right edge
   * @param {Metric} metric
   */
  show(curves, epochs, metric) {
    this.#epochs = Math.max(1, epochs);
    this.#metric = metric;
    const data = align(curves);
    if (this.#plot !== null && this.#isOf(curves)) {
      this.#plot.setData(data);
    } else {
      this.#plot?.destroy();
      this.#swatches = curves.map(({ swatch }) => swatch);
      this.#plot = new (library())(this.#options(curves), data, this.#place);
    }
    this.#point();
  }

  /** @param {ShownCurve[]} curves */
  #isOf(curves) {
    return curves.length === this.#swatches.length && curves.every(({ swatch }, i) => swatch === this.#swatches[i]);
  }

  #fit() {
    const width = this.#place.clientWidth;
    if (width > 0 && this.#plot !== null && width !== this.#plot.width) this.#plot.setSize({ width, height: HEIGHT });
  }

  /**
   * @param {ShownCurve[]} curves
   * @returns {import("uplot").Options}
   */
  #options(curves) {
    const font = `12px ${getComputedStyle(document.body).fontFamily}`;
    const axis = {
      font,
      stroke: () => colourOf("--quiet"),
      grid: { stroke: () => colourOf("--line"), width: 1 },
      ticks: { show: false },
    };
    return {
      width: this.#place.clientWidth || 320,
      height: HEIGHT,
      padding: [8, 12, 0, 0],
      legend: { show: false },
      cursor: { drag: { x: false, y: false }, y: false, hover: { skip: [null, undefined] } },
      scales: {
        x: { time: false, range: () => [0, this.#epochs] },
        y: { range: (_, low, high) => rangeOf(low, high, this.#metric) },
      },
      axes: [
        {
          ...axis,
          incrs: EPOCH_STEPS,
          space: EPOCH_SPACE,
          size: 26,
          label: say("runs.epoch"),
          labelFont: font,
          labelSize: 18,
        },
        {
          ...axis,
          space: MARK_SPACE,
          size: 58,
          values: (_, marks) => marks.map((mark) => formatMark(mark, this.#metric)),
        },
      ],
      series: [{}, ...curves.map(lineOf)],
      hooks: { setCursor: [() => this.#point()] },
    };
  }

  #point() {
    if (this.#plot === null) return;
    const { data, cursor } = this.#plot;
    const isPointing = typeof cursor.left === "number" && cursor.left >= 0;
    const values = this.#swatches.map((_, index) => {
      const column = data[index + 1];
      const place = isPointing ? cursor.idxs?.[index + 1] : undefined;
      if (typeof place === "number") return column[place] ?? null;
      return Array.from(column).findLast((value) => typeof value === "number") ?? null;
    });
    this.#onPoint(values);
  }
}

/**
 * @param {ShownCurve} curve
 * @returns {import("uplot").Series}
 */
function lineOf({ swatch, hasPoints }) {
  const style = getComputedStyle(swatch);
  const dashes = style.strokeDasharray.match(/[\d.]+/g)?.map(Number) ?? [];
  return {
    stroke: () => getComputedStyle(swatch).stroke,
    width: Number.parseFloat(style.strokeWidth),
    dash: dashes,
    spanGaps: true,
    points: { show: hasPoints, size: 6, fill: () => getComputedStyle(swatch).stroke },
  };
}

/** @param {string} name of a variable of the style sheet */
function colourOf(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
