/** The arithmetic of layers that give single numbers: global average, dense, softmax, sigmoid, activations. */

import { say } from "../../text/catalogue.js";
import { paintedCanvas } from "../../widgets/canvas.js";
import { byId, el } from "../../widgets/element.js";
import { channelOf, contributionsTo, softmaxSteps } from "../../widgets/layers.js";
import { extent, magnitude, sum } from "../../widgets/matrix.js";
import { NumberGrid } from "../../widgets/number-grid.js";
import { formatExponential, formatNumber, formatPercent, formatShort, formatSigned } from "../../widgets/numbers.js";
import { ELEMENTWISE, elementTerms } from "./element-terms.js";
import { wordsOfSum } from "./layer-words.js";
import { spanOf } from "./sprites.js";
import { term } from "./term.js";

/** How many of a dense layer's terms are written out; the others are added up in one. */
const WRITTEN_OUT = 8;

/** @typedef {import("../../api/arrays.js").NumberArray} NumberArray */
/** @typedef {import("../../widgets/scales.js").Span} Span */
/** @typedef {{ maps: NumberArray, span: Span }} Sources the maps whose means a dense layer adds up */
/**
 * With what the layer's numbers stand for, what the network tells apart, and what won.
 *
 * @typedef {{ sources: Sources | null, role: import("./explained.js").Role, names: string[], winner: number }} Meaning
 * @typedef {import("./stepper.js").Subject & Meaning} Subject
 */

export class VectorView {
  #root = byId("vector", HTMLElement);
  #cells = el("div", { class: "number-grid", role: "group" });
  #grid = new NumberGrid(this.#cells, { format: formatShort, outside: "0" });
  /** @type {Record<string, (subject: Subject) => HTMLElement[]>} */
  #views = {
    GlobalAveragePool2D: (subject) => this.#averageOf(subject),
    Dense: denseOf,
    Softmax: softmaxOf,
  };

  /** @param {import("../../api/explain.js").Layer} layer */
  canShow({ kind, shape }) {
    return shape.length === 1 && (kind in this.#views || ELEMENTWISE.includes(kind));
  }

  /** @param {Subject} subject */
  show(subject) {
    this.#root.hidden = false;
    this.#root.replaceChildren(...this.#viewOf(subject)(subject));
  }

  /** @param {Subject} subject */
  #viewOf({ layer: { kind }, role, next }) {
    if (kind === "Sigmoid" && role === "one" && next === undefined) return sigmoidOf;
    return this.#views[kind] ?? elementOf;
  }

  hide() {
    this.#root.hidden = true;
  }

  /**
   * One map, number by number, and their mean.
   *
   * @param {Subject} subject
   */
  #averageOf({ layer, before, numbers, map }) {
    const [height, width] = layer.input_shape;
    const values = channelOf(numbers.input, map);
    const count = values.values.length;
    this.#cells.setAttribute("aria-label", say("vector.numbersOfMap", { count, map: map + 1 }));
    this.#grid.show(values, spanOf(before, extent(numbers.input.values), map));
    const heading = el("p", { class: "sum-heading" }, say("vector.mapBefore", { map: map + 1 }));
    const terms = [
      term(formatNumber(sum(values.values), 3), say("vector.sumOf", { height, width })),
      term(String(count), say("vector.howMany"), "÷"),
      term(formatNumber(numbers.maps.values[map], 3), say("vector.mean"), "="),
    ];
    return [el("div", { class: "vector-side" }, heading, this.#cells), el("p", { class: "terms" }, ...terms)];
  }
}

/**
 * The terms of one score, the heaviest first, each with the map that it came from.
 *
 * @param {Subject} subject
 */
function denseOf({ before, numbers, map, sources, role, names }) {
  const { weight, bias } = numbers.params;
  const terms = contributionsTo(map, numbers.input, weight);
  const inFavour = terms.filter(({ product }) => product > 0).length;
  const [head, caption] = wordsOfSum(role, names, map);
  const rows = denseRows(terms, bias?.values[map] ?? 0, sources, before.kind === "GlobalAveragePool2D");
  const balance = say("vector.inFavour", { inFavour, count: terms.length, against: terms.length - inFavour });
  return [
    el("table", { class: "weights" }, el("caption", {}, head), el("tbody", {}, ...rows)),
    el("p", { class: "vector-words" }, balance),
    el("p", { class: "terms" }, term(formatNumber(numbers.maps.values[map], 3), caption, "=")),
  ];
}

/**
 * @param {ReturnType<typeof contributionsTo>} terms
 * @param {number} bias
 * @param {Sources | null} sources
 * @param {boolean} areOfMaps
 */
function denseRows(terms, bias, sources, areOfMaps) {
  const [heavy, light] = [terms.slice(0, WRITTEN_OUT), terms.slice(WRITTEN_OUT)];
  const limit = Math.abs(terms[0].product);
  const rows = heavy.map(({ index, input, weight, product }) =>
    row([
      sources ? thumbnail(sources, index) : "",
      areOfMaps ? say("vector.map", { map: index + 1 }) : say("vector.number", { number: index + 1 }),
      `${formatNumber(input, 3)} × ${formatNumber(weight, 3)}`,
      formatSigned(product, 3),
      bar(product, limit),
    ]),
  );
  if (light.length > 0) {
    const rest = formatSigned(sum(light.map(({ product }) => product)), 3);
    // Without a bar: next to single terms, that of so many would be longer than the page is wide.
    rows.push(row(["", say("vector.others", { count: light.length }), say("vector.together"), rest, ""]));
  }
  rows.push(row(["", say("sum.bias"), "", formatSigned(bias, 3), bar(bias, limit)]));
  return rows;
}

/**
 * Scores, exponentials and probabilities side by side.
 *
 * @param {Subject} subject
 */
function softmaxOf({ layer, numbers, role, names }) {
  const { temperature = 1 } = layer.options;
  const { rows, total } = softmaxSteps(numbers.input.values, temperature);
  const scores = rows.map(({ score }) => score);
  const [winner, limit] = [scores.indexOf(extent(scores)[1]), magnitude(scores)];
  const body = rows.map(({ score, shifted, exponential }, place) => {
    const probability = numbers.maps.values[place];
    return el(
      "tr",
      { class: place === winner ? "is-winner" : null },
      el("th", { scope: "row" }, names[place]),
      el("td", {}, formatNumber(score, 3)),
      el("td", { class: "weights-bar" }, bar(score, limit)),
      el("td", {}, formatNumber(shifted, 3)),
      el("td", {}, formatExponential(exponential)),
      el("td", {}, formatPercent(probability)),
      el("td", { class: "weights-bar" }, bar(probability, 1, true)),
    );
  });
  const table = el("table", { class: "weights weights-softmax" }, softmaxHead(role), el("tbody", {}, ...body));
  const frame = { class: "weights-frame", tabindex: 0, role: "region", "aria-label": say("vector.softmax") };
  const terms = [
    term(formatExponential(total), say("vector.total")),
    term(formatNumber(temperature, 3), say("vector.temperature")),
  ];
  return [el("div", frame, table), el("p", { class: "terms" }, ...terms)];
}

/** @param {import("./explained.js").Role} role */
function softmaxHead(role) {
  const score = [say(role === "digits" ? "vector.digit" : "vector.class"), say("vector.scoreHead"), ""];
  const share = [say("vector.shifted"), say("vector.exponential"), say("vector.probability"), ""];
  const cells = [...score, ...share].map((text) => (text === "" ? el("td") : el("th", { scope: "col" }, text)));
  return el("thead", {}, el("tr", {}, ...cells));
}

/**
 * The one score, and what it says of both classes.
 *
 * @param {Subject} subject
 */
function sigmoidOf({ numbers, names, winner }) {
  const [score] = Array.from(numbers.input.values);
  const [share] = Array.from(numbers.maps.values);
  const rows = [1 - share, share].map((probability, place) =>
    el(
      "tr",
      { class: place === winner ? "is-winner" : null },
      el("th", { scope: "row" }, names[place]),
      el("td", {}, formatPercent(probability)),
      el("td", { class: "weights-bar" }, bar(probability, 1, true)),
    ),
  );
  const terms = [
    term(formatNumber(score, 3), say("vector.oneScore")),
    term(`1 ÷ (1 + ${formatExponential(Math.exp(-score))})`, say("vector.sigmoid"), "→"),
    term(formatPercent(share), say("vector.probabilityOf", { name: names[1] }), "="),
  ];
  const code = score > 0 ? "vector.aboveZero" : "vector.belowZero";
  return [
    el("p", { class: "terms" }, ...terms),
    el("table", { class: "weights weights-softmax" }, el("caption", {}, say("vector.both")), el("tbody", {}, ...rows)),
    el("p", { class: "vector-words" }, say(code, { first: names[0], second: names[1] })),
  ];
}

/**
 * A number before and after.
 *
 * @param {Subject} subject
 */
function elementOf(subject) {
  const { numbers, map } = subject;
  const value = formatNumber(numbers.maps.values[map], 3);
  const heading = el("p", { class: "sum-heading" }, say("vector.numberNow", { number: map + 1 }));
  return [
    el("div", { class: "vector-side" }, heading),
    el("p", { class: "terms" }, ...elementTerms(subject, numbers.input.values[map], value)),
  ];
}

/** @param {(Node | string)[]} cells picture, name, factors, product, bar */
function row([picture, name, factors, product, line]) {
  return el(
    "tr",
    {},
    el("td", { class: "weights-picture" }, picture),
    el("th", { scope: "row" }, name),
    el("td", { class: "weights-factors" }, factors),
    el("td", { class: "weights-product" }, product),
    el("td", { class: "weights-bar" }, line),
  );
}

/**
 * A bar from the middle, to the right for a number above zero; or from the left alone.
 *
 * @param {number} value
 * @param {number} limit
 * @param {boolean} [isShare]
 */
function bar(value, limit, isShare = false) {
  const fill = el("span", { class: value < 0 ? "lean-fill is-against" : "lean-fill" });
  fill.style.transform = `scaleX(${Math.min(1, Math.abs(value) / Math.max(limit, 1e-9))})`;
  return el("span", { class: isShare ? "lean lean-share" : "lean", "aria-hidden": "true" }, fill);
}

/**
 * @param {Sources} sources
 * @param {number} index
 */
function thumbnail({ maps, span }, index) {
  const canvas = paintedCanvas(channelOf(maps, index), span);
  canvas.className = "weights-map";
  canvas.setAttribute("aria-hidden", "true");
  return canvas;
}
