/** Step 7: flattening, and a fully connected layer of three sums. */

import { findAll } from "../../widgets/element.js";
import { magnitude, mapped, matrix, products, round, sum } from "../../widgets/matrix.js";
import { NumberGrid } from "../../widgets/number-grid.js";
import { formatSignedTrimmed, formatTrimmed } from "../../widgets/numbers.js";
import { INK } from "../../widgets/scales.js";
import { Bench } from "./bench.js";
import { KernelEditor } from "./kernel-editor.js";
import { choices, fill, part } from "./parts.js";
import { signed } from "./spans.js";

/** @typedef {import("../../widgets/matrix.js").Matrix} Matrix */

/**
 * Sixteen weights for each sum, row by row over the four by four fields.
 *
 * @type {Record<string, number[]>}
 */
const WEIGHTS = {
  middle: [-1, -1, -1, -1, -1, 2, 2, -1, -1, 2, 2, -1, -1, -1, -1, -1],
  top: [1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1, -1],
  right: [-1, -1, 1, 1, -1, -1, 1, 1, -1, -1, 1, 1, -1, -1, 1, 1],
};

/**
 * @param {HTMLElement} root
 * @param {import("./page.js").Course} course
 */
export function startDense(root, course) {
  const { picture } = course;
  const bench = new Bench(root, course);
  const weights = structuredClone(WEIGHTS);
  const grids = {
    fields: new NumberGrid(part(root, "fields"), { format: formatTrimmed }),
    row: new NumberGrid(part(root, "row"), { format: formatTrimmed }),
    products: new NumberGrid(part(root, "products"), { format: formatTrimmed }),
  };
  const editor = new KernelEditor(findAll(part(root, "weights"), "input", HTMLInputElement), 4, ({ values }) => {
    weights[chosen] = values;
    show();
  });
  let chosen = "middle";
  /** @type {Matrix | null} */
  let fields = null;

  choices(root, "sums", (name) => {
    chosen = name;
    editor.show(matrix(4, 4, weights[chosen]));
    show();
  });

  /** @param {Matrix} now */
  function compute(now) {
    bench.run(async (ask) => {
      const pooled = await ask(now, "average", { size: 7, stride: 7, padding: 0 });
      if (pooled === null) return;
      fields = mapped(pooled, (value) => round(value, 2));
      show();
    });
  }

  function show() {
    const seen = fields;
    if (seen === null) return;
    grids.fields.show(seen, INK);
    grids.row.show(matrix(1, 16, seen.values), INK);
    const termsOf = (/** @type {string} */ name) => products(seen, matrix(4, 4, weights[name]));
    const terms = termsOf(chosen);
    grids.products.show(terms, signed(terms));
    const names = Object.keys(weights);
    showScores(names, names.map((name) => sum(termsOf(name).values)));
    fill(root, { value: formatTrimmed(sum(terms.values)) });
  }

  /**
   * @param {string[]} names
   * @param {number[]} scores
   */
  function showScores(names, scores) {
    const most = magnitude(scores) || 1;
    for (const [i, name] of names.entries()) {
      const score = scores[i];
      const bar = part(root, `bar-${name}`);
      const width = (Math.abs(score) / most) * 50;
      bar.style.width = `${width}%`;
      bar.style.marginLeft = `${score < 0 ? 50 - width : 50}%`;
      bar.classList.toggle("is-negative", score < 0);
      fill(root, { [`score-${name}`]: formatSignedTrimmed(score) });
    }
  }

  editor.show(matrix(4, 4, weights[chosen]));
  picture.follow(compute);
}
