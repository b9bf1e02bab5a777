/** The curves of one run by one metric: a plot with its legend, and a table of the same figures. */

import { say } from "../../text/catalogue.js";
import { el, find, findAll } from "../../widgets/element.js";
import { formatCount } from "../../widgets/numbers.js";
import { Chart } from "./chart.js";
import { curvesOf } from "./run.js";
import { formatFigure } from "./words.js";

/** @typedef {import("./run.js").Run} Run */

export class Curves {
  #root;
  #place;
  #swatches;
  #table;
  #chart;
  #metric;

  /** @param {HTMLElement} root the figure, which names its metric */
  constructor(root) {
    this.#root = root;
    this.#metric = /** @type {import("./run.js").Metric} */ (root.dataset.metric);
    this.#place = find(root, ".plot-place", HTMLElement);
    this.#swatches = findAll(root, ".plot-swatch line", SVGLineElement);
    this.#table = root.querySelector("tbody");
    const values = findAll(root, ".plot-value", HTMLElement);
    this.#chart = new Chart(this.#place, (numbers) => {
      for (const [index, number] of numbers.entries()) {
        values[index].textContent = number === null ? "" : formatFigure(number, this.#metric);
      }
    });
  }

  /** @param {Run} run */
  show(run) {
    const curves = curvesOf(run, this.#metric);
    this.#root.hidden = curves.every(({ x }) => x.length === 0);
    if (this.#root.hidden) return;
    const shown = curves.map((curve, index) => ({ ...curve, swatch: this.#swatches[index], hasPoints: index > 0 }));
    this.#chart.show(shown, run.epochs, this.#metric);
    this.#describe(run);
    this.#fillTable(run);
  }

  /** @param {Run} run */
  #describe({ history, epoch, epochs }) {
    const title = say(`run.title.${this.#metric}`);
    const last = history[`val_${this.#metric}`]?.at(-1);
    const values = { title, epoch: formatCount(epoch), epochs: formatCount(epochs) };
    const words =
      last === undefined
        ? say("run.plotEmpty", { title })
        : say("run.plot", { ...values, last: formatFigure(last, this.#metric) });
    if (this.#place.ariaLabel !== words) this.#place.ariaLabel = words;
  }

  /** @param {Run} run */
  #fillTable({ history }) {
    if (this.#table === null) return;
    const [training = [], heldOut = []] = [history[this.#metric], history[`val_${this.#metric}`]];
    for (let epoch = this.#table.rows.length; epoch < heldOut.length; epoch += 1) {
      const cells = [training[epoch], heldOut[epoch]].map((value) => el("td", {}, formatFigure(value, this.#metric)));
      this.#table.append(el("tr", {}, el("th", { scope: "row" }, formatCount(epoch + 1)), ...cells));
    }
  }
}
