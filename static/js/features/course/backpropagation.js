/** Step 11: a gradient travels back through a convolution. */

import { say } from "../../text/catalogue.js";
import { mapped, products, sum, windowAt } from "../../widgets/matrix.js";
import { NumberGrid } from "../../widgets/number-grid.js";
import { formatTrimmed } from "../../widgets/numbers.js";
import { INK } from "../../widgets/scales.js";
import { convolutionGradients, descend } from "./arithmetic.js";
import { MapFigure, placeInWords, placeIs } from "./map-figure.js";
import { fill, part, slider } from "./parts.js";
import { signed } from "./spans.js";

/** @typedef {import("../../widgets/matrix.js").Matrix} Matrix */

/** The learning rate of the step that is tried out at the end. */
const RATE = 0.1;

/**
 * @param {HTMLElement} root
 * @param {import("./page.js").Course} course
 */
export function startBackpropagation(root, { picture, filter }) {
  const map = new MapFigure(part(root, "picture"), choose);
  const gradient = slider(root, "gradient", show, (value) => formatTrimmed(value, 1));
  const grids = {
    patch: new NumberGrid(part(root, "patch"), { format: formatTrimmed }),
    kernel: new NumberGrid(part(root, "kernel"), { format: formatTrimmed }),
    toKernel: new NumberGrid(part(root, "to-kernel"), { format: formatTrimmed }),
    toPatch: new NumberGrid(part(root, "to-patch"), { format: formatTrimmed }),
  };
  /** @type {import("../../widgets/grid-keys.js").Place} */
  let place = [13, 13];

  /** @type {import("./map-figure.js").OnChoose} */
  function choose(row, column) {
    place = [row, column];
    return show();
  }

  function show() {
    if (picture.now === null || filter.now === null) return "";
    const [row, column] = place;
    const { kernel, bias } = filter.now;
    const patch = windowAt(picture.now, row - 1, column - 1, 3, 3);
    const output = sum(products(patch, kernel).values) + bias;
    const back = convolutionGradients(patch, kernel, gradient.value);
    map.mark(row - 1, column - 1, 3, 3);
    grids.patch.show(patch, INK);
    grids.kernel.show(kernel, signed(kernel));
    grids.toKernel.show(back.kernel, signed(back.kernel));
    grids.toPatch.show(back.patch, signed(back.patch));
    const words = wordsFor(gradient.value, output, outputAfter(patch, kernel, bias, back));
    const written = { place: placeInWords(row, column), output: formatTrimmed(output), words };
    fill(root, { ...written, "bias-now": formatTrimmed(bias), "to-bias": formatTrimmed(back.bias, 1) });
    return placeIs(written.place, say("backpropagation.spoken", written));
  }

  picture.follow((now) => {
    map.show(now, INK);
    show();
  });
  filter.follow(show);
}

/**
 * The same output once kernel and bias have taken a step against their gradients.
 *
 * @param {Matrix} patch
 * @param {Matrix} kernel
 * @param {number} bias
 * @param {ReturnType<typeof convolutionGradients>} back
 */
function outputAfter(patch, kernel, bias, back) {
  const moved = mapped(kernel, (value, i) => descend(value, back.kernel.values[i], RATE));
  return sum(products(patch, moved).values) + descend(bias, back.bias, RATE);
}

/**
 * @param {number} gradient
 * @param {number} output
 * @param {number} after
 */
function wordsFor(gradient, output, after) {
  if (gradient === 0) return say("backpropagation.nothing");
  const code = gradient > 0 ? "backpropagation.smaller" : "backpropagation.larger";
  return say(code, { rate: RATE, after: formatTrimmed(after), output: formatTrimmed(output) });
}
