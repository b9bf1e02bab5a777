/** A matrix of number inputs that the reader edits by hand. */

import { matrix } from "../../widgets/matrix.js";
import { colourElement, onColoursChange, scaleOf } from "../../widgets/scales.js";
import { signed } from "./spans.js";
import { readTenths } from "./tenths.js";

/** @typedef {import("../../widgets/matrix.js").Matrix} Matrix */

/** Larger numbers show nothing new, and tenths keep every product short enough to check by hand. */
export const MOST = 9;

export class KernelEditor {
  #inputs;
  #columns;

  /**
   * `inputs` are in rows of `columns`; `onChange(matrix)` follows every number that is typed.
   *
   * @param {HTMLInputElement[]} inputs
   * @param {number} columns
   * @param {(matrix: Matrix) => void} onChange
   */
  constructor(inputs, columns, onChange) {
    this.#inputs = inputs;
    this.#columns = columns;
    this.#inputs.forEach((input) => {
      input.addEventListener("input", () => {
        this.#colour();
        onChange(this.value);
      });
      // What was left half typed, or too large, gives way to the number that counts.
      input.addEventListener("change", () => this.show(this.value));
      input.addEventListener("focus", () => input.select());
    });
    onColoursChange(() => this.#colour());
  }

  get value() {
    const values = this.#inputs.map((input) => readTenths(input.value, MOST) ?? 0);
    return matrix(values.length / this.#columns, this.#columns, values);
  }

  /** @param {Matrix} matrix */
  show({ values }) {
    this.#inputs.forEach((input, i) => {
      input.value = String(values[i]);
    });
    this.#colour();
  }

  #colour() {
    const now = this.value;
    const scale = scaleOf(signed(now));
    this.#inputs.forEach((input, i) => colourElement(input, now.values[i], scale));
  }
}
