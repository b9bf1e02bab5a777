/** A small matrix with its numbers written in coloured cells. */

import { el } from "./element.js";
import { colourElement, onColoursChange, scaleOf } from "./scales.js";

/** @typedef {import("./matrix.js").Matrix} Matrix */
/** @typedef {import("./scales.js").Span} Span */

export class NumberGrid {
  #root;
  #format;
  #outside;
  /** @type {HTMLElement[]} */
  #cells = [];
  /** @type {[Matrix, Span, number] | null} */
  #shown = null;

  /**
   * `outside` is written in cells beyond the edge of what the numbers are taken from.
   *
   * @param {HTMLElement} root
   * @param {{ format: (value: number) => string, outside?: string }} options
   */
  constructor(root, { format, outside = "" }) {
    this.#root = root;
    this.#format = format;
    this.#outside = outside;
    onColoursChange(() => {
      if (this.#shown) this.show(...this.#shown);
    });
  }

  /**
   * `marked` is the index of a cell to be framed, or -1; NaN is beyond the edge.
   *
   * @param {Matrix} matrix
   * @param {Span} span
   * @param {number} [marked]
   */
  show(matrix, span, marked = -1) {
    this.#shown = [matrix, span, marked];
    if (this.#cells.length !== matrix.values.length) this.#build(matrix.values.length);
    this.#root.style.setProperty("--columns", String(matrix.columns));
    const scale = scaleOf(span);
    matrix.values.forEach((value, i) => this.#fill(this.#cells[i], value, scale, i === marked));
  }

  /** @param {number} count */
  #build(count) {
    this.#cells = Array.from({ length: count }, () => el("span", { class: "cell" }));
    this.#root.replaceChildren(...this.#cells);
  }

  /**
   * @param {HTMLElement} cell
   * @param {number} value
   * @param {import("./colours.js").Scale} scale
   * @param {boolean} isMarked
   */
  #fill(cell, value, scale, isMarked) {
    const isOutside = Number.isNaN(value);
    cell.textContent = isOutside ? this.#outside : this.#format(value);
    cell.classList.toggle("is-outside", isOutside);
    cell.classList.toggle("is-marked", isMarked);
    if (isOutside) cell.removeAttribute("style");
    else colourElement(cell, value, scale);
  }
}
