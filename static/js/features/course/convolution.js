/** Step 2: a filter moves over the picture. */

import { negated, numberAt, placeOfHighest, products, sum, toRows, windowAt } from "./arithmetic.js";
import { Bench } from "./bench.js";
import { KernelEditor, MOST } from "./kernel-editor.js";
import { kernelNamed, nameOf } from "./kernels.js";
import { MapView } from "./map-view.js";
import { NumberGrid } from "./number-grid.js";
import { readTenths, write } from "./numbers.js";
import { choices, fill, part } from "./parts.js";

export function startConvolution(root, course) {
  const { picture, filter } = course;
  const bench = new Bench(root, course);
  const bias = part(root, "bias");
  /** What the result was computed from: until a new one is there, the sums are those of the old. */
  let shown = null;

  const before = new MapView(part(root, "picture"), { scale: "ink", most: 1, onChoose: choose });
  const after = new MapView(part(root, "result"), { scale: "signed", onChoose: choose });
  const grids = {
    patch: new NumberGrid(part(root, "patch"), { scale: "ink", most: 1 }),
    weights: new NumberGrid(part(root, "weights"), { scale: "signed" }),
    products: new NumberGrid(part(root, "products"), { scale: "signed" }),
  };
  const editor = new KernelEditor(part(root, "kernel").querySelectorAll("input"), 3, changed);
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
    if (picture.now === null) return;
    const from = { picture: picture.now, ...filter.now };
    bench.run(async (ask) => {
      const options = { kernel: toRows(from.kernel), bias: from.bias, stride: 1, padding: 1 };
      const result = await ask(from.picture, "convolution", options);
      if (result === null) return;
      const isFirst = shown === null;
      shown = { ...from, result };
      before.show(from.picture);
      after.show(result);
      if (isFirst) after.choose(...placeOfHighest(result));
      else after.chooseAgain();
    });
  }

  function choose(row, column) {
    if (shown === null) return "";
    const patch = windowAt(shown.picture, row - 1, column - 1, 3, 3);
    const terms = products(patch, shown.kernel);
    before.mark(row - 1, column - 1, 3, 3);
    after.mark(row, column);
    grids.patch.show(patch);
    grids.weights.show(shown.kernel);
    grids.products.show(terms);
    const value = write(numberAt(shown.result, row, column));
    fill(root, {
      place: `Row ${row + 1}, column ${column + 1}`,
      sum: write(sum(terms.values)),
      "bias-now": write(shown.bias),
      value,
    });
    return `Row ${row + 1}, column ${column + 1}: the nine products add up to ${write(sum(terms.values))}; with the bias ${value}`;
  }

  filter.follow(compute);
  picture.follow(compute);
  use(kernelNamed("upright"));
}
