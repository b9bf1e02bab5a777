/** Several runs in one plot, and in a table of the same figures. */

import { ApiError } from "../../api/error.js";
import { say } from "../../text/catalogue.js";
import { byId, el, find, findAll, svg } from "../../widgets/element.js";
import { formatCount } from "../../widgets/numbers.js";
import { Chart } from "./chart.js";
import { byEpoch } from "./run.js";
import { formatFigure } from "./words.js";

/** @typedef {import("./run.js").Run} Run */
/** @typedef {{ run: Run, values: number[], line: SVGLineElement }} Compared */

/** As many as there are lines that look different: see .line-0 … in css/pages/plot.css. */
const MOST = 8;

export class Comparison {
  #client;
  /** @type {Map<string, Run>} */
  #runs = new Map();
  /** @type {Map<string, number>} which line a run has, as long as it is chosen */
  #lines = new Map();
  /** @type {Chart | null} */
  #chart = null;
  /** @type {HTMLElement[]} */
  #values = [];

  /** @param {import("../../api/client.js").Client} client */
  constructor(client) {
    this.#client = client;
    this.begin();
  }

  /** Begins on the list of the page as it is now. */
  begin() {
    this.#runs.clear();
    this.#chart = null;
    const chosen = new Set(this.#lines.keys());
    for (const box of this.#boxes) {
      box.checked = chosen.has(box.value);
      box.addEventListener("change", () => this.#choose());
    }
    for (const metric of findAll(document, "[name='metric']", HTMLInputElement)) {
      metric.addEventListener("change", () => this.#show());
    }
    if (this.#boxes.length > 0) this.#choose();
  }

  get #boxes() {
    return findAll(document, "[name='compared']", HTMLInputElement);
  }

  get #chosen() {
    return this.#boxes.filter(({ checked }) => checked).map(({ value }) => value);
  }

  get #metric() {
    const { value } = find(document, "[name='metric']:checked", HTMLInputElement);
    return value === "loss" ? "loss" : "accuracy";
  }

  async #choose() {
    const chosen = this.#chosen;
    for (const id of this.#lines.keys()) if (!chosen.includes(id)) this.#lines.delete(id);
    for (const id of chosen) if (!this.#lines.has(id)) this.#lines.set(id, this.#freeLine());
    for (const box of this.#boxes) box.disabled = !box.checked && chosen.length >= MOST;
    byId("comparison", HTMLElement).hidden = chosen.length < 2;
    this.#say(noteOn(chosen.length));
    if (chosen.length < 2) return;
    try {
      if (chosen.some((id) => !this.#runs.has(id))) await this.#load();
      this.#show();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#say(error.message);
    }
  }

  #freeLine() {
    const taken = new Set(this.#lines.values());
    return Array.from({ length: MOST }, (_, line) => line).find((line) => !taken.has(line)) ?? 0;
  }

  /** @param {string} words */
  #say(words) {
    byId("comparison-note", HTMLElement).textContent = words;
  }

  async #load() {
    const { runs } = await this.#client.get(location.pathname);
    this.#runs = new Map(runs.map((/** @type {Run} */ run) => [run.id, run]));
  }

  #show() {
    const metric = this.#metric;
    const runs = this.#chosen.flatMap((id) => this.#runs.get(id) ?? []);
    if (runs.length < 2) return;
    /** @type {Compared[]} */
    const compared = runs.map((run) => ({
      run,
      values: run.history[`val_${metric}`] ?? [],
      line: svg("line", { class: `line-${this.#lines.get(run.id)}`, x1: 0, x2: 28, y1: 4, y2: 4 }),
    }));
    this.#showLegend(compared);
    this.#fillTable(compared);
    const place = byId("comparison-plot", HTMLElement);
    this.#chart ??= new Chart(place, (values) => this.#point(values));
    const curves = compared.map(({ values, line }) => ({ ...byEpoch(values), swatch: line, hasPoints: true }));
    this.#chart.show(curves, Math.max(...runs.map(({ epochs }) => epochs)), metric);
    const names = runs.map(({ number }) => say("runs.name", { number })).join(", ");
    place.ariaLabel = say("runs.plot", { title: say(`run.title.${metric}`), names });
  }

  /** @param {Compared[]} compared */
  #showLegend(compared) {
    this.#values = compared.map(() => el("b", { class: "plot-value" }));
    const items = compared.map(({ run, line }, index) => {
      const swatch = svg("svg", { class: "plot-swatch", viewBox: "0 0 28 8", "aria-hidden": "true" }, line);
      return el("li", {}, swatch, say("runs.name", { number: run.number }), " ", this.#values[index]);
    });
    byId("comparison-legend", HTMLElement).replaceChildren(...items);
  }

  /** @param {(number | null)[]} values */
  #point(values) {
    for (const [index, value] of values.entries()) {
      this.#values[index].textContent = value === null ? "" : formatFigure(value, this.#metric);
    }
  }

  /** @param {Compared[]} compared */
  #fillTable(compared) {
    const names = compared.map(({ run }) => el("th", { scope: "col" }, say("runs.name", { number: run.number })));
    const head = el("tr", {}, el("th", { scope: "col" }, say("runs.epoch")), ...names);
    const longest = Math.max(...compared.map(({ values }) => values.length));
    const rows = Array.from({ length: longest }, (_, epoch) => {
      const cells = compared.map(({ values }) =>
        el("td", {}, epoch < values.length ? formatFigure(values[epoch], this.#metric) : "–"),
      );
      return el("tr", {}, el("th", { scope: "row" }, formatCount(epoch + 1)), ...cells);
    });
    byId("comparison-table", HTMLTableElement).replaceChildren(el("thead", {}, head), el("tbody", {}, ...rows));
  }
}

/** @param {number} count of runs that are chosen */
function noteOn(count) {
  if (count === 1) return say("runs.oneMore");
  return count >= MOST ? say("runs.most", { most: MOST }) : "";
}
