/** A small matrix with its numbers written in coloured cells. */

import { extent } from "./arithmetic.js";
import { colourElement, onColoursChange, scaleOf } from "./colours.js";
import { write } from "./numbers.js";

export class NumberGrid {
  #root;
  #scale;
  #most;
  #decimals;
  #last = null;

  /** `most` is where the scale has its full colour; without it, the largest number shown. */
  constructor(root, { scale, most = null, decimals = 3 }) {
    this.#root = root;
    this.#scale = scale;
    this.#most = most;
    this.#decimals = decimals;
    onColoursChange(() => {
      if (this.#last) this.show(...this.#last);
    });
  }

  /** `marked` are the indices of cells to be framed; NaN is a cell that has no number. */
  show(matrix, marked = []) {
    this.#last = [matrix, marked];
    this.#root.style.setProperty("--columns", matrix.columns);
    while (this.#root.children.length > matrix.values.length) this.#root.lastChild.remove();
    while (this.#root.children.length < matrix.values.length) {
      this.#root.append(Object.assign(document.createElement("span"), { className: "cell" }));
    }
    const real = matrix.values.filter((value) => !Number.isNaN(value));
    const most = this.#most ?? Math.max(...extent(real).map(Math.abs));
    const scale = scaleOf(this.#scale, most);
    matrix.values.forEach((value, i) => this.#fill(this.#root.children[i], value, scale, marked.includes(i)));
  }

  #fill(cell, value, scale, isMarked) {
    const isEmpty = Number.isNaN(value);
    cell.textContent = isEmpty ? "" : write(value, this.#decimals);
    cell.classList.toggle("is-empty", isEmpty);
    cell.classList.toggle("is-marked", isMarked);
    colourElement(cell, isEmpty ? 0 : value, scale);
  }
}
