/** What stages and layers are called, and one plain sentence for each. */

import { isCode, say } from "../../text/catalogue.js";
import { upperFirst } from "../../text/digits.js";
import { formatCount, formatShape } from "../../widgets/numbers.js";

/** @typedef {import("../../api/explain.js").Layer} Layer */

/**
 * The heading and the sentence of a stage; a stage that is new here has its name alone.
 *
 * @param {string} name
 * @returns {[heading: string, sentence: string]}
 */
export function wordsOfStage(name) {
  return [sayOr(`stage.${name}`, upperFirst(name)), sayOr(`stage.${name}.words`, "")];
}

/** @param {Layer} layer */
export function shortNameOf(layer) {
  return sayOr(`layer.short.${kindOf(layer)}`, layer.kind);
}

/** @param {Layer} layer */
export function longNameOf(layer) {
  return sayOr(`layer.long.${kindOf(layer)}`, layer.kind);
}

/**
 * What a layer does, with its own numbers.
 *
 * @param {Layer} layer
 */
export function sentenceOf(layer) {
  const { options = {}, shape, input_shape: inputShape = [] } = layer;
  const values = {
    channels: shape[shape.length - 1],
    inputs: inputShape[inputShape.length - 1],
    window: (options.kernel_size ?? options.size ?? []).join(" × "),
  };
  return sayOr(`layer.words.${kindOf(layer)}`, "", values);
}

/**
 * The layer in a line: which one, how many numbers, how much was learnt.
 *
 * @param {Layer} layer
 */
export function factsOf({ index, shape, parameters }) {
  const numbers = say("layer.numbers", { shape: formatShape(shape) });
  if (index === 0) return numbers;
  const count = formatCount(parameters);
  const learnt = parameters === 0 ? say("layer.learntNothing") : say("layer.learnt", { parameters: count });
  return say("layer.facts", { index, numbers, learnt });
}

/**
 * The first "layer" is the picture itself.
 *
 * @param {Layer} layer
 */
function kindOf({ index, kind }) {
  return index === 0 ? "picture" : kind;
}

/**
 * @param {string} code
 * @param {string} otherwise where the catalogue has no such code
 * @param {import("../../text/format.js").Values} [values]
 */
function sayOr(code, otherwise, values) {
  return isCode(code) ? say(code, values) : otherwise;
}
