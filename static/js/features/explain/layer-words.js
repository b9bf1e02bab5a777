/** What stages and layers are called, and one plain sentence for each. */

import { isCode, say } from "../../text/catalogue.js";
import { upperFirst, withArticle } from "../../text/digits.js";
import { formatCount, formatShape } from "../../widgets/numbers.js";
import { CHANNELS } from "./sprites.js";

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

/**
 * The same of a picture as a whole, on its way to an input of so many rows and columns.
 *
 * @param {string} name
 * @param {{ rows: number, columns: number }} size
 * @returns {[heading: string, sentence: string]}
 */
export function wordsOfPictureStage(name, size) {
  return [sayOr(`photograph.${name}`, upperFirst(name)), sayOr(`photograph.${name}.words`, "", size)];
}

/**
 * What a layer's map is called.
 *
 * @param {Layer} layer
 * @param {number} map
 */
export function nameOfMap({ kind, shape }, map) {
  if (kind !== "photograph") return say("layer.map", { map: map + 1 });
  return say(shape[2] === CHANNELS.length ? `channel.${CHANNELS[map]}` : "channel.light");
}

/**
 * What a map that goes into a layer is called there.
 *
 * @param {Layer} before
 * @param {number} channel
 */
export function wordsOfInput(before, channel) {
  if (before.index > 0) return say("step.mapBefore", { map: channel + 1 });
  return before.kind === "photograph" ? say("step.channel", { name: nameOfMap(before, channel) }) : say("step.picture");
}

/**
 * What a map of a layer is called there.
 *
 * @param {Layer} layer
 * @param {number} map
 */
export function wordsOfOutput(layer, map) {
  if (layer.index > 0) return say("step.mapNow", { map: map + 1 });
  if (layer.kind !== "photograph") return say("step.points");
  const [rows, columns] = layer.shape;
  return say("step.channelPoints", { name: nameOfMap(layer, map), rows, columns });
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
 * @param {{ role?: import("./explained.js").Role, names?: string[] }} [answer] what its numbers stand for
 */
export function sentenceOf(layer, { role = "digits", names = [] } = {}) {
  const { options = {}, shape, input_shape: inputShape = [] } = layer;
  const values = {
    channels: shape[shape.length - 1],
    count: formatCount(sizeOf(shape)),
    inputs: inputShape[inputShape.length - 1],
    window: (options.kernel_size ?? options.size ?? []).join(" × "),
    first: names[0],
    second: names[1],
  };
  const code = `layer.words.${kindOf(layer)}`;
  return sayOr(`${code}.${role}`, sayOr(code, "", values), values);
}

/**
 * What a sum of weighted numbers is for: a heading, and what its result is.
 *
 * @param {import("./explained.js").Role} role
 * @param {string[]} names
 * @param {number} place
 */
export function wordsOfSum(role, names, place) {
  if (role === "digits") {
    return [say("vector.forAndAgainst", { name: withArticle(place) }), say("vector.score", { name: place })];
  }
  if (role === "hidden") return [say("vector.madeOf", { number: place + 1 }), say("vector.addedUp")];
  const name = names[role === "one" ? 1 : place];
  const score = role === "one" ? say("vector.oneScore") : say("vector.scoreOf", { name });
  return [say("vector.forAndAgainst", { name }), score];
}

/**
 * The layer in a line: which one, how many numbers, how much was learnt.
 *
 * @param {Layer} layer
 */
export function factsOf({ index, shape, parameters }) {
  const numbers = sizeOf(shape) === 1 ? say("layer.oneNumber") : say("layer.numbers", { shape: formatShape(shape) });
  if (index === 0) return numbers;
  const count = formatCount(parameters);
  const learnt = parameters === 0 ? say("layer.learntNothing") : say("layer.learnt", { parameters: count });
  return say("layer.facts", { index, numbers, learnt });
}

/** @param {number[]} shape */
function sizeOf(shape) {
  return shape.reduce((product, side) => product * side, 1);
}

/**
 * The first "layer" is the picture itself.
 *
 * @param {Layer} layer
 */
function kindOf({ index, kind, shape }) {
  if (index > 0) return kind;
  if (kind !== "photograph") return "picture";
  return shape[2] === CHANNELS.length ? "photograph" : "photograph.grey";
}

/**
 * @param {string} code
 * @param {string} otherwise where the catalogue has no such code
 * @param {import("../../text/format.js").Values} [values]
 */
function sayOr(code, otherwise, values) {
  return isCode(code) ? say(code, values) : otherwise;
}
