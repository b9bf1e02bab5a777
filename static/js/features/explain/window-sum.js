/** What a layer without weights does: which number of a window stays, or what ReLU leaves of one. */

import { isCode, say } from "../../text/catalogue.js";
import { byId } from "../../widgets/element.js";
import { cornerOf, patchOf, pooledIndex } from "../../widgets/layers.js";
import { NumberGrid } from "../../widgets/number-grid.js";
import { formatNumber, formatShort } from "../../widgets/numbers.js";
import { ELEMENTWISE, elementTerms } from "./element-terms.js";
import { nameOfMap } from "./layer-words.js";
import { term } from "./term.js";

/** @typedef {import("./stepper.js").PlacedSubject} PlacedSubject */
/** @typedef {import("../../api/explain.js").Layer} Layer */

/**
 * Where a layer looks, and what is said of what it saw.
 *
 * @typedef {object} Look
 * @property {import("../../api/arrays.js").NumberArray} source
 * @property {import("../../widgets/layers.js").Corner} corner
 * @property {number[]} size
 * @property {string} heading
 * @property {(window: number[], value: string) => HTMLElement[]} terms
 */

export class WindowSum {
  #root = byId("sum-window", HTMLElement);
  #grid = new NumberGrid(byId("sum-numbers", HTMLElement), { format: formatShort, outside: "0" });
  #heading = byId("sum-window-words", HTMLElement);

  /**
   * @param {PlacedSubject} subject
   * @returns {import("./stepper.js").Computed}
   */
  show(subject) {
    this.#root.hidden = false;
    const { layer, numbers, inputSpan, map, place } = subject;
    const { source, corner, size, heading, terms } = lookOf(layer)(subject);
    const window = patchOf(source, corner, size, map);
    this.#grid.show(window, inputSpan(map), pooledIndex(layer.kind, window.values));
    this.#heading.textContent = heading;
    const value = outputAt(layer, numbers, map, place);
    const frame = { ...corner, height: size[0], width: size[1] };
    return { channel: map, frame, terms: terms(window.values, formatNumber(value, 3)), value };
  }

  hide() {
    this.#root.hidden = true;
  }
}

/**
 * The number that a layer gave at a place of one of its maps.
 *
 * @param {Layer} layer
 * @param {import("./explained.js").LayerNumbers} numbers
 * @param {number} map
 * @param {import("../../widgets/grid-keys.js").Place} place
 */
export function outputAt({ shape }, { maps }, map, [row, column]) {
  return maps.values[(row * shape[1] + column) * shape[2] + map];
}

/**
 * @param {Layer} layer
 * @returns {(subject: PlacedSubject) => Look}
 */
function lookOf({ index, kind }) {
  if (index === 0) return around;
  return ELEMENTWISE.includes(kind) ? single : pooled;
}

/**
 * @param {PlacedSubject} subject
 * @returns {Look}
 */
function around({ layer, numbers, map, place: [row, column] }) {
  const words = layer.kind === "photograph" ? say("sum.light", { name: nameOfMap(layer, map) }) : say("sum.ink");
  return {
    source: numbers.maps,
    corner: { top: row - 2, left: column - 2 },
    size: [5, 5],
    heading: say("sum.around"),
    terms: (_, value) => [term(value, words)],
  };
}

/**
 * @param {PlacedSubject} subject
 * @returns {Look}
 */
function single(subject) {
  const [top, left] = subject.place;
  return {
    source: subject.numbers.input,
    corner: { top, left },
    size: [1, 1],
    heading: say("sum.before"),
    terms: ([before], value) => elementTerms(subject, before, value),
  };
}

/**
 * @param {PlacedSubject} subject
 * @returns {Look}
 */
function pooled({ layer, numbers, place }) {
  const [stays, largest] = [`sum.stays.${layer.kind}`, `sum.of.${layer.kind}`];
  return {
    source: numbers.input,
    corner: cornerOf(...place, layer.options),
    size: layer.options.size,
    heading: isCode(stays) ? say(stays) : layer.kind,
    terms: (window, value) => [
      term(isCode(largest) ? say(largest, { count: window.length }) : layer.kind, say("sum.inFrame")),
      term(value, say("sum.result"), "="),
    ],
  };
}
