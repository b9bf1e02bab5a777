/** The arithmetic of one output pixel of a convolution. */

import { say } from "../../text/catalogue.js";
import { byId } from "../../widgets/element.js";
import { channelSums, cornerOf, filterOf, kernelOf, patchOf } from "../../widgets/layers.js";
import { magnitude, products, strongest, sum } from "../../widgets/matrix.js";
import { NumberGrid } from "../../widgets/number-grid.js";
import { formatNumber, formatShort, formatSigned } from "../../widgets/numbers.js";
import { colourElement, scaleOf } from "../../widgets/scales.js";
import { ChoiceGrid } from "./choice-grid.js";
import { nameOfMap } from "./layer-words.js";
import { term } from "./term.js";
import { outputAt } from "./window-sum.js";

/** @typedef {import("../../widgets/scales.js").Span} Span */
/** @typedef {import("../../api/explain.js").Layer} Layer */

/** Beyond the edge there is nothing, which counts as zero. */
const CELLS = { format: formatShort, outside: "0" };

/** Patch, kernel and products of one channel; what every channel adds; their sum, the bias, ReLU. */
export class ConvolutionSum {
  #root = byId("sum-convolution", HTMLElement);
  #patch = new NumberGrid(byId("sum-patch", HTMLElement), CELLS);
  #kernel = new NumberGrid(byId("sum-kernel", HTMLElement), CELLS);
  #products = new NumberGrid(byId("sum-products", HTMLElement), CELLS);
  #heading = byId("sum-channel", HTMLElement);
  #section = byId("channels", HTMLElement);
  #follow = byId("follow", HTMLElement);
  #channels;
  /** @type {number | null} */
  #pinned = null;
  #onChange;

  /**
   * `onChange()` is called where the reader opened another channel.
   *
   * @param {() => void} onChange
   */
  constructor(onChange) {
    this.#onChange = onChange;
    const root = byId("channel-sums", HTMLElement);
    this.#channels = new ChoiceGrid(root, "channel", (channel) => this.#pin(channel));
    this.#follow.addEventListener("click", () => this.#pin(null));
  }

  /** Another layer: its channels are others. */
  reset() {
    this.#pinned = null;
  }

  /**
   * What the filter gave at a place.
   *
   * @param {import("./stepper.js").PlacedSubject} subject
   * @returns {import("./stepper.js").Computed}
   */
  show({ layer, before, numbers, next, inputSpan, map, place }) {
    this.#root.hidden = false;
    const { weight, bias } = numbers.params;
    const [height, width, count] = weight.shape;
    const corner = cornerOf(...place, layer.options);
    const sums = channelSums(numbers.input, weight, corner, map);
    const channel = this.#pinned ?? strongest(sums);
    const patch = patchOf(numbers.input, corner, [height, width], channel);
    const kernel = kernelOf(weight, channel, map);
    const terms = products(patch, kernel);
    this.#patch.show(patch, inputSpan(channel));
    this.#kernel.show(kernel, signed(filterOf(weight, map)));
    this.#products.show(terms, signed(terms.values));
    this.#showChannels(before, sums, channel);
    this.#heading.textContent = headingOf(before, sums, channel);
    const value = outputAt(layer, numbers, map, place);
    const caption = count === 1 ? say("sum.products", { count: terms.values.length }) : say("sum.maps", { count });
    const isColour = before.kind === "photograph" && count > 1;
    const added = isColour ? partsOf(before, sums) : [term(formatNumber(sum(sums), 3), caption)];
    return {
      channel,
      frame: { ...corner, height, width },
      terms: [...added, ...endOf(bias?.values[map] ?? 0, value, next)],
      value,
    };
  }

  hide() {
    this.#root.hidden = true;
    this.#section.hidden = true;
  }

  /**
   * @param {Layer} before
   * @param {number[]} sums
   * @param {number} chosen
   */
  #showChannels(before, sums, chosen) {
    this.#section.hidden = sums.length === 1;
    if (sums.length === 1) return;
    if (this.#channels.buttons.length !== sums.length) this.#channels.fill(sums.length, () => []);
    const scale = scaleOf(signed(sums));
    this.#channels.buttons.forEach((button, channel) => {
      const value = formatSigned(sums[channel]);
      button.textContent = value;
      button.setAttribute("aria-label", say("sum.mapIs", { map: nameOfMap(before, channel), value }));
      colourElement(button, sums[channel], scale);
    });
    this.#channels.choose(chosen);
    this.#follow.setAttribute("aria-pressed", String(this.#pinned === null));
  }

  /** @param {number | null} channel */
  #pin(channel) {
    this.#pinned = channel;
    this.#onChange();
  }
}

/**
 * @param {number[]} values
 * @returns {Span}
 */
function signed(values) {
  return { kind: "signed", limit: magnitude(values) };
}

/**
 * @param {Layer} before
 * @param {number[]} sums
 * @param {number} channel
 */
function headingOf(before, sums, channel) {
  if (sums.length === 1) return say("sum.addedUp", { value: formatNumber(sums[0], 3) });
  return say("sum.mapAdds", { map: nameOfMap(before, channel), value: formatSigned(sums[channel], 3) });
}

/**
 * What each colour adds.
 *
 * @param {Layer} before
 * @param {number[]} sums
 */
function partsOf(before, sums) {
  return sums.map((part, channel) => {
    const sign = part < 0 ? "−" : channel > 0 ? "+" : "";
    return term(formatNumber(Math.abs(part), 3), nameOfMap(before, channel), sign);
  });
}

/**
 * What follows on the sum of all products.
 *
 * @param {number} bias
 * @param {number} value
 * @param {Layer | undefined} next
 */
function endOf(bias, value, next) {
  const terms = [
    term(formatNumber(Math.abs(bias), 3), say("sum.bias"), bias < 0 ? "−" : "+"),
    term(formatNumber(value, 3), say("sum.answer"), "="),
  ];
  if (next?.kind === "ReLU") terms.push(term(formatNumber(Math.max(0, value), 3), say("sum.afterReLU"), "→"));
  return terms;
}
