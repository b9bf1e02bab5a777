/** Step 9: a gradient travels back through a convolution. */

import { convolutionGradients, matrix, products, sum, windowAt } from "./arithmetic.js";
import { MapView } from "./map-view.js";
import { NumberGrid } from "./number-grid.js";
import { write } from "./numbers.js";
import { fill, part, slider } from "./parts.js";

/** The learning rate of the step that is tried out at the end. */
const RATE = 0.1;

export function startBackpropagation(root, { picture, filter }) {
  const map = new MapView(part(root, "picture"), { scale: "ink", most: 1, onChoose: choose });
  const gradient = slider(root, "gradient", show, (value) => write(value, 1));
  const grids = {
    patch: new NumberGrid(part(root, "patch"), { scale: "ink", most: 1 }),
    kernel: new NumberGrid(part(root, "kernel"), { scale: "signed" }),
    toKernel: new NumberGrid(part(root, "to-kernel"), { scale: "signed" }),
    toPatch: new NumberGrid(part(root, "to-patch"), { scale: "signed" }),
  };
  let place = [13, 13];

  function choose(row, column) {
    place = [row, column];
    return show();
  }

  function show() {
    if (picture.now === null) return "";
    const [row, column] = place;
    const { kernel, bias } = filter.now;
    const patch = windowAt(picture.now, row - 1, column - 1, 3, 3);
    const output = sum(products(patch, kernel).values) + bias;
    const back = convolutionGradients(patch, kernel, gradient.value);
    map.mark(row - 1, column - 1, 3, 3);
    grids.patch.show(patch);
    grids.kernel.show(kernel);
    grids.toKernel.show(back.kernel);
    grids.toPatch.show(back.patch);
    const after = outputAfter(patch, kernel, bias, back);
    fill(root, {
      place: `Row ${row + 1}, column ${column + 1}`,
      output: write(output),
      "bias-now": write(bias),
      "to-bias": write(back.bias, 1),
      words: wordsFor(gradient.value, output, after),
    });
    return `Row ${row + 1}, column ${column + 1}: the output is ${write(output)}. ${wordsFor(gradient.value, output, after)}`;
  }

  picture.follow((now) => {
    map.show(now);
    show();
  });
  filter.follow(show);
}

/** The same output once kernel and bias have taken a step against their gradients. */
function outputAfter(patch, kernel, bias, back) {
  const moved = matrix(kernel.rows, kernel.columns, kernel.values.map((value, i) => value - RATE * back.kernel.values[i]));
  return sum(products(patch, moved).values) + bias - RATE * back.bias;
}

function wordsFor(gradient, output, after) {
  if (gradient === 0) return "The loss does not mind this output: nothing travels back, and nothing changes.";
  const wish = gradient > 0 ? "smaller" : "larger";
  return `The loss wants this output ${wish}. After one step with the learning rate ${RATE} the same window gives ${write(after)} instead of ${write(output)}.`;
}
