/** What is done to a single number, the same for each: activations, and a normalisation of each map. */

import { say } from "../../text/catalogue.js";
import { formatNumber, formatSigned } from "../../widgets/numbers.js";
import { term } from "./term.js";

/** @typedef {import("./stepper.js").Subject} Subject */

/**
 * The terms of a result, for what the number was before.
 *
 * @typedef {(before: number, value: string, subject: Subject) => HTMLElement[]} Terms
 */

/** @type {Record<string, Terms>} */
const TERMS = {
  ReLU: (before, value) => [
    term(`max(0, ${formatNumber(before, 3)})`, say(before < 0 ? "sum.cutOff" : "sum.stays")),
    term(value, say("sum.afterReLU"), "="),
  ],
  LeakyReLU: (before, value, { layer: { options } }) => [
    before < 0
      ? term(`${formatNumber(options.slope, 3)} × (${formatNumber(before, 3)})`, say("sum.leaks"))
      : term(formatNumber(before, 3), say("sum.stays")),
    term(value, say("sum.answerOf"), "="),
  ],
  Tanh: (before, value) => [
    term(`tanh(${formatNumber(before, 3)})`, say("sum.squeezedTanh")),
    term(value, say("sum.answerOf"), "="),
  ],
  Sigmoid: (before, value) => [
    term(`1 ÷ (1 + e^${formatNumber(-before, 3)})`, say("sum.squeezed")),
    term(value, say("sum.answerOf"), "="),
  ],
  BatchNorm: (before, value, { layer, map, numbers }) => {
    const [gain, shift] = normalisationOf(numbers.params, map, layer.options.epsilon);
    return [
      term(`${formatNumber(gain, 3)} × ${formatNumber(before, 3)}`, say("sum.scaled")),
      term(formatSigned(shift, 3), say("sum.shifted")),
      term(value, say("sum.answerOf"), "="),
    ];
  },
};

/** The kinds of layers that do this. */
export const ELEMENTWISE = Object.keys(TERMS);

/**
 * @param {Subject} subject
 * @param {number} before
 * @param {string} value
 */
export function elementTerms(subject, before, value) {
  return TERMS[subject.layer.kind](before, value, subject);
}

/**
 * A normalisation of one map as a factor and a number that is added.
 *
 * @param {Record<string, import("../../api/arrays.js").NumberArray>} params with the statistics of the training
 * @param {number} map
 * @param {number} epsilon
 */
function normalisationOf({ scale, shift, mean, variance }, map, epsilon) {
  const gain = scale.values[map] / Math.sqrt(variance.values[map] + epsilon);
  return [gain, shift.values[map] - mean.values[map] * gain];
}
