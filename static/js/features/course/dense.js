/** Step 6: flattening, and a fully connected layer of three sums. */

import { matrix, products, round, sum } from "./arithmetic.js";
import { Bench } from "./bench.js";
import { KernelEditor } from "./kernel-editor.js";
import { NumberGrid } from "./number-grid.js";
import { write, writeSigned } from "./numbers.js";
import { choices, fill, part } from "./parts.js";

/** Sixteen weights for each sum, row by row over the four by four fields. */
const WEIGHTS = {
  middle: [-1, -1, -1, -1, -1, 2, 2, -1, -1, 2, 2, -1, -1, -1, -1, -1],
  top: [1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1, -1],
  right: [-1, -1, 1, 1, -1, -1, 1, 1, -1, -1, 1, 1, -1, -1, 1, 1],
};

export function startDense(root, course) {
  const { picture } = course;
  const bench = new Bench(root, course);
  const weights = structuredClone(WEIGHTS);
  const grids = {
    fields: new NumberGrid(part(root, "fields"), { scale: "ink", most: 1 }),
    row: new NumberGrid(part(root, "row"), { scale: "ink", most: 1 }),
    products: new NumberGrid(part(root, "products"), { scale: "signed" }),
  };
  const editor = new KernelEditor(part(root, "weights").querySelectorAll("input"), 4, ({ values }) => {
    weights[chosen] = values;
    show();
  });
  let chosen = "middle";
  let fields = null;

  choices(root, "sums", (name) => {
    chosen = name;
    editor.show(matrix(4, 4, weights[chosen]));
    show();
  });

  function compute(now) {
    bench.run(async (ask) => {
      const pooled = await ask(now, "average", { size: 7, stride: 7, padding: 0 });
      if (pooled === null) return;
      fields = matrix(4, 4, pooled.values.map((value) => round(value, 2)));
      show();
    });
  }

  function show() {
    if (fields === null) return;
    grids.fields.show(fields);
    grids.row.show(matrix(1, 16, fields.values));
    const terms = products(fields, matrix(4, 4, weights[chosen]));
    grids.products.show(terms);
    const scores = Object.entries(weights).map(([name, values]) => [name, sum(products(fields, matrix(4, 4, values)).values)]);
    showScores(scores);
    fill(root, { value: write(sum(terms.values)) });
  }

  function showScores(scores) {
    const most = Math.max(...scores.map(([, score]) => Math.abs(score))) || 1;
    for (const [name, score] of scores) {
      const bar = part(root, `bar-${name}`);
      const width = (Math.abs(score) / most) * 50;
      bar.style.width = `${width}%`;
      bar.style.marginLeft = `${score < 0 ? 50 - width : 50}%`;
      bar.classList.toggle("is-negative", score < 0);
      fill(root, { [`score-${name}`]: writeSigned(score) });
    }
  }

  editor.show(matrix(4, 4, weights[chosen]));
  picture.follow(compute);
}
