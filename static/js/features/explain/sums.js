/** The arithmetic of one output pixel: of a convolution, of a pooling, of ReLU. */

import {
  channelSums,
  kernelOf,
  patchOf,
  pooledIndex,
  productsOf,
  strongest,
  sumOf,
  windowAt,
} from "../../widgets/arithmetic.js";
import { formatNumber, formatSigned, rangeOf } from "../../widgets/numbers.js";
import { ChoiceGrid } from "./choice-grid.js";
import { signedScale } from "./colouring.js";
import { el } from "../../widgets/element.js";
import { NumberGrid, paintCell } from "./number-grid.js";

/** One term of a sum: the number large, and below it what it is. */
export function term(value, caption, sign = "") {
  return el(
    "span",
    { class: "term" },
    sign === "" ? "" : el("span", { class: "term-sign" }, sign),
    el("span", { class: "term-body" }, el("b", { class: "term-value" }, value), el("span", { class: "term-caption" }, caption)),
  );
}

/** Patch, kernel and products of one channel; what every channel adds; their sum, the bias, ReLU. */
export class ConvolutionSum {
  #root = document.getElementById("sum-convolution");
  #patch = new NumberGrid(document.getElementById("sum-patch"));
  #kernel = new NumberGrid(document.getElementById("sum-kernel"));
  #products = new NumberGrid(document.getElementById("sum-products"));
  #heading = document.getElementById("sum-channel");
  #section = document.getElementById("channels");
  #follow = document.getElementById("follow");
  #channels;
  #pinned = null;
  #onChange;

  /** `onChange()` is called where the reader opened another channel. */
  constructor(onChange) {
    this.#onChange = onChange;
    this.#channels = new ChoiceGrid(document.getElementById("channel-sums"), "channel", (channel) => this.#pin(channel));
    this.#follow.addEventListener("click", () => this.#pin(null));
  }

  /** Another layer: its channels are others. */
  reset() {
    this.#pinned = null;
  }

  /** { channel, frame, terms, value } of the filter's output at a pixel. */
  show({ layer, numbers, next, inputScale, map, place: [row, column] }) {
    this.#root.hidden = false;
    const { weight, bias } = numbers.params;
    const [height, width, count] = weight.shape;
    const corner = windowAt(row, column, layer.options);
    const sums = channelSums(numbers.input, weight, corner, map);
    const channel = this.#pinned ?? strongest(sums);
    const patch = patchOf(numbers.input, corner, [height, width], channel);
    const kernel = kernelOf(weight, channel, map);
    const products = productsOf(patch, kernel);
    this.#patch.show(patch, width, inputScale);
    this.#kernel.show(kernel, width, signedScale(limitOf(kernelValues(weight, map))));
    this.#products.show(products, width, signedScale(limitOf(products)));
    this.#showChannels(sums, channel);
    this.#heading.textContent = count === 1 ? `Added up: ${formatNumber(sums[0], 3)}` : `Map ${channel + 1} adds ${formatSigned(sums[channel], 3)}`;
    const value = numbers.maps.values[(row * layer.shape[1] + column) * layer.shape[2] + map];
    return {
      channel,
      frame: { ...corner, height, width },
      terms: [
        term(formatNumber(sumOf(sums), 3), count === 1 ? `sum of ${products.length} products` : `sum over ${count} maps`),
        term(formatNumber(Math.abs(bias?.values[map] ?? 0), 3), "bias", (bias?.values[map] ?? 0) < 0 ? "−" : "+"),
        term(formatNumber(value, 3), "this filter’s answer", "="),
        ...(next?.kind === "ReLU" ? [term(formatNumber(Math.max(0, value), 3), "after ReLU", "→")] : []),
      ],
      value,
    };
  }

  hide() {
    this.#root.hidden = true;
    this.#section.hidden = true;
  }

  #showChannels(sums, chosen) {
    this.#section.hidden = sums.length === 1;
    if (sums.length === 1) return;
    if (this.#channels.buttons.length !== sums.length) this.#channels.fill(sums.length, () => []);
    const scale = signedScale(limitOf(sums));
    this.#channels.buttons.forEach((button, channel) => {
      const text = formatSigned(sums[channel]);
      button.textContent = text;
      button.setAttribute("aria-label", `Map ${channel + 1}: ${text}`);
      paintCell(button, sums[channel], scale);
    });
    this.#channels.choose(chosen);
    this.#follow.setAttribute("aria-pressed", String(this.#pinned === null));
  }

  #pin(channel) {
    this.#pinned = channel;
    this.#onChange();
  }
}

/** What a layer without weights does: which number of a window stays, or what ReLU leaves of one. */
export class WindowSum {
  #root = document.getElementById("sum-window");
  #grid = new NumberGrid(document.getElementById("sum-numbers"));
  #heading = document.getElementById("sum-window-words");

  show(subject) {
    this.#root.hidden = false;
    const { layer, numbers, inputScale, map, place: [row, column] } = subject;
    const { source, corner, size, heading, terms } = (WINDOWS[layer.kind] ?? pooled)(subject);
    const window = patchOf(source, corner, size, map);
    this.#grid.show(window, size[1], inputScale, pooledIndex(layer.kind, window));
    this.#heading.textContent = heading;
    const value = numbers.maps.values[(row * layer.shape[1] + column) * layer.shape[2] + map];
    return { channel: map, frame: { ...corner, height: size[0], width: size[1] }, terms: terms(window, formatNumber(value, 3)), value };
  }

  hide() {
    this.#root.hidden = true;
  }
}

/** Where each kind looks, and what it says of what it saw. */
const WINDOWS = {
  picture: ({ numbers, place: [row, column] }) => ({
    source: numbers.maps,
    corner: { top: row - 2, left: column - 2 },
    size: [5, 5],
    heading: "The numbers around it",
    terms: (_, value) => [term(value, "ink at this point, from 0 to 1")],
  }),
  ReLU: ({ numbers, place: [top, left] }) => ({
    source: numbers.input,
    corner: { top, left },
    size: [1, 1],
    heading: "The number before",
    terms: ([before], value) => [term(`max(0, ${formatNumber(before, 3)})`, before < 0 ? "below zero: cut off" : "not below zero: it stays"), term(value, "after ReLU", "=")],
  }),
};

function pooled({ layer, numbers, place: [row, column] }) {
  const name = POOL_NAMES[layer.kind];
  return {
    source: numbers.input,
    corner: windowAt(row, column, layer.options),
    size: layer.options.size,
    heading: `${name[0].toUpperCase()}${name.slice(1)} stays`,
    terms: (window, value) => [term(`${name} of ${window.length}`, "numbers in the frame"), term(value, "stays", "=")],
  };
}

const POOL_NAMES = { MaxPool2D: "the largest", MinPool2D: "the smallest", AveragePool2D: "the mean" };

function limitOf(values) {
  const [low, high] = rangeOf(values);
  return Math.max(-low, high);
}

/** All weights of one filter, so that its kernels share a scale. */
function kernelValues({ shape, values }, filter) {
  const filters = shape[3];
  return Float32Array.from({ length: values.length / filters }, (_, i) => values[i * filters + filter]);
}
