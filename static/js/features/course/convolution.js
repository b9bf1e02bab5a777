/** Step 2: a filter moves over the picture. */

import { say } from "../../text/catalogue.js";
import { findAll } from "../../widgets/element.js";
import { negated, numberAt, placeOfHighest, products, sum, toRows, windowAt } from "../../widgets/matrix.js";
import { NumberGrid } from "../../widgets/number-grid.js";
import { formatTrimmed } from "../../widgets/numbers.js";
import { INK } from "../../widgets/scales.js";
import { Bench } from "./bench.js";
import { KernelEditor, MOST } from "./kernel-editor.js";
import { kernelNamed, nameOf } from "./kernels.js";
import { MapFigure, placeInWords, placeIs } from "./map-figure.js";
import { choices, fill, inputPart, part } from "./parts.js";
import { signed } from "./spans.js";
import { readTenths } from "./tenths.js";

/** @typedef {import("../../widgets/matrix.js").Matrix} Matrix */
/** @typedef {import("./page.js").Filter & { picture: Matrix, result: Matrix }} Shown */

/**
 * @param {HTMLElement} root
 * @param {import("./page.js").Course} course
 */
export function startConvolution(root, course) {
  const { picture, filter } = course;
  const bench = new Bench(root, course);
  const bias = inputPart(root, "bias");
  /** @type {Shown | null} What the result was computed from: until there is a new one, the sums are the old ones. */
  let shown = null;

  const before = new MapFigure(part(root, "picture"), choose);
  const after = new MapFigure(part(root, "result"), choose);
  const grids = {
    patch: new NumberGrid(part(root, "patch"), { format: formatTrimmed }),
    weights: new NumberGrid(part(root, "weights"), { format: formatTrimmed }),
    products: new NumberGrid(part(root, "products"), { format: formatTrimmed }),
  };
  const editor = new KernelEditor(findAll(part(root, "kernel"), "input", HTMLInputElement), 3, changed);
  const press = choices(root, "presets", (name) => use(kernelNamed(name)));
  part(root, "turn").addEventListener("click", () => {
    use(negated(editor.value));
  });
  bias.addEventListener("input", changed);
  bias.addEventListener("change", () => {
    bias.value = String(biasNow());
  });

  function biasNow() {
    return readTenths(bias.value, MOST) ?? 0;
  }

  /** @param {Matrix} kernel */
  function use(kernel) {
    editor.show(kernel);
    changed();
  }

  function changed() {
    const kernel = editor.value;
    const name = nameOf(kernel);
    press(name);
    part(root, "own").classList.toggle("is-on", name === "");
    filter.set({ kernel, bias: biasNow() });
  }

  function compute() {
    if (picture.now === null || filter.now === null) return;
    const from = { picture: picture.now, ...filter.now };
    bench.run(async (ask) => {
      const options = { kernel: toRows(from.kernel), bias: from.bias, stride: 1, padding: 1 };
      const result = await ask(from.picture, "convolution", options);
      if (result === null) return;
      const isFirst = shown === null;
      shown = { ...from, result };
      before.show(from.picture, INK);
      after.show(result, signed(result));
      if (isFirst) after.choose(...placeOfHighest(result));
      else after.chooseAgain();
    });
  }

  /** @type {import("./map-figure.js").OnChoose} */
  function choose(row, column) {
    if (shown === null) return "";
    const patch = windowAt(shown.picture, row - 1, column - 1, 3, 3);
    const terms = products(patch, shown.kernel);
    before.mark(row - 1, column - 1, 3, 3);
    after.mark(row, column);
    grids.patch.show(patch, INK);
    grids.weights.show(shown.kernel, signed(shown.kernel));
    grids.products.show(terms, signed(terms));
    const written = {
      place: placeInWords(row, column),
      sum: formatTrimmed(sum(terms.values)),
      value: formatTrimmed(numberAt(shown.result, row, column)),
    };
    fill(root, { ...written, "bias-now": formatTrimmed(shown.bias) });
    return placeIs(written.place, say("convolution.spoken", written));
  }

  filter.follow(compute);
  picture.follow(compute);
  use(kernelNamed("upright"));
}
