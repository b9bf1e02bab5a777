/** The arithmetic of layers that give single numbers: global average, dense, softmax. */

import { contributionsTo, softmaxSteps, sumOf } from "../../widgets/arithmetic.js";
import { channelOf, formatNumber, formatSigned, rangeOf } from "../../widgets/numbers.js";
import { percent, withArticle } from "../../widgets/answer-words.js";
import { paintedCanvas, scaleOf } from "./colouring.js";
import { el } from "../../widgets/element.js";
import { NumberGrid } from "./number-grid.js";
import { term } from "./sums.js";

/** How many of a dense layer's terms are written out; the others are added up in one. */
const WRITTEN_OUT = 8;

/** One map, number by number, and their mean. */
export function showAverage(root, { layer, numbers, map }) {
  const [height, width] = layer.input_shape;
  const values = channelOf(numbers.input, map);
  const place = el("div", { class: "numbers numbers-wide", role: "group", "aria-label": `The ${values.length} numbers of map ${map + 1}` });
  new NumberGrid(place).show(values, width, scaleOf(layer.index - 1, rangeOf(numbers.input.values)));
  const sum = el("p", { class: "terms" });
  sum.append(
    term(formatNumber(sumOf(values), 3), `sum of ${height} × ${width} numbers`),
    term(String(values.length), "how many", "÷"),
    term(formatNumber(numbers.maps.values[map], 3), "the mean", "="),
  );
  root.replaceChildren(el("div", { class: "vector-side" }, el("p", { class: "sum-heading" }, `Map ${map + 1} of the layer before`), place), sum);
}

/** The terms of one score, the heaviest first, each with the map that it came from. */
export function showDense(root, { layer, numbers, map, sources }) {
  const { weight, bias } = numbers.params;
  const terms = contributionsTo(map, numbers.input, weight);
  const [heavy, light] = [terms.slice(0, WRITTEN_OUT), terms.slice(WRITTEN_OUT)];
  const limit = Math.abs(terms[0].product);
  const rows = heavy.map(({ index, input, weight: factor, product }) =>
    row([
      sources && thumbnail(sources, index),
      `map ${index + 1}`,
      `${formatNumber(input, 3)} × ${formatNumber(factor, 3)}`,
      formatSigned(product, 3),
      bar(product, limit),
    ]),
  );
  const rest = sumOf(light.map(({ product }) => product));
  // Without a bar: next to single terms, that of so many would be longer than the page is wide.
  if (light.length > 0) rows.push(row(["", `the other ${light.length}`, "together", formatSigned(rest, 3), ""]));
  const biasNow = bias?.values[map] ?? 0;
  rows.push(row(["", "bias", "", formatSigned(biasNow, 3), bar(biasNow, limit)]));
  const isDigit = layer.shape[0] === 10;
  const inFavour = terms.filter(({ product }) => product > 0).length;
  const head = el("caption", {}, isDigit ? `What spoke for ${withArticle(map)}, and what against it` : `What number ${map + 1} is made of`);
  root.replaceChildren(
    el("table", { class: "weights" }, head, el("tbody", {}, ...rows)),
    el("p", { class: "vector-words" }, `${inFavour} of the ${terms.length} numbers speak for it, ${terms.length - inFavour} do not. No single one decides: the weight of many small terms does.`),
    el("p", { class: "terms" }, term(formatNumber(numbers.maps.values[map], 3), isDigit ? `score of the ${map}` : "added up", "=")),
  );
}

/** Scores, exponentials and probabilities side by side. */
export function showSoftmax(root, { layer, numbers }) {
  const { temperature = 1 } = layer.options;
  const { rows, total } = softmaxSteps(numbers.input.values, temperature);
  const largest = rows.reduce((a, b) => (b.score > a.score ? b : a));
  const limit = Math.max(...rows.map(({ score }) => Math.abs(score)));
  const head = ["digit", "score", "", "÷ temperature, less the largest", "exponential", "probability", ""];
  const body = rows.map(({ score, shifted, exponential }, digit) => {
    const probability = numbers.maps.values[digit];
    return el(
      "tr",
      { class: rows[digit] === largest ? "is-winner" : null },
      el("th", { scope: "row" }, String(digit)),
      el("td", {}, formatNumber(score, 3)),
      el("td", { class: "weights-bar" }, bar(score, limit)),
      el("td", {}, formatNumber(shifted, 3)),
      el("td", {}, formatExponential(exponential)),
      el("td", {}, percent(probability)),
      el("td", { class: "weights-bar" }, bar(probability, 1, true)),
    );
  });
  root.replaceChildren(
    el("div", { class: "weights-frame", tabindex: 0, role: "region", "aria-label": "Softmax, step by step" }, el("table", { class: "weights weights-softmax" }, el("thead", {}, el("tr", {}, ...head.map((text) => el(text === "" ? "td" : "th", text === "" ? {} : { scope: "col" }, text)))), el("tbody", {}, ...body))),
    el("p", { class: "terms" }, term(formatExponential(total), "sum of the exponentials"), term(formatNumber(temperature, 3), "temperature, set after training so that “90 % sure” is right 9 times in 10")),
  );
}

function row([picture, name, factors, product, line]) {
  return el(
    "tr",
    {},
    el("td", { class: "weights-picture" }, picture || ""),
    el("th", { scope: "row" }, name),
    el("td", { class: "weights-factors" }, factors),
    el("td", { class: "weights-product" }, product),
    el("td", { class: "weights-bar" }, line),
  );
}

/** A bar from the middle, to the right for a number above zero; or from the left alone. */
function bar(value, limit, isShare = false) {
  const fill = el("span", { class: value < 0 ? "lean-fill is-against" : "lean-fill" });
  fill.style.transform = `scaleX(${Math.min(1, Math.abs(value) / Math.max(limit, 1e-9))})`;
  return el("span", { class: isShare ? "lean lean-share" : "lean", "aria-hidden": "true" }, fill);
}

function thumbnail({ maps, scale }, index) {
  const [height, width] = maps.shape;
  const canvas = paintedCanvas(channelOf(maps, index), width, height, scale);
  canvas.className = "weights-map";
  canvas.setAttribute("aria-hidden", "true");
  return canvas;
}

function formatExponential(value) {
  return value >= 0.001 ? formatNumber(value, 4) : value.toExponential(1).replace("e-", " × 10^−").replace(/\^−(\d+)/, (_, power) => superscript(power));
}

function superscript(power) {
  return `⁻${[...power].map((figure) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[figure]).join("")}`;
}
