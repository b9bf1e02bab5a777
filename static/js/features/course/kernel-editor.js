/** A matrix of number inputs that the reader edits by hand. */

import { matrix } from "./arithmetic.js";
import { colourElement, onColoursChange, scaleOf } from "./colours.js";
import { readTenths } from "./numbers.js";

/** Larger numbers show nothing new, and tenths keep every product short enough to check by hand. */
export const MOST = 9;

export class KernelEditor {
  #inputs;
  #columns;

  /** `inputs` are in rows of `columns`; `onChange(matrix)` follows every number that is typed. */
  constructor(inputs, columns, onChange) {
    this.#inputs = [...inputs];
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

  show({ values }) {
    this.#inputs.forEach((input, i) => {
      input.value = String(values[i]);
    });
    this.#colour();
  }

  #colour() {
    const { values } = this.value;
    const scale = scaleOf("signed", Math.max(...values.map(Math.abs)));
    this.#inputs.forEach((input, i) => colourElement(input, values[i], scale));
  }
}
